/** CSS selectors as the matcher knows them; `css-parser.ts` makes them of text. */

/** How an element is found from the ones the step before found. */
export type Combinator = "descendant" | "child" | "adjacent" | "sibling";

/** What an element must be. */
export type CssTest =
  | { readonly kind: "tag"; readonly name: string }
  | {
      readonly kind: "attribute";
      readonly name: string;
      readonly action: AttributeAction;
      readonly value: string;
      readonly ignoresCase: boolean;
    }
  | { readonly kind: "is" | "not" | "has"; readonly selectors: readonly CssSelector[] }
  | {
      readonly kind: "nth";
      /** `an+b`. */
      readonly step: number;
      readonly offset: number;
      readonly fromEnd: boolean;
      readonly ofType: boolean;
    }
  | { readonly kind: "contains"; readonly text: string }
  | { readonly kind: "state"; readonly state: CssState };

/** Comparisons of attributes (Selectors Level 4 §6). */
export type AttributeAction =
  "exists" | "equals" | "not" | "word" | "hyphen" | "start" | "end" | "any";

/** Pseudo-classes without argument, besides those that are a kind of `nth`. */
export const cssStates = ["root", "scope", "empty", "checked", "disabled", "enabled"] as const;
/** One of {@link cssStates}. */
export type CssState = (typeof cssStates)[number];

/** One step: all tests must hold. */
export interface CssStep {
  readonly combinator: Combinator;
  readonly tests: readonly CssTest[];
}

/** One of the alternatives that commas divide. */
export interface CssSelector {
  readonly steps: readonly CssStep[];
  /** Begins with a combinator, so the first step starts from the scope (`> td`, and all within `:has`). */
  readonly isRelative: boolean;
}
