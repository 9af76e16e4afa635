import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { ManualClock } from "../../src/shared/manual-clock.ts";
import { type Store, type StoreOptions, openStore } from "../../src/store/store.ts";

/** An empty directory, removed when the test is over. */
export function temporaryDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "mfpgate-store-"));
  onTestFinished(() => {
    rmSync(dir, { recursive: true, force: true });
  });
  return dir;
}

/** A store in a directory of its own, closed when the test is over. */
export async function temporaryStore(options: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await openStore({
    dataDir: temporaryDir(),
    clock: new ManualClock(),
    ...options,
  });
  onTestFinished(() => store.close());
  return store;
}
