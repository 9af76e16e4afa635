import type { ExtractedRow, Selector } from "../documents.ts";
import { csvCells, csvColumns } from "./csv.ts";
import { badSelector } from "./extract-error.ts";
import { matchJson } from "./json-match.ts";
import { extractLimits } from "./limits.ts";
import { chainOf } from "./markup.ts";
import type { OpenDocument } from "./open-document.ts";
import { findElements, type Row, select, variableValues } from "./select.ts";
import { type ParsedSelector, readySelector } from "./selector.ts";

/** Rows of a document, and where the first of them stands. */
export interface FoundRows {
  readonly rows: readonly Row[];
  readonly structure: string | undefined;
}

/** Rows a selector finds; `nth` picks one. @throws {ExtractError} */
export function findRows(document: OpenDocument, each: ParsedSelector): FoundRows {
  const { rows, structure } = allRows(document, each);
  const { nth } = each.refine;
  if (nth === undefined) return { rows: rows.slice(0, extractLimits.texts), structure };
  const row = rows.at(nth);
  return { rows: row === undefined ? [] : [row], structure };
}

/** Texts of the cells of each row; cells that found nothing are absent. @throws {ExtractError} */
export function readCells(
  document: OpenDocument,
  cells: readonly { readonly key: string; readonly selector: Selector }[],
  rows: readonly Row[],
): readonly ExtractedRow[] {
  const ready = cells.map(({ key, selector }) => ({ key, selector: readySelector(selector) }));
  return rows.map((row) => {
    const texts = new Map<string, readonly string[]>();
    for (const { key, selector } of ready) {
      const matches = select(document, selector, row);
      if (matches.length > 0)
        texts.set(
          key,
          matches.map(({ text }) => text),
        );
    }
    return texts;
  });
}

function allRows(document: OpenDocument, each: ParsedSelector): FoundRows {
  switch (each.kind) {
    case "css":
    case "xpath": {
      const markup = document.markup();
      const elements = findElements(document, each, undefined);
      const [first] = elements;
      return {
        rows: elements.map((element) => ({ kind: "element", element })),
        structure: first === undefined ? undefined : chainOf(markup, first),
      };
    }
    case "json":
    case "js": {
      const values =
        each.kind === "json"
          ? matchJson(each.path, document.json(), document.work)
          : variableValues(document, each.path);
      const [first] = values;
      const structure = first === undefined ? undefined : `${each.source} ${first.kind}`;
      return { rows: values.map((value) => ({ kind: "value", value })), structure };
    }
    case "csv": {
      const columns = csvColumns(document.csv(), each.column);
      const lines = document
        .csv()
        .rows.filter((line) => csvCells(line, columns).some((text) => text !== ""));
      const structure = lines.length === 0 ? undefined : `csv ${each.column}`;
      return { rows: lines.map((line) => ({ kind: "line", line })), structure };
    }
    default:
      throw badSelector(`rows cannot be found by ${each.kind}`);
  }
}
