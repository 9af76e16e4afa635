/** JSON paths, a subset of RFC 9535. */
export type JsonStep =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "all" }
  /** Members whose own `path` gives the literal (or another one, or anything when there is none). */
  | {
      readonly kind: "filter";
      readonly path: JsonPath;
      readonly compare?: { readonly isEqual: boolean; readonly literal: string };
    };

/** Steps from the top of a document or from a row. */
export type JsonPath = readonly {
  readonly step: JsonStep;
  /** `..`: at any depth. */
  readonly isDeep: boolean;
}[];

/**
 * Reads `$.a.b[0]`, `[*]`, `.*`, `[-1]`, `['a b']`, `..name`, `[?(@.k=='v')]`, `[?(@.a.b!='v')]`, `[?(@.k)]`; numbers and
 * booleans in comparisons are compared as their text. The leading `$` may be missing.
 *
 * @returns the path, or what is wrong as text
 */
export function parseJsonPath(source: string): JsonPath | string {
  const reader = new JsonPathReader(source.trim());
  try {
    return reader.whole();
  } catch (error) {
    if (!(error instanceof JsonPathSyntaxError)) throw error;
    return `JSON path ${source}: ${error.message}`;
  }
}

class JsonPathSyntaxError extends Error {}

const nameAt = /[^\s.[\]()'"?@=!<>*]+/y;
const indexAt = /-?\d{1,9}/y;
const literalAt = /'([^']*)'|"([^"]*)"|([\w.+-]+)/y;

class JsonPathReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  whole(): JsonPath {
    const path = this.#take("$") || /^[.[]/.test(this.#source) ? this.#steps() : this.#bare();
    if (this.#at < this.#source.length) throw this.#unexpected();
    return path;
  }

  /** `a.b[0]`, as variables of scripts are written. */
  #bare(): JsonPath {
    return [{ step: this.#name(), isDeep: false }, ...this.#steps()];
  }

  #steps(): JsonPath {
    const path: JsonPath[number][] = [];
    for (;;) {
      if (this.#take("..")) path.push({ step: this.#deepStep(), isDeep: true });
      else if (this.#take(".")) path.push({ step: this.#dotted(), isDeep: false });
      else if (this.#take("[")) path.push({ step: this.#bracket(), isDeep: false });
      else return path;
    }
  }

  #deepStep(): JsonStep {
    return this.#take("[") ? this.#bracket() : this.#dotted();
  }

  #dotted(): JsonStep {
    return this.#take("*") ? { kind: "all" } : this.#name();
  }

  #name(): JsonStep {
    const name = this.#match(nameAt)?.[0];
    if (name === undefined) throw this.#unexpected();
    return { kind: "name", name };
  }

  #bracket(): JsonStep {
    const step = this.#inBrackets();
    if (!this.#take("]")) throw this.#unexpected();
    return step;
  }

  #inBrackets(): JsonStep {
    if (this.#take("*")) return { kind: "all" };
    if (this.#take("?")) return this.#filter();
    const index = this.#match(indexAt)?.[0];
    if (index !== undefined) return { kind: "index", index: Number(index) };
    if (!/['"]/.test(this.#source[this.#at] ?? "")) throw this.#unexpected();
    return { kind: "name", name: this.#literal() };
  }

  #filter(): JsonStep {
    const isParenthesized = this.#take("(");
    this.#skipBlanks();
    if (!this.#take("@")) throw this.#unexpected();
    const path = this.#steps();
    this.#skipBlanks();
    const isDifferent = this.#take("!=");
    const hasLiteral = isDifferent || this.#take("===") || this.#take("==");
    if (hasLiteral) this.#skipBlanks();
    const compare = hasLiteral
      ? { compare: { isEqual: !isDifferent, literal: this.#literal() } }
      : {};
    this.#skipBlanks();
    if (isParenthesized && !this.#take(")")) throw this.#unexpected();
    return { kind: "filter", path, ...compare };
  }

  #literal(): string {
    const match = this.#match(literalAt);
    if (match === undefined) throw this.#unexpected();
    return match[1] ?? match[2] ?? match[3] ?? "";
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match;
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #skipBlanks(): void {
    while (this.#source[this.#at] === " ") this.#at += 1;
  }

  #unexpected(): JsonPathSyntaxError {
    const rest = this.#source.slice(this.#at, this.#at + 20);
    return new JsonPathSyntaxError(rest === "" ? "ends too early" : `does not go on with ${rest}`);
  }
}
