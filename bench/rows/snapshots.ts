import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Measured, RowEnvironment } from "../row.ts";
import { PrinterCopies, type SnapshotToSave } from "../support/copies.ts";
import { type Cost, costOf } from "../support/cpu.ts";
import { openBenchStore } from "../support/site.ts";

const printerCount = 5_000;
const warmUpCount = 1_000;
const pagesPrinted = 7;
const minuteMs = 60_000;
/** Polls under way at the same time; the fleet's default. */
const concurrency = 32;

/** Saves snapshots of many printers: values alone, then everything of a first poll and of one after a print job. */
export async function measure(environment: RowEnvironment): Promise<Measured> {
  const { firsts, updates } = await prepare(environment);
  await saved(within(environment, "warm-up"), firsts.slice(0, warmUpCount).map(valuesOnly));
  const bare = within(environment, "values");
  const empty = await saved(bare, []);
  const inserted = await saved(bare, firsts.map(valuesOnly));
  const values = await saved(bare, updates.map(valuesOnly));
  const whole = within(environment, "whole");
  const first = await saved(whole, firsts);
  const update = await saved(whole, updates);
  const changed = updates.reduce((sum, [, , changes]) => sum + changes.length, 0);
  return {
    values: perCpuSecond(values),
    kb: (inserted.bytes - empty.bytes) / printerCount / 1_000,
    updates: perCpuSecond(update),
    updatesWall: (printerCount * 1_000) / update.cost.wallMs,
    firsts: perCpuSecond(first),
    firstKb: (first.bytes - empty.bytes) / printerCount / 1_000,
    jobBytes: (update.bytes - first.bytes) / printerCount,
    changed: changed / printerCount,
  };
}

/** The same environment with a store of its own. */
function within(environment: RowEnvironment, folder: string): RowEnvironment {
  return { ...environment, scratch: join(environment.scratch, folder) };
}

/** The part that is loaded again after a restart: no history, no meters. */
function valuesOnly([id, snapshot]: SnapshotToSave): SnapshotToSave {
  return [id, snapshot, []];
}

function perCpuSecond({ cost }: Saved): number {
  return (printerCount * 1_000) / cost.cpuMs;
}

/** What the polls hand over, made beforehand: only the store is measured. */
async function prepare(environment: RowEnvironment): Promise<{
  readonly firsts: readonly SnapshotToSave[];
  readonly updates: readonly SnapshotToSave[];
}> {
  const copies = await PrinterCopies.load(environment);
  const firsts: SnapshotToSave[] = [];
  const updates: SnapshotToSave[] = [];
  const nowMs = Date.now();
  for (let n = 0; n < printerCount; n++) {
    const copy = copies.copy(n);
    const id = `printer-${n}`;
    firsts.push(await copy.read(id, nowMs));
    copy.print(pagesPrinted);
    updates.push(await copy.read(id, nowMs + minuteMs));
  }
  return { firsts, updates };
}

interface Saved {
  readonly cost: Cost;
  /** Size of the closed database afterwards. */
  readonly bytes: number;
}

/** Saves as polls do that end at different times: as soon as one is on disk the next comes. */
async function saved(environment: RowEnvironment, all: readonly SnapshotToSave[]): Promise<Saved> {
  const store = await openBenchStore(environment);
  const waiting = all.values();
  const saveNext = async (): Promise<void> => {
    for (const one of waiting) await store.printers.saveSnapshot(...one);
  };
  try {
    const cost = await costOf(() => Promise.all(Array.from({ length: concurrency }, saveNext)));
    await store.close();
    return { cost, bytes: sizeOf(join(environment.scratch, "data")) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function sizeOf(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
