import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { shapeOf, snapshotOf } from "../../test/store/shapes.ts";
import { temporaryDir, temporaryStore } from "../../test/store/temporary-store.ts";
import { ManualClock } from "../shared/manual-clock.ts";
import { migrate, migrations } from "./migrations.ts";
import type { PrinterRecord } from "./printer-repository.ts";
import { openSqliteFile } from "./sqlite-file.ts";
import { openStore } from "./store.ts";

const printer: PrinterRecord = {
  id: "p1",
  manufacturer: "Acme",
  oui: "00005E",
  productClass: "Laser 500",
  serialNumber: "S1",
  macAddress: undefined,
  host: "192.0.2.1",
  snmpPort: 161,
  ews: undefined,
  credential: "digest",
  mapping: "base",
  discoveredBy: "static",
  state: "active",
  isUnreachable: false,
  lastContactMs: undefined,
  adoptedAtMs: 5,
  upTime: { ticks: 100, atMs: 7 },
};

describe("printers", () => {
  it("come back as saved, the latest version, in order of adoption", async () => {
    const { printers } = await temporaryStore();
    const older = { ...printer, id: "p0", adoptedAtMs: 4, macAddress: "aa:bb", upTime: undefined };
    await printers.save(printer);
    await printers.save({ ...printer, host: "192.0.2.2", isUnreachable: true });
    await printers.save(older);
    expect(await printers.list()).toEqual([
      older,
      { ...printer, host: "192.0.2.2", isUnreachable: true },
    ]);
  });

  it("need no agent, and are remembered with what their drivers and pages told", async () => {
    const store = await temporaryStore();
    const { printers } = store;
    const ews = { port: 8443, scheme: "https" } as const;
    const web = { ...printer, snmpPort: undefined, credential: undefined, ews };
    await printers.save(web);
    expect(await printers.list()).toEqual([web]);
    expect(await printers.loadMemory("p1")).toEqual({});
    await printers.saveMemory("p1", "drivers", "first");
    await printers.saveMemory("p1", "drivers", "pin");
    await printers.saveMemory("p1", "pages", "chains");
    expect(await printers.loadMemory("p1")).toEqual({ drivers: "pin", pages: "chains" });
    await printers.saveMemory("p1", "pages", undefined);
    expect(await printers.loadMemory("p1")).toEqual({ drivers: "pin" });
    await printers.remove("p1");
    expect(await printers.loadMemory("p1")).toEqual({});
  });

  it("are moved and remembered how they are talked to in one step, or not at all", async () => {
    const { printers } = await temporaryStore();
    await printers.save(printer);
    const moved = { ...printer, host: "192.0.2.9" };
    await printers.saveInteraction(moved, "secrets");
    expect(await printers.list()).toEqual([moved]);
    expect(await printers.loadMemory("p1")).toEqual({ interaction: "secrets" });
    const impossible = { ...printer, state: "gone" as "active" };
    await expect(printers.saveInteraction(impossible, "others")).rejects.toThrow();
    expect(await printers.loadMemory("p1")).toEqual({ interaction: "secrets" });
    await printers.saveInteraction(printer, undefined);
    expect(await printers.loadMemory("p1")).toEqual({});
  });

  it("are kept when a database of the version before gets room for web servers", () => {
    const path = join(temporaryDir(), "old.db");
    writeFileSync(path, "");
    const file = openSqliteFile(path, { busyTimeoutMs: 100, maxBytes: undefined });
    migrate(file, path, 0, migrations.slice(0, 4));
    file.exec(
      "INSERT INTO printers (id, manufacturer, oui, product_class, serial_number, host, snmp_port, mapping, discovered_by, state, is_unreachable, adopted_at_ms) VALUES ('p1', 'Acme', '00005E', 'Laser', 'S1', '192.0.2.1', 1161, 'base', 'snmp', 'active', 1, 5)",
    );
    migrate(file, path, 0);
    expect(file.prepare("SELECT * FROM printers").all([])).toMatchObject([
      { id: "p1", snmp_port: 1161, ews_port: null, is_unreachable: 1, adopted_at_ms: 5 },
    ]);
    file.close();
  });

  it("leave nothing behind when removed, except which instance numbers were used", async () => {
    const store = await temporaryStore();
    const { printers } = store;
    const shape = shapeOf("s", ["A"]);
    await printers.save(printer);
    await printers.assignInstances("p1", "Supply.{i}.", ["black"]);
    await printers.saveSnapshot("p1", snapshotOf(shape, ["1"]), [{ path: "A", value: "1" }], {
      readAtMs: 1,
      counters: { total: 1 },
    });
    await printers.remove("p1");
    expect(await printers.list()).toEqual([]);
    expect(await printers.loadSnapshot("p1")).toBeUndefined();
    expect(await store.snapshots.history("p1", "A", 0)).toEqual([]);
    expect(await store.meters.verify("p1")).toEqual({ intact: true, days: 0, readings: 0 });
    expect(await printers.assignInstances("p1", "Supply.{i}.", ["black"])).toEqual(
      new Map([["black", 2]]),
    );
  });
});

describe("instance numbers", () => {
  it("start at 1, follow the order asked for and stay", async () => {
    const { instances } = await temporaryStore();
    expect(await instances.assign("p", "Supply.{i}.", ["k", "c", "k"])).toEqual(
      new Map([
        ["k", 1],
        ["c", 2],
      ]),
    );
    expect(await instances.assign("p", "Supply.{i}.", ["m", "c"])).toEqual(
      new Map([
        ["m", 3],
        ["c", 2],
      ]),
    );
    expect(await instances.list("p")).toEqual([
      { table: "Supply.{i}.", rowKey: "k", instance: 1 },
      { table: "Supply.{i}.", rowKey: "c", instance: 2 },
      { table: "Supply.{i}.", rowKey: "m", instance: 3 },
    ]);
  });

  it("are never used again after their row is gone, over a restart too", async () => {
    const options = { dataDir: temporaryDir(), clock: new ManualClock() };
    const first = await openStore(options);
    await first.instances.assign("proxier", "VirtualDevice", ["p1", "p2"]);
    await first.instances.release("proxier", "VirtualDevice", "p2");
    await first.close();
    const { instances } = await temporaryStore(options);
    expect((await instances.assign("proxier", "VirtualDevice", ["p3"])).get("p3")).toBe(3);
  });

  it("are counted for each owner and table on their own", async () => {
    const { instances } = await temporaryStore();
    const numbers = await Promise.all([
      instances.assign("p", "Supply.{i}.", ["a"]),
      instances.assign("p", "Marker.{i}.", ["a"]),
      instances.assign("q", "Supply.{i}.", ["a"]),
      instances.assign("p", "Supply.{i}.", ["b"]),
    ]);
    expect(numbers.map((map) => [...map.values()][0])).toEqual([1, 1, 1, 2]);
  });
});

describe("quarantine and journal", () => {
  it("replaces the quarantine list of a printer", async () => {
    const { printers } = await temporaryStore();
    const value = { path: "a", accepted: 10, rejected: 3, reason: "backwards", sinceMs: 1 };
    await printers.saveQuarantine("p", [value, { ...value, path: "b" }]);
    await printers.saveQuarantine("p", [value]);
    expect(await printers.quarantine("p")).toEqual([value]);
  });

  it("finds unfinished writes, and only those, at the next start", async () => {
    const options = { dataDir: temporaryDir(), clock: new ManualClock() };
    const first = await openStore(options);
    const entry = (id: string, startedAtMs: number) => ({
      id,
      printerId: "p",
      startedAtMs,
      who: "acs" as const,
      phase: "writing" as const,
      phaseAtMs: startedAtMs,
      writes: [{ path: "General.SystemLocation", before: undefined, after: "hall" }],
    });
    for (const [index, id] of ["open", "applied", "undone", "failed", "earlier"].entries())
      await first.printers.openJournal(entry(id, id === "earlier" ? 0 : index + 1));
    await first.printers.closeJournal("applied", "applied");
    await first.printers.closeJournal("undone", "undone");
    await first.printers.closeJournal("failed", "undoFailed");
    await first.printers.noteJournal("open", "restarting", 7);
    await first.close();
    const { printers } = await temporaryStore(options);
    expect(await printers.unfinishedJournal()).toEqual([
      entry("earlier", 0),
      { ...entry("open", 1), phase: "restarting", phaseAtMs: 7 },
    ]);
  });
});
