import type { SnmpValue } from "../driver.ts";
import type { ColumnAnswer } from "./answers.ts";
import type { ColumnWalk } from "./column-walk.ts";
import type { Conversation } from "./conversation.ts";
import { type ScalarAnswers, readScalars } from "./read-scalars.ts";

/**
 * Pantum and Samsung ML printers keep a lone supply at `.1`, without hrDeviceIndex: GET answers it, a walk passes it
 * over.
 */
const loneRow = "1";
/** Rows of a Printer-MIB table on a printer with one hrDevice, tried for columns that no walk can read. */
const firstRows = ["1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8"] as const;

/**
 * Fills columns that walks left empty or could not read from the indexes GET knows. What was tried in vain is not
 * tried again with this memory.
 */
export async function readHiddenRows(
  talk: Conversation,
  walks: readonly ColumnWalk[],
  answers: Map<string, ColumnAnswer>,
): Promise<void> {
  const wanted = new Map<string, readonly string[]>();
  for (const { column, answer } of walks) {
    const likely = likelyIndexes(answer);
    if (likely.length > 0) wanted.set(column, talk.memory.hiddenRows(column) ?? likely);
  }
  const oids = [...wanted].flatMap(([column, indexes]) => indexes.map((at) => `${column}.${at}`));
  if (oids.length === 0) return;
  const values = await readScalars(talk, oids);
  for (const [column, indexes] of wanted) {
    const rows = rowsOf(values, column, indexes);
    if (rows.size > 0) answers.set(column, rows);
    if (indexes.every((at) => isDefinite(values.get(`${column}.${at}`))))
      talk.memory.noteHiddenRows(column, [...rows.keys()]);
  }
}

function likelyIndexes(answer: ColumnAnswer): readonly string[] {
  if (typeof answer !== "string") return answer.size > 0 ? [] : [loneRow];
  return answer === "cut" || answer === "notRead" ? [] : [loneRow, ...firstRows];
}

function rowsOf(
  values: ScalarAnswers,
  column: string,
  indexes: readonly string[],
): Map<string, SnmpValue> {
  const rows = new Map<string, SnmpValue>();
  for (const index of indexes) {
    const value = values.get(`${column}.${index}`);
    if (value !== undefined && typeof value !== "string") rows.set(index, value);
  }
  return rows;
}

function isDefinite(value: ReturnType<ScalarAnswers["get"]>): boolean {
  return typeof value !== "string" || value === "noSuchObject";
}
