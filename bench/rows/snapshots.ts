import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Store } from "../../src/store/store.ts";
import type { Measured, RowEnvironment } from "../row.ts";
import { PrinterCopies, type SnapshotToSave } from "../support/copies.ts";
import { type Cost, costOf } from "../support/cpu.ts";
import { openBenchStore } from "../support/site.ts";

const printerCount = 5_000;
const pagesPrinted = 7;
const minuteMs = 60_000;
/** Polls under way at the same time; the fleet's default. */
const concurrency = 32;

/** Saves the first snapshot of many printers, then one after a print job on each. */
export async function measure(environment: RowEnvironment): Promise<Measured> {
  const { firsts, updates } = await prepare(environment);
  const emptyBytes = await sizeAfter(environment, () => Promise.resolve());
  let first: Cost | undefined;
  const firstBytes = await sizeAfter(environment, async (store) => {
    first = await costOf(() => saveAll(store, firsts));
  });
  let update: Cost | undefined;
  const updateBytes = await sizeAfter(environment, async (store) => {
    update = await costOf(() => saveAll(store, updates));
  });
  if (first === undefined || update === undefined) throw new Error("nothing was saved");
  return {
    updates: (printerCount * 1_000) / update.cpuMs,
    updatesWall: (printerCount * 1_000) / update.wallMs,
    firsts: (printerCount * 1_000) / first.cpuMs,
    snapshotKb: (firstBytes - emptyBytes) / printerCount / 1_000,
    jobBytes: (updateBytes - firstBytes) / printerCount,
    changed: updates.reduce((sum, [, , changed]) => sum + changed.length, 0) / printerCount,
  };
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

/** Saves as polls do that end at different times: as soon as one is on disk the next comes. */
async function saveAll(store: Store, all: readonly SnapshotToSave[]): Promise<void> {
  const waiting = all.values();
  const save = async (): Promise<void> => {
    for (const one of waiting) await store.printers.saveSnapshot(...one);
  };
  await Promise.all(Array.from({ length: concurrency }, save));
}

/** Size of the closed database after `work`, bytes. */
async function sizeAfter(
  environment: RowEnvironment,
  work: (store: Store) => Promise<void>,
): Promise<number> {
  const store = await openBenchStore(environment);
  try {
    await work(store);
  } finally {
    await store.close();
  }
  const folder = join(environment.scratch, "data");
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
