import type { Clock } from "../shared/clock.ts";
import { ProxierError } from "../shared/errors.ts";
import { logger } from "../shared/log.ts";
import type { JournalEntry, JournalWrite, PrinterStore } from "./printer-store.ts";
import type { PrinterWrite, WriteStep, WriteTarget } from "./write-port.ts";
import { type Values, areWritten, attempt, readSettled } from "./write-steps.ts";

const log = logger("fleet.write-undo");

/** Where a write is journalled. */
export interface Journal {
  readonly store: Pick<PrinterStore, "openJournal" | "noteJournal" | "closeJournal">;
  readonly clock: Clock;
}

/** What is known when a write is to be taken back. */
export interface UndoOptions extends Journal {
  readonly target: WriteTarget;
  /** Values as read last. */
  readonly found: Values;
  /** Paths of steps whose answer was lost: the printer may do them yet, and is told the old value in any case. */
  readonly unsure: ReadonlySet<string>;
  /** Unreadable values that may have been written; what they were before nobody knows. */
  readonly blind: readonly string[];
}

/** What came of it. `waiting`: taking it back restarts the printer, and shows when it is back. */
export type UndoOutcome =
  | { readonly outcome: "undone" | "waiting" }
  | { readonly outcome: "undoFailed"; readonly stuck: readonly string[] };

/**
 * Puts back, last first, whatever is not as it was, and reads back again. What the journal says is `undoing` from now on:
 * after a crash in the middle it goes on, and never ends as asked for.
 *
 * @throws {SouthboundError} when the printer is silent; the journal stays open
 */
export async function undo(entry: JournalEntry, options: UndoOptions): Promise<UndoOutcome> {
  const { target, store, clock, found, unsure } = options;
  if (entry.phase !== "undoing") await store.noteJournal(entry.id, "undoing", clock.nowMs());
  const changed = oldValues(entry.writes).filter(
    (write) => unsure.has(write.path) || !target.isWritten(write, found.get(write.path)),
  );
  const steps = planOf(target, changed);
  const isRestarting = steps?.some(({ restarts }) => restarts !== undefined) === true;
  if (isRestarting) await store.noteJournal(entry.id, "undoRestarting", clock.nowMs());
  await makeAll(target, steps ?? singleSteps(target, changed));
  if (isRestarting) return { outcome: "waiting" };
  let left = await readSettled(target, changed, clock);
  const stubborn = changed.filter((write) => !target.isWritten(write, left.get(write.path)));
  if (stubborn.length > 0 && changed.length > 1) {
    // One value the printer does not take back may have spoilt the step of others.
    await makeAll(target, singleSteps(target, stubborn));
    left = await readSettled(target, changed, clock);
  }
  return conclude(entry, { ...options, found: new Map([...found, ...left]) });
}

/** Ends the journal by what the printer has now. */
export async function conclude(entry: JournalEntry, options: UndoOptions): Promise<UndoOutcome> {
  const { target, store, found, blind } = options;
  const stuck = entry.writes.filter(({ path, before, isUnreadable }) =>
    isUnreadable === true ? blind.includes(path) : !isAsBefore(target, path, before, found),
  );
  for (const { path, before } of stuck) target.undoFailed(path, before, found.get(path));
  const outcome = stuck.length === 0 ? "undone" : "undoFailed";
  await store.closeJournal(entry.id, outcome);
  return outcome === "undone" ? { outcome } : { outcome, stuck: stuck.map(({ path }) => path) };
}

function isAsBefore(
  target: WriteTarget,
  path: string,
  before: JournalWrite["before"],
  found: Values,
): boolean {
  const now = found.get(path);
  return before === undefined ? now === undefined : target.isWritten({ path, value: before }, now);
}

/** Whether everything the printer tells is as it was. */
export function isAllAsBefore(entry: JournalEntry, target: WriteTarget, found: Values): boolean {
  return areWritten(target, oldValues(entry.writes), found);
}

/** What the device tells of a write. */
export function readablePaths({ writes }: JournalEntry): readonly string[] {
  return writes.flatMap(({ path, isUnreadable }) => (isUnreadable === true ? [] : [path]));
}

function oldValues(writes: readonly JournalWrite[]): readonly PrinterWrite[] {
  return writes.flatMap(({ path, before, isUnreadable }) =>
    before === undefined || isUnreadable === true ? [] : [{ path, value: before }],
  );
}

/** Undefined when they cannot be planned together: one of the old values is none the mapping would write. */
function planOf(
  target: WriteTarget,
  writes: readonly PrinterWrite[],
): readonly WriteStep[] | undefined {
  try {
    return target.plan(writes);
  } catch (error) {
    if (!(error instanceof ProxierError)) throw error;
    log.warn("old values cannot be put back together", { error: error.message });
    return undefined;
  }
}

function singleSteps(target: WriteTarget, writes: readonly PrinterWrite[]): readonly WriteStep[] {
  return writes.flatMap((write) => planOf(target, [write]) ?? []);
}

async function makeAll(target: WriteTarget, steps: readonly WriteStep[]): Promise<void> {
  for (const step of [...steps].reverse()) {
    const refused = await attempt(target, step);
    if (refused === undefined) continue;
    log.warn("old values not put back at once", {
      step: step.description,
      reason: refused.refusal.reason,
    });
  }
}
