import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { shapeOf, snapshotOf } from "../../test/store/shapes.ts";
import { temporaryDir, temporaryStore } from "../../test/store/temporary-store.ts";
import { ManualClock } from "../shared/manual-clock.ts";
import { openSqliteFile } from "./sqlite-file.ts";
import { type Store, openStore } from "./store.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const startMs = Date.UTC(2026, 0, 1);
const snapshot = snapshotOf(shapeOf("s", ["A"]), ["1"]);

/** One reading an hour, the counter rising by one. */
async function readHourly(store: Store, hours: number, firstHour = 0): Promise<void> {
  const saves = Array.from({ length: hours }, (_, index) =>
    store.printers.saveSnapshot("p", snapshot, [], {
      readAtMs: startMs + (firstHour + index) * hourMs,
      counters: { impressions: firstHour + index, sheets: 1 },
    }),
  );
  await Promise.all(saves);
}

/** A closed store whose database was changed by hand. */
async function tamper(sql: string): Promise<Store> {
  const options = { dataDir: temporaryDir(), clock: new ManualClock() };
  const first = await openStore(options);
  await readHourly(first, 5);
  await first.close();
  const file = openSqliteFile(join(options.dataDir, "mfpgate.db"), { busyTimeoutMs: 0 });
  file.exec(sql);
  file.close();
  return temporaryStore(options);
}

describe("meter chain", () => {
  it("verifies as written and over a restart", async () => {
    const options = { dataDir: temporaryDir(), clock: new ManualClock() };
    const first = await openStore(options);
    await readHourly(first, 3);
    await first.close();
    const store = await temporaryStore(options);
    await readHourly(store, 2, 3);
    expect(await store.meters.verify("p")).toEqual({ intact: true, days: 0, readings: 5 });
    const readings = await store.meters.readings("p", startMs + 3 * hourMs);
    expect(readings.map(({ counters }) => counters["impressions"])).toEqual([3, 4]);
  });

  it.each([
    [
      "changed",
      "UPDATE meter_readings SET content = replace(content, ':2,', ':9,') WHERE seq = 3",
      "reading 3",
    ],
    ["removed from the middle", "DELETE FROM meter_readings WHERE seq = 2", "reading 3"],
    ["removed from the end", "DELETE FROM meter_readings WHERE seq = 5", "the end"],
    [
      "put in place of another",
      "UPDATE meter_readings SET content = (SELECT content FROM meter_readings WHERE seq = 1) WHERE seq = 4",
      "reading 4",
    ],
  ])("shows a reading %s", async (_what, sql, at) => {
    const store = await tamper(sql);
    expect(await store.meters.verify("p")).toMatchObject({ intact: false, at });
  });

  it("thins old readings to the last of each day and still verifies", async () => {
    const clock = new ManualClock(startMs);
    const store = await temporaryStore({ clock });
    await readHourly(store, 4 * 24);
    await clock.advance(92 * dayMs + hourMs);
    const report = await store.maintain();
    expect(report.meterReadingsThinned).toBe(2 * 24);
    expect(await store.meters.verify("p")).toEqual({ intact: true, days: 2, readings: 48 });
    const readings = await store.meters.readings("p", 0);
    expect(readings.slice(0, 3).map(({ counters }) => counters["impressions"])).toEqual([
      23, 47, 48,
    ]);
    await readHourly(store, 1, 96);
    expect(await store.meters.verify("p")).toMatchObject({ intact: true, readings: 49 });
  });

  it("shows a daily row changed after thinning", async () => {
    const options = { dataDir: temporaryDir(), clock: new ManualClock(startMs + 200 * dayMs) };
    const first = await openStore(options);
    await readHourly(first, 72);
    await first.maintain();
    expect(await first.meters.verify("p")).toEqual({ intact: true, days: 3, readings: 0 });
    await first.close();
    const file = openSqliteFile(join(options.dataDir, "mfpgate.db"), { busyTimeoutMs: 0 });
    file.exec("UPDATE meter_days SET content = replace(content, ':47,', ':40,') WHERE seq = 2");
    file.close();
    const store = await temporaryStore(options);
    expect(await store.meters.verify("p")).toMatchObject({ intact: false, at: "day 2" });
  });

  it("leaves a broken chain alone, as evidence", async () => {
    const store = await tamper("DELETE FROM meter_readings WHERE seq = 2");
    expect(await store.meters.thin("p", startMs + 400 * dayMs)).toBe(0);
    expect(await store.meters.readings("p", 0)).toHaveLength(4);
  });
});
