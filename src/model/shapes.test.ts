import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toPath } from "./model.ts";
import { type SnapshotEntry, ShapeRegistry, diffSnapshots, entriesOf, valueAt } from "./shapes.ts";
import { comparePaths } from "./snapshot.ts";

function entry(template: string, value: SnapshotEntry["value"], instance?: number): SnapshotEntry {
  const type = typeof value === "string" ? "string" : typeof value === "number" ? "int" : "boolean";
  const path = toPath(template, instance);
  return { path, type, pollClass: "status", writable: false, value };
}

const supplies = (levels: readonly number[]) =>
  levels.map((level, index) => entry("Supply.{i}.CurrentLevel", level, index + 1));

describe("snapshots", () => {
  it("sort rows by number, not by text", () => {
    const { shape } = new ShapeRegistry().snapshot(
      supplies([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
      {},
    );
    expect(shape.paths.at(-1)).toContain("Supply.11.");
    expect([...shape.paths].sort(comparePaths)).toEqual(shape.paths);
  });

  it("of equal printers share one shape, whatever the order of the entries", () => {
    const registry = new ShapeRegistry();
    const one = registry.snapshot(supplies([1, 2, 3]), {});
    const other = registry.snapshot(supplies([4, 5, 6]).reverse(), {});
    expect(other.shape).toBe(one.shape);
    expect(other.values).toEqual([4, 5, 6]);
    expect(registry.size).toBe(1);
  });

  it("have the same shape id in another process", () => {
    const id = () => new ShapeRegistry().snapshot(supplies([1]), {}).shape.id;
    expect(id()).toBe(id());
    const writable = supplies([1]).map((item) => ({ ...item, writable: true }));
    expect(new ShapeRegistry().snapshot(writable, {}).shape.id).not.toBe(id());
  });

  it("reuse the shape of the snapshot before when nothing but values changed", () => {
    const registry = new ShapeRegistry();
    const before = registry.snapshot(supplies([1, 2]), {});
    const after = registry.snapshot(supplies([3, 2]).reverse(), { status: 5 }, before);
    expect(after).toEqual({ shape: before.shape, values: [3, 2], readAtMs: { status: 5 } });
  });

  it("get another shape when a parameter turns writable or goes, although the snapshot before is given", () => {
    const registry = new ShapeRegistry();
    const before = registry.snapshot(supplies([1, 2]), {});
    const writable = supplies([1, 2]).map((item) => ({ ...item, writable: true }));
    expect(registry.snapshot(writable, {}, before).shape).not.toBe(before.shape);
    expect(registry.snapshot(supplies([1]), {}, before).shape.paths).toHaveLength(1);
  });

  it("refuse a path that occurs twice", () => {
    const twice = [entry("General.State", "Idle"), entry("General.State", "Down")];
    const registry = new ShapeRegistry();
    expect(() => registry.snapshot(twice, {})).toThrow(/General.State occurs twice/);
    const two = [entry("General.State", "Idle"), entry("General.StateMessage", "")];
    expect(() => registry.snapshot(twice, {}, registry.snapshot(two, {}))).toThrow(RangeError);
  });

  it("adopt a stored shape only when none like it is alive", () => {
    const stored = new ShapeRegistry().snapshot(supplies([1]), {}).shape;
    const registry = new ShapeRegistry();
    expect(registry.adopt(stored)).toBe(stored);
    expect(registry.snapshot(supplies([9]), {}).shape).toBe(stored);
  });

  it("give their entries back", () => {
    const entries = [entry("General.State", "Idle"), ...supplies([-3, 0])];
    const registry = new ShapeRegistry();
    const snapshot = registry.snapshot(entries, {});
    expect([...entriesOf(snapshot)]).toEqual(entries);
    expect(valueAt(snapshot, toPath("Supply.{i}.CurrentLevel", 2))).toBe(0);
    expect(valueAt(snapshot, toPath("Supply.{i}.CurrentLevel", 3))).toBeUndefined();
  });
});

describe("differences", () => {
  it("of two snapshots rebuild the second from the first", () => {
    const rows = fc.uniqueArray(
      fc.record({
        instance: fc.integer({ min: 1, max: 20 }),
        level: fc.integer({ min: -3, max: 5 }),
      }),
      { selector: (row) => row.instance },
    );
    const registry = new ShapeRegistry();
    fc.assert(
      fc.property(rows, rows, (first, second) => {
        const [before, after] = [first, second].map((list) =>
          registry.snapshot(
            list.map(({ instance, level }) => entry("Supply.{i}.CurrentLevel", level, instance)),
            {},
          ),
        );
        if (before === undefined || after === undefined) throw new Error("two snapshots were made");
        const values = new Map([...entriesOf(before)].map((item) => [item.path, item.value]));
        for (const change of diffSnapshots(before, after)) {
          expect(values.get(change.path)).toBe(change.before);
          if (change.after === undefined) values.delete(change.path);
          else values.set(change.path, change.after);
        }
        expect(values).toEqual(new Map([...entriesOf(after)].map((i) => [i.path, i.value])));
      }),
    );
  });

  it("from nothing are all parameters", () => {
    const after = new ShapeRegistry().snapshot(supplies([7]), {});
    expect(diffSnapshots(undefined, after)).toEqual([
      { path: toPath("Supply.{i}.CurrentLevel", 1), before: undefined, after: 7 },
    ]);
  });
});
