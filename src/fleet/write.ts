import { randomUUID } from "node:crypto";
import type { ModelValue } from "../model/definition.ts";
import type { Clock } from "../shared/clock.ts";
import { errorText } from "../shared/errors.ts";
import { SnmpError, SnmpWriteError } from "../southbound/snmp/errors.ts";
import type { JournalEntry, PrinterStore } from "./printer-store.ts";
import type { PrinterWrite, PrinterWriteResult, WriteFailure, WriteTarget } from "./write-port.ts";

/** Some agents apply a SET after they have answered it; how long they are given, and how often asked. */
const settleMs = [250, 1_000] as const;

/** Where a write is journalled. */
export interface WriteOptions {
  readonly printerId: string;
  readonly store: Pick<PrinterStore, "openJournal" | "closeJournal">;
  readonly clock: Clock;
}

type Values = ReadonlyMap<string, ModelValue>;

/**
 * Writes all or nothing (TR-069a6 A.3.2.1): check everything, journal the old values, one SET, read back
 * independently of the SET's answer, undo what took when anything did not. When the printer falls silent in between,
 * the journal stays open and `recoverWrite` ends the matter once it answers again.
 */
export async function writeAll(
  writes: readonly PrinterWrite[],
  target: WriteTarget,
  options: WriteOptions,
): Promise<PrinterWriteResult> {
  const objections = writes.flatMap((write) => failure(write.path, target.objection(write)));
  if (objections.length > 0) return { outcome: "failed", failures: objections };
  try {
    return await writeJournalled(writes, target, options);
  } catch (error) {
    if (!(error instanceof SnmpError)) throw error;
    return { outcome: "unreachable", reason: errorText(error) };
  }
}

async function writeJournalled(
  writes: readonly PrinterWrite[],
  target: WriteTarget,
  options: WriteOptions,
): Promise<PrinterWriteResult> {
  const paths = writes.map(({ path }) => path);
  const before = await target.readValues(paths);
  const entry: JournalEntry = {
    id: randomUUID(),
    printerId: options.printerId,
    startedAtMs: options.clock.nowMs(),
    writes: writes.map(({ path, value }) => ({ path, before: before.get(path), after: value })),
  };
  await options.store.openJournal(entry);
  const refusal = await attempt(target, writes);
  const found = await readSettled(
    target,
    writes,
    refusal === undefined ? options.clock : undefined,
  );
  const failures = writes.flatMap((write) => {
    const { path, value } = write;
    if (isSame(found.get(path), value)) return [];
    return [{ path, ...(refusal ?? notTaken(write, found.get(path), before.get(path))) }];
  });
  if (failures.length === 0) {
    await options.store.closeJournal(entry.id, "applied");
    return { outcome: "applied" };
  }
  await undo(entry, found, target, options);
  return { outcome: "failed", failures };
}

/**
 * Ends a write that a crash or an outage left half-way: done when the device has every wanted value, else undone.
 *
 * @returns what became of it
 * @throws {SnmpError} when the printer is (still) silent; the journal stays open
 */
export async function recoverWrite(
  entry: JournalEntry,
  target: WriteTarget,
  options: WriteOptions,
): Promise<"applied" | "undone" | "undoFailed"> {
  const found = await target.readValues(entry.writes.map(({ path }) => path));
  if (entry.writes.every(({ path, after }) => isSame(found.get(path), after))) {
    await options.store.closeJournal(entry.id, "applied");
    return "applied";
  }
  return undo(entry, found, target, options);
}

/** Puts back, last first, whatever is not as it was, and reads back again. */
async function undo(
  entry: JournalEntry,
  found: Values,
  target: WriteTarget,
  options: WriteOptions,
): Promise<"undone" | "undoFailed"> {
  const changed = entry.writes.filter(
    ({ path, before }) => before !== undefined && !isSame(found.get(path), before),
  );
  for (const { path, before } of [...changed].reverse())
    if (before !== undefined) await attempt(target, [{ path, value: before }]);
  const left =
    changed.length === 0 ? found : await target.readValues(changed.map(({ path }) => path));
  const stuck = changed.filter(({ path, before }) => !isSame(left.get(path), before));
  for (const { path, before } of stuck) target.undoFailed(path, before ?? "", left.get(path));
  const outcome = stuck.length === 0 ? "undone" : "undoFailed";
  await options.store.closeJournal(entry.id, outcome);
  return outcome;
}

type Refusal = Omit<WriteFailure, "path">;

/** Error-status values that speak of the value and not of the object or the writer (RFC 3416 §4.2.5). */
const valueStatuses: ReadonlySet<string> = new Set([
  "wrongLength",
  "wrongEncoding",
  "wrongValue",
  "badValue",
  "inconsistentValue",
]);

/** Sends one SET; how it was refused. A SET without an answer may have taken: reading back tells. */
async function attempt(
  target: WriteTarget,
  writes: readonly PrinterWrite[],
): Promise<Refusal | undefined> {
  try {
    await target.set(writes);
    return undefined;
  } catch (error) {
    if (!(error instanceof SnmpError)) throw error;
    const isInvalidValue = error instanceof SnmpWriteError && valueStatuses.has(error.status);
    return { reason: errorText(error), ...(isInvalidValue ? { isInvalidValue } : {}) };
  }
}

/** Reads back, with patience only where the agent has accepted the SET (`clock` given). */
async function readSettled(
  target: WriteTarget,
  writes: readonly PrinterWrite[],
  clock: Clock | undefined,
): Promise<Values> {
  const paths = writes.map(({ path }) => path);
  let found = await target.readValues(paths);
  for (const delayMs of clock === undefined ? [] : settleMs) {
    if (writes.every(({ path, value }) => isSame(found.get(path), value))) break;
    await new Promise<void>((resolve) => clock?.after(delayMs, resolve));
    found = await target.readValues(paths);
  }
  return found;
}

/** Equal but for blanks and NULs at the end, which agents with fixed-length fields add or cut. */
function isSame(a: ModelValue | undefined, b: ModelValue | undefined): boolean {
  if (typeof a !== "string" || typeof b !== "string") return a === b;
  return trimEnd(a) === trimEnd(b);
}

function trimEnd(text: string): string {
  return text.replace(/[\s\0]+$/, "");
}

/** A printer that neither took the value nor kept the old one does not know the value (it cut it, or chose another). */
function notTaken(
  { value }: PrinterWrite,
  found: ModelValue | undefined,
  before: ModelValue | undefined,
): Refusal {
  if (found === undefined)
    return { reason: "the printer took the value but does not tell it back" };
  const reason = `the printer kept ${JSON.stringify(found)} instead of ${JSON.stringify(value)}`;
  return isSame(found, before) ? { reason } : { reason, isInvalidValue: true };
}

function failure(path: string, reason: string | undefined): WriteFailure[] {
  return reason === undefined ? [] : [{ path, reason }];
}
