import { randomUUID } from "node:crypto";
import { ProxierError, errorText } from "../shared/errors.ts";
import { SouthboundError } from "../southbound/errors.ts";
import type { WritePolicy } from "./ports.ts";
import type { JournalEntry } from "./printer-store.ts";
import type {
  FailedWrite,
  PrinterWrite,
  PrinterWriteResult,
  WriteFailure,
  WriteStep,
  WriteTarget,
  Writer,
} from "./write-port.ts";
import {
  type Refused,
  type Values,
  areWritten,
  attempt,
  readSettled,
  refusalOf,
} from "./write-steps.ts";
import { type Journal, readablePaths, undo } from "./write-undo.ts";

/** Where a write is journalled, and what the site allows. */
export interface WriteOptions extends Journal {
  readonly printerId: string;
  readonly who: Writer;
  readonly policy: WritePolicy;
}

/** As the printer's owner is told, but for the promise of a pending one. */
export type WriteProgress =
  | Exclude<PrinterWriteResult, { readonly outcome: "pending" }>
  | { readonly outcome: "pending"; readonly reason: string };

/** What came of a write; `entry` is absent when nothing was sent. */
export interface WriteReport {
  readonly result: WriteProgress;
  readonly entry?: JournalEntry;
}

/**
 * Writes all or nothing (TR-069a6 A.3.2.1): check everything, journal the old values, make the steps in order, read back
 * independently of what the steps said, take everything back when anything did not take. What cannot be read back and
 * what restarts the printer comes when all else is proven. When the printer falls silent in between, the journal stays
 * open, marked to be taken back, and `recoverWrite` does so once it answers again.
 */
export async function writeAll(
  writes: readonly PrinterWrite[],
  target: WriteTarget,
  options: WriteOptions,
): Promise<WriteReport> {
  const objections = objectionsTo(writes, target, options);
  if (objections.length > 0) return { result: { outcome: "failed", failures: objections } };
  let entry: JournalEntry | undefined;
  try {
    const plan = await prepare(writes, target, options);
    if ("failures" in plan) return { result: plan };
    if (plan.steps.length === 0) return { result: { outcome: "applied" } };
    entry = plan.entry;
    await options.store.openJournal(entry);
    return { result: await carryOut(plan, target, options), entry };
  } catch (error) {
    // Whoever asked is told that it failed: it must not come true later.
    if (entry !== undefined)
      await options.store.noteJournal(entry.id, "undoing", options.clock.nowMs());
    if (!(error instanceof SouthboundError)) throw error;
    const result = { outcome: "unreachable", reason: errorText(error) } as const;
    return entry === undefined ? { result } : { result, entry };
  }
}

/** Why it may not be tried at all. */
export function objectionsTo(
  writes: readonly PrinterWrite[],
  target: Pick<WriteTarget, "objection" | "plan">,
  { policy }: Pick<WriteOptions, "policy">,
): readonly WriteFailure[] {
  if (policy.readOnly)
    return writes.map(({ path }) => ({
      path,
      reason: "nothing may be written to printers on this site (writes.readOnly)",
    }));
  const objections = writes.flatMap((write) => {
    const objection = target.objection(write);
    return objection === undefined ? [] : [{ path: write.path, ...objection }];
  });
  return objections.length > 0 ? objections : objectionsTogether(writes, target);
}

/** Each alone may be fine and all together not. */
function objectionsTogether(
  writes: readonly PrinterWrite[],
  target: Pick<WriteTarget, "plan">,
): readonly WriteFailure[] {
  try {
    target.plan(writes);
    return [];
  } catch (error) {
    if (!(error instanceof ProxierError)) throw error;
    return writes.map(({ path }) => ({ path, reason: error.message }));
  }
}

/** Why steps may not be made now: they restart the printer outside the site's maintenance windows. */
export function restartObjections(
  steps: readonly WriteStep[],
  { policy, clock }: Pick<WriteOptions, "policy" | "clock">,
): readonly WriteFailure[] {
  const restarting = steps.filter(({ restarts }) => restarts !== undefined);
  if (restarting.length === 0) return [];
  const mayRestart = policy.mayRestartAt(clock.nowMs());
  if (mayRestart === true) return [];
  return restarting.flatMap(({ paths, restarts = "printer" }) =>
    paths.map((path) => ({ path, reason: `restarts the ${restarts}; ${mayRestart}` })),
  );
}

/** What is to be changed, and how. */
export interface Changes {
  /** Without what the printer has already. */
  readonly writes: readonly PrinterWrite[];
  readonly steps: readonly WriteStep[];
  /** Paths of which the printer never tells the value. */
  readonly unreadable: ReadonlySet<string>;
}

/** Paths of which the printer never tells the value. @throws {ProxierError} of the mapping */
export function unreadablePaths(
  writes: readonly PrinterWrite[],
  target: Pick<WriteTarget, "plan">,
): ReadonlySet<string> {
  return new Set(
    target.plan(writes).flatMap(({ isUnreadable, paths }) => (isUnreadable ? paths : [])),
  );
}

/** Plans what is to be changed; what the printer has already is left alone. @throws {ProxierError} of the mapping */
export function planChanges(
  writes: readonly PrinterWrite[],
  before: Values,
  target: WriteTarget,
): Changes {
  const unreadable = unreadablePaths(writes, target);
  const needed = writes.filter(
    (write) => unreadable.has(write.path) || !target.isWritten(write, before.get(write.path)),
  );
  return { writes: needed, steps: needed.length === 0 ? [] : target.plan(needed), unreadable };
}

interface Plan extends Changes {
  readonly entry: JournalEntry;
}

/** What nobody knows could not be put back, nor could anybody see whether it was written (a page that is not believed). */
function notKnown({ path }: PrinterWrite): WriteFailure {
  return { path, reason: "what the printer has there now cannot be read; nothing was sent" };
}

/** Reads what is there now and plans what is to be changed. */
async function prepare(
  writes: readonly PrinterWrite[],
  target: WriteTarget,
  options: WriteOptions,
): Promise<Plan | FailedWrite> {
  const unreadable = unreadablePaths(writes, target);
  const readable = writes.filter(({ path }) => !unreadable.has(path));
  const before = await target.readValues(readable.map(({ path }) => path));
  const changes = planChanges(writes, before, target);
  const unknown = changes.writes.filter(
    ({ path }) => !unreadable.has(path) && before.get(path) === undefined,
  );
  if (unknown.length > 0) return { outcome: "failed", failures: unknown.map(notKnown) };
  const failures = restartObjections(changes.steps, options);
  if (failures.length > 0) return { outcome: "failed", failures };
  const nowMs = options.clock.nowMs();
  const entry: JournalEntry = {
    id: randomUUID(),
    printerId: options.printerId,
    startedAtMs: nowMs,
    who: options.who,
    phase: "writing",
    phaseAtMs: nowMs,
    writes: changes.writes.map(({ path, value }) =>
      changes.unreadable.has(path)
        ? { path, before: undefined, after: value, isUnreadable: true }
        : { path, before: before.get(path), after: value },
    ),
  };
  return { entry, ...changes };
}

async function carryOut(
  { entry, writes, steps }: Plan,
  target: WriteTarget,
  options: WriteOptions,
): Promise<WriteProgress> {
  const plain = steps.filter((step) => !step.isUnreadable && step.restarts === undefined);
  const readable = writesOf(plain, writes);
  const refused = await makeReadable(plain, writes, target, options);
  const clock = refused === undefined || refused.isUnsure ? options.clock : undefined;
  const found = await readSettled(target, readable, clock);
  const failures = readable.flatMap((write) => {
    if (target.isWritten(write, found.get(write.path))) return [];
    const before = entry.writes.find(({ path }) => path === write.path)?.before;
    return [{ path: write.path, ...whyNot(write, found, before, refused, target) }];
  });
  if (failures.length > 0) return takeBack(entry, { refused, failures, made: [] }, target, options);
  return finishBlindly(entry, steps, target, options);
}

/** What cannot be read back now: passwords, and what restarts the printer. All else is proven. */
export async function finishBlindly(
  entry: JournalEntry,
  steps: readonly WriteStep[],
  target: WriteTarget,
  options: Journal,
): Promise<WriteProgress> {
  const made: string[] = [];
  for (const step of steps.filter(({ restarts, isUnreadable }) => isUnreadable && !restarts)) {
    // Said twice is no harm, and the only remedy for an answer that was lost.
    let refused = await attempt(target, step);
    if (refused?.isUnsure === true) refused = await attempt(target, step);
    if (refused === undefined || refused.isUnsure) made.push(...step.paths);
    if (refused === undefined) continue;
    const failures = step.paths.map((path) => ({ path, ...refusalOf(refused, path) }));
    return takeBack(entry, { refused, failures, made }, target, options);
  }
  const restarting = steps.filter(({ restarts }) => restarts !== undefined);
  if (restarting.length === 0) {
    await options.store.closeJournal(entry.id, "applied");
    return { outcome: "applied" };
  }
  await options.store.noteJournal(entry.id, "restarting", options.clock.nowMs());
  for (const step of restarting) {
    const refused = await attempt(target, step);
    // Many printers go down before they answer.
    if (refused === undefined || refused.isUnsure) continue;
    const failures = step.paths.map((path) => ({ path, ...refusalOf(refused, path) }));
    return takeBack(entry, { refused, failures, made }, target, options);
  }
  const what = restarting.some(({ restarts }) => restarts === "printer") ? "printer" : "network";
  const reason = `sent; the ${what} restarts, and what came of it is known when it is back`;
  return { outcome: "pending", reason };
}

/** Makes steps that can be read back; the one at which it stopped, if any. */
async function makeReadable(
  steps: readonly WriteStep[],
  writes: readonly PrinterWrite[],
  target: WriteTarget,
  { clock }: WriteOptions,
): Promise<Refused | undefined> {
  for (const step of steps) {
    const refused = await attempt(target, step);
    if (refused === undefined) continue;
    if (!refused.isUnsure) return refused;
    const own = writesOf([step], writes);
    if (!areWritten(target, own, await readSettled(target, own, clock))) return refused;
  }
  return undefined;
}

function writesOf(
  steps: readonly WriteStep[],
  writes: readonly PrinterWrite[],
): readonly PrinterWrite[] {
  const paths = new Set(steps.flatMap((step) => step.paths));
  return writes.filter(({ path }) => paths.has(path));
}

interface Trouble {
  readonly refused: Refused | undefined;
  readonly failures: readonly WriteFailure[];
  /** Unreadable values that were written, or may have been. */
  readonly made: readonly string[];
}

async function takeBack(
  entry: JournalEntry,
  { refused, failures, made }: Trouble,
  target: WriteTarget,
  journal: Journal,
): Promise<WriteProgress> {
  const unsure = new Set(refused?.isUnsure === true ? refused.step.paths : []);
  const found = await target.readValues(readablePaths(entry));
  const undone = await undo(entry, { ...journal, target, found, unsure, blind: made });
  if (undone.outcome !== "undoFailed") return { outcome: "failed", failures };
  const known = new Set(failures.map(({ path }) => path));
  const others = undone.stuck
    .filter((path) => !known.has(path))
    .map((path) => ({ path, reason: "was changed and could not be put back" }));
  return { outcome: "failed", failures: [...failures, ...others], notUndone: undone.stuck };
}

/** A printer that neither took the value nor kept the old one does not know the value (it cut it, or chose another). */
function whyNot(
  write: PrinterWrite,
  values: Values,
  before: PrinterWrite["value"] | undefined,
  refused: Refused | undefined,
  target: WriteTarget,
): Omit<WriteFailure, "path"> {
  const { path, value } = write;
  if (refused?.step.paths.includes(path) === true) return refusalOf(refused, path);
  const found = values.get(path);
  const isAsBefore =
    before === undefined ? found === undefined : target.isWritten({ path, value: before }, found);
  if (refused !== undefined && isAsBefore)
    return { reason: `not tried: ${refused.step.description} failed before` };
  if (found === undefined)
    return { reason: "the printer took the value but does not tell it back" };
  const reason = `the printer kept ${JSON.stringify(found)} instead of ${JSON.stringify(value)}`;
  return isAsBefore ? { reason } : { reason, isInvalidValue: true };
}
