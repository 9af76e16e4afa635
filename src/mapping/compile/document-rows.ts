import { Missing } from "../evaluate/datum.ts";
import type { Row, Run } from "../evaluate/run.ts";
import type { RowsEntry } from "../schema.ts";
import type { CompileContext, Needs } from "./context.ts";
import {
  type DocumentName,
  documentOf,
  needExtraction,
  selectorKey,
  selectorOf,
} from "./documents.ts";
import type { Selector } from "../../southbound/documents.ts";

/** Rows that come from a document: the document, what makes a row, and how cells are taken in. */
export interface DocumentRows {
  readonly document: DocumentName;
  /** Key of the extraction. */
  readonly key: string;
  readonly each: Selector;
}

/** Where a row set's rows are when they come from a document. */
export function documentRowsOf(rows: RowsEntry): DocumentRows | undefined {
  const document = documentOf(rows);
  if (document === undefined) return undefined;
  const each = rows.each ?? selectorOf(rows);
  return { document, each, key: `each ${selectorKey(each)}` };
}

/** Asks for a cell of each row; the key it is found by. */
export function needCell(needs: Needs, rows: DocumentRows, selector: Selector): string {
  const { document, each, key } = rows;
  const cell = { key: selectorKey(selector), selector };
  needExtraction(needs.documents, document, { kind: "rows", key, each, cells: [cell] });
  return cell.key;
}

/** Reads the rows in document order; their index is what `key` selects, else their place from 1. */
export function compileDocumentRows(
  entry: RowsEntry,
  rows: DocumentRows,
  context: CompileContext,
): (run: Run) => readonly Row[] | Missing {
  const { document, each, key } = rows;
  needExtraction(context.needs.documents, document, { kind: "rows", key, each, cells: [] });
  const keyCells = (entry.key ?? []).flatMap((selector) => context.cell(selector) ?? []);
  return (run) => {
    const found = run.documentRows(document.name, key);
    if (found instanceof Missing) return found;
    const taken = new Set<string>();
    return found.map((cells, position) => {
      const own = keyCells.map((cell) => cells.get(cell)?.[0] ?? "").join("-");
      const index = unique(tidy(own) || String(position + 1), taken);
      return { index, memo: [], position, cells };
    });
  };
}

const longestKey = 64;

/** Row keys end up in the store and in instance aliases: letters, digits and hyphens only. */
function tidy(text: string): string {
  return text
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, longestKey);
}

/** Two rows of one key are told apart by their order. */
function unique(key: string, taken: Set<string>): string {
  let candidate = key;
  for (let n = 2; taken.has(candidate); n++) candidate = `${key}-${n}`;
  taken.add(candidate);
  return candidate;
}
