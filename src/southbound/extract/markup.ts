import { extractLimits } from "./limits.ts";

/** An element of a page. Names are without prefix; in HTML they are lower-case. */
export interface MarkupElement {
  /** Position among all elements in document order; ancestors come before. */
  readonly index: number;
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly parent: MarkupElement | undefined;
  readonly previous: MarkupElement | undefined;
  /** Form it belongs to, for controls: the one open where it began, even where tables and forms overlap. */
  readonly form: MarkupElement | undefined;
  readonly children: MarkupElement[];
  /** Position among its siblings. */
  readonly position: number;
  /** Index of its last descendant, its own without any. */
  last: number;
  /** Its text is this part of `Markup.text`. */
  readonly start: number;
  end: number;
  /** Runs of its own text between its children, as parts of `Markup.text`. */
  readonly ownTexts: (readonly [start: number, end: number])[];
  /** Text as written, of the elements whose content is not for reading: script, style, textarea. */
  raw: string | undefined;
}

/** A parsed page. */
export interface Markup {
  readonly kind: "html" | "xml";
  readonly elements: readonly MarkupElement[];
  /** Elements without parent; a fragment has several. */
  readonly roots: readonly MarkupElement[];
  /** All text for reading, blanks collapsed. */
  readonly text: string;
}

/** Text of an element as a reader sees it: script and style left out, line breaks and cells separated by a blank. */
export function textOf(markup: Markup, element: MarkupElement): string {
  return textBetween(markup, element.start, element.end);
}

/** A part of the text, trimmed and cut. */
export function textBetween(markup: Markup, start: number, end: number): string {
  // One blank may be lost to trimming at each side.
  const cut = Math.min(end, start + extractLimits.textLength + 2);
  return markup.text.slice(start, cut).trim().slice(0, extractLimits.textLength);
}

/** Elements of the same parent, `element` among them. */
export function siblingsOf(markup: Markup, element: MarkupElement): readonly MarkupElement[] {
  return element.parent?.children ?? markup.roots;
}

/** The next element within the same parent. */
export function nextSibling(markup: Markup, element: MarkupElement): MarkupElement | undefined {
  return siblingsOf(markup, element)[element.position + 1];
}

/** Elements within `scope`, itself left out; the whole page without scope. */
export function descendants(
  markup: Markup,
  scope: MarkupElement | undefined,
): readonly MarkupElement[] {
  if (scope === undefined) return markup.elements;
  return markup.elements.slice(scope.index + 1, scope.last + 1);
}

/** Whether `element` is `scope` or within it. */
export function isWithin(element: MarkupElement, scope: MarkupElement): boolean {
  return element.index >= scope.index && element.index <= scope.last;
}

/** Where an element stands, as a chain of names, ids and classes without positions: `html/body/div#main/td.value`. */
export function chainOf(markup: Markup, element: MarkupElement): string {
  const chain: string[] = [];
  for (let at: MarkupElement | undefined = element; at !== undefined; at = at.parent)
    chain.push(markup.kind === "xml" ? at.name : linkOf(at));
  return chain.reverse().join("/");
}

function linkOf({ name, attributes }: MarkupElement): string {
  const id = attributes.get("id")?.trim() ?? "";
  const classes = (attributes.get("class") ?? "").split(/\s+/).filter((word) => word !== "");
  return `${name}${id === "" ? "" : `#${id}`}${classes.map((word) => `.${word}`).join("")}`;
}
