import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Transfer, TransferProgress, TransferState } from "./transfer.ts";
import { noProgress } from "./transfer.ts";
import { type TransferInput, nextTransferStep } from "./transfer-machine.ts";
import { outcomeOf } from "./transfer-progress.ts";
import { judgeTime, windowAfterDelay, windowsOf } from "./transfer-windows.ts";

const nowMs = Date.UTC(2026, 0, 1);
const all = { hasRetries: true, hasWindows: true };
const none = { hasRetries: false, hasWindows: false };

const windowPair = [
  { startS: 10, endS: 20, mode: "1 At Any Time", userMessage: "", maxRetries: 1 },
  { startS: 30, endS: 40, mode: "3 When Idle", userMessage: "", maxRetries: 0 },
];

function scheduled(progress: Partial<TransferProgress> = {}): Transfer {
  const windows = windowsOf(windowPair, nowMs);
  if ("wrong" in windows) throw new Error(windows.wrong);
  return transferOf({ kind: "ScheduleDownload", windows }, progress);
}

function ordered(kind: "Download" | "Upload", progress: Partial<TransferProgress> = {}): Transfer {
  return transferOf({ kind, windows: windowAfterDelay(nowMs, 60) }, progress);
}

function transferOf(
  request: Pick<Transfer["request"], "kind" | "windows">,
  progress: Partial<TransferProgress>,
): Transfer {
  return {
    id: 1,
    endpointId: "e",
    request: {
      commandKey: "k",
      fileType: "",
      url: "",
      username: "",
      password: "",
      fileSize: 0,
      targetFileName: "",
      ...request,
    },
    progress: { ...noProgress, ...progress },
  };
}

describe("transfer machine", () => {
  it("leads a download through every state", () => {
    const inputs: TransferInput[] = ["due", "arrived", "restartNeeded", "resumed", "applied"];
    let state: TransferState = "waiting";
    const path = inputs.map((input) => {
      const step = nextTransferStep(state, input, none);
      state = step.state;
      return `${step.state}/${step.action}`;
    });
    expect(path).toEqual([
      "transferring/transfer",
      "applying/apply",
      "restarting/restart",
      "restarting/judge",
      "reporting/report",
    ]);
    expect(nextTransferStep(state, "answered", none)).toEqual({ state: "done", action: "forget" });
  });

  it("cancels what waits or moves, and refuses once the file is being applied", () => {
    const after = (state: TransferState): string => nextTransferStep(state, "cancel", none).action;
    expect(after("waiting")).toBe("forget");
    expect(after("transferring")).toBe("abort");
    expect(
      ["applying", "restarting", "reporting"].map((state) => after(state as "applying")),
    ).toEqual(["refuse", "refuse", "refuse"]);
  });

  it("tries again in the window, then in the next, then reports", () => {
    const after = (context: typeof all): string =>
      nextTransferStep("transferring", "stumbled", context).action;
    expect(after(all)).toBe("wait");
    expect(after({ hasRetries: false, hasWindows: true })).toBe("waitForWindow");
    expect(after(none)).toBe("report");
  });

  it("goes on after a kill where it was, and judges what was being applied", () => {
    const after = (state: TransferState): string => nextTransferStep(state, "resumed", none).action;
    expect(after("waiting")).toBe("wait");
    expect(after("transferring")).toBe("transfer");
    expect(after("applying")).toBe("judge");
    expect(after("restarting")).toBe("judge");
    expect(after("reporting")).toBe("report");
  });

  it("ends every sequence of happenings in a state of the table and never leaves done", () => {
    const inputs: TransferInput[] = [
      "due",
      "windowClosed",
      "arrived",
      "sent",
      "applied",
      "restartNeeded",
      "stumbled",
      "failed",
      "resumed",
      "notApplied",
      "cancel",
      "answered",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...inputs)), fc.boolean(), (sequence, more) => {
        let state: TransferState = "waiting";
        for (const input of sequence) {
          const step = nextTransferStep(state, input, { hasRetries: more, hasWindows: more });
          if (state === "done") expect(step).toEqual({ state: "done", action: "ignore" });
          if (step.action === "ignore" || step.action === "refuse") expect(step.state).toBe(state);
          state = step.state;
        }
      }),
    );
  });
});

describe("outcome", () => {
  it("counts attempts per window and pauses longer after each", () => {
    const first = outcomeOf(scheduled(), { input: "due", atMs: nowMs + 10_000, window: 0 });
    expect(first.progress).toMatchObject({ attempts: 1, window: 0, startedAtMs: nowMs + 10_000 });
    const failure = { faultCode: 9015, faultString: "away" } as const;
    const again = outcomeOf(scheduled(first.progress), { input: "stumbled", atMs: nowMs, failure });
    expect(again).toMatchObject({
      action: "wait",
      progress: { state: "waiting", notBeforeMs: nowMs + 5_000, faultCode: 9015 },
    });
    const later = outcomeOf(scheduled(again.progress), {
      input: "due",
      atMs: nowMs + 30_000,
      window: 1,
    });
    expect(later.progress).toMatchObject({ attempts: 1, window: 1, startedAtMs: nowMs + 10_000 });
  });

  it("reports 9020 for a ScheduleDownload that ran out of attempts, naming the last failure", () => {
    const failure = { faultCode: 9015, faultString: "away" } as const;
    const last = scheduled({ state: "transferring", window: 1, attempts: 1 });
    const { progress, action } = outcomeOf(last, { input: "stumbled", atMs: nowMs, failure });
    expect(action).toBe("report");
    expect(progress).toMatchObject({ state: "reporting", faultCode: 9020 });
    expect(progress.faultString).toMatch(/time windows; last: away/);
  });

  it("reports the file's own fault when no attempt can succeed", () => {
    const failure = { faultCode: 9018, faultString: "bad" } as const;
    const moving = scheduled({ state: "transferring", attempts: 1 });
    expect(outcomeOf(moving, { input: "failed", atMs: nowMs, failure }).progress).toMatchObject({
      state: "reporting",
      faultCode: 9018,
    });
  });

  it("reports a Download and an Upload that could not begin by their own codes", () => {
    const over = (kind: "Download" | "Upload"): TransferProgress =>
      outcomeOf(ordered(kind), { input: "windowClosed", atMs: nowMs }).progress;
    expect(over("Download")).toMatchObject({ faultCode: 9010 });
    expect(over("Upload")).toMatchObject({ faultCode: 9011 });
  });

  it("keeps a report as it was when it is resumed", () => {
    const reported = ordered("Download", { state: "reporting", completedAtMs: 5, faultCode: 0 });
    expect(outcomeOf(reported, { input: "resumed", atMs: nowMs }).progress).toEqual(
      reported.progress,
    );
  });
});

describe("windows", () => {
  it("wait for their start, are due inside and over behind the last", () => {
    const at = (seconds: number, progress = {}): unknown =>
      judgeTime(scheduled(progress), nowMs + seconds * 1_000);
    expect(at(0)).toEqual({ verdict: "wait", untilMs: nowMs + 10_000 });
    expect(at(10)).toEqual({ verdict: "due", window: 0 });
    expect(at(20)).toEqual({ verdict: "wait", untilMs: nowMs + 30_000 });
    expect(at(39)).toEqual({ verdict: "due", window: 1 });
    expect(at(40)).toEqual({ verdict: "over" });
    expect(at(12, { window: 1 })).toEqual({ verdict: "wait", untilMs: nowMs + 30_000 });
    expect(at(12, { notBeforeMs: nowMs + 15_000 })).toEqual({
      verdict: "wait",
      untilMs: nowMs + 15_000,
    });
    expect(at(12, { notBeforeMs: nowMs + 25_000 })).toEqual({
      verdict: "wait",
      untilMs: nowMs + 30_000,
    });
  });

  it("let a Download begin from its delay on for an hour", () => {
    const at = (seconds: number): string =>
      judgeTime(ordered("Download"), nowMs + seconds * 1_000).verdict;
    expect([at(0), at(60), at(3_659), at(3_660)]).toEqual(["wait", "due", "due", "over"]);
  });

  it("are refused when they overlap, end too early, are none or three, or have an unknown mode", () => {
    const [first, second] = windowPair as [(typeof windowPair)[0], (typeof windowPair)[0]];
    const wrong = (...windows: typeof windowPair): string => {
      const result = windowsOf(windows, nowMs);
      return "wrong" in result ? result.wrong : "";
    };
    expect(wrong()).toMatch(/one or two/);
    expect(wrong(first, second, second)).toMatch(/one or two/);
    expect(wrong(first, { ...second, startS: 19 })).toMatch(/before the end of the first/);
    expect(wrong({ ...first, endS: 10 })).toMatch(/ends before it begins/);
    expect(wrong({ ...first, mode: "9 Whenever" })).toMatch(/9 Whenever is not known/);
    expect(wrong({ ...first, maxRetries: -2 })).toMatch(/MaxRetries/);
  });
});
