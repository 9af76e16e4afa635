import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AutonomousTransfer } from "../../cwmp/transfers/autonomous-transfer.ts";
import { ManualClock } from "../../shared/manual-clock.ts";
import { type Store, openStore } from "../../store/store.ts";
import { confirmTrial, putOnTrial, resumeTrial, rollBack } from "./config-trial.ts";
import { findConfiguration, noteConfiguration } from "./replaced-configuration.ts";

let folder: string;
let file: string;
let store: Store;
let reported: AutonomousTransfer[];
const clock = new ManualClock();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "mfpgate-replaced-"));
  file = join(folder, "config.yaml");
  store = await openStore({ dataDir: join(folder, "data"), clock });
  reported = [];
  operatorWrites("first");
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** A start of the service as `mfpgate run` does it; how many replaced configurations were reported by then. */
async function start({ comesUp = true } = {}): Promise<number> {
  const isOnTrial = await resumeTrial(file);
  const found = await findConfiguration(file);
  if (!comesUp) {
    await rollBack(file, "port in use");
    return start();
  }
  if (isOnTrial) await confirmTrial(file);
  await noteConfiguration(found, {
    settings: store.settings,
    clock,
    report: (transfer) => Promise.resolve(reported.push(transfer)),
  });
  return reported.length;
}

function operatorWrites(text: string): void {
  writeFileSync(file, text);
  utimesSync(file, 1_000, 1_000);
}

function acsSends(text: string): Promise<void> {
  return putOnTrial(file, text, text);
}

describe("a replaced configuration", () => {
  it("is none at the first start, nor while the file stays the same", async () => {
    expect(await start()).toBe(0);
    expect(await start()).toBe(0);
  });

  it("is a download without path, secrets or content, reported once", async () => {
    await start();
    operatorWrites("second, longer");
    expect(await start()).toBe(1);
    expect(await start()).toBe(1);
    expect(reported).toEqual([
      {
        isDownload: true,
        fileType: "3 Vendor Configuration File",
        transferUrl: "config.yaml",
        targetFileName: "config.yaml",
        fileSize: 14,
        startedAtMs: 1_000_000,
        completedAtMs: clock.nowMs(),
        faultCode: 0,
        faultString: "",
      },
    ]);
  });

  it("has no time of its beginning when the file says it is from the future", async () => {
    await start();
    operatorWrites("second");
    const later = clock.nowMs() / 1_000 + 60;
    utimesSync(file, later, later);
    await start();
    expect(reported[0]).not.toHaveProperty("startedAtMs");
  });

  it("is not one that the ACS sent, came up or not", async () => {
    await start();
    await acsSends("second");
    expect(await start()).toBe(0);
    await acsSends("third");
    expect(await start({ comesUp: false })).toBe(0);
    expect(await start()).toBe(0);
  });

  it("is one that the operator put in the place of what the ACS sent, also one that was there before", async () => {
    await start();
    await acsSends("second");
    await start();
    operatorWrites("first");
    expect(await start()).toBe(1);
    operatorWrites("second");
    expect(await start()).toBe(2);
    await acsSends("first");
    expect(await start()).toBe(2);
  });

  it("is reported again when the process died before it was noted", async () => {
    await start();
    operatorWrites("second");
    const found = await findConfiguration(file);
    const dying = {
      settings: store.settings,
      clock,
      report: () => Promise.reject(new Error("killed")),
    };
    await expect(noteConfiguration(found, dying)).rejects.toThrow("killed");
    expect(await start()).toBe(1);
  });
});
