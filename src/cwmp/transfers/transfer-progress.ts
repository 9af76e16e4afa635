import type { Transfer, TransferProgress } from "./transfer.ts";
import type { TransferFaultCode } from "./transfer-error.ts";
import {
  type TransferAction,
  type TransferContext,
  type TransferInput,
  type TransferStep,
  nextTransferStep,
} from "./transfer-machine.ts";
import { pauseMs, presentWindow } from "./transfer-windows.ts";

/** Something that happened to a transfer. */
export interface TransferHappening {
  readonly input: TransferInput;
  readonly atMs: number;
  /** With `due`: the window it begins in. */
  readonly window?: number;
  /** With `stumbled`, `failed` and `windowClosed`: why. */
  readonly failure?: { readonly faultCode: TransferFaultCode; readonly faultString: string };
}

/** What follows from it: to be saved, then done. */
export interface TransferOutcome {
  readonly progress: TransferProgress;
  readonly action: TransferAction;
}

/** Applies the table of `transfer-machine.ts` to a transfer. Pure. */
export function outcomeOf(transfer: Transfer, happening: TransferHappening): TransferOutcome {
  const step = nextTransferStep(transfer.progress.state, happening.input, contextOf(transfer));
  const progress = { ...progressAfter(transfer, happening, step), state: step.state };
  return { progress, action: step.action };
}

function contextOf(transfer: Transfer): TransferContext {
  const { attempts, window } = transfer.progress;
  const { maxRetries = 0 } = presentWindow(transfer) ?? {};
  return {
    hasRetries: attempts <= maxRetries,
    hasWindows: window + 1 < transfer.request.windows.length,
  };
}

function progressAfter(
  transfer: Transfer,
  happening: TransferHappening,
  { action }: TransferStep,
): TransferProgress {
  const { progress } = transfer;
  const { atMs } = happening;
  switch (action) {
    case "transfer":
      return begun(progress, happening);
    case "wait":
      if (happening.failure === undefined) return progress;
      return {
        ...progress,
        ...happening.failure,
        notBeforeMs: atMs + pauseMs(progress.attempts),
      };
    case "waitForWindow":
      return {
        ...progress,
        ...happening.failure,
        window: progress.window + 1,
        attempts: 0,
        notBeforeMs: 0,
      };
    case "report":
      return ended(transfer, happening);
    case "apply":
    case "judge":
    case "restart":
    case "abort":
    case "forget":
    case "refuse":
    case "ignore":
      return progress;
  }
}

function begun(
  progress: TransferProgress,
  { atMs, window = progress.window }: TransferHappening,
): TransferProgress {
  const attempts = window === progress.window ? progress.attempts + 1 : 1;
  return { ...progress, window, attempts, startedAtMs: progress.startedAtMs ?? atMs };
}

/** What the ACS is told. A report that is repeated stays what it was. */
function ended(transfer: Transfer, { input, atMs, failure }: TransferHappening): TransferProgress {
  const { progress } = transfer;
  if (progress.state === "reporting") return progress;
  if (input === "applied" || input === "sent")
    return { ...progress, completedAtMs: atMs, faultCode: 0, faultString: "" };
  return { ...progress, ...finalFailure(transfer, input, failure) };
}

/** A ScheduleDownload that ran out of attempts or windows failed by 9020, whatever the last attempt died of. */
function finalFailure(
  { request, progress }: Transfer,
  input: TransferInput,
  failure: TransferHappening["failure"],
): { readonly faultCode: number; readonly faultString: string } {
  const last = failure ?? progress;
  const isScheduled = request.kind === "ScheduleDownload";
  if (isScheduled && (input === "stumbled" || input === "windowClosed"))
    return { faultCode: 9020, faultString: outOfWindows(last.faultString) };
  if (last.faultCode !== 0) return { faultCode: last.faultCode, faultString: last.faultString };
  const faultCode = request.kind === "Upload" ? 9011 : 9010;
  return { faultCode, faultString: "could not begin within an hour of its time" };
}

function outOfWindows(last: string): string {
  const text = "unable to complete within the time windows";
  return last === "" || last.startsWith(text) ? text : `${text}; last: ${last}`.slice(0, 256);
}
