import type { JournalRecord } from "./write-journal.ts";
import { describe, expect, it } from "vitest";
import { temporaryStore } from "../../test/store/temporary-store.ts";
import { shapeOf, snapshotOf } from "../../test/store/shapes.ts";
import type { Store } from "./store.ts";

const shape = shapeOf("s", ["A.", "B."]);

/** One more event of endpoint `e`. */
function addEvent(store: Store, commandKey: string): Promise<readonly number[]> {
  return store.endpoints.commit("e", { addEvents: [{ eventCode: "1 BOOT", commandKey }] });
}

/** Larger than what a store of 1 MB has room for. */
function tooMuch(): string {
  return Array.from(
    { length: 200_000 },
    (_, index) => (index * 2_654_435_761) % 4_294_967_296,
  ).join();
}

describe("group commit", () => {
  it("gives each of many concurrent changes its own result, in order", async () => {
    const store = await temporaryStore();
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, index) => addEvent(store, String(index))),
    );
    const ids = results.flat();
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    const { events } = await store.endpoints.load("e");
    expect(events.map(({ commandKey }) => commandKey)).toEqual(
      Array.from({ length: 200 }, (_, index) => String(index)),
    );
  });

  it("fails only the change that cannot be made, not its neighbours", async () => {
    const store = await temporaryStore();
    const entry: JournalRecord = {
      ...{ id: "same", printerId: "p", startedAtMs: 1, writes: [] },
      ...{ who: "acs", phase: "writing", phaseAtMs: 1 },
    };
    const results = await Promise.allSettled([
      addEvent(store, "before"),
      store.printers.openJournal(entry),
      store.printers.openJournal(entry),
      addEvent(store, "after"),
    ]);
    expect(results.map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect((await store.endpoints.load("e")).events).toHaveLength(2);
  });

  it("keeps nothing of a change that fails half-way", async () => {
    const store = await temporaryStore();
    const change = store.endpoints.commit("e", {
      addEvents: [{ eventCode: "1 BOOT", commandKey: "" }],
      // A value SQLite cannot store, as a defect elsewhere would pass it.
      setReported: new Map([["path", {} as unknown as string]]),
    });
    await expect(change).rejects.toMatchObject({ code: "store.failed" });
    expect((await store.endpoints.load("e")).events).toEqual([]);
  });

  it("survives a full disk: the change too big fails, its neighbours and later ones are kept", async () => {
    const store = await temporaryStore({ maxDatabaseBytes: 1_000_000 });
    const results = await Promise.allSettled([
      addEvent(store, "before"),
      store.endpoints.commit("e", { setReported: new Map([["big", tooMuch()]]) }),
      addEvent(store, "beside"),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect((results[1] as PromiseRejectedResult).reason).toMatchObject({
      code: "store.disk-full",
      retryable: true,
    });
    await addEvent(store, "after");
    const { events, reported } = await store.endpoints.load("e");
    expect(events.map(({ commandKey }) => commandKey)).toEqual(["before", "beside", "after"]);
    expect(reported.size).toBe(0);
  });

  it("takes changes again once a full disk has room", async () => {
    const store = await temporaryStore({ maxDatabaseBytes: 1_000_000 });
    const fill = async (index: number): Promise<void> => {
      await store.endpoints.commit(`filler ${index}`, {
        setReported: new Map([["path", "x".repeat(50_000)]]),
      });
    };
    let filled = 0;
    await expect(
      (async () => {
        for (; filled < 100; filled++) await fill(filled);
      })(),
    ).rejects.toMatchObject({ code: "store.disk-full" });
    expect(filled).toBeGreaterThan(5);
    await store.endpoints.remove("filler 0");
    await fill(1_000);
    expect((await store.endpoints.load("filler 1000")).reported.size).toBe(1);
    expect((await store.endpoints.load(`filler ${filled - 1}`)).reported.size).toBe(1);
  });

  it("lets reads see what was asked to be written before them", async () => {
    const store = await temporaryStore();
    const saved = store.printers.saveSnapshot("p", snapshotOf(shape, ["1", "2"]), []);
    expect((await store.printers.loadSnapshot("p"))?.values).toEqual(["1", "2"]);
    await saved;
  });
});
