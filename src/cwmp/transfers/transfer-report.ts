import type { MessageOf } from "../soap/message.ts";
import { unknownTime } from "../value-check.ts";
import type { Transfer } from "./transfer.ts";

/** The TransferComplete of a transfer that is over; times that never came are Unknown Time (TR-069a6 A.3.3.2). */
export function transferCompleteOf({ request, progress }: Transfer): MessageOf<"TransferComplete"> {
  return {
    method: "TransferComplete",
    commandKey: request.commandKey,
    faultCode: progress.faultCode,
    faultString: progress.faultString,
    startTime: timeText(progress.startedAtMs),
    completeTime: timeText(progress.completedAtMs),
  };
}

/** UTC in whole seconds, or Unknown Time. */
export function timeText(atMs: number | undefined): string {
  return atMs === undefined ? unknownTime : `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}
