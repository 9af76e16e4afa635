import { beforeEach, describe, expect, it } from "vitest";
import type { EvaluatedParameter, EvaluatedTable } from "../mapping/evaluation.ts";
import { serviceObject } from "../model/definition.ts";
import { ShapeRegistry, valueAt } from "../model/shapes.ts";
import type { PollClass } from "../model/snapshot.ts";
import {
  layOut,
  merge,
  type LaidOut,
  type Merged,
  type MergeOptions,
  type Reading,
} from "./merge.ts";
import { RowNumbers } from "./row-numbers.ts";

const supplyTable = "Supply.{i}.";

function supply(rowKey: string, level: number): EvaluatedParameter {
  const template = "Supply.{i}.CurrentLevel";
  return { template, rowKey, value: level, pollClass: "supplies" };
}
function scalar(template: string, value: string, pollClass: PollClass): EvaluatedParameter {
  return { template, rowKey: undefined, value, pollClass };
}
const rowsOf = (...rowKeys: string[]): EvaluatedTable => ({ template: supplyTable, rowKeys });

function reading(
  classes: readonly PollClass[],
  parameters: readonly EvaluatedParameter[],
  tables: readonly EvaluatedTable[] = [],
  more: Partial<Reading> = {},
): Reading {
  return {
    evaluation: { parameters, tables },
    classes,
    incomplete: new Set(),
    readAtMs: 1_000,
    isNewMapping: false,
    ...more,
  };
}

let options: MergeOptions;
let empty: LaidOut;
let assignments = 0;
beforeEach(async () => {
  const numbers = new Map<string, number>();
  assignments = 0;
  const rows = await RowNumbers.load(
    {
      instances: () => Promise.resolve([]),
      assignInstances: (_id, _table, rowKeys) => {
        assignments++;
        for (const key of rowKeys) if (!numbers.has(key)) numbers.set(key, numbers.size + 1);
        return Promise.resolve(new Map(rowKeys.map((key) => [key, numbers.get(key) ?? 0])));
      },
    },
    "p",
  );
  options = { shapes: new ShapeRegistry(), rows, isWritable: () => true };
  empty = layOut([], {}, options);
});

/** Values by path below the service object. */
function shown({ snapshot }: LaidOut): Record<string, unknown> {
  const entries = snapshot.shape.paths.map((path, position) => [
    path.replace(`${serviceObject}1.`, ""),
    snapshot.values[position],
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

const two = reading(["supplies"], [supply("1.1", 80), supply("1.4", -3)], [rowsOf("1.1", "1.4")]);
const first = (): Promise<Merged> => merge(empty, two, options);

describe("merging a reading", () => {
  it("numbers rows, counts them and reports everything as new", async () => {
    const merged = await first();
    expect(shown(merged)).toEqual({
      "Supply.1.CurrentLevel": 80,
      "Supply.2.CurrentLevel": -3,
      SupplyNumberOfEntries: 2,
    });
    expect(merged.changes).toHaveLength(3);
    expect(merged.snapshot.readAtMs).toEqual({ supplies: 1_000 });
  });

  it("shares everything with the state before when nothing changed, and asks the store nothing", async () => {
    const before = await first();
    const after = await merge(before, { ...two, readAtMs: 2_000 }, options);
    expect(after.changes).toEqual([]);
    expect(after.snapshot.values).toBe(before.snapshot.values);
    expect(after.snapshot.shape).toBe(before.snapshot.shape);
    expect(after.snapshot.readAtMs).toEqual({ supplies: 2_000 });
    expect(assignments).toBe(1);
  });

  it("does not modify the state before", async () => {
    const before = await first();
    const next = reading(
      ["supplies"],
      [supply("1.1", 79), supply("1.4", -3)],
      [rowsOf("1.1", "1.4")],
    );
    const after = await merge(before, next, options);
    expect(shown(before)["Supply.1.CurrentLevel"]).toBe(80);
    expect(shown(after)["Supply.1.CurrentLevel"]).toBe(79);
  });

  it("drops a row that is gone and keeps the number of the others", async () => {
    const before = await first();
    const next = reading(["supplies"], [supply("1.4", -3)], [rowsOf("1.4")]);
    expect(shown(await merge(before, next, options))).toEqual({
      "Supply.2.CurrentLevel": -3,
      SupplyNumberOfEntries: 1,
    });
  });

  it("counts the last row out", async () => {
    const after = await merge(await first(), reading(["supplies"], [], [rowsOf()]), options);
    expect(shown(after)).toEqual({ SupplyNumberOfEntries: 0 });
  });

  it("keeps the values of a table that was cut off, and their age", async () => {
    const cut = reading(["supplies"], [], [], {
      incomplete: new Set<PollClass>(["supplies"]),
      readAtMs: 9_000,
    });
    const before = await first();
    const after = await merge(before, cut, options);
    expect(shown(after)).toEqual(shown(before));
    expect(after.snapshot.readAtMs).toEqual({ supplies: 1_000 });
  });

  it("keeps what a page that is not read told before, and its age, however often that happens", async () => {
    const told = [scalar("Network.SMTP.ServerAddress", "mail", "settings")];
    const both = [...told, scalar("General.SystemName", "prn", "settings")];
    const before = await merge(empty, reading(["settings"], both), options);
    const silent: Reading = {
      ...reading(["settings"], [scalar("General.SystemName", "new", "settings")]),
      evaluation: {
        parameters: [scalar("General.SystemName", "new", "settings")],
        tables: [],
        untold: new Set(["Network.SMTP.ServerAddress"]),
      },
      readAtMs: 9_000,
    };
    let after = before;
    for (let n = 0; n < 10; n++) after = await merge(after, silent, options);
    expect(valueAt(after.snapshot, `${serviceObject}1.Network.SMTP.ServerAddress`)).toBe("mail");
    expect(valueAt(after.snapshot, `${serviceObject}1.General.SystemName`)).toBe("new");
    expect(after.snapshot.readAtMs.settings).toBe(1_000);
    const back = await merge(after, { ...reading(["settings"], both), readAtMs: 9_500 }, options);
    expect(back.snapshot.readAtMs.settings).toBe(9_500);
  });

  it("leaves other poll classes alone", async () => {
    const named = reading(["settings"], [scalar("General.SystemName", "hp", "settings")]);
    const both = await merge(await first(), named, options);
    expect(shown(both)).toMatchObject({ "General.SystemName": "hp", SupplyNumberOfEntries: 2 });
    const gone = await merge(both, reading(["settings"], []), options);
    expect(shown(gone)).toEqual(shown(await first()));
  });

  it("leaves nothing behind of a mapping that was replaced", async () => {
    const next = reading(
      ["supplies", "settings"],
      [scalar("General.SystemName", "hp", "settings")],
      [],
      { isNewMapping: true },
    );
    expect(shown(await merge(await first(), next, options))).toEqual({
      "General.SystemName": "hp",
    });
  });

  it("marks as writable only what model, mapping and credential allow", async () => {
    const next = reading(
      ["settings"],
      [
        scalar("General.SystemLocation", "x", "settings"),
        scalar("General.SerialNumber", "1", "settings"),
      ],
    );
    const { snapshot } = await merge(empty, next, options);
    const { shape } = snapshot;
    expect(shape.paths.filter((_, position) => shape.writable[position])).toEqual([
      `${serviceObject}1.General.SystemLocation`,
    ]);
  });

  it("leaves out what the model does not know", async () => {
    const next = reading(["settings"], [scalar("General.Nonsense", "x", "settings")]);
    expect(shown(await merge(empty, next, options))).toEqual({});
  });
});
