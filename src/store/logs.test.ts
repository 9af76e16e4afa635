import { describe, expect, it } from "vitest";
import { shapeOf, snapshotOf } from "../../test/store/shapes.ts";
import { temporaryStore } from "../../test/store/temporary-store.ts";
import { ManualClock } from "../shared/manual-clock.ts";
import { registerSecret } from "../shared/redact.ts";

const dayMs = 86_400_000;

describe("EventLog", () => {
  it("returns the newest that fit the question, oldest first, with their time", async () => {
    const clock = new ManualClock(1_000);
    const { events } = await temporaryStore({ clock });
    await events.append({ kind: "service.started", text: "up" });
    await clock.advance(500);
    await events.append({ kind: "printer.adopted", text: "new", device: "p", details: { n: 1 } });
    await events.append({ kind: "printer.lost", text: "gone", device: "p" });
    expect(await events.query({ device: "p", limit: 1 })).toEqual([
      { id: 3, atMs: 1_500, device: "p", kind: "printer.lost", text: "gone", details: {} },
    ]);
    expect((await events.query({ afterId: 1 })).map(({ kind }) => kind)).toEqual([
      "printer.adopted",
      "printer.lost",
    ]);
    await events.append({ kind: "printer.online", text: "told late", atMs: 1_200 });
    expect((await events.query({ kind: "printer.online" }))[0]?.atMs).toBe(1_200);
    expect((await events.query({ kind: "printer.adopted" }))[0]?.details).toEqual({ n: 1 });
  });
});

describe("AuditLog", () => {
  it("keeps who set what from which value to which, but no passwords", async () => {
    registerSecret("hidden-canary");
    const { audit } = await temporaryStore();
    const base = { who: "acs", device: "p", outcome: "applied" };
    await audit.append([
      { ...base, path: "General.SystemLocation", before: undefined, after: "hall" },
      { ...base, path: "Network.SMTP.Password", before: "old-pw", after: "new-pw" },
      { ...base, path: "General.OwnerContact", before: "x", after: "hidden-canary", device: "q" },
    ]);
    const entries = await audit.query();
    expect(entries[0]).toMatchObject({ who: "acs", before: undefined, after: "hall" });
    expect(entries[1]).toMatchObject({ before: "[redacted]", after: "[redacted]" });
    expect(entries[2]).toMatchObject({ after: "[redacted]" });
    expect(await audit.query("q")).toHaveLength(1);
  });
});

describe("maintenance", () => {
  it("drops the oldest events beyond the cap, old history and shapes nobody has", async () => {
    const clock = new ManualClock(0);
    const store = await temporaryStore({ clock, retention: { maxEvents: 10 } });
    for (let index = 1; index <= 25; index++)
      await store.events.append({ kind: "tick", text: String(index) });
    const save = (shapeId: string, atMs: number) =>
      store.snapshots.save("p", snapshotOf(shapeOf(shapeId, ["A"]), ["1"], { status: atMs }), [
        { path: "A", value: String(atMs) },
      ]);
    await save("old", 5);
    await save("new", 95 * dayMs);
    await store.snapshots.save("q", snapshotOf(shapeOf("of q", ["A"]), ["1"]), []);
    await store.printers.remove("q");
    await clock.advance(100 * dayMs);
    expect(await store.maintain()).toEqual({
      meterReadingsThinned: 0,
      historyRowsRemoved: 1,
      eventsDropped: 15,
      auditEntriesDropped: 0,
      shapesRemoved: 1,
    });
    expect((await store.events.query()).map(({ text }) => text)[0]).toBe("16");
    expect(await store.snapshots.history("p", "A", 0)).toHaveLength(1);
    expect((await store.snapshots.load("p"))?.shape.id).toBe("new");
  });
});

describe("Settings", () => {
  it("creates a value once and keeps it", async () => {
    const { settings } = await temporaryStore();
    const created = await Promise.all(
      ["first", "second"].map((value) => settings.getOrCreate("serial", () => value)),
    );
    expect(created).toEqual(["first", "first"]);
    await settings.remove("serial");
    expect(await settings.get("serial")).toBeUndefined();
  });
});
