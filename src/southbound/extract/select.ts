import {
  captionOf,
  controlStates,
  isCheckable,
  isControl,
  isHidden,
  visibleControls,
} from "./controls.ts";
import type { CssSelector } from "./css-selector.ts";
import { matchCss } from "./css-match.ts";
import { csvCells, csvColumns } from "./csv.ts";
import { extractLimits } from "./limits.ts";
import { matchJson } from "./json-match.ts";
import type { JsonPath } from "./json-path.ts";
import { findLabelled } from "./labels.ts";
import {
  chainOf,
  descendants,
  isWithin,
  type Markup,
  type MarkupElement,
  textOf,
} from "./markup.ts";
import type { OpenDocument } from "./open-document.ts";
import { type ScriptValue, textOfValue } from "./script-value.ts";
import type { ParsedSelector } from "./selector.ts";
import { styleProperty } from "./style.ts";
import { tidyText } from "./text.ts";
import { matchXpath } from "./xpath-match.ts";

/** What cells are relative to. */
export type Row =
  | { readonly kind: "element"; readonly element: MarkupElement }
  | { readonly kind: "value"; readonly value: ScriptValue }
  | { readonly kind: "line"; readonly line: readonly string[] };

/** What a selector found: a text, and where it stands (worked out only when asked, it costs more than the text). */
export interface Match {
  readonly text: string;
  readonly structure: () => string;
}

/**
 * Finds the texts of a selector in a document, or in a row of it.
 *
 * @throws {ExtractError} when a cap is hit or a document of a declared format is malformed
 */
export function select(
  document: OpenDocument,
  selector: ParsedSelector,
  row: Row | undefined,
): readonly Match[] {
  const found = find(document, selector, row);
  const { nth } = selector.refine;
  if (nth === undefined) return found.slice(0, extractLimits.texts);
  const match = found.at(nth);
  return match === undefined ? [] : [match];
}

function find(
  document: OpenDocument,
  selector: ParsedSelector,
  row: Row | undefined,
): readonly Match[] {
  switch (selector.kind) {
    case "css":
    case "xpath":
    case "label":
    case "field":
      if (row !== undefined && row.kind !== "element") return [];
      return findInMarkup(document, selector, row?.element);
    case "title":
      return findTitle(document);
    case "json":
      return findJson(document, selector, row);
    case "js":
      return matchesOf(variableValues(document, selector.path), selector.source);
    case "csv":
      return findCsv(document, selector.column, row);
    case "header":
      return plain(document.raw.headers.get(selector.name), `header ${selector.name}`);
    case "status":
      return plain(String(document.raw.status), "status");
    case "regex":
      return selector.pattern
        .captureAll(regexSubject(document, row), extractLimits.texts)
        .flatMap((text) => plain(text, "regex"));
  }
}

function plain(text: string | undefined, structure: string): readonly Match[] {
  return text === undefined ? [] : [{ text: tidyText(text), structure: () => structure }];
}

function regexSubject(document: OpenDocument, row: Row | undefined): string {
  if (row === undefined) return document.text;
  if (row.kind === "element") return textOf(document.markup(), row.element);
  return row.kind === "line" ? row.line.join(",") : (textOfValue(row.value) ?? "");
}

type MarkupSelector = Extract<ParsedSelector, { kind: "css" | "xpath" | "label" | "field" }>;

function findInMarkup(
  document: OpenDocument,
  selector: MarkupSelector,
  row: MarkupElement | undefined,
): readonly Match[] {
  const markup = document.markup();
  if (selector.kind === "xpath")
    return matchXpath(selector.path, markup, row, document.work).flatMap(({ element, text }) =>
      text === undefined
        ? refined(markup, element, selector.refine)
        : [{ text, structure: () => chainOf(markup, element) }],
    );
  return partsOf(document, selector.within, row).flatMap((part) => {
    switch (selector.kind) {
      case "css":
        return matchCss(selector.css, markup, part, document.work).flatMap((element) =>
          refined(markup, element, selector.refine),
        );
      case "label":
        return findLabelled(selector.labels, markup, part, document.work).flatMap((element) =>
          held(markup, element, selector.refine),
        );
      case "field":
        return findField(document, selector, part);
    }
  });
}

/** Elements rows are made of. @throws {ExtractError} */
export function findElements(
  document: OpenDocument,
  selector: Extract<ParsedSelector, { kind: "css" | "xpath" }>,
  row: MarkupElement | undefined,
): readonly MarkupElement[] {
  const markup = document.markup();
  if (selector.kind === "xpath")
    return matchXpath(selector.path, markup, row, document.work).map(({ element }) => element);
  return partsOf(document, selector.within, row).flatMap((part) =>
    matchCss(selector.css, markup, part, document.work),
  );
}

/** The parts of a page `within` names, each only once where they are nested. */
function partsOf(
  document: OpenDocument,
  within: readonly CssSelector[] | undefined,
  row: MarkupElement | undefined,
): readonly (MarkupElement | undefined)[] {
  if (within === undefined) return [row];
  const parts: MarkupElement[] = [];
  for (const element of matchCss(within, document.markup(), row, document.work)) {
    const last = parts.at(-1);
    if (last === undefined || !isWithin(element, last)) parts.push(element);
  }
  return parts;
}

type Refinement = ParsedSelector["refine"];

/** Text, attribute, style property or state of an element. */
function refined(markup: Markup, element: MarkupElement, refine: Refinement): readonly Match[] {
  const structure = () => chainOf(markup, element);
  const texts = refinedTexts(markup, element, refine);
  return texts.map((text) => ({ text, structure }));
}

function refinedTexts(
  markup: Markup,
  element: MarkupElement,
  { attribute, style, option }: Refinement,
): readonly string[] {
  const { attributes } = element;
  if (attribute !== undefined) return tidied(attributes.get(attributeName(markup, attribute)));
  if (style !== undefined) return tidied(styleProperty(attributes.get("style") ?? "", style));
  if (option === "text" && isCheckable(element)) return [captionOf(markup, element)];
  if (markup.kind === "html" && isControl(element)) return singleState(markup, element, option);
  if (element.raw !== undefined) return tidied(element.raw);
  return [textOf(markup, element)];
}

/** A radio button that is addressed by itself says whether it is on, as a check box does. */
function singleState(
  markup: Markup,
  element: MarkupElement,
  option: "text" | undefined,
): readonly string[] {
  if (isCheckable(element)) return [String(element.attributes.has("checked"))];
  return controlStates(markup, [element], option ?? "value");
}

function attributeName(markup: Markup, name: string): string {
  return markup.kind === "html" ? name.toLowerCase() : name;
}

function tidied(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [tidyText(text)];
}

/** What a labelled cell holds: the state of its controls, an attribute of it or of the first in it that has one, its text. */
function held(markup: Markup, holder: MarkupElement, refine: Refinement): readonly Match[] {
  const { attribute, style, option } = refine;
  if (attribute !== undefined || style !== undefined) {
    const parts = [holder, ...descendants(markup, holder)];
    return parts.flatMap((element) => refined(markup, element, refine)).slice(0, 1);
  }
  const controls = visibleControls(markup, holder);
  const structure = () => chainOf(markup, controls[0] ?? holder);
  const texts =
    controls.length === 0
      ? [textOf(markup, holder)]
      : controlStates(markup, controls, option ?? "value");
  return texts.map((text) => ({ text, structure }));
}

/**
 * Controls by name. A hidden field before a control of the same name is what is sent when a check box is off; it says
 * nothing of its own.
 */
function findField(
  document: OpenDocument,
  { name, refine }: Extract<ParsedSelector, { kind: "field" }>,
  part: MarkupElement | undefined,
): readonly Match[] {
  const markup = document.markup();
  const within = part === undefined ? markup.elements : [part, ...descendants(markup, part)];
  document.work.spend(within.length);
  const named = within.filter(
    (element) => isControl(element) && element.attributes.get("name") === name,
  );
  const visible = named.filter((element) => !isHidden(element));
  const controls = visible.length > 0 ? visible : named;
  const isPlain = refine.attribute === undefined && refine.style === undefined;
  return controls.flatMap((control) =>
    isPlain
      ? controlStates(markup, [control], refine.option ?? "value").map((text) => ({
          text,
          structure: () => chainOf(markup, control),
        }))
      : refined(markup, control, refine),
  );
}

function findTitle(document: OpenDocument): readonly Match[] {
  const markup = document.markup();
  const title = markup.elements.find(({ name }) => name.toLowerCase() === "title");
  return title === undefined ? [] : plain(textOf(markup, title), chainOf(markup, title));
}

function findJson(
  document: OpenDocument,
  { path, source }: Extract<ParsedSelector, { kind: "json" | "js" }>,
  row: Row | undefined,
): readonly Match[] {
  if (row !== undefined && row.kind !== "value") return [];
  const root = row === undefined ? document.json() : row.value;
  return matchesOf(matchJson(path, root, document.work), source);
}

/** Values of a script variable: what always runs counts; where it does not name the variable, what may run. */
export function variableValues(document: OpenDocument, path: JsonPath): readonly ScriptValue[] {
  const { always, perhaps } = document.variables();
  const certain = matchJson(path, always, document.work);
  return certain.length > 0 ? certain : matchJson(path, perhaps, document.work);
}

function matchesOf(values: readonly ScriptValue[], source: string): readonly Match[] {
  return values.flatMap((value) => {
    const text = textOfValue(value);
    return text === undefined ? [] : [{ text, structure: () => `${source} ${value.kind}` }];
  });
}

function findCsv(
  document: OpenDocument,
  column: string | number,
  row: Row | undefined,
): readonly Match[] {
  if (row !== undefined && row.kind !== "line") return [];
  const table = document.csv();
  const columns = csvColumns(table, column);
  const lines = row === undefined ? table.rows : [row.line];
  return lines.flatMap((line) =>
    csvCells(line, columns).map((text) => ({ text, structure: () => `csv ${column}` })),
  );
}
