import { ProxierError } from "../shared/errors.ts";
import type { JournalEntry } from "./printer-store.ts";
import type { PrinterWrite, WriteEnd, WriteStep, WriteTarget } from "./write-port.ts";
import { type Values, areWritten } from "./write-steps.ts";
import {
  type Journal,
  type UndoOutcome,
  conclude,
  isAllAsBefore,
  readablePaths,
  undo,
} from "./write-undo.ts";
import { finishBlindly } from "./write.ts";

/** A printer is not believed to be back before this: it may still be about to go down. */
const mayGoDownMs = 20_000;
/** Old values are taken for final only so long after the restart was asked for. */
const restartMs = 300_000;

/**
 * Ends a write that a crash, an outage or the printer's restart left open. `writing`: completed when the printer has every
 * value it tells, else undone. `restarting`: the same, once it had the time to restart. `undoing`: undone in any case.
 *
 * @returns what became of it; `waiting`: it is too early to say
 * @throws {SouthboundError} when the printer is (still) silent; the journal stays open
 */
export async function recoverWrite(
  entry: JournalEntry,
  target: WriteTarget,
  journal: Journal,
): Promise<WriteEnd | "waiting"> {
  const sinceMs = journal.clock.nowMs() - entry.phaseAtMs;
  const isRestarting = entry.phase === "restarting" || entry.phase === "undoRestarting";
  if (isRestarting && sinceMs < mayGoDownMs) return "waiting";
  const found = await target.readValues(readablePaths(entry));
  switch (entry.phase) {
    case "writing":
      return complete(entry, found, target, journal);
    case "restarting":
      if (areWritten(target, readable(entry), found)) {
        await journal.store.closeJournal(entry.id, "applied");
        return "applied";
      }
      return sinceMs < restartMs ? "waiting" : takeBack(entry, found, target, journal);
    case "undoing":
      return takeBack(entry, found, target, journal);
    case "undoRestarting":
      if (!isAllAsBefore(entry, target, found) && sinceMs < restartMs) return "waiting";
      return endOf(await conclude(entry, { ...journal, ...nothingUnsure, target, found }));
  }
}

const nothingUnsure = { unsure: new Set<string>(), blind: [] };

/** What cannot be read was written last, if at all, and is written again. */
async function complete(
  entry: JournalEntry,
  found: Values,
  target: WriteTarget,
  journal: Journal,
): Promise<WriteEnd | "waiting"> {
  if (!areWritten(target, readable(entry), found)) {
    // Passwords come when all else is proven, and then may have been written already.
    if (areWritten(target, provenFirst(entry, target), found))
      return takeBack(entry, found, target, journal);
    const options = { ...journal, ...nothingUnsure, target, found };
    return endOf(await undo(entry, options));
  }
  const blind = entry.writes.filter(({ isUnreadable }) => isUnreadable === true).map(wanted);
  const steps = stepsOf(blind, target);
  if (steps === undefined) return takeBack(entry, found, target, journal);
  const result = await finishBlindly(entry, steps, target, journal);
  switch (result.outcome) {
    case "applied":
      return "applied";
    case "failed":
      return result.notUndone === undefined ? "undone" : "undoFailed";
    case "pending":
    case "unreachable":
      return "waiting";
  }
}

/** Undefined when the mapping cannot write them any more. */
function stepsOf(
  writes: readonly PrinterWrite[],
  target: WriteTarget,
): readonly WriteStep[] | undefined {
  if (writes.length === 0) return [];
  try {
    return target.plan(writes);
  } catch (error) {
    if (!(error instanceof ProxierError)) throw error;
    return undefined;
  }
}

/** What is proven before anything that cannot be read is begun: all that can be, but for what restarts the printer. */
function provenFirst(entry: JournalEntry, target: WriteTarget): readonly PrinterWrite[] {
  const writes = readable(entry);
  const steps = stepsOf(writes, target) ?? [];
  const restarting = new Set(
    steps.flatMap(({ restarts, paths }) => (restarts === undefined ? [] : paths)),
  );
  return writes.filter(({ path }) => !restarting.has(path));
}

/** Takes a write back of which unreadable values may have been made already. */
async function takeBack(
  entry: JournalEntry,
  found: Values,
  target: WriteTarget,
  journal: Journal,
): Promise<WriteEnd | "waiting"> {
  const blind = entry.writes.flatMap(({ path, isUnreadable }) =>
    isUnreadable === true ? [path] : [],
  );
  return endOf(await undo(entry, { ...journal, target, found, unsure: new Set(), blind }));
}

function endOf({ outcome }: UndoOutcome): WriteEnd | "waiting" {
  return outcome;
}

function readable(entry: JournalEntry): readonly PrinterWrite[] {
  return entry.writes.filter(({ isUnreadable }) => isUnreadable !== true).map(wanted);
}

function wanted({ path, after }: { readonly path: string; readonly after: PrinterWrite["value"] }) {
  return { path, value: after };
}
