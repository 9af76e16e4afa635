import type { ScheduleDownloadArguments } from "../soap/message.ts";
import { type TimeWindow, type Transfer, type WindowMode, windowModes } from "./transfer.ts";

/** A Download or Upload that could not begin within an hour of its time has failed (TR-069a6 A.3.2.8). */
const startWithinMs = 3_600_000;

/** Further attempts of a Download or Upload, where the standard leaves it to the CPE. */
const ownRetries = 2;
/** Further attempts in a window whose MaxRetries is -1. */
const windowRetries = 5;

const firstPauseMs = 5_000;
const longestPauseMs = 600_000;

/** The one window of a Download or Upload, `delaySeconds` after the call. */
export function windowAfterDelay(nowMs: number, delaySeconds: number): readonly TimeWindow[] {
  const startsAtMs = nowMs + delaySeconds * 1_000;
  const endsAtMs = startsAtMs + startWithinMs;
  return [{ startsAtMs, endsAtMs, mode: "1 At Any Time", maxRetries: ownRetries }];
}

/** Windows of a ScheduleDownload, or what is wrong with them. */
export function windowsOf(
  windows: ScheduleDownloadArguments["windows"],
  nowMs: number,
): readonly TimeWindow[] | { readonly wrong: string } {
  if (windows.length < 1 || windows.length > 2) return { wrong: "TimeWindowList has one or two" };
  const result: TimeWindow[] = [];
  for (const { startS, endS, mode, maxRetries } of windows) {
    if (!isMode(mode)) return { wrong: `WindowMode ${mode} is not known` };
    if (maxRetries < -1) return { wrong: "MaxRetries is less than -1" };
    if (endS <= startS) return { wrong: "a window ends before it begins" };
    const startsAtMs = nowMs + startS * 1_000;
    const previous = result.at(-1);
    if (previous !== undefined && startsAtMs < previous.endsAtMs)
      return { wrong: "the second window begins before the end of the first" };
    result.push({
      startsAtMs,
      endsAtMs: nowMs + endS * 1_000,
      mode,
      maxRetries: maxRetries === -1 ? windowRetries : maxRetries,
    });
  }
  return result;
}

function isMode(mode: string): mode is WindowMode {
  const known: readonly string[] = windowModes;
  return known.includes(mode);
}

/** What time says of a waiting transfer. */
export type TimeVerdict =
  | { readonly verdict: "due"; readonly window: number }
  | { readonly verdict: "wait"; readonly untilMs: number }
  | { readonly verdict: "over" };

/** Whether a waiting transfer may begin now, has to wait, or can begin no more. */
export function judgeTime({ request, progress }: Transfer, nowMs: number): TimeVerdict {
  for (const [index, { startsAtMs, endsAtMs }] of request.windows.entries()) {
    // The end of a pause counts in the window it was made for only; a later window begins afresh.
    const fromMs =
      index === progress.window ? Math.max(startsAtMs, progress.notBeforeMs) : startsAtMs;
    if (index < progress.window || nowMs >= endsAtMs || fromMs >= endsAtMs) continue;
    return nowMs >= fromMs
      ? { verdict: "due", window: index }
      : { verdict: "wait", untilMs: fromMs };
  }
  return { verdict: "over" };
}

/** The present window of a transfer. */
export function presentWindow({ request, progress }: Transfer): TimeWindow | undefined {
  return request.windows[progress.window];
}

/** When an attempt must be given up because its window closes; Download and Upload may take as long as they need. */
export function attemptEndsAtMs(transfer: Transfer): number | undefined {
  return transfer.request.kind === "ScheduleDownload"
    ? presentWindow(transfer)?.endsAtMs
    : undefined;
}

/** How long to pause after the failure of attempt `attempts`: doubling, at most ten minutes. */
export function pauseMs(attempts: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** Math.max(0, attempts - 1));
}
