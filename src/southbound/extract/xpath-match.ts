import {
  descendants,
  isWithin,
  type Markup,
  type MarkupElement,
  textBetween,
  textOf,
} from "./markup.ts";
import { tidyText } from "./text.ts";
import type { Work } from "./work.ts";
import type { Xpath, XpathPredicate, XpathStep } from "./xpath.ts";

/** Something a path found: an element, or a text of it (`@attr`, `text()`). */
export interface XpathMatch {
  readonly element: MarkupElement;
  /** Undefined when the element itself is meant. */
  readonly text: string | undefined;
}

/** A place paths start from; undefined is the document above its first element. */
type Context = MarkupElement | undefined;
type ElementStep = Extract<XpathStep, { kind: "child" | "descendant" }>;

/** What a path finds from `scope` (absolute paths: from the document), in document order. */
export function matchXpath(
  path: Xpath,
  markup: Markup,
  scope: MarkupElement | undefined,
  work: Work,
): readonly XpathMatch[] {
  let contexts: readonly Context[] = [path.isAbsolute ? undefined : scope];
  for (const step of path.steps) {
    if (step.kind === "attribute") {
      const bearers = step.isDeep ? withDescendants(markup, contexts, work) : contexts;
      return bearers.flatMap((element) => attributesOf(markup, element, step.name));
    }
    if (step.kind === "text") {
      const bearers = step.isDeep ? withDescendants(markup, contexts, work) : contexts;
      return bearers.flatMap((element) => ownTextsOf(markup, element));
    }
    contexts = walk(step, markup, contexts, work);
  }
  return contexts.flatMap((element) =>
    element === undefined ? [] : [{ element, text: undefined }],
  );
}

function walk(
  step: Exclude<XpathStep, { kind: "attribute" | "text" }>,
  markup: Markup,
  contexts: readonly Context[],
  work: Work,
): readonly Context[] {
  switch (step.kind) {
    case "self":
      return contexts;
    case "parent":
      work.spend(contexts.length);
      return inOrder(new Set(contexts.flatMap((at) => (at === undefined ? [] : [at.parent]))));
    case "child":
      return childrenOf(step, markup, contexts, work);
    case "descendant":
      // `//b` is short for `/descendant-or-self::node()/b` (XPath 1.0 §2.5).
      return childrenOf(step, markup, withDescendants(markup, contexts, work), work);
  }
}

function childrenOf(
  step: ElementStep,
  markup: Markup,
  contexts: readonly Context[],
  work: Work,
): readonly MarkupElement[] {
  const name = markup.kind === "html" ? step.name?.toLowerCase() : step.name;
  const found = new Set<MarkupElement>();
  for (const context of contexts) {
    const children = context === undefined ? markup.roots : context.children;
    work.spend(children.length + 1);
    let matching = name === undefined ? children : children.filter((child) => child.name === name);
    for (const predicate of step.predicates)
      matching = matching.filter((child, at) =>
        holds(predicate, child, at, matching.length, markup, work),
      );
    for (const child of matching) found.add(child);
  }
  return inOrder(found);
}

function holds(
  predicate: XpathPredicate,
  element: MarkupElement,
  at: number,
  count: number,
  markup: Markup,
  work: Work,
): boolean {
  if (predicate.kind === "number") return at + 1 === predicate.number;
  if (predicate.kind === "last") return at + 1 === count;
  const matches = matchXpath(predicate.path, markup, element, work);
  const { compare } = predicate;
  if (compare === undefined) return matches.length > 0;
  // As in XPath 1.0 §3.4, also for `!=`: one of them is enough.
  return matches.some((match) => {
    const text = textOfMatch(markup, match);
    work.spend(1 + text.length / 64);
    return (text === tidyText(compare.literal)) === compare.isEqual;
  });
}

/** Text of what was found. */
function textOfMatch(markup: Markup, { element, text }: XpathMatch): string {
  return text ?? textOf(markup, element);
}

/** Contexts and all below, each once. */
function withDescendants(
  markup: Markup,
  contexts: readonly Context[],
  work: Work,
): readonly Context[] {
  if (contexts.includes(undefined)) {
    work.spend(markup.elements.length);
    return [undefined, ...markup.elements];
  }
  const all: MarkupElement[] = [];
  let outer: MarkupElement | undefined;
  for (const context of contexts) {
    if (context === undefined || (outer !== undefined && isWithin(context, outer))) continue;
    outer = context;
    work.spend(context.last - context.index + 1);
    all.push(context);
    for (const element of descendants(markup, context)) all.push(element);
  }
  return all;
}

function inOrder<Kind extends Context>(found: ReadonlySet<Kind>): readonly Kind[] {
  return [...found].sort((one, other) => (one?.index ?? -1) - (other?.index ?? -1));
}

function attributesOf(
  markup: Markup,
  element: Context,
  name: string | undefined,
): readonly XpathMatch[] {
  if (element === undefined) return [];
  if (name === undefined)
    return [...element.attributes.values()].map((text) => ({ element, text: tidyText(text) }));
  const value = element.attributes.get(markup.kind === "html" ? name.toLowerCase() : name);
  return value === undefined ? [] : [{ element, text: tidyText(value) }];
}

function ownTextsOf(markup: Markup, element: Context): readonly XpathMatch[] {
  if (element === undefined) return [];
  return element.ownTexts.flatMap(([start, end]) => {
    const text = textBetween(markup, start, end);
    return text === "" ? [] : [{ element, text }];
  });
}
