import {
  parse,
  type AttributeSelector,
  AttributeAction as PackageAction,
  type PseudoSelector,
  type Selector as Token,
  SelectorType,
} from "css-what";
import {
  type AttributeAction,
  type Combinator,
  type CssSelector,
  type CssState,
  cssStates,
  type CssStep,
  type CssTest,
} from "./css-selector.ts";

/**
 * Reads a CSS selector: tags, `#id`, `.class`, attributes, the four combinators, `:is :not :has :where`, the `:nth-`
 * family, `:first-child` and its like, `:checked :disabled :enabled :empty :root :scope`, and `:contains('text')`.
 * Namespace prefixes are ignored.
 *
 * @returns the alternatives, or what is wrong as text
 */
export function parseCss(source: string): readonly CssSelector[] | string {
  try {
    const alternatives = parse(source);
    if (alternatives.length === 0) return "empty CSS selector";
    return alternatives.map((tokens) => readAlternative(tokens));
  } catch (error) {
    // css-what throws plain errors; whatever else it throws comes from the same text.
    return `CSS ${source}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const combinators: Partial<Record<SelectorType, Combinator>> = {
  [SelectorType.Descendant]: "descendant",
  [SelectorType.Child]: "child",
  [SelectorType.Adjacent]: "adjacent",
  [SelectorType.Sibling]: "sibling",
};

function readAlternative(tokens: readonly Token[]): CssSelector {
  const steps: CssStep[] = [];
  let tests: CssTest[] = [];
  let combinator: Combinator = "descendant";
  let isRelative = false;
  for (const [position, token] of tokens.entries()) {
    const next = combinators[token.type];
    if (next === undefined) {
      tests.push(...readTest(token));
      continue;
    }
    if (position === 0) isRelative = true;
    else steps.push({ combinator, tests });
    tests = [];
    combinator = next;
  }
  const last = tokens.at(-1);
  if (last === undefined || combinators[last.type] !== undefined)
    throw new Error("ends in a combinator");
  steps.push({ combinator, tests });
  return { steps, isRelative };
}

function readTest(token: Token): readonly CssTest[] {
  switch (token.type) {
    case SelectorType.Universal:
      return [];
    case SelectorType.Tag:
      return [{ kind: "tag", name: token.name }];
    case SelectorType.Attribute:
      return [readAttribute(token)];
    case SelectorType.Pseudo:
      return [readPseudo(token)];
    default:
      throw new Error(`${token.type} is not supported`);
  }
}

const actions: Record<PackageAction, AttributeAction> = {
  [PackageAction.Exists]: "exists",
  [PackageAction.Equals]: "equals",
  [PackageAction.Not]: "not",
  [PackageAction.Element]: "word",
  [PackageAction.Hyphen]: "hyphen",
  [PackageAction.Start]: "start",
  [PackageAction.End]: "end",
  [PackageAction.Any]: "any",
};
/** Attributes old pages write in any case: `TYPE="HIDDEN"` (HTML Standard §4.17, case-sensitivity of selectors). */
const caselessAttributes = new Set([
  "type",
  "method",
  "align",
  "valign",
  "color",
  "bgcolor",
  "enctype",
]);

function readAttribute({ name, action, value, ignoreCase }: AttributeSelector): CssTest {
  const ignoresCase = ignoreCase ?? caselessAttributes.has(name.toLowerCase());
  return {
    kind: "attribute",
    name,
    action: actions[action],
    value,
    ignoresCase: ignoresCase === true,
  };
}

/** The family of `:nth-child`: counted from the end or not, among elements of the same name or all. */
const nthFamily: Readonly<Record<string, { fromEnd: boolean; ofType: boolean }>> = {
  "nth-child": { fromEnd: false, ofType: false },
  "nth-last-child": { fromEnd: true, ofType: false },
  "nth-of-type": { fromEnd: false, ofType: true },
  "nth-last-of-type": { fromEnd: true, ofType: true },
};
const firsts: Readonly<Record<string, string>> = {
  "first-child": "nth-child",
  "last-child": "nth-last-child",
  "first-of-type": "nth-of-type",
  "last-of-type": "nth-last-of-type",
};
const groups: Readonly<Record<string, "is" | "not" | "has">> = {
  is: "is",
  where: "is",
  matches: "is",
  not: "not",
  has: "has",
};

function readPseudo({ name, data }: PseudoSelector): CssTest {
  const group = groups[name];
  if (group !== undefined && Array.isArray(data))
    return { kind: group, selectors: data.map((tokens) => readAlternative(tokens)) };
  const first = nthFamily[firsts[name] ?? ""];
  if (first !== undefined) return { kind: "nth", step: 0, offset: 1, ...first };
  const family = nthFamily[name];
  if (family !== undefined && typeof data === "string")
    return { kind: "nth", ...readFormula(data), ...family };
  if (name === "contains" && typeof data === "string") return { kind: "contains", text: data };
  if (isState(name)) return { kind: "state", state: name };
  throw new Error(`:${name} is not supported`);
}

function isState(name: string): name is CssState {
  return (cssStates as readonly string[]).includes(name);
}

/** `odd`, `even`, `3`, `2n+1`, `-n+3` (CSS Syntax Level 3 §6, An+B). */
function readFormula(source: string): { step: number; offset: number } {
  const formula = source.trim().toLowerCase();
  if (formula === "odd") return { step: 2, offset: 1 };
  if (formula === "even") return { step: 2, offset: 0 };
  const match = /^(?:([+-]?\d{0,6})n)?\s?([+-]?\s?\d{1,6})?$/.exec(formula);
  if (match === null || formula === "") throw new Error(`${source} is no An+B`);
  const [, step, offset] = match;
  return {
    step: step === undefined ? 0 : coefficient(step),
    offset: Number((offset ?? "0").replace(/\s/, "")),
  };
}

function coefficient(digits: string): number {
  if (digits === "" || digits === "+") return 1;
  return digits === "-" ? -1 : Number(digits);
}
