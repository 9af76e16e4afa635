/**
 * Changes single values in a JSON text and leaves every other octet as it is: numbers beyond 2^53, key order and blanks
 * of settings nobody asked to change would not survive parsing and printing.
 */

/** What a value is set to. */
export type JsonScalar = string | number | boolean;

/** One step of a path: a member or an index. */
export type JsonStep = string | number;

const mostDepth = 100;

/** Parses `$.a.b[0]['c']`; undefined when it is not such a path. */
export function parseJsonPath(path: string): readonly JsonStep[] | undefined {
  if (!path.startsWith("$")) return undefined;
  const steps: JsonStep[] = [];
  const pattern = /\.([^.[\]'"*?()]+)|\[(\d{1,9})\]|\['([^']*)'\]/y;
  pattern.lastIndex = 1;
  while (pattern.lastIndex < path.length) {
    const match = pattern.exec(path);
    if (match === null) return undefined;
    const [, member, index, quoted] = match;
    steps.push(index === undefined ? (member ?? quoted ?? "") : Number(index));
  }
  return steps.length === 0 ? undefined : steps;
}

/** The text with the value at `path` replaced; undefined when the text is no JSON or has no such value. */
export function setInJson(
  text: string,
  path: readonly JsonStep[],
  to: JsonScalar,
): string | undefined {
  const scanner = new JsonScanner(text, path);
  const span = scanner.find();
  if (span === undefined) return undefined;
  return text.slice(0, span.start) + JSON.stringify(to) + text.slice(span.end);
}

/** A merge patch (RFC 7396) of the values; undefined when a path leads through an array, which a patch cannot change in part. */
export function mergePatch(
  changes: readonly { readonly path: readonly JsonStep[]; readonly to: JsonScalar }[],
): string | undefined {
  const root: Record<string, unknown> = {};
  for (const { path, to } of changes) {
    let branch = root;
    for (const [index, step] of path.entries()) {
      if (typeof step === "number") return undefined;
      if (index === path.length - 1) defineMember(branch, step, to);
      else branch = subBranch(branch, step);
    }
  }
  return JSON.stringify(root);
}

function subBranch(branch: Record<string, unknown>, name: string): Record<string, unknown> {
  const known = Object.hasOwn(branch, name) ? branch[name] : undefined;
  if (typeof known === "object" && known !== null) return known as Record<string, unknown>;
  const made: Record<string, unknown> = {};
  defineMember(branch, name, made);
  return made;
}

/** Also members such as `__proto__` become members. */
function defineMember(branch: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(branch, name, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Walks a text that `JSON.parse` has taken, and notes where the wanted value stands. */
class JsonScanner {
  readonly #text: string;
  readonly #path: readonly JsonStep[];
  #at = 0;
  #found: Span | undefined;

  constructor(text: string, path: readonly JsonStep[]) {
    this.#text = text;
    this.#path = path;
  }

  /** Of a repeated member the last, as parsers take it. */
  find(): Span | undefined {
    try {
      JSON.parse(this.#text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return undefined;
    }
    this.#value(0, 0);
    return this.#found;
  }

  /** Passes one value; `matched` steps of the path lead to it, or -1 when it is off the path. */
  #value(matched: number, depth: number): void {
    this.#blanks();
    const start = this.#at;
    const first = this.#text[start];
    const isWanted = matched === this.#path.length;
    if (depth > mostDepth) this.#at = this.#text.length;
    else if (first === "{" || first === "[") this.#members(matched, depth, first === "{");
    else if (first === '"') this.#string();
    else while (/[-+.\w]/.test(this.#text[this.#at] ?? "")) this.#at += 1;
    if (isWanted) this.#found = { start, end: this.#at };
  }

  #members(matched: number, depth: number, isObject: boolean): void {
    this.#at += 1;
    for (let index = 0; this.#at < this.#text.length; index++) {
      this.#blanks();
      if (this.#text[this.#at] === (isObject ? "}" : "]")) break;
      if (this.#text[this.#at] === ",") this.#at += 1;
      this.#blanks();
      const step = isObject ? this.#string() : index;
      if (isObject) {
        this.#blanks();
        this.#at += 1;
      }
      this.#value(matched >= 0 && this.#path[matched] === step ? matched + 1 : -1, depth + 1);
    }
    this.#at += 1;
  }

  #string(): string {
    const start = this.#at;
    this.#at += 1;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"')
      this.#at += this.#text[this.#at] === "\\" ? 2 : 1;
    this.#at += 1;
    return JSON.parse(this.#text.slice(start, this.#at)) as string;
  }

  #blanks(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at += 1;
  }
}
