import type { TransferState } from "./transfer.ts";

/**
 * The life of a transfer as a table (TR-069a6 §3.7.1.5, A.3.2.8, A.4.1.5, A.4.1.8, A.4.1.9). Pure: what happened goes in,
 * what to do comes out. A state is on disk before its action begins, so after a kill the action is done again or judged.
 */

/** What happened. */
export type TransferInput =
  /** Its time came and a place is free. */
  | "due"
  /** No window is left in which it could begin, or the window in which it runs closed. */
  | "windowClosed"
  /** Download: the whole file is here. */
  | "arrived"
  /** Upload: the server has the whole file. */
  | "sent"
  /** The file is in force. */
  | "applied"
  /** The file will be in force after a restart of the device. */
  | "restartNeeded"
  /** An attempt failed and another may succeed. */
  | "stumbled"
  /** It failed for good. */
  | "failed"
  /** The process began anew and found it in this state, or the device restarted. */
  | "resumed"
  /** Nothing of the file was applied before the process died. */
  | "notApplied"
  /** CancelTransfer. */
  | "cancel"
  /** TransferCompleteResponse. */
  | "answered";

/** What the transfer knows besides its state. */
export interface TransferContext {
  /** The present window allows another attempt. */
  readonly hasRetries: boolean;
  /** Another window follows. */
  readonly hasWindows: boolean;
}

/** What to do next. */
export type TransferAction =
  /** Wait for a window, the delay or the end of a pause. */
  | "wait"
  /** Wait for the next window. */
  | "waitForWindow"
  | "transfer"
  | "apply"
  /** Ask the target what became of the file. */
  | "judge"
  /** Restart the device once no session is under way. */
  | "restart"
  /** Tell the ACS until it answers. */
  | "report"
  /** End what is running and forget the transfer. */
  | "abort"
  | "forget"
  /** It cannot be cancelled any more (9021). */
  | "refuse"
  /** The input came too late to matter. */
  | "ignore";

/** A row of the table. */
export interface TransferStep {
  readonly state: TransferState;
  readonly action: TransferAction;
}

type Row = TransferStep | ((context: TransferContext) => TransferStep);

const report: TransferStep = { state: "reporting", action: "report" };
const forget: TransferStep = { state: "done", action: "forget" };

const table: Readonly<Record<TransferState, Readonly<Partial<Record<TransferInput, Row>>>>> = {
  waiting: {
    due: { state: "transferring", action: "transfer" },
    windowClosed: report,
    failed: report,
    resumed: { state: "waiting", action: "wait" },
    cancel: forget,
  },
  transferring: {
    arrived: { state: "applying", action: "apply" },
    sent: report,
    stumbled: afterStumble,
    windowClosed: ({ hasWindows }) => (hasWindows ? nextWindow : report),
    failed: report,
    // The attempt goes on where the file ends that is here already.
    resumed: { state: "transferring", action: "transfer" },
    cancel: { state: "done", action: "abort" },
  },
  applying: {
    applied: report,
    restartNeeded: { state: "restarting", action: "restart" },
    failed: report,
    resumed: { state: "applying", action: "judge" },
    notApplied: { state: "applying", action: "apply" },
    cancel: { state: "applying", action: "refuse" },
  },
  restarting: {
    applied: report,
    // The restart that was ordered has not happened yet, or was forgotten with the process.
    restartNeeded: { state: "restarting", action: "restart" },
    failed: report,
    resumed: { state: "restarting", action: "judge" },
    notApplied: { state: "applying", action: "apply" },
    cancel: { state: "restarting", action: "refuse" },
  },
  reporting: {
    resumed: report,
    answered: forget,
    cancel: { state: "reporting", action: "refuse" },
  },
  done: {},
};

const nextWindow: TransferStep = { state: "waiting", action: "waitForWindow" };

function afterStumble({ hasRetries, hasWindows }: TransferContext): TransferStep {
  if (hasRetries) return { state: "waiting", action: "wait" };
  return hasWindows ? nextWindow : report;
}

/** What follows when `input` arrives in `state`. */
export function nextTransferStep(
  state: TransferState,
  input: TransferInput,
  context: TransferContext,
): TransferStep {
  const row = table[state][input];
  if (row === undefined) return { state, action: "ignore" };
  return typeof row === "function" ? row(context) : row;
}
