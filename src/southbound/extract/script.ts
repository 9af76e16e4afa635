import { malformed, tooBig } from "./extract-error.ts";
import { extractLimits } from "./limits.ts";
import { LiteralReader } from "./script-literal.ts";
import { type ScriptToken, ScriptTokens } from "./script-tokens.ts";
import { nothing, type ScriptObject, type ScriptValue, unknown } from "./script-value.ts";

/** What scripts assign. */
export interface ScriptVariables {
  /** By statements every browser runs when the page loads; the last one wins. */
  readonly always: ScriptObject;
  /** In functions, conditions and loops only: good where nothing above names the variable. */
  readonly perhaps: ScriptObject;
}

/**
 * Reads a JSON text, or a JavaScript literal that printers take for one: unquoted keys, single quotes, trailing commas,
 * comments, raw line breaks in texts. A text that assigns variables gives them as members of an object.
 *
 * @throws {ExtractError} `ews.malformed`, `ews.too-big`
 */
export function parseJson(text: string): ScriptValue {
  const tokens = new ScriptTokens(text);
  const { kind, text: word } = tokens.peek();
  if (kind === "name" && !["true", "false", "null"].includes(word)) return parseAssigned(text);
  const reader = new LiteralReader(tokens);
  const value = reader.read(false);
  tokens.takeMark(";");
  if (kind === "end" || reader.isCut || value.kind === "unknown" || tokens.peek().kind !== "end")
    throw malformed(kind === "end" ? "JSON text is empty" : "JSON text is cut off or none");
  return value;
}

function parseAssigned(text: string): ScriptValue {
  const { always } = collectVariables([text]);
  if (always.members.size === 0) throw malformed("neither JSON nor assignments");
  return always;
}

/**
 * Collects what scripts of a page assign, one after the other, without running them: `var x = 5;`, `_pp.x = '…'`,
 * `x[0] = …`, `x.y = {…}`, also several in one `var`. What is assigned something that is no literal becomes `unknown`.
 *
 * @throws {ExtractError} `ews.too-big`
 */
export function collectVariables(scripts: readonly string[]): ScriptVariables {
  const variables: ScriptVariables = {
    always: { kind: "object", members: new Map() },
    perhaps: { kind: "object", members: new Map() },
  };
  const budget = { left: extractLimits.nodes };
  for (const script of scripts) new StatementScanner(script, variables, budget).run();
  return variables;
}

/** Words whose statement may not run, or more than once. */
const guards = new Set(["if", "else", "for", "while", "do", "switch", "with", "catch"]);
/** Words a literal begins with, besides texts, numbers and brackets. */
const literalWords = new Set([
  "true",
  "false",
  "null",
  "undefined",
  "new",
  "parseInt",
  "parseFloat",
  "Number",
  "String",
  "unescape",
  "decodeURIComponent",
  "decodeURI",
]);

class StatementScanner {
  readonly #tokens: ScriptTokens;
  readonly #literals: LiteralReader;
  readonly #variables: ScriptVariables;
  readonly #budget: { left: number };
  /** Brackets of any kind around the place. */
  #open = 0;
  /** After `if` and its like, up to the end of the statement. */
  #isGuarded = false;

  constructor(script: string, variables: ScriptVariables, budget: { left: number }) {
    this.#tokens = new ScriptTokens(script);
    this.#literals = new LiteralReader(this.#tokens);
    this.#variables = variables;
    this.#budget = budget;
  }

  run(): void {
    let isAfterName = false;
    for (;;) {
      const token = this.#tokens.take();
      if (token.kind === "end") return;
      if (token.kind === "name" && !isAfterName) this.#name(token);
      else if (token.kind === "mark") this.#mark(token.text);
      // `a.b` in an expression: `b` is not a variable of its own.
      isAfterName = token.kind === "mark" && token.text === ".";
    }
  }

  #mark(mark: string): void {
    if (/^[([{]$/.test(mark)) this.#open += 1;
    else if (/^[)\]}]$/.test(mark)) {
      this.#open = Math.max(0, this.#open - 1);
      if (mark === "}" && this.#open === 0) this.#isGuarded = false;
    } else if (mark === ";" && this.#open === 0) this.#isGuarded = false;
  }

  #name({ text }: ScriptToken): void {
    if (guards.has(text)) {
      if (this.#open === 0) this.#isGuarded = true;
      return;
    }
    const path = this.#path(text);
    if (path === undefined || path.length === 0) return;
    if (this.#tokens.takeMark("=")) this.#assign(path, this.#value());
    else if (this.#tokens.takeMark("+=") || this.#tokens.takeMark("++"))
      this.#assign(path, unknown);
  }

  /** `a.b[0]["c"]`; undefined when an index has to be worked out. */
  #path(first: string): readonly (string | number)[] | undefined {
    const path: (string | number)[] = first === "window" || first === "self" ? [] : [first];
    for (;;) {
      if (this.#tokens.takeMark(".")) {
        const { kind, text } = this.#tokens.peek();
        if (kind !== "name") return undefined;
        this.#tokens.take();
        path.push(text);
      } else if (this.#tokens.peek().text === "[" && this.#tokens.peek().kind === "mark") {
        const key = this.#key();
        if (key === undefined) return undefined;
        path.push(key);
      } else return path.length > extractLimits.jsonDepth ? undefined : path;
    }
  }

  #key(): string | number | undefined {
    this.#tokens.take();
    const { kind, text } = this.#tokens.peek();
    const isKey = kind === "text" || (kind === "number" && /^\d{1,5}$/.test(text));
    if (isKey) this.#tokens.take();
    if (isKey && this.#tokens.takeMark("]")) return kind === "text" ? text : Number(text);
    this.#open += 1;
    return undefined;
  }

  #value(): ScriptValue {
    const { kind, text } = this.#tokens.peek();
    const isLiteral =
      kind === "text" ||
      kind === "number" ||
      (kind === "mark" && /^[[{-]$/.test(text)) ||
      (kind === "name" && literalWords.has(text));
    if (!isLiteral) return unknown;
    const value = this.#literals.read(true);
    return this.#literals.isCut ? unknown : value;
  }

  #assign(path: readonly (string | number)[], value: ScriptValue): void {
    this.#budget.left -= path.length;
    if (this.#budget.left < 0) throw tooBig("assignments", extractLimits.nodes);
    const isCertain = this.#open === 0 && !this.#isGuarded;
    setAt(isCertain ? this.#variables.always : this.#variables.perhaps, path, value);
    // One statement after `if` without braces is over, even where its semicolon is missing.
    if (this.#open === 0 && this.#tokens.peek().isOnNewLine) this.#isGuarded = false;
  }
}

/** Items an array may leave out: printers fill theirs in order, and holes take memory. */
const widestGap = 16;

/** Sets a member deep inside, making the objects on the way; an array is filled with holes up to the index. */
function setAt(root: ScriptObject, path: readonly (string | number)[], value: ScriptValue): void {
  let at: ScriptValue = root;
  for (const [position, key] of path.entries()) {
    const isLast = position === path.length - 1;
    const child: ScriptValue | undefined = isLast ? value : memberOf(at, key);
    const part: ScriptValue =
      isLast || child?.kind === "object" || child?.kind === "array"
        ? (child ?? unknown)
        : emptyFor(path[position + 1]);
    put(at, key, part);
    at = part;
  }
}

function memberOf(value: ScriptValue, key: string | number): ScriptValue | undefined {
  if (value.kind === "object") return value.members.get(String(key));
  return value.kind === "array" ? value.items[Number(key)] : undefined;
}

function emptyFor(key: string | number | undefined): ScriptValue {
  return typeof key === "number"
    ? { kind: "array", items: [] }
    : { kind: "object", members: new Map() };
}

/** Members arrays have besides their items (`x.length = 0`) are of no interest. */
function put(value: ScriptValue, key: string | number, part: ScriptValue): void {
  if (value.kind === "object") value.members.set(String(key), part);
  else if (value.kind === "array" && typeof key === "number") {
    if (key > value.items.length + widestGap) return;
    while (value.items.length < key) value.items.push(nothing);
    value.items[key] = part;
  }
}
