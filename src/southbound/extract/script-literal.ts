import { tooBig } from "./extract-error.ts";
import { extractLimits } from "./limits.ts";
import type { ScriptToken, ScriptTokens } from "./script-tokens.ts";
import { nothing, type ScriptValue, unknown } from "./script-value.ts";

/**
 * Reads expressions that are literals: texts (also joined by `+`), numbers, `true`, objects and arrays of them, and a
 * few functions of one text (`parseInt('84',10)`). Everything else is `unknown`, and is passed over up to the comma,
 * semicolon or bracket after it. Nothing is ever run.
 */
export class LiteralReader {
  readonly #tokens: ScriptTokens;
  /** The text ended before a bracket was closed. */
  isCut = false;
  #values = 0;
  #depth = 0;

  constructor(tokens: ScriptTokens) {
    this.#tokens = tokens;
  }

  /**
   * @param endsWithLine whether a line break may end the expression: it may between statements, not within brackets
   * @throws {ExtractError} `ews.too-big`
   */
  read(endsWithLine: boolean): ScriptValue {
    let value = this.#operand();
    while (this.#tokens.takeMark("+")) value = joined(value, this.#operand());
    if (this.#isOver(this.#tokens.peek(), endsWithLine)) return value;
    this.#skipRest(endsWithLine);
    return unknown;
  }

  #operand(): ScriptValue {
    this.#values += 1;
    if (this.#values > extractLimits.nodes) throw tooBig("values", extractLimits.nodes);
    const token = this.#tokens.peek();
    if (token.kind === "mark") return this.#bracketed(token.text);
    if (token.kind === "end") return unknown;
    this.#tokens.take();
    if (token.kind === "text" || token.kind === "number")
      return { kind: token.kind, text: token.text };
    return token.kind === "name" ? this.#named(token.text) : unknown;
  }

  #bracketed(mark: string): ScriptValue {
    switch (mark) {
      case "{":
        this.#tokens.take();
        return this.#deeper(() => this.#object());
      case "[":
        this.#tokens.take();
        return this.#deeper(() => ({ kind: "array", items: this.#list("]") }));
      case "(":
        this.#tokens.take();
        return this.#deeper(() => this.#parenthesized());
      case "-":
        this.#tokens.take();
        return negative(this.#operand());
      case "!":
      case "~":
      case "++":
      case "--":
        this.#tokens.take();
        this.#operand();
        return unknown;
      default:
        // `{a: , b: 1}`: a value the printer did not have.
        return nothing;
    }
  }

  #deeper(read: () => ScriptValue): ScriptValue {
    this.#depth += 1;
    if (this.#depth > extractLimits.jsonDepth)
      throw tooBig("levels of brackets", extractLimits.jsonDepth);
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #parenthesized(): ScriptValue {
    const values = this.#list(")");
    return values.length === 1 ? (values[0] ?? unknown) : unknown;
  }

  #named(name: string): ScriptValue {
    switch (name) {
      case "true":
      case "false":
        return { kind: "boolean", text: name };
      case "null":
      case "undefined":
        return nothing;
      case "new":
        return this.#constructed();
      default:
        return this.#called(calls.get(name));
    }
  }

  #constructed(): ScriptValue {
    const { kind, text } = this.#tokens.peek();
    if (kind !== "name") return unknown;
    this.#tokens.take();
    const values = this.#tokens.takeMark("(") ? this.#arguments() : [];
    if (text === "Object") return { kind: "object", members: new Map() };
    if (text !== "Array") return unknown;
    // `new Array(5)` is an empty array of that length.
    const isLength = values.length === 1 && values[0]?.kind === "number";
    return { kind: "array", items: isLength ? [] : values };
  }

  #called(call: Call | undefined): ScriptValue {
    if (call === undefined || !this.#tokens.takeMark("(")) return unknown;
    const [value, radix] = this.#arguments();
    if (value?.kind !== "text" && value?.kind !== "number") return unknown;
    return call(value.text, radix?.kind === "number" ? radix.text : "10");
  }

  #arguments(): ScriptValue[] {
    let values: ScriptValue[] = [];
    this.#deeper(() => {
      values = this.#list(")");
      return unknown;
    });
    return values;
  }

  #list(end: "]" | ")"): ScriptValue[] {
    const items: ScriptValue[] = [];
    while (!this.#closes(end)) {
      if (this.#tokens.takeMark(",")) items.push(nothing);
      else {
        items.push(this.read(false));
        if (!this.#tokens.takeMark(",")) this.#dropStray(end);
      }
    }
    return items;
  }

  #object(): ScriptValue {
    const members = new Map<string, ScriptValue>();
    while (!this.#closes("}")) {
      const key = this.#tokens.take();
      if (key.kind === "mark" || key.kind === "other") continue;
      if (this.#tokens.takeMark(":")) members.set(key.text, this.read(false));
      else this.#skipRest(false);
      if (!this.#tokens.takeMark(",")) this.#dropStray("}");
    }
    return { kind: "object", members };
  }

  /** Whether the bracket closes here, or the text is over. */
  #closes(end: string): boolean {
    if (this.#tokens.takeMark(end)) return true;
    if (this.#tokens.peek().kind !== "end") return false;
    this.isCut = true;
    return true;
  }

  /** A bracket that closes something else, or a semicolon, has no business here and is dropped. */
  #dropStray(end: string): void {
    const { kind, text } = this.#tokens.peek();
    if (kind === "mark" && text !== end && /^[)\]};]$/.test(text)) this.#tokens.take();
  }

  #isOver({ kind, text, isOnNewLine }: ScriptToken, endsWithLine: boolean): boolean {
    if (kind === "end") return true;
    if (kind === "mark" && /^[,;)\]}]$/.test(text)) return true;
    return endsWithLine && isOnNewLine && (kind !== "mark" || text === "{");
  }

  /** Passes over what cannot be worked out, with all brackets in it. */
  #skipRest(endsWithLine: boolean): void {
    let open = 0;
    for (;;) {
      const token = this.#tokens.peek();
      if (token.kind === "end") return;
      if (open === 0 && this.#isOver(token, endsWithLine)) return;
      this.#tokens.take();
      if (token.kind !== "mark") continue;
      if (/^[([{]$/.test(token.text)) open += 1;
      else if (/^[)\]}]$/.test(token.text)) open -= 1;
    }
  }
}

type Call = (text: string, radix: string) => ScriptValue;

/** Functions whose result follows from one text. A map, as the page names them: `valueOf` is a member of every object. */
const calls: ReadonlyMap<string, Call> = new Map<string, Call>([
  ["parseInt", (text, radix) => numeric(Number.parseInt(text, Number(radix)))],
  ["parseFloat", (text) => numeric(Number.parseFloat(text))],
  ["Number", (text) => numeric(text.trim() === "" ? Number.NaN : Number(text))],
  ["String", (text) => ({ kind: "text", text })],
  ["unescape", (text) => ({ kind: "text", text: unescapeText(text) })],
  ["decodeURIComponent", (text) => ({ kind: "text", text: decodePercent(text) ?? text })],
  ["decodeURI", (text) => ({ kind: "text", text: decodePercent(text) ?? text })],
]);

function numeric(number: number): ScriptValue {
  return Number.isFinite(number) ? { kind: "number", text: String(number) } : unknown;
}

/** ECMAScript B.2.1.2: `%uXXXX`, `%XX` as Latin-1. */
function unescapeText(text: string): string {
  return text.replace(/%u([\da-f]{4})|%([\da-f]{2})/gi, (_all, long?: string, short?: string) =>
    String.fromCharCode(Number.parseInt(long ?? short ?? "", 16)),
  );
}

function decodePercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return undefined;
  }
}

function negative(value: ScriptValue): ScriptValue {
  return value.kind === "number" ? { kind: "number", text: `-${value.text}` } : unknown;
}

/** `"a" + 1` is a text; sums of numbers are not worked out. */
function joined(one: ScriptValue, other: ScriptValue): ScriptValue {
  if (one.kind !== "text" && other.kind !== "text") return unknown;
  if (!("text" in one) || !("text" in other)) return unknown;
  return { kind: "text", text: one.text + other.text };
}
