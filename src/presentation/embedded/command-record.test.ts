import { describe, expect, it } from "vitest";
import {
  type PendingCommand,
  commandProcessed,
  noCommands,
  processingMessage,
  withAttempt,
  withCommand,
  withoutCommand,
} from "./command-record.ts";

function command(id: number, ...paths: readonly string[]): PendingCommand {
  const writes = paths.map((path) => ({ path, value: "x" }));
  return { id, writes, acceptedAtMs: 0, attempts: 0, refusals: 0, lastError: "" };
}

describe("the record of a printer's commands", () => {
  it("shows a failure until something new is promised", () => {
    const failed = withoutCommand(withCommand(noCommands, command(1, "A")), 1, "A: too long");
    expect([commandProcessed(failed), processingMessage(failed)]).toEqual(["Error", "A: too long"]);
    const again = withCommand(failed, command(2, "A"));
    expect([commandProcessed(again), processingMessage(again)]).toEqual(["Pending", ""]);
    expect(commandProcessed(withoutCommand(again, 2))).toBe("Success");
  });

  it("keeps a failure while other commands of the same time wait", () => {
    const both = withCommand(withCommand(noCommands, command(1, "A")), command(2, "B"));
    const waiting = withCommand(withoutCommand(both, 1, "A: too long"), command(3, "C"));
    const tried = withAttempt(waiting, 2, { wasRefused: false, error: "no answer" });
    expect(commandProcessed(tried)).toBe("Retrying");
    expect(processingMessage(tried)).toBe("A: too long; no answer");
    expect(commandProcessed(withoutCommand(withoutCommand(tried, 2), 3))).toBe("Error");
  });

  it("has every parameter in one command only: the last", () => {
    const { commands } = withCommand(
      withCommand(noCommands, command(1, "A", "B")),
      command(2, "A"),
    );
    expect(commands.map(({ writes }) => writes.map(({ path }) => path))).toEqual([["B"], ["A"]]);
    expect(withCommand(noCommands, command(3, "A")).commands.length).toBe(1);
  });
});
