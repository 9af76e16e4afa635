import type { JournalEntry, WritePhase } from "../../src/fleet/printer-store.ts";
import type { PrinterWrite, WriteStep, WriteTarget } from "../../src/fleet/write-port.ts";
import { recoverWrite } from "../../src/fleet/write-recovery.ts";
import { type WriteOptions, type WriteReport, writeAll } from "../../src/fleet/write.ts";
import type { ModelValue } from "../../src/model/definition.ts";
import { ManualClock } from "../../src/shared/manual-clock.ts";
import { SnmpTimeoutError } from "../../src/southbound/snmp/errors.ts";

type MadeStep = WriteStep & { readonly writes: readonly PrinterWrite[] };
/** Steps of paths that are not of the common kind. */
export type Kinds = Readonly<Record<string, Partial<WriteStep>>>;

/**
 * A device in memory. It takes all in one step, but for paths with a kind of their own in `kinds`; `onSet` may refuse or
 * bend what is written.
 */
export function device(
  values: Record<string, ModelValue>,
  onSet: (writes: readonly PrinterWrite[], count: number) => readonly PrinterWrite[] = (writes) =>
    writes,
  kinds: Kinds = {},
) {
  const undoFailures: string[] = [];
  const sets: string[] = [];
  const target: WriteTarget = {
    objection: ({ path }) => (path in values ? undefined : { reason: `${path} is not writable` }),
    plan: (writes) => {
      const common = writes.filter(({ path }) => kinds[path] === undefined);
      const own = writes.filter(({ path }) => kinds[path] !== undefined);
      return [
        ...(common.length === 0 ? [] : [stepOf(common)]),
        ...own.map((write) => stepOf([write], kinds[write.path])),
      ];
    },
    readValues: (paths) =>
      Promise.resolve(
        new Map(
          paths.flatMap((path) =>
            kinds[path]?.isUnreadable === true ? [] : [[path, values[path] ?? ""] as const],
          ),
        ),
      ),
    perform: (step) => {
      const { writes } = step as MadeStep;
      sets.push(writes.map(({ path, value }) => `${path}=${String(value)}`).join(" "));
      for (const { path, value } of onSet(writes, sets.length)) values[path] = value;
      return Promise.resolve();
    },
    isWritten: ({ value }, found) => String(value) === String(found).replace(/[\s\0]+$/, ""),
    undoFailed: (path, wanted, found) => {
      undoFailures.push(`${path} ${String(wanted)} ${String(found)}`);
    },
  };
  return { target, values, sets, undoFailures };
}

function stepOf(writes: readonly PrinterWrite[], kind: Partial<WriteStep> = {}): MadeStep {
  return {
    paths: writes.map(({ path }) => path),
    description: `step ${writes.map(({ path }) => path).join("+")}`,
    restarts: undefined,
    isUnreadable: false,
    write: { driver: "snmp", writes: [] },
    writes,
    ...kind,
  };
}

/** A journal in memory, with what is put into it in order. */
export function journal(policy: Partial<WriteOptions["policy"]> = {}) {
  const log: string[] = [];
  const open = new Map<string, JournalEntry>();
  const options = {
    printerId: "p",
    who: "acs" as const,
    policy: { readOnly: false, mayRestartAt: (): true | string => true, ...policy },
    clock: new ManualClock(),
    store: {
      openJournal: (entry: JournalEntry) => {
        open.set(entry.id, entry);
        log.push(`open ${entry.writes.map((write) => write.before).join()}`);
        return Promise.resolve();
      },
      noteJournal: (id: string, phase: WritePhase, phaseAtMs: number) => {
        const entry = open.get(id);
        if (entry !== undefined) open.set(id, { ...entry, phase, phaseAtMs });
        log.push(phase);
        return Promise.resolve();
      },
      closeJournal: (id: string, outcome: string) => {
        open.delete(id);
        log.push(outcome);
        return Promise.resolve();
      },
    },
  };
  return { log, open, options, only: () => [...open.values()][0] ?? fail("no open entry") };
}

function fail(text: string): never {
  throw new Error(text);
}

/** A write of two parameters. */
export const both: readonly PrinterWrite[] = [
  { path: "Location", value: "Room 2" },
  { path: "Contact", value: "Ann" },
];
/** Nobody answers. */
export const timeout = () => new SnmpTimeoutError("no answer");

/** Writes while the time goes by. */
export async function run(
  writes: readonly PrinterWrite[],
  target: WriteTarget,
  kept = journal(),
): Promise<{ result: WriteReport["result"]; log: string[] }> {
  const written = writeAll(writes, target, kept.options);
  for (let n = 0; n < 8; n++) await kept.options.clock.advance(2_000);
  return { result: (await written).result, log: kept.log };
}

/** Ends the open write while the time goes by. */
export async function recover(
  kept: ReturnType<typeof journal>,
  target: WriteTarget,
): Promise<string> {
  const ended = recoverWrite(kept.only(), target, kept.options);
  for (let n = 0; n < 8; n++) await kept.options.clock.advance(2_000);
  return ended;
}

/** A write as an earlier process left it. */
export function entryOf(phase: WritePhase, writes: JournalEntry["writes"]): JournalEntry {
  const phaseAtMs = new ManualClock().nowMs();
  return { id: "1", printerId: "p", startedAtMs: 0, who: "acs", phase, phaseAtMs, writes };
}
