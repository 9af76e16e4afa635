import type { Markup, MarkupElement } from "./markup.ts";

/** What is looked up often on one page. */
export interface MarkupIndex {
  readonly byId: ReadonlyMap<string, MarkupElement>;
  /** Labels by the id of the control they are for. */
  readonly labelFor: ReadonlyMap<string, MarkupElement>;
}

const indexes = new WeakMap<Markup, MarkupIndex>();

/** The index of a page, made when first asked; of several elements with one id the first counts. */
export function markupIndex(markup: Markup): MarkupIndex {
  const known = indexes.get(markup);
  if (known !== undefined) return known;
  const byId = new Map<string, MarkupElement>();
  const labelFor = new Map<string, MarkupElement>();
  for (const element of markup.elements) {
    addFirst(byId, element.attributes.get("id"), element);
    if (element.name === "label") addFirst(labelFor, element.attributes.get("for"), element);
  }
  const index = { byId, labelFor };
  indexes.set(markup, index);
  return index;
}

function addFirst(
  map: Map<string, MarkupElement>,
  key: string | undefined,
  element: MarkupElement,
): void {
  if (key !== undefined && !map.has(key)) map.set(key, element);
}
