import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { systemClock } from "../shared/clock.ts";
import { runPing } from "./ping.ts";
import { hasProgram, runProgram } from "./run-program.ts";

const never = new AbortController().signal;

/** Processes this one has started and that still live. */
function children(): string[] {
  const pid = process.pid.toString();
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "ascii").split(" ").filter(Boolean);
}

describe("a program of the system", () => {
  it("is run without a shell, in the language of programs", async () => {
    const result = await runProgram("sh", ["-c", 'echo "$1 $LC_ALL"; exit 3', "-", "$HOME"], never);
    expect(result).toEqual({ outcome: "ended", exitCode: 3, output: "$HOME C\n", errors: "" });
  });

  it("may be missing", async () => {
    expect(await runProgram("no-such-program", [], never)).toEqual({ outcome: "missing" });
    expect(await hasProgram("no-such-program")).toBe(false);
    expect(await hasProgram("sh")).toBe(true);
  });

  it("is ended when it says too much", async () => {
    expect(await runProgram("yes", [], never)).toEqual({ outcome: "cut" });
    expect(children()).toEqual([]);
  });

  it("is gone when an abort has settled", async () => {
    const abort = new AbortController();
    const run = runProgram("sleep", ["60"], abort.signal);
    expect(children()).toHaveLength(1);
    abort.abort();
    expect(await run).toMatchObject({ outcome: "ended", exitCode: undefined });
    expect(children()).toEqual([]);
    expect(await runProgram("sleep", ["60"], abort.signal)).toMatchObject({ outcome: "ended" });
  });

  it("leaves nothing of a ping behind that was aborted in the middle", async () => {
    const abort = new AbortController();
    const run = runPing(
      {
        host: "127.0.0.1",
        version: "IPv4",
        repetitions: 1_000_000,
        timeoutMs: 1000,
        blockSize: 56,
        dscp: 0,
        clock: systemClock,
      },
      abort.signal,
    );
    setTimeout(() => {
      abort.abort();
    }, 100);
    await run;
    expect(children()).toEqual([]);
  });
});
