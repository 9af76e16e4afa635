import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MappingSet } from "../../src/mapping/evaluation.ts";
import { pollClasses } from "../../src/model/snapshot.ts";
import { RecordedAnswers } from "../../src/southbound/snmp/recorded-answers.ts";
import { type SnmpRecording, parseSnmprec } from "../../src/southbound/snmp/snmprec.ts";
import type { RowEnvironment } from "../row.ts";

/** Our own recording that the measurements stand on: 377 varbinds, 300 parameters by its mapping. */
const recordingName = "kyocera-ecosys-m6690cidn";

/** Varbinds of the printers of the refresh row. */
export const fullVarbinds = 512;

/** Tables of Printer-MIB that printers have rows of in any number; their last row is repeated to fill up. */
const repeatable = ["18.1.1", "11.1.1", "8.2.1", "15.1.1", "14.1.1", "9.2.1"].map(
  (entry) => `1.3.6.1.2.1.43.${entry}`,
);

/** A printer of 512 varbinds: its file, and how many of them a refresh reads. */
export interface FullPrinter {
  readonly file: string;
  readonly read: number;
}

/** The path of our recording. */
export function recordingPath({ projectRoot }: RowEnvironment): string {
  return join(projectRoot, "recordings", `${recordingName}.snmprec`);
}

/**
 * Fills our recording up to 512 varbinds with more rows of its tables. `all`: everything the printer has, read or not,
 * as on real printers. `read`: only what its mapping asks for, so that whoever walks the agent gets no more than we.
 */
export async function writeFullPrinter(
  environment: RowEnvironment,
  mappings: MappingSet,
  having: "all" | "read",
): Promise<FullPrinter> {
  const text = await readFile(recordingPath(environment), "utf8");
  const isRead = readBy(mappings, parseSnmprec(text));
  const recorded = text.split("\n").filter((line) => line !== "");
  const lines = having === "all" ? recorded : recorded.filter((line) => isRead(oidOf(line)));
  for (let round = 1; lines.length < fullVarbinds; round++)
    for (const entry of repeatable) lines.push(...nextRow(lines, entry));
  lines.length = fullVarbinds; // the last row has fewer columns than the others
  const file = join(environment.scratch, `${having}.snmprec`);
  await writeFile(file, `${lines.join("\n")}\n`);
  return { file, read: lines.filter((line) => isRead(oidOf(line))).length };
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
    const oid = oidOf(line);
    if (!oid.startsWith(`${entry}.`)) return [];
    const [column = "", device, row, ...more] = oid.slice(entry.length + 1).split(".");
    if (device !== "1" || more.length > 0) return [];
    return [{ column, row: Number(row), rest: line.slice(oid.length) }];
  });
  const last = Math.max(...cells.map(({ row }) => row));
  return cells
    .filter(({ row }) => row === last)
    .map(({ column, rest }) => `${entry}.${column}.1.${last + 1}${rest}`);
}

function oidOf(line: string): string {
  return line.slice(0, line.indexOf("|"));
}
