import { describe, expect, it } from "vitest";
import {
  type Kinds,
  both,
  device,
  entryOf,
  journal,
  recover,
  run,
  timeout,
} from "../../test/fleet/memory-device.ts";
import { EwsRefusedError } from "../southbound/ews/errors.ts";
import { SnmpError, SnmpWriteError } from "../southbound/snmp/errors.ts";
import type { WriteTarget } from "./write-port.ts";

describe("writing to a printer", () => {
  it("journals the old values, makes the step and reads back", async () => {
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

  it("sends nothing when the old value cannot be read: nobody could put it back, or see whether it took", async () => {
    const { target, sets } = device({ Location: "Room 1", Contact: "Bob" });
    const unbelieved: WriteTarget = {
      ...target,
      readValues: async (paths) => {
        const values = await target.readValues(paths);
        return new Map([...values].filter(([path]) => path !== "Contact"));
      },
    };
    const { result, log } = await run(both, unbelieved);
    expect(result).toMatchObject({ outcome: "failed", failures: [{ path: "Contact" }] });
    expect([sets, log]).toEqual([[], []]);
  });

  it("leaves alone what the printer has already", async () => {
    const { target, sets } = device({ Location: "Room 2", Contact: "Bob" });
    const { log } = await run(both, target);
    expect(sets).toEqual(["Contact=Ann"]);
    expect(log).toEqual(["open Bob", "applied"]);
    expect(await run(both, target)).toEqual({ result: { outcome: "applied" }, log: [] });
  });

  it("undoes, last first, what took when another parameter did not", async () => {
    const bent = device({ Location: "Room 1", Contact: "Bob" }, (writes) =>
      writes.filter(({ value }) => value !== "Ann"),
    );
    const { result, log } = await run(both, bent.target);
    expect(result).toMatchObject({ outcome: "failed", failures: [{ path: "Contact" }] });
    expect(bent.values).toEqual({ Location: "Room 1", Contact: "Bob" });
    expect(log.slice(1)).toEqual(["undoing", "undone"]);
  });

  it("makes no further step after one that was refused, and says so of each parameter", async () => {
    const { target, values, sets } = device(
      { Location: "Room 1", Contact: "Bob", Name: "a" },
      (writes) => {
        if (writes.some(({ value }) => value === "Ann"))
          throw new EwsRefusedError("no", "Contact is not known");
        return writes;
      },
      { Contact: {}, Name: {} },
    );
    const { result } = await run([...both, { path: "Name", value: "b" }], target);
    expect(result).toEqual({
      outcome: "failed",
      failures: [
        { path: "Contact", reason: "no: Contact is not known" },
        { path: "Name", reason: "not tried: step Contact failed before" },
      ],
    });
    expect(sets).toEqual(["Location=Room 2", "Contact=Ann", "Location=Room 1"]);
    expect(values).toEqual({ Location: "Room 1", Contact: "Bob", Name: "a" });
  });

  it("says which values could not be put back, and what they are", async () => {
    const stubborn = device({ Location: "Room 1", Contact: "Bob" }, (writes, count) =>
      count === 1 ? writes.slice(0, 1) : [],
    );
    const { result, log } = await run(both, stubborn.target);
    expect(stubborn.undoFailures).toEqual(["Location Room 1 Room 2"]);
    expect(log.at(-1)).toBe("undoFailed");
    expect(result).toMatchObject({
      failures: [{ path: "Contact" }, { path: "Location" }],
      notUndone: ["Location"],
    });
  });

  it("puts values back one by one where one of them spoils the step of the others", async () => {
    const { target, values } = device(
      { Location: "Room 1", Contact: "Bob", Name: "a" },
      (writes, count) => {
        if (count > 2 && writes.length > 1) throw new EwsRefusedError("not together", "");
        return count === 2 ? [] : writes;
      },
      { Name: {} },
    );
    await run([...both, { path: "Name", value: "b" }], target);
    expect(values).toEqual({ Location: "Room 1", Contact: "Bob", Name: "a" });
  });

  it("believes the device, not a step whose answer was lost", async () => {
    const { target, values } = device({ Location: "Room 1", Contact: "Bob" });
    const lossy: WriteTarget = {
      ...target,
      perform: async (step) => {
        await target.perform(step);
        throw timeout();
      },
    };
    expect((await run(both, lossy)).result).toEqual({ outcome: "applied" });
    expect(values["Location"]).toBe("Room 2");
  });

  it("tells the old value again to a printer that may still do what it did not answer", async () => {
    const { target, values, sets } = device({ Location: "Room 1", Contact: "Bob" });
    const late: WriteTarget = {
      ...target,
      perform: (step) => {
        if (sets.length > 0) return target.perform(step);
        sets.push("late");
        return Promise.reject(timeout());
      },
    };
    expect((await run(both, late)).result).toMatchObject({ outcome: "failed" });
    expect(sets).toEqual(["late", "Location=Room 1 Contact=Bob"]);
    expect(values).toEqual({ Location: "Room 1", Contact: "Bob" });
  });

  it("reports the agent's refusal", async () => {
    const { target } = device({ Location: "Room 1", Contact: "Bob" });
    const refusing: WriteTarget = {
      ...target,
      perform: () => Promise.reject(new SnmpError("notWritable", { code: "snmp.not-writable" })),
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
      perform: () =>
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

  it("takes back, and never completes, what it called a failure when the printer fell silent", async () => {
    const { target, values } = device({ Location: "Room 1", Contact: "Bob" });
    let reads = 0;
    const dying: WriteTarget = {
      ...target,
      readValues: (paths) => (++reads > 1 ? Promise.reject(timeout()) : target.readValues(paths)),
    };
    const kept = journal();
    expect((await run(both, dying, kept)).result.outcome).toBe("unreachable");
    expect(kept.only().phase).toBe("undoing");
    expect(values).toEqual({ Location: "Room 2", Contact: "Ann" });
    expect(await recover(kept, target)).toBe("undone");
    expect(values).toEqual({ Location: "Room 1", Contact: "Bob" });
    expect(kept.open.size).toBe(0);
  });
});

describe("values the printer never tells", () => {
  const password = { path: "Password", value: "s3cret" };
  const kinds: Kinds = { Password: { isUnreadable: true } };

  it("are written last, and count as written when the printer took them", async () => {
    const { target, sets } = device(
      { Location: "Room 1", Contact: "Bob", Password: "" },
      undefined,
      kinds,
    );
    const { result, log } = await run([password, ...both], target);
    expect(result).toEqual({ outcome: "applied" });
    expect(sets).toEqual(["Location=Room 2 Contact=Ann", "Password=s3cret"]);
    expect(log.at(-1)).toBe("applied");
  });

  it("are not written at all when the others did not take", async () => {
    const { target, sets } = device(
      { Location: "Room 1", Contact: "Bob", Password: "" },
      (writes) => writes.filter(({ value }) => value !== "Ann"),
      kinds,
    );
    await run([password, ...both], target);
    expect(sets.join()).not.toContain("s3cret");
  });

  it("are written twice when the answer was lost; the printer may have them after that", async () => {
    const { target, sets, values, undoFailures } = device(
      { Location: "Room 1", Contact: "Bob", Password: "" },
      (writes) => {
        if (writes.some(({ path }) => path === "Password")) throw timeout();
        return writes;
      },
      kinds,
    );
    const { result } = await run([password, ...both], target);
    expect(sets.filter((set) => set.startsWith("Password"))).toHaveLength(2);
    expect(result).toMatchObject({ outcome: "failed", notUndone: ["Password"] });
    expect(undoFailures).toEqual(["Password undefined undefined"]);
    expect(values["Location"]).toBe("Room 1");
  });

  it("are written again after a crash that left the others written", async () => {
    const { target, sets } = device(
      { Location: "Room 2", Contact: "Ann", Password: "" },
      undefined,
      kinds,
    );
    const kept = journal();
    await kept.options.store.openJournal(
      entryOf("writing", [
        { path: "Location", before: "Room 1", after: "Room 2" },
        { path: "Password", before: undefined, after: "s3cret", isUnreadable: true },
      ]),
    );
    expect(await recover(kept, target)).toBe("applied");
    expect(sets).toEqual(["Password=s3cret"]);
  });
});

describe("what the site allows", () => {
  it("writes nothing where writing is switched off, and says so", async () => {
    const { target, sets } = device({ Location: "Room 1", Contact: "Bob" });
    const { result } = await run(both, target, journal({ readOnly: true }));
    expect(JSON.stringify(result)).toContain("writes.readOnly");
    expect(sets).toEqual([]);
  });

  it("restarts a printer in maintenance windows only", async () => {
    const kinds: Kinds = { Contact: { restarts: "network" } };
    const { target, sets } = device({ Location: "Room 1", Contact: "Bob" }, undefined, kinds);
    const kept = journal({ mayRestartAt: () => "the next window begins at 22:00" });
    expect((await run(both, target, kept)).result).toEqual({
      outcome: "failed",
      failures: [
        { path: "Contact", reason: "restarts the network; the next window begins at 22:00" },
      ],
    });
    expect(sets).toEqual([]);
    expect((await run(both.slice(0, 1), target, kept)).result).toEqual({ outcome: "applied" });
  });
});
