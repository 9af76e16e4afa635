import { describe, expect, it } from "vitest";
import {
  type Kinds,
  both,
  device,
  entryOf,
  journal,
  recover,
  run,
} from "../../test/fleet/memory-device.ts";

describe("a write that restarts the printer", () => {
  const kinds: Kinds = { Contact: { restarts: "printer" } };
  const values = () => ({ Location: "Room 1", Contact: "Bob" });

  it("is promised, and told applied when the printer is back with the value", async () => {
    const printer = device(values(), () => [{ path: "Location", value: "Room 2" }], kinds);
    const kept = journal();
    const { result, log } = await run(both, printer.target, kept);
    expect(result.outcome).toBe("pending");
    expect(log).toEqual(["open Room 1,Bob", "restarting"]);
    expect(await recover(kept, printer.target)).toBe("waiting");
    await kept.options.clock.advance(30_000);
    printer.values["Contact"] = "Ann";
    expect(await recover(kept, printer.target)).toBe("applied");
  });

  it("is taken back as a whole when the printer is back without the value", async () => {
    const printer = device(
      values(),
      (writes) => writes.filter(({ path }) => path === "Location"),
      kinds,
    );
    const kept = journal();
    await run(both, printer.target, kept);
    await kept.options.clock.advance(400_000);
    expect(await recover(kept, printer.target)).toBe("undone");
    expect(printer.values).toEqual({ Location: "Room 1", Contact: "Bob" });
  });

  it("is taken back by another restart where it came out wrong, which shows when that is over", async () => {
    const wrong = { Location: "Room 2", Contact: "An" };
    const printer = device({ ...wrong }, () => [], kinds);
    const kept = journal();
    await kept.options.store.openJournal(
      entryOf("restarting", [
        { path: "Location", before: "Room 2", after: "Room 2" },
        { path: "Contact", before: "Bob", after: "Ann" },
      ]),
    );
    await kept.options.clock.advance(400_000);
    expect(await recover(kept, printer.target)).toBe("waiting");
    expect(printer.sets).toEqual(["Contact=Bob"]);
    expect(kept.only().phase).toBe("undoRestarting");
    await kept.options.clock.advance(400_000);
    expect(await recover(kept, printer.target)).toBe("undoFailed");
    expect(printer.undoFailures).toEqual(["Contact Bob An"]);
  });
});

describe("a write that a crash left open", () => {
  const crashed = entryOf("writing", [
    { path: "Location", before: "Room 1", after: "Room 2" },
    { path: "Contact", before: "Bob", after: "Ann" },
  ]);

  it("is complete when it had already taken", async () => {
    const { target } = device({ Location: "Room 2", Contact: "Ann" });
    const kept = journal();
    await kept.options.store.openJournal(crashed);
    expect(await recover(kept, target)).toBe("applied");
  });

  it("is undone when it had taken in part", async () => {
    const { target, values } = device({ Location: "Room 2", Contact: "Bob" });
    const kept = journal();
    await kept.options.store.openJournal(crashed);
    expect(await recover(kept, target)).toBe("undone");
    expect(values).toEqual({ Location: "Room 1", Contact: "Bob" });
  });

  it("says that a password may have been changed when it stopped before the restart that was to follow", async () => {
    const { target, values, undoFailures } = device(
      { Location: "Room 2", Contact: "Bob", Password: "?" },
      undefined,
      { Contact: { restarts: "printer" }, Password: { isUnreadable: true } },
    );
    const kept = journal();
    await kept.options.store.openJournal(withPassword);
    expect(await recover(kept, target)).toBe("undoFailed");
    expect(values).toMatchObject({ Location: "Room 1", Contact: "Bob" });
    expect(undoFailures).toEqual(["Password undefined undefined"]);
  });

  it("has not touched a password when it stopped before everything else was proven", async () => {
    const { target, undoFailures } = device(
      { Location: "Room 1", Contact: "Bob", Password: "?" },
      undefined,
      { Contact: { restarts: "printer" }, Password: { isUnreadable: true } },
    );
    const kept = journal();
    await kept.options.store.openJournal(withPassword);
    expect(await recover(kept, target)).toBe("undone");
    expect(undoFailures).toEqual([]);
  });
});

const withPassword = entryOf("writing", [
  { path: "Location", before: "Room 1", after: "Room 2" },
  { path: "Contact", before: "Bob", after: "Ann" },
  { path: "Password", before: undefined, after: "secret", isUnreadable: true },
]);
