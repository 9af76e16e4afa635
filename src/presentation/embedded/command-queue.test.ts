import { describe, expect, it } from "vitest";
import { MemoryPrinter } from "../../../test/support/memory-printer.ts";
import { toPath } from "../../model/model.ts";
import { valueAt } from "../../model/shapes.ts";
import { ManualClock } from "../../shared/manual-clock.ts";
import type { PrinterWriteResult } from "../printer-view.ts";
import { CommandQueue } from "./command-queue.ts";
import type { CommandRecord, CommandStore } from "./command-record.ts";
import { giveUpAfterMs } from "./command-rules.ts";

const location = toPath("General.SystemLocation");
const owner = toPath("General.OwnerContact");
const away: PrinterWriteResult = { outcome: "unreachable", reason: "no answer" };

/** A disk that outlives the process. */
class MemoryCommands implements CommandStore {
  record: CommandRecord = { commands: [], failures: [] };
  failure: Error | undefined;

  save(_printerId: string, record: CommandRecord): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.record = record;
    return Promise.resolve();
  }
}

function begin(store = new MemoryCommands(), clock = new ManualClock()) {
  const view = new MemoryPrinter();
  view.poll({ "General.SystemLocation": "old", "General.OwnerContact": "me" }, { writable: true });
  const queue = new CommandQueue({ view, store, clock, record: store.record });
  queue.start();
  const states: string[] = [];
  queue.onChange(() => states.push(queue.processed));
  const switchOff = (): void => {
    view.writeAnswer = away;
    view.changeFacts({ reachability: "Unreachable" });
  };
  const switchOn = async (): Promise<void> => {
    view.writeAnswer = undefined;
    view.changeFacts({ reachability: "Online" });
    await clock.advance(1);
  };
  const value = (path: string) => valueAt(view.snapshot(), path);
  return { queue, view, store, clock, states, switchOff, switchOn, value };
}

const set = (path: string, value: string) => [{ path, value }];

describe("who wants something of a printer", () => {
  it("is told to the printer, also after the printer was away and the process ended", async () => {
    const { queue, view, switchOff, store } = begin();
    await queue.write(set(location, "cellar"), "cli");
    await queue.write(set(location, "loft"));
    expect(view.writers).toEqual(["cli", "acs"]);
    switchOff();
    expect(await queue.write(set(owner, "you"), "api")).toMatchObject({ outcome: "committed" });
    queue.stop();
    const second = begin(store);
    await second.switchOn();
    expect(second.view.writers).toEqual(["api"]);
  });
});

describe("a command for a printer that answers", () => {
  it("is done at once and nothing is kept", async () => {
    const { queue, store, value } = begin();
    expect(await queue.write(set(location, "cellar"))).toMatchObject({ outcome: "applied" });
    expect(value(location)).toBe("cellar");
    expect(queue.processed).toBe("Success");
    expect(store.record.commands).toEqual([]);
  });

  it("can be taken back, for another one of the same request that fails", async () => {
    const { queue, value } = begin();
    const receipt = await queue.write(set(location, "cellar"));
    if ("undo" in receipt) await receipt.undo();
    expect(value(location)).toBe("old");
  });

  it("is refused at once when the printer refuses, and leaves no trace", async () => {
    const { queue, view, store } = begin();
    const failures = [{ path: location, reason: "too long", isInvalidValue: true }];
    view.writeAnswer = { outcome: "failed", failures };
    expect(await queue.write(set(location, "x"))).toEqual({ outcome: "failed", failures });
    expect(queue.processed).toBe("Success");
    expect(store.record.commands).toEqual([]);
  });

  it("that takes long is promised while it goes on", async () => {
    const { queue, view, store, clock, value } = begin();
    let finish: (result: PrinterWriteResult) => void = () => undefined;
    view.write = () =>
      new Promise((resolve) => {
        finish = resolve;
      });
    const writing = queue.write(set(location, "cellar"));
    await clock.advance(10_000);
    expect(await writing).toMatchObject({ outcome: "committed" });
    expect(store.record.commands).toHaveLength(1);
    expect(queue.processed).toBe("Pending");
    view.poll({ "General.SystemLocation": "cellar" }, { writable: true });
    finish({ outcome: "applied" });
    await clock.advance(1);
    expect(queue.processed).toBe("Success");
    expect(store.record.commands).toEqual([]);
    expect(value(location)).toBe("cellar");
  });
});

describe("a command that restarts the printer", () => {
  function restarting() {
    const begun = begin();
    let settle: (end: "applied" | "undone") => void = () => undefined;
    const settled = new Promise<"applied" | "undone">((resolve) => {
      settle = resolve;
    });
    begun.view.writeAnswer = { outcome: "pending", reason: "sent; the printer restarts", settled };
    return { ...begun, settle };
  }

  it("is promised at once and pending until the printer is back with the value", async () => {
    const { queue, store, clock, settle } = restarting();
    expect(await queue.write(set(location, "cellar"))).toMatchObject({ outcome: "committed" });
    expect(queue.processed).toBe("Pending");
    expect(store.record.commands).toHaveLength(1);
    settle("applied");
    await clock.advance(1);
    expect(queue.processed).toBe("Success");
    expect(store.record.commands).toEqual([]);
  });

  it("is an error when it did not take, and does not restart the printer again", async () => {
    const { queue, view, clock, settle } = restarting();
    await queue.write(set(location, "cellar"));
    settle("undone");
    await clock.advance(3_600_000);
    expect(queue.processed).toBe("Error");
    expect(queue.message).toContain("everything is as before");
    expect(view.written).toHaveLength(1);
  });

  it("is given up when the printer never comes back from it, and holds up nothing after that", async () => {
    const { queue, view, clock, store } = restarting();
    await queue.write(set(location, "cellar"));
    await clock.advance(giveUpAfterMs);
    expect(queue.processed).toBe("Error");
    expect(queue.message).toMatch(/^given up, waiting since /);
    expect(store.record.commands).toEqual([]);
    view.writeAnswer = undefined;
    expect(await queue.write(set(location, "attic"))).toMatchObject({ outcome: "applied" });
  });
});

describe("a command for a printer that is away", () => {
  it("is on disk when it is promised, and done when the printer is back, in order", async () => {
    const { queue, view, store, states, switchOff, switchOn, value } = begin();
    switchOff();
    expect(await queue.write(set(location, "cellar"))).toMatchObject({ outcome: "committed" });
    expect(store.record.commands).toMatchObject([{ writes: [{ path: location }] }]);
    await queue.write(set(owner, "you"));
    expect(queue.processed).toBe("Pending");
    expect(queue.pendingValue(location)).toBe("cellar");
    const before = view.written.length;
    await switchOn();
    expect(view.written.slice(before).flat()).toEqual([
      { path: location, value: "cellar" },
      { path: owner, value: "you" },
    ]);
    expect(states).toEqual(["Pending", "Pending", "Pending", "Success"]);
    expect([value(location), value(owner)]).toEqual(["cellar", "you"]);
    expect(queue.pendingValue(location)).toBeUndefined();
    expect(store.record.commands).toEqual([]);
  });

  it("is replaced by a later one for the same parameter, the rest of it stays", async () => {
    const { queue, view, switchOff, switchOn, value } = begin();
    switchOff();
    await queue.write([...set(location, "cellar"), ...set(owner, "you")]);
    await queue.write(set(location, "attic"));
    expect(queue.pendingValue(location)).toBe("attic");
    const before = view.written.length;
    await switchOn();
    expect(view.written.slice(before)).toEqual([set(owner, "you"), set(location, "attic")]);
    expect(value(location)).toBe("attic");
  });

  it("is not overtaken by one that could be done at once", async () => {
    const { queue, view, clock, value } = begin();
    view.writeAnswer = away;
    await queue.write([...set(owner, "you"), ...set(location, "cellar")]);
    view.writeAnswer = undefined; // it answers again, and nobody has noticed yet
    expect(await queue.write(set(location, "attic"))).toMatchObject({ outcome: "committed" });
    await clock.advance(20_000);
    expect(view.written.slice(-2)).toEqual([set(owner, "you"), set(location, "attic")]);
    expect([value(owner), value(location)]).toEqual(["you", "attic"]);
  });

  it("outlives the process", async () => {
    const first = begin();
    first.switchOff();
    await first.queue.write(set(location, "cellar"));
    first.queue.stop();
    const second = begin(first.store);
    await second.clock.advance(1);
    expect(second.value(location)).toBe("cellar");
    expect(second.queue.processed).toBe("Success");
    expect(second.store.record.commands).toEqual([]);
  });

  it("is not promised when it cannot be kept", async () => {
    const { queue, store, switchOff } = begin();
    switchOff();
    store.failure = new Error("disk full");
    await expect(queue.write(set(location, "cellar"))).rejects.toThrow("disk full");
    expect(queue.pendingValue(location)).toBeUndefined();
    expect(queue.processed).toBe("Success");
  });

  it("is tried again after 5, 10, 20 … seconds while the printer only seems to be there", async () => {
    const { queue, view, clock, states } = begin();
    view.writeAnswer = away;
    await queue.write(set(location, "cellar"));
    expect(view.written).toHaveLength(1);
    await clock.advance(4_999);
    expect(view.written).toHaveLength(1);
    await clock.advance(1);
    expect(view.written).toHaveLength(2);
    expect(queue.processed).toBe("Retrying");
    expect(queue.message).toBe("no answer");
    await clock.advance(9_999);
    expect(view.written).toHaveLength(2);
    await clock.advance(1);
    expect(view.written).toHaveLength(3);
    view.writeAnswer = undefined;
    await clock.advance(20_000);
    expect(queue.processed).toBe("Success");
    expect(queue.message).toBe("");
    expect(states).toContain("Retrying");
  });

  it("ends as an error that says what and why when the printer does not know the value", async () => {
    const { queue, view, states, switchOff, clock, value, store } = begin();
    switchOff();
    await queue.write(set(location, "cellar"));
    await queue.write(set(owner, "you"));
    const write = view.write.bind(view);
    view.write = (writes, by) => {
      const isBad = writes.some(({ path }) => path === location);
      const reason = "x".repeat(2_000);
      const failures = [{ path: location, reason, isInvalidValue: true }];
      return isBad ? Promise.resolve({ outcome: "failed", failures }) : write(writes, by);
    };
    view.writeAnswer = undefined;
    view.changeFacts({ reachability: "Online" });
    await clock.advance(1);
    expect(queue.processed).toBe("Error");
    expect(queue.message).toMatch(/^General\.SystemLocation: x+$/);
    expect(queue.message).toHaveLength(1_024);
    expect(queue.pendingValue(location)).toBeUndefined();
    expect([value(location), value(owner)]).toEqual(["old", "you"]);
    expect(states.at(-1)).toBe("Error");
    const restarted = new CommandQueue({ view, store, clock, record: store.record });
    expect(restarted.processed).toBe("Error");
    await queue.write(set(owner, "they"));
    expect(queue.processed).toBe("Success");
  });

  it("is asked five times of a printer that refuses without blaming the value", async () => {
    const { queue, view, clock } = begin();
    view.writeAnswer = away;
    await queue.write(set(location, "cellar"));
    const failures = [{ path: location, reason: "busy" }];
    view.writeAnswer = { outcome: "failed", failures };
    for (let n = 0; n < 10; n += 1) await clock.advance(600_000);
    expect(view.written).toHaveLength(1 + 5);
    expect(queue.processed).toBe("Error");
  });

  it("is given up when the printer has not come back in a week", async () => {
    const { queue, switchOff, clock } = begin();
    switchOff();
    await queue.write(set(location, "cellar"));
    await clock.advance(giveUpAfterMs - 1);
    expect(queue.processed).toBe("Pending");
    await clock.advance(1);
    expect(queue.processed).toBe("Error");
    expect(queue.message).toContain("given up, waiting since 2");
    expect(queue.message).toContain("General.SystemLocation");
  });

  it("gives way to what was written in another way since", async () => {
    const { queue, view, switchOff, switchOn } = begin();
    switchOff();
    await queue.write([...set(location, "cellar"), ...set(owner, "you")]);
    await queue.supersede([location]);
    const before = view.written.length;
    await switchOn();
    expect(view.written.slice(before)).toEqual([set(owner, "you")]);
  });

  it("can be taken back as long as it waits", async () => {
    const { queue, store, switchOff } = begin();
    switchOff();
    const receipt = await queue.write(set(location, "cellar"));
    if ("undo" in receipt) await receipt.undo();
    expect(store.record.commands).toEqual([]);
    expect(queue.processed).toBe("Success");
  });

  it("finds a bounded queue", async () => {
    const { queue, switchOff } = begin();
    switchOff();
    for (let n = 0; n < 500; n += 1)
      await queue.write(set(toPath("Supply.{i}.Description", n + 1), "x"));
    expect(await queue.write(set(location, "cellar"))).toEqual({ outcome: "full" });
  });
});
