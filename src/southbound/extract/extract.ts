import type { DocumentRead, ExtractedRow } from "../documents.ts";
import { OpenDocument } from "./open-document.ts";
import type { RawDocument } from "./raw-document.ts";
import { findRows, readCells } from "./rows.ts";
import { select } from "./select.ts";
import { readySelector } from "./selector.ts";

/** What one document gave, by extraction key. Plain maps, so that it can cross from a worker. */
export interface ExtractedDocument {
  /** Texts of the `values` extractions; none found: empty. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Rows of the `rows` extractions. */
  readonly rows: ReadonlyMap<string, readonly ExtractedRow[]>;
  /** Where the first match of each stands, without positions; nothing for extractions that found nothing. */
  readonly structure: ReadonlyMap<string, string>;
}

/**
 * Takes out of a document what a mapping wants. Pure; time grows with the size of the document and has a cap.
 *
 * @throws {ExtractError} when a cap is hit, when a document is not of the format it must have, or a selector is wrong
 */
export function extractDocument(
  raw: RawDocument,
  read: Pick<DocumentRead, "format" | "extractions">,
): ExtractedDocument {
  const document = new OpenDocument(raw, read.format);
  const values = new Map<string, readonly string[]>();
  const rows = new Map<string, readonly ExtractedRow[]>();
  const structure = new Map<string, string>();
  for (const extraction of read.extractions) {
    if (extraction.kind === "values") {
      const matches = select(document, readySelector(extraction.selector), undefined);
      values.set(
        extraction.key,
        matches.map(({ text }) => text),
      );
      const [first] = matches;
      if (first !== undefined) structure.set(extraction.key, first.structure());
    } else {
      const found = findRows(document, readySelector(extraction.each));
      rows.set(extraction.key, readCells(document, extraction.cells, found.rows));
      if (found.structure !== undefined) structure.set(extraction.key, found.structure);
    }
  }
  return { values, rows, structure };
}
