import { describe, expect, it } from "vitest";
import type { ModelValue } from "../model/definition.ts";
import { ManualClock } from "../shared/manual-clock.ts";
import { SnmpError, SnmpWriteError } from "../southbound/snmp/errors.ts";
import type { JournalEntry } from "./printer-store.ts";
import { recoverWrite, writeAll } from "./write.ts";
import type { PrinterWrite, WriteTarget } from "./write-port.ts";

/** A device in memory; `onSet` may refuse or bend what is written. */
function device(
  values: Record<string, ModelValue>,
  onSet: (writes: readonly PrinterWrite[], count: number) => readonly PrinterWrite[] = (writes) =>
    writes,
) {
  const undoFailures: string[] = [];
  const sets: string[] = [];
  const target: WriteTarget = {
    objection: ({ path }) => (path in values ? undefined : `${path} is not writable`),
    readValues: (paths) =>
      Promise.resolve(new Map(paths.map((path) => [path, values[path] ?? ""] as const))),
    set: (writes) => {
      sets.push(writes.map(({ path, value }) => `${path}=${String(value)}`).join(" "));
      for (const { path, value } of onSet(writes, sets.length)) values[path] = value;
      return Promise.resolve();
    },
    undoFailed: (path, wanted, found) => {
      undoFailures.push(`${path} ${String(wanted)} ${String(found)}`);
    },
  };
  return { target, values, sets, undoFailures };
}

function journal() {
  const log: string[] = [];
  const open = new Map<string, JournalEntry>();
  return {
    log,
    open,
    options: {
      printerId: "p",
      clock: new ManualClock(),
      store: {
        openJournal: (entry: JournalEntry) => {
          open.set(entry.id, entry);
          log.push(`open ${entry.writes.map((write) => write.before).join()}`);
          return Promise.resolve();
        },
        closeJournal: (id: string, outcome: string) => {
          open.delete(id);
          log.push(outcome);
          return Promise.resolve();
        },
      },
    },
  };
}

const both: readonly PrinterWrite[] = [
  { path: "Location", value: "Room 2" },
  { path: "Contact", value: "Ann" },
];
const timeout = () => new SnmpError("no answer", { code: "snmp.timeout", retryable: true });

async function run(
  writes: readonly PrinterWrite[],
  target: WriteTarget,
  kept = journal(),
): Promise<{ result: Awaited<ReturnType<typeof writeAll>>; log: string[] }> {
  const written = writeAll(writes, target, kept.options);
  await kept.options.clock.advance(0);
  await kept.options.clock.advance(10_000);
  return { result: await written, log: kept.log };
}

describe("writing to a printer", () => {
  it("journals the old values, sets all in one request and reads back", async () => {
    const { target, sets } = device({ Location: "Room 1", Contact: "Bob" });
    const { result, log } = await run(both, target);
    expect(result).toEqual({ outcome: "applied" });
    expect(sets).toEqual(["Location=Room 2 Contact=Ann"]);
    expect(log).toEqual(["open Room 1,Bob", "applied"]);
  });

  it("sends nothing when any parameter is not writable", async () => {
    const { target, sets } = device({ Location: "Room 1" });
    const { result, log } = await run(both, target);
    expect(result).toMatchObject({ outcome: "failed", failures: [{ path: "Contact" }] });
    expect(sets).toEqual([]);
    expect(log).toEqual([]);
  });

  it("undoes, last first, what took when another parameter did not", async () => {
    const bent = device({ Location: "Room 1", Contact: "Bob" }, (writes) =>
      writes.filter(({ value }) => value !== "Ann"),
    );
    const { result, log } = await run(both, bent.target);
    expect(result).toMatchObject({ outcome: "failed", failures: [{ path: "Contact" }] });
    expect(bent.values).toEqual({ Location: "Room 1", Contact: "Bob" });
    expect(log.at(-1)).toBe("undone");
  });

  it("says both values when undoing fails", async () => {
    const stubborn = device({ Location: "Room 1", Contact: "Bob" }, (writes, count) =>
      count === 1 ? writes.slice(0, 1) : [],
    );
    const { log } = await run(both, stubborn.target);
    expect(stubborn.undoFailures).toEqual(["Location Room 1 Room 2"]);
    expect(log.at(-1)).toBe("undoFailed");
  });

  it("believes the device, not a SET whose answer was lost", async () => {
    const { target, values } = device({ Location: "Room 1", Contact: "Bob" });
    const set = target.set.bind(target);
    const lossy: WriteTarget = {
      ...target,
      set: async (writes) => {
        await set(writes);
        throw timeout();
      },
    };
    expect((await run(both, lossy)).result).toEqual({ outcome: "applied" });
    expect(values["Location"]).toBe("Room 2");
  });

  it("reports the agent's refusal", async () => {
    const { target } = device({ Location: "Room 1", Contact: "Bob" });
    const refusing: WriteTarget = {
      ...target,
      set: () => Promise.reject(new SnmpError("notWritable", { code: "snmp.error-status" })),
    };
    expect((await run(both, refusing)).result).toMatchObject({
      outcome: "failed",
      failures: [{ reason: "notWritable" }, { reason: "notWritable" }],
    });
  });

  it("says that the value is at fault where the printer made another one of it, or refused it", async () => {
    const cutting = device({ Location: "Room 1", Contact: "Bob" }, (writes) =>
      writes.map(({ path, value }) => ({ path, value: String(value).slice(0, 4) })),
    );
    const ignoring = device({ Location: "Room 1", Contact: "Bob" }, () => []);
    const refusing: WriteTarget = {
      ...ignoring.target,
      set: () =>
        Promise.reject(
          new SnmpWriteError("no", { code: "snmp.wrong-value", status: "wrongValue" }),
        ),
    };
    const write = [{ path: "Location", value: "Cellar 2" }];
    expect((await run(write, cutting.target)).result).toMatchObject({
      failures: [{ isInvalidValue: true }],
    });
    expect((await run(write, refusing)).result).toMatchObject({
      failures: [{ isInvalidValue: true }],
    });
    expect((await run(write, ignoring.target)).result).not.toHaveProperty(
      "failures.0.isInvalidValue",
    );
  });

  it("gives a slow agent time to apply, and tolerates padding", async () => {
    const { target, values } = device({ Location: "Room 1", Contact: "Bob" }, () => []);
    const kept = journal();
    kept.options.clock.after(300, () => {
      values["Location"] = "Room 2  ";
      values["Contact"] = "Ann\0";
    });
    expect((await run(both, target, kept)).result).toEqual({ outcome: "applied" });
  });

  it("leaves the journal open when the printer falls silent, and ends it later", async () => {
    const { target, values } = device({ Location: "Room 1", Contact: "Bob" });
    let reads = 0;
    const dying: WriteTarget = {
      ...target,
      readValues: (paths) => (++reads > 1 ? Promise.reject(timeout()) : target.readValues(paths)),
      set: (writes) => target.set(writes.slice(0, 1)),
    };
    const kept = journal();
    expect((await run(both, dying, kept)).result.outcome).toBe("unreachable");
    const [entry] = kept.open.values();
    if (entry === undefined) throw new Error("the journal entry is gone");
    expect(values["Location"]).toBe("Room 2");
    expect(await recoverWrite(entry, target, kept.options)).toBe("undone");
    expect(values).toEqual({ Location: "Room 1", Contact: "Bob" });
    expect(kept.open.size).toBe(0);
  });

  it("completes a crashed write that had already taken", async () => {
    const { target } = device({ Location: "Room 2", Contact: "Ann" });
    const kept = journal();
    const entry: JournalEntry = {
      id: "1",
      printerId: "p",
      startedAtMs: 0,
      writes: [
        { path: "Location", before: "Room 1", after: "Room 2" },
        { path: "Contact", before: "Bob", after: "Ann" },
      ],
    };
    expect(await recoverWrite(entry, target, kept.options)).toBe("applied");
  });
});
