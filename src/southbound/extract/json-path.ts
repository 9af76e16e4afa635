import { PathSyntaxError, PathText } from "./path-text.ts";

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
    if (!(error instanceof PathSyntaxError)) throw error;
    return `JSON path ${source}: ${error.message}`;
  }
}

const nameAt = /[^\s.[\]()'"?@=!<>*]+/y;
const indexAt = /-?\d{1,9}/y;
const stepAhead = /(?=[.[])/y;
const quotedAt = /'([^']*)'|"([^"]*)"/y;
const literalAt = /'([^']*)'|"([^"]*)"|([\w.+-]+)/y;

class JsonPathReader {
  readonly #text: PathText;

  constructor(source: string) {
    this.#text = new PathText(source);
  }

  whole(): JsonPath {
    const path =
      this.#text.take("$") || this.#text.match(stepAhead) !== undefined
        ? this.#steps()
        : this.#bare();
    if (!this.#text.isOver) throw this.#text.unexpected();
    return path;
  }

  /** `a.b[0]`, as variables of scripts are written. */
  #bare(): JsonPath {
    return [{ step: this.#name(), isDeep: false }, ...this.#steps()];
  }

  #steps(): JsonPath {
    const path: JsonPath[number][] = [];
    for (;;) {
      if (this.#text.take("..")) path.push({ step: this.#deepStep(), isDeep: true });
      else if (this.#text.take(".")) path.push({ step: this.#dotted(), isDeep: false });
      else if (this.#text.take("[")) path.push({ step: this.#bracket(), isDeep: false });
      else return path;
    }
  }

  #deepStep(): JsonStep {
    return this.#text.take("[") ? this.#bracket() : this.#dotted();
  }

  #dotted(): JsonStep {
    return this.#text.take("*") ? { kind: "all" } : this.#name();
  }

  #name(): JsonStep {
    const name = this.#text.match(nameAt)?.[0];
    if (name === undefined) throw this.#text.unexpected();
    return { kind: "name", name };
  }

  #bracket(): JsonStep {
    const step = this.#inBrackets();
    if (!this.#text.take("]")) throw this.#text.unexpected();
    return step;
  }

  #inBrackets(): JsonStep {
    if (this.#text.take("*")) return { kind: "all" };
    if (this.#text.take("?")) return this.#filter();
    const index = this.#text.match(indexAt)?.[0];
    if (index !== undefined) return { kind: "index", index: Number(index) };
    const quoted = this.#text.match(quotedAt);
    if (quoted === undefined) throw this.#text.unexpected();
    return { kind: "name", name: quoted[1] ?? quoted[2] ?? "" };
  }

  #filter(): JsonStep {
    const isParenthesized = this.#text.take("(");
    this.#text.skipBlanks();
    if (!this.#text.take("@")) throw this.#text.unexpected();
    const path = this.#steps();
    this.#text.skipBlanks();
    const isDifferent = this.#text.take("!=");
    const hasLiteral = isDifferent || this.#text.take("===") || this.#text.take("==");
    if (hasLiteral) this.#text.skipBlanks();
    const compare = hasLiteral
      ? { compare: { isEqual: !isDifferent, literal: this.#literal() } }
      : {};
    this.#text.skipBlanks();
    if (isParenthesized && !this.#text.take(")")) throw this.#text.unexpected();
    return { kind: "filter", path, ...compare };
  }

  #literal(): string {
    const match = this.#text.match(literalAt);
    if (match === undefined) throw this.#text.unexpected();
    return match[1] ?? match[2] ?? match[3] ?? "";
  }
}
