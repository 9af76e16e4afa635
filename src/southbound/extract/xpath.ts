/** A small XPath 1.0: what selectors of printers' documents need, without axes and functions but `last()`, `text()`. */

/** Where a step goes. `descendant` is the step after `//`. */
export type XpathStep =
  | {
      readonly kind: "child" | "descendant";
      /** Undefined is `*`. */
      readonly name: string | undefined;
      readonly predicates: readonly XpathPredicate[];
    }
  | { readonly kind: "parent" | "self" }
  /** Text of a path that ends here; undefined is `@*`. */
  | { readonly kind: "attribute"; readonly name: string | undefined; readonly isDeep: boolean }
  | { readonly kind: "text"; readonly isDeep: boolean };

/** What holds for an element, in brackets. */
export type XpathPredicate =
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "last" }
  /** Something the path finds equals the literal (or differs), or exists when there is none. */
  | {
      readonly kind: "path";
      readonly path: Xpath;
      readonly compare?: { readonly isEqual: boolean; readonly literal: string };
    };

/** A path; absolute ones start at the top of the document. */
export interface Xpath {
  readonly isAbsolute: boolean;
  readonly steps: readonly XpathStep[];
}

/**
 * Reads `/a/b`, `//b`, `*`, `@k`, `[2]`, `[last()]`, `[@k='v']`, `[child='v']`, `[a/b='v']`, `[a!='v']`, `[a]`, `.`,
 * `..`, `text()`. Namespace prefixes are dropped.
 *
 * @returns the path, or what is wrong as text
 */
export function parseXpath(source: string): Xpath | string {
  const reader = new XpathReader(source.trim());
  try {
    return reader.whole();
  } catch (error) {
    if (!(error instanceof XpathSyntaxError)) throw error;
    return `XPath ${source}: ${error.message}`;
  }
}

class XpathSyntaxError extends Error {}

const nameAt = /(?:[\p{L}_][\p{L}\p{N}_.-]*:)?(?:([\p{L}_][\p{L}\p{N}_.-]*)|\*)/uy;
const numberAt = /\d{1,9}/y;

class XpathReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  whole(): Xpath {
    const path = this.#path();
    if (this.#at < this.#source.length) throw this.#unexpected();
    return path;
  }

  #path(): Xpath {
    const isAbsolute = this.#source[this.#at] === "/";
    const steps: XpathStep[] = [];
    let isDeep = this.#take("//");
    if (!isDeep && isAbsolute) this.#take("/");
    for (;;) {
      steps.push(this.#step(isDeep));
      if (this.#take("//")) isDeep = true;
      else if (this.#take("/")) isDeep = false;
      else break;
    }
    const early = steps.slice(0, -1).find(({ kind }) => kind === "attribute" || kind === "text");
    if (early !== undefined)
      throw new XpathSyntaxError("nothing may follow an attribute or text()");
    return { isAbsolute, steps };
  }

  #step(isDeep: boolean): XpathStep {
    if (this.#take("..")) return this.#shallow({ kind: "parent" }, isDeep);
    if (this.#take(".")) return this.#shallow({ kind: "self" }, isDeep);
    if (this.#take("text()")) return { kind: "text", isDeep };
    if (this.#take("@")) return { kind: "attribute", name: this.#name(), isDeep };
    const name = this.#name();
    const predicates: XpathPredicate[] = [];
    while (this.#take("[")) predicates.push(this.#predicate());
    return { kind: isDeep ? "descendant" : "child", name, predicates };
  }

  #shallow(step: XpathStep, isDeep: boolean): XpathStep {
    if (isDeep) throw new XpathSyntaxError("// needs a name");
    return step;
  }

  #predicate(): XpathPredicate {
    this.#skipBlanks();
    const number = this.#match(numberAt);
    const predicate: XpathPredicate =
      number !== undefined
        ? { kind: "number", number: Number(number[0]) }
        : this.#take("last()")
          ? { kind: "last" }
          : this.#comparison();
    this.#skipBlanks();
    if (!this.#take("]")) throw this.#unexpected();
    return predicate;
  }

  #comparison(): XpathPredicate {
    const path = this.#path();
    this.#skipBlanks();
    const isDifferent = this.#take("!=");
    if (!isDifferent && !this.#take("=")) return { kind: "path", path };
    this.#skipBlanks();
    return { kind: "path", path, compare: { isEqual: !isDifferent, literal: this.#literal() } };
  }

  #literal(): string {
    const quote = this.#source[this.#at];
    const end = quote === "'" || quote === '"' ? this.#source.indexOf(quote, this.#at + 1) : -1;
    if (end === -1) throw new XpathSyntaxError("a quoted text is needed after =");
    const literal = this.#source.slice(this.#at + 1, end);
    this.#at = end + 1;
    return literal;
  }

  #name(): string | undefined {
    const match = this.#match(nameAt);
    if (match === undefined) throw this.#unexpected();
    return match[1];
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

  #unexpected(): XpathSyntaxError {
    const rest = this.#source.slice(this.#at, this.#at + 20);
    return new XpathSyntaxError(rest === "" ? "ends too early" : `does not go on with ${rest}`);
  }
}
