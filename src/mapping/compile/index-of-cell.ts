import { Missing } from "../evaluate/datum.ts";
import { type Row, type Run, arcOf } from "../evaluate/run.ts";
import type { Source } from "../schema.ts";
import type { CompileContext } from "./context.ts";

type Part = (run: Run, row: Row | undefined) => string | undefined;

/** The index at which a column is read, put together of parts; undefined when one of them is missing. */
export function compileIndex(
  parts: NonNullable<Source["at"]>,
  context: CompileContext,
): (run: Run, row: Row | undefined) => string | undefined {
  const readers = parts.map((part) => compilePart(part, context));
  return (run, row) => {
    let index = "";
    for (const read of readers) {
      const part = read(run, row);
      if (part === undefined) return undefined;
      index = index === "" ? part : `${index}.${part}`;
    }
    return index;
  };
}

function compilePart(part: NonNullable<Source["at"]>[number], context: CompileContext): Part {
  const { arc, constant, column, keyOf } = part;
  if (arc !== undefined) return (_run, row) => arcOf(row, arc);
  if (constant !== undefined) return () => String(constant);
  if (keyOf !== undefined) return compileFirstIndex(keyOf, context);
  return column === undefined ? () => undefined : compileCellNumber(column, context);
}

/** Index of the first row of a column. */
function compileFirstIndex(column: string, context: CompileContext): Part {
  const id = context.columnId(column);
  context.needs.columns.add(column);
  return (run) => {
    const cells = run.column(id, column);
    if (cells instanceof Missing) return undefined;
    for (const index of cells.keys()) return index;
    return undefined;
  };
}

/** A number that stands in another column: in this row's cell, outside tables in the first one. */
function compileCellNumber(column: string, context: CompileContext): Part {
  const id = context.columnId(column);
  context.needs.columns.add(column);
  return (run, row) => {
    const cells = run.column(id, column);
    if (cells instanceof Missing) return undefined;
    if (row !== undefined) return text(cells.get(row.index)?.value);
    for (const { value } of cells.values()) return text(value);
    return undefined;
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "number" || typeof value === "string" ? String(value) : undefined;
}
