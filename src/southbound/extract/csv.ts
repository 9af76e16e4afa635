import { tooBig } from "./extract-error.ts";
import { extractLimits } from "./limits.ts";
import { normalizeLabel, tidyText } from "./text.ts";

/** A CSV file: the first line holds the headings. */
export interface CsvTable {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * Reads CSV by RFC 4180; also with `;` or tab between cells, and quotes that are never closed. Empty lines are left out.
 *
 * @throws {ExtractError} `ews.too-big`
 */
export function parseCsv(text: string): CsvTable {
  const [headings = [], ...rows] = readLines(text, separatorOf(text));
  return { headings: headings.map(normalizeLabel), rows };
}

/** Numbers of the columns that have this heading, or the column of that number. */
export function csvColumns(table: CsvTable, column: string | number): readonly number[] {
  if (typeof column === "number") return [column];
  const wanted = normalizeLabel(column);
  return [...table.headings.keys()].filter((at) => table.headings[at] === wanted);
}

/** Texts of some columns of one row, in the order of the columns; cells the row does not have are left out. */
export function csvCells(row: readonly string[], columns: readonly number[]): readonly string[] {
  return columns.flatMap((at) => (row[at] === undefined ? [] : [tidyText(row[at])]));
}

/** Whichever the first line has most of. */
function separatorOf(text: string): string {
  const line = /^[^\r\n]{0,65536}/.exec(text.trimStart())?.[0] ?? "";
  const counts = [",", ";", "\t"].map((mark) => [mark, line.split(mark).length] as const);
  return counts.sort(([, one], [, other]) => other - one)[0]?.[0] ?? ",";
}

function readLines(text: string, separator: string): readonly (readonly string[])[] {
  const lines: string[][] = [];
  let line: string[] = [];
  let count = 0;
  for (let at = 0; at < text.length;) {
    const [cell, end] = readCell(text, at, separator);
    line.push(cell);
    count += 1;
    if (count > extractLimits.nodes) throw tooBig("cells", extractLimits.nodes);
    const isLast = text[end] !== separator;
    at = end + 1;
    if (!isLast && at < text.length) continue;
    if (!isLast) line.push("");
    if (line.some((part) => part.trim() !== "")) lines.push(line);
    line = [];
  }
  return lines;
}

/** The cell that begins at `at`, and where it ends. What stands after the closing quote is dropped. */
function readCell(text: string, at: number, separator: string): [cell: string, end: number] {
  const stop = separator === "\t" ? /[\t\r\n]/g : separator === ";" ? /[;\r\n]/g : /[,\r\n]/g;
  const closing = text[at] === '"' ? closingQuote(text, at + 1) : undefined;
  stop.lastIndex = closing ?? at;
  const end = stop.exec(text)?.index ?? text.length;
  const cell = text.slice(at, closing ?? end);
  return [closing === undefined ? cell : cell.replace(/^"|"$/g, "").replaceAll('""', '"'), end];
}

/** Position of the quote that ends a cell, doubled ones passed over; the end of the text without one. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at === -1 ? text.length : at;
}
