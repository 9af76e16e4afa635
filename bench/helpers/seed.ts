import type { SimulatedAddress } from "../../src/simulator/printer-fleet.ts";
import type { Store } from "../../src/store/store.ts";
import type { RowEnvironment } from "../row.ts";
import { PrinterCopies, type PrinterCopy } from "../support/copies.ts";
import { serve } from "../support/helper.ts";
import { openBenchStore } from "../support/site.ts";

/** Where to write the store, and the printers to put into it: copy `n` at address `n`. */
export interface SeedConfig {
  readonly environment: RowEnvironment;
  readonly addresses: readonly SimulatedAddress[];
}

const savedTogether = 200;

/** Writes the store a box would have that looks after these printers; ready when it is closed. */
serve(async (config) => {
  const { environment, addresses } = config as SeedConfig;
  const copies = await PrinterCopies.load(environment);
  const store = await openBenchStore(environment);
  const nowMs = Date.now();
  for (let first = 0; first < addresses.length; first += savedTogether)
    await Promise.all(
      addresses
        .slice(first, first + savedTogether)
        .map((address, n) => seed(store, copies, copies.copy(first + n), address, nowMs)),
    );
  await store.close();
  return {
    ready: { printers: addresses.length },
    answer: () => Promise.resolve({}),
    stop: () => Promise.resolve(),
  };
});

async function seed(
  store: Store,
  copies: PrinterCopies,
  copy: PrinterCopy,
  address: SimulatedAddress,
  nowMs: number,
): Promise<void> {
  const stored = copy.adoptedAt(address, nowMs);
  await store.printers.save(stored);
  for (const [table, rowKeys] of copies.rows)
    await store.printers.assignInstances(stored.id, table, rowKeys);
  const [id, snapshot] = await copy.read(stored.id, nowMs);
  // The history of the first reading is left out: it is never loaded.
  await store.printers.saveSnapshot(id, snapshot, []);
}
