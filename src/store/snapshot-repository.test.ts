import { describe, expect, it } from "vitest";
import { shapeOf, snapshotOf } from "../../test/store/shapes.ts";
import { temporaryDir, temporaryStore } from "../../test/store/temporary-store.ts";
import { ManualClock } from "../shared/manual-clock.ts";
import { openStore } from "./store.ts";

const paths = Array.from({ length: 300 }, (_, index) => `Device.Services.X.1.P${index}`);
const shape = shapeOf("shape-1", paths);
const values = paths.map((_path, index) => (index % 2 === 0 ? `text ${index}` : index));

describe("SnapshotRepository", () => {
  it("restores values, shape and reading times after a restart", async () => {
    const options = { dataDir: temporaryDir(), clock: new ManualClock() };
    const first = await openStore(options);
    const snapshot = snapshotOf(shape, values, { status: 1_000, counters: 2_000 });
    await first.snapshots.save("p", snapshot, []);
    await first.close();
    const { snapshots } = await temporaryStore(options);
    expect(await snapshots.load("p")).toEqual(snapshot);
  });

  it("gives printers of equal shape the same shape object", async () => {
    const options = { dataDir: temporaryDir(), clock: new ManualClock() };
    const first = await openStore(options);
    for (const id of ["p", "q"]) await first.snapshots.save(id, snapshotOf(shape, values), []);
    await first.close();
    const { snapshots } = await temporaryStore(options);
    const [p, q] = await Promise.all([snapshots.load("p"), snapshots.load("q")]);
    expect(p?.shape).toBe(q?.shape);
  });

  it("hands shapes from disk to the caller's own", async () => {
    const options = { dataDir: temporaryDir(), clock: new ManualClock() };
    const first = await openStore(options);
    await first.snapshots.save("p", snapshotOf(shape, values), []);
    await first.close();
    const { snapshots } = await temporaryStore({ ...options, internShape: () => shape });
    expect((await snapshots.load("p"))?.shape).toBe(shape);
  });

  it("brings reading times up to date when no value changed", async () => {
    const { snapshots } = await temporaryStore();
    await snapshots.save("p", snapshotOf(shape, values, { status: 1 }), []);
    await snapshots.save("p", snapshotOf(shape, values, { status: 2 }), []);
    expect((await snapshots.load("p"))?.readAtMs).toEqual({ status: 2 });
  });

  it("follows a printer to another shape", async () => {
    const { snapshots } = await temporaryStore();
    await snapshots.save("p", snapshotOf(shape, values), []);
    const smaller = snapshotOf(shapeOf("shape-2", ["A"]), [true]);
    await snapshots.save("p", smaller, []);
    expect(await snapshots.load("p")).toEqual(smaller);
  });

  it("keeps the shape of the printers that did not move to another", async () => {
    const { snapshots } = await temporaryStore();
    for (const id of ["p", "q"]) await snapshots.save(id, snapshotOf(shape, values), []);
    await snapshots.save("p", snapshotOf(shapeOf("shape-2", ["A"]), [true]), []);
    expect((await snapshots.load("q"))?.values).toEqual(values);
  });

  it("keeps a history of the values that changed, and of a parameter that went", async () => {
    const { snapshots } = await temporaryStore();
    const save = (atMs: number, value: string | undefined) =>
      snapshots.save("p", snapshotOf(shape, values, { status: atMs }), [{ path: "A", value }]);
    await save(10, "x");
    await save(20, "y");
    await save(30, undefined);
    expect(await snapshots.history("p", "A", 20)).toEqual([
      { atMs: 20, value: "y" },
      { atMs: 30, value: undefined },
    ]);
  });

  it("answers undefined for a printer never read", async () => {
    const { snapshots } = await temporaryStore();
    expect(await snapshots.load("nobody")).toBeUndefined();
  });
});
