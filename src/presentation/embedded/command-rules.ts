import { toTemplate } from "../../model/model.ts";
import { formatDateTime } from "../../model/values.ts";
import type { PrinterWriteResult } from "../printer-view.ts";
import type { PendingCommand } from "./command-record.ts";

/** A printer that stays away so long after the ACS was answered is not waited for any more. */
export const giveUpAfterMs = 7 * 24 * 3_600_000;

/** A printer that answers and refuses without blaming the value is asked so often. */
const mostRefusals = 5;

const firstRetryMs = 5_000;
const longestRetryMs = 600_000;

/** What came of an attempt in the end; one that restarts the printer is waited for. */
export type SettledWrite = Exclude<PrinterWriteResult, { readonly outcome: "pending" }>;

/** What follows from one attempt. */
export type Verdict =
  | { readonly next: "done" }
  | { readonly next: "retry"; readonly wasRefused: boolean; readonly error: string }
  | { readonly next: "giveUp"; readonly error: string };

/** Judges an attempt at a command. A value the printer does not know will not become right by repeating it. */
export function judgeAttempt(
  result: SettledWrite,
  command: PendingCommand,
  nowMs: number,
): Verdict {
  switch (result.outcome) {
    case "applied":
      return { next: "done" };
    case "unreachable":
      if (isExpired(command, nowMs)) return expired(command);
      return { next: "retry", wasRefused: false, error: result.reason };
    case "failed": {
      const error = result.failures
        .map(({ path, reason }) => `${shortName(path)}: ${reason}`)
        .join("; ");
      const isFinal = result.failures.some(({ isInvalidValue }) => isInvalidValue === true);
      if (isFinal || command.refusals + 1 >= mostRefusals) return { next: "giveUp", error };
      return { next: "retry", wasRefused: true, error };
    }
  }
}

/** Whether the command has been waiting too long. */
export function isExpired({ acceptedAtMs }: PendingCommand, nowMs: number): boolean {
  return nowMs - acceptedAtMs >= giveUpAfterMs;
}

/** The end of a command that waited too long. */
function expired({ writes, acceptedAtMs, lastError }: PendingCommand): Verdict {
  const what = writes.map(({ path }) => shortName(path)).join(", ");
  const why = lastError === "" ? "the printer did not come back" : lastError;
  const since = formatDateTime(acceptedAtMs);
  return { next: "giveUp", error: `given up, waiting since ${since}: ${what} (${why})` };
}

/** How long to wait after so many attempts that came to nothing: 5 s, then double, at most 10 minutes. */
export function retryAfterMs(attempts: number): number {
  return Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(attempts, 20));
}

/** Without what all parameters of a printer have in common; the row differs by how the printer is shown. */
function shortName(path: string): string {
  return toTemplate(path) ?? path;
}
