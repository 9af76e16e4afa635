import { Missing } from "../evaluate/datum.ts";
import type { Row, Run } from "../evaluate/run.ts";
import type { RowsEntry } from "../schema.ts";
import { compileConditions } from "./condition.ts";
import type { CompileContext } from "./context.ts";
import { compileDocumentRows, documentRowsOf } from "./document-rows.ts";
import { compileSource } from "./source.ts";

/** Rows in the printer's order, or why the table could not be read. */
export type RowReader = (run: Run) => readonly Row[] | Missing;

/** A table with more rows than this is broken; the rest is dropped. */
const mostRows = 1_000;

/** Compiles where rows come from, which of them count, and which come first. */
export function compileRows(rows: RowsEntry, context: CompileContext): RowReader {
  const candidates = compileCandidates(rows, context);
  const contexts = { inner: context, outer: context, compileSource };
  const where = compileConditions(rows.where, contexts);
  const first = compileConditions(rows.first, contexts);
  return (run) => {
    const found = candidates(run);
    if (found instanceof Missing) return found.isTransient ? found : [];
    const all: Row[] = [];
    for (const row of found) {
      if (where === undefined || where(run, row, row)) all.push(row);
      if (all.length === mostRows) break;
    }
    if (first === undefined || all.length < 2) return all;
    const preferred = all.filter((row) => first(run, row, row));
    return [...preferred, ...all.filter((row) => !preferred.includes(row))];
  };
}

/** Rows before any of them is passed over. */
function compileCandidates(rows: RowsEntry, context: CompileContext): RowReader {
  const inDocument = documentRowsOf(rows);
  if (inDocument !== undefined) return compileDocumentRows(rows, inDocument, context);
  const { fixed } = rows;
  if (fixed !== undefined) return () => fixed.map(toRow);
  const indexes = compileIndexes(rows.columns ?? [], context);
  return (run) => {
    const found = indexes(run);
    return found instanceof Missing ? found : found.map(toRow);
  };
}

function toRow(index: string, position: number): Row {
  return { index, memo: [], position };
}

/** Indexes any of the columns has: the first column's in agent order, then those it lacks, in numeric order. */
function compileIndexes(
  oids: readonly string[],
  context: CompileContext,
): (run: Run) => readonly string[] | Missing {
  const columns = oids.map((oid) => ({ oid, id: context.columnId(oid) }));
  for (const oid of oids) context.needs.columns.add(oid);
  return (run) => {
    const indexes = new Set<string>();
    let firstSize = 0;
    for (const [n, { id, oid }] of columns.entries()) {
      const cells = run.column(id, oid);
      // A table of which a part did not arrive would lose rows.
      if (cells instanceof Missing) {
        if (cells.isTransient) return cells;
        continue;
      }
      for (const index of cells.keys()) indexes.add(index);
      if (n === 0) firstSize = indexes.size;
    }
    const list = [...indexes];
    return list.length === firstSize ? list : list.sort(compareIndexes);
  };
}

/** Orders dotted indexes number by number. */
function compareIndexes(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let n = 0; n < Math.max(left.length, right.length); n++) {
    const order = (left[n] ?? -1) - (right[n] ?? -1);
    if (order !== 0) return order;
  }
  return 0;
}
