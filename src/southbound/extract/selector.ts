import { compilePattern, type Pattern } from "../../shared/regex.ts";
import type { Selector } from "../documents.ts";
import { parseCss } from "./css-parser.ts";
import type { CssSelector } from "./css-selector.ts";
import { badSelector } from "./extract-error.ts";
import { type JsonPath, parseJsonPath } from "./json-path.ts";
import { parseXpath, type Xpath } from "./xpath.ts";

/** A selector's kind with its text read. */
export type SelectorKind =
  | { readonly kind: "css"; readonly css: readonly CssSelector[] }
  | { readonly kind: "xpath"; readonly path: Xpath }
  | { readonly kind: "json" | "js"; readonly path: JsonPath; readonly source: string }
  | { readonly kind: "label"; readonly labels: readonly string[] }
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "csv"; readonly column: string | number }
  | { readonly kind: "header"; readonly name: string }
  | { readonly kind: "regex"; readonly pattern: Pattern }
  | { readonly kind: "title" | "status" };

/** A selector ready to be matched. */
export type ParsedSelector = SelectorKind & {
  readonly within: readonly CssSelector[] | undefined;
  readonly refine: Pick<Selector, "attribute" | "style" | "option" | "nth">;
};

/** How the text of each kind is read: the kind, or what is wrong. A key missing here is no kind. */
const readers: {
  readonly [Kind in SelectorKind["kind"]]: (
    given: NonNullable<Selector[Kind]>,
  ) => SelectorKind | string;
} = {
  css: (source) => orProblem(parseCss(source), (css) => ({ kind: "css", css })),
  xpath: (source) => orProblem(parseXpath(source), (path) => ({ kind: "xpath", path })),
  json: (source) => orProblem(parseJsonPath(source), (path) => ({ kind: "json", path, source })),
  js: (source) => orProblem(parseJsonPath(source), (path) => ({ kind: "js", path, source })),
  label: (given) => {
    const labels = typeof given === "string" ? [given] : given;
    const isEmpty = labels.length === 0 || labels.some((label) => label.trim() === "");
    return isEmpty ? "label is empty" : { kind: "label", labels };
  },
  field: (name) => (name === "" ? "field is empty" : { kind: "field", name }),
  csv: (column) =>
    column === "" || (typeof column === "number" && (column < 0 || !Number.isInteger(column)))
      ? "csv needs a heading or a number from 0"
      : { kind: "csv", column },
  header: (name) =>
    name === "" ? "header is empty" : { kind: "header", name: name.toLowerCase() },
  regex: (source) =>
    orProblem(prefixed(`regex ${source}`, compilePattern(source)), (pattern) => ({
      kind: "regex",
      pattern,
    })),
  title: () => ({ kind: "title" }),
  status: () => ({ kind: "status" }),
};
const kinds = Object.keys(readers) as readonly SelectorKind["kind"][];

/** Reads a selector; what is wrong comes back as text. */
export function parseSelector(selector: Selector): ParsedSelector | string {
  const given = kinds.filter((kind) => selector[kind] !== undefined);
  const [only] = given;
  if (only === undefined) return `selector needs one of ${kinds.join(", ")}`;
  if (given.length > 1) return `selector has ${given.join(" and ")}; one of them must do`;
  const kind = readKind(only, selector);
  if (typeof kind === "string") return kind;
  const within = selector.within === undefined ? undefined : parseCss(selector.within);
  if (typeof within === "string") return `within: ${within}`;
  const problem = refinementProblem(only, selector);
  if (problem !== undefined) return problem;
  const { attribute, style, option, nth } = selector;
  return { ...kind, within, refine: { attribute, style, option, nth } };
}

/** Reads a selector of a plan. @throws {ExtractError} `ews.bad-selector` */
export function readySelector(selector: Selector): ParsedSelector {
  const parsed = parseSelector(selector);
  if (typeof parsed === "string") throw badSelector(parsed);
  return parsed;
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- it ties each reader to its argument
function readKind<Kind extends SelectorKind["kind"]>(
  kind: Kind,
  selector: Selector,
): SelectorKind | string {
  const given = selector[kind];
  return given === undefined ? `selector has no ${kind}` : readers[kind](given);
}

/** Kinds each refinement has a meaning for. */
const refines: Readonly<Record<"within" | "attribute" | "style" | "option", readonly string[]>> = {
  within: ["css", "label", "field"],
  attribute: ["css", "label", "field", "xpath"],
  style: ["css", "label", "field", "xpath"],
  option: ["css", "label", "field"],
};

function refinementProblem(kind: string, selector: Selector): string | undefined {
  for (const [name, suited] of Object.entries(refines)) {
    if (selector[name as keyof typeof refines] !== undefined && !suited.includes(kind))
      return `${name} has no meaning with ${kind}`;
  }
  if (selector.attribute !== undefined && selector.style !== undefined)
    return "attribute and style exclude each other";
  if (selector.nth !== undefined && !Number.isInteger(selector.nth)) return "nth must be whole";
  return undefined;
}

function orProblem<Read>(
  read: Read | string,
  make: (read: Read) => SelectorKind,
): SelectorKind | string {
  return typeof read === "string" ? read : make(read);
}

function prefixed<Read>(prefix: string, read: Read | string): Read | string {
  return typeof read === "string" ? `${prefix}: ${read}` : read;
}
