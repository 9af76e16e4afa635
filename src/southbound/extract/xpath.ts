/** A small XPath 1.0: what selectors of printers' documents need, without axes and functions but `last()`, `text()`. */

import { PathSyntaxError, PathText } from "./path-text.ts";

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
    if (!(error instanceof PathSyntaxError)) throw error;
    return `XPath ${source}: ${error.message}`;
  }
}

const nameAt = /(?:[\p{L}_][\p{L}\p{N}_.-]*:)?(?:([\p{L}_][\p{L}\p{N}_.-]*)|\*)/uy;
const numberAt = /\d{1,9}/y;
const quotedAt = /'([^']*)'|"([^"]*)"/y;

class XpathReader {
  readonly #text: PathText;

  constructor(source: string) {
    this.#text = new PathText(source);
  }

  whole(): Xpath {
    const path = this.#path();
    if (!this.#text.isOver) throw this.#text.unexpected();
    return path;
  }

  #path(): Xpath {
    const steps: XpathStep[] = [];
    let isDeep = this.#text.take("//");
    const isAbsolute = isDeep || this.#text.take("/");
    for (;;) {
      steps.push(this.#step(isDeep));
      if (this.#text.take("//")) isDeep = true;
      else if (this.#text.take("/")) isDeep = false;
      else break;
    }
    const early = steps.slice(0, -1).find(({ kind }) => kind === "attribute" || kind === "text");
    if (early !== undefined) throw new PathSyntaxError("nothing may follow an attribute or text()");
    return { isAbsolute, steps };
  }

  #step(isDeep: boolean): XpathStep {
    if (this.#text.take("..")) return this.#shallow({ kind: "parent" }, isDeep);
    if (this.#text.take(".")) return this.#shallow({ kind: "self" }, isDeep);
    if (this.#text.take("text()")) return { kind: "text", isDeep };
    if (this.#text.take("@")) return { kind: "attribute", name: this.#name(), isDeep };
    const name = this.#name();
    const predicates: XpathPredicate[] = [];
    while (this.#text.take("[")) predicates.push(this.#predicate());
    return { kind: isDeep ? "descendant" : "child", name, predicates };
  }

  #shallow(step: XpathStep, isDeep: boolean): XpathStep {
    if (isDeep) throw new PathSyntaxError("// needs a name");
    return step;
  }

  #predicate(): XpathPredicate {
    this.#text.skipBlanks();
    const number = this.#text.match(numberAt);
    const predicate: XpathPredicate =
      number !== undefined
        ? { kind: "number", number: Number(number[0]) }
        : this.#text.take("last()")
          ? { kind: "last" }
          : this.#comparison();
    this.#text.skipBlanks();
    if (!this.#text.take("]")) throw this.#text.unexpected();
    return predicate;
  }

  #comparison(): XpathPredicate {
    const path = this.#path();
    this.#text.skipBlanks();
    const isDifferent = this.#text.take("!=");
    if (!isDifferent && !this.#text.take("=")) return { kind: "path", path };
    this.#text.skipBlanks();
    return { kind: "path", path, compare: { isEqual: !isDifferent, literal: this.#literal() } };
  }

  #literal(): string {
    const match = this.#text.match(quotedAt);
    if (match === undefined) throw new PathSyntaxError("a quoted text is needed after =");
    return match[1] ?? match[2] ?? "";
  }

  #name(): string | undefined {
    const match = this.#text.match(nameAt);
    if (match === undefined) throw this.#text.unexpected();
    return match[1];
  }
}
