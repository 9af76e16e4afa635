import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MappingSet } from "../../src/mapping/evaluation.ts";
import { pollClasses } from "../../src/model/snapshot.ts";
import { RecordedAnswers } from "../../src/southbound/snmp/recorded-answers.ts";
import { type SnmpRecording, parseSnmprec } from "../../src/southbound/snmp/snmprec.ts";
import type { RowEnvironment } from "../row.ts";

/** Our own recording that the measurements stand on: 377 varbinds, 300 parameters. */
export const recordingName = "kyocera-ecosys-m6690cidn";

/** Varbinds of the printer of the refresh row. */
export const refreshVarbinds = 512;

/** Tables of Printer-MIB that printers have rows of in any number; their last row is repeated to fill up. */
const repeatable = ["18.1.1", "11.1.1", "8.2.1", "15.1.1", "14.1.1", "9.2.1"].map(
  (entry) => `1.3.6.1.2.1.43.${entry}`,
);

/** The path of our recording. */
export function recordingPath({ projectRoot }: RowEnvironment): string {
  return join(projectRoot, "recordings", `${recordingName}.snmprec`);
}

/**
 * Writes a printer of exactly 512 varbinds that a refresh all reads: of our recording what the mapping asks for, filled
 * up with more rows of the same tables. Whoever walks the whole agent so gets what we get, no more.
 */
export async function writeRefreshRecording(
  environment: RowEnvironment,
  mappings: MappingSet,
): Promise<string> {
  const text = await readFile(recordingPath(environment), "utf8");
  const isRead = readBy(mappings, parseSnmprec(text));
  const lines = text.split("\n").filter((line) => isRead(oidOf(line)));
  for (let round = 1; lines.length < refreshVarbinds; round++)
    for (const entry of repeatable) lines.push(...nextRow(lines, entry));
  lines.length = refreshVarbinds; // the last row has fewer columns than the others
  const file = join(environment.scratch, "refresh.snmprec");
  await writeFile(file, `${lines.join("\n")}\n`);
  return file;
}

/** Whether a refresh of the recorded printer reads an instance. */
function readBy(mappings: MappingSet, recording: SnmpRecording): (oid: string) => boolean {
  const mapping = mappings.select(new RecordedAnswers(recording, 0));
  const plans = [mappings.identityProbe, mapping.readPlan(pollClasses)];
  const scalars = new Set(plans.flatMap((plan) => plan.scalars));
  const columns = plans.flatMap((plan) => plan.columns.map((column) => `${column}.`));
  return (oid) => scalars.has(oid) || columns.some((column) => oid.startsWith(column));
}

/** The last row of device 1 in a table once more, under the next number. */
function nextRow(lines: readonly string[], entry: string): string[] {
  const cells = lines.flatMap((line) => {
    const [column, device, row, ...more] = oidOf(line)
      .slice(entry.length + 1)
      .split(".");
    const isCell = line.startsWith(`${entry}.`) && device === "1" && more.length === 0;
    return isCell ? [{ column, row: Number(row), rest: line.slice(oidOf(line).length) }] : [];
  });
  const last = Math.max(...cells.map(({ row }) => row));
  return cells
    .filter(({ row }) => row === last)
    .map(({ column, rest }) => `${entry}.${String(column)}.1.${last + 1}${rest}`);
}

function oidOf(line: string): string {
  return line.slice(0, line.indexOf("|"));
}
