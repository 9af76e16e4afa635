import type { TransferLine } from "../../api/local-service.ts";
import type { Transfer } from "../../cwmp/transfers/transfer.ts";
import { judgeTime } from "../../cwmp/transfers/transfer-windows.ts";

/** A transfer as the operator sees it: neither credentials nor more of the URL than the server. */
export function transferLine(transfer: Transfer, nowMs: number): TransferLine {
  const { id, endpointId, request, progress } = transfer;
  const { kind, commandKey, fileType } = request;
  const time = progress.state === "waiting" ? judgeTime(transfer, nowMs) : undefined;
  const { protocol, host } = new URL(request.url);
  return {
    id,
    endpoint: endpointId,
    kind,
    commandKey,
    fileType,
    server: `${protocol}//${host}`,
    state: progress.state,
    attempts: progress.attempts,
    dueAt: time?.verdict === "wait" ? isoTime(time.untilMs) : null,
    startedAt: isoTime(progress.startedAtMs),
    fault: progress.faultCode === 0 ? null : progress.faultString,
  };
}

function isoTime(atMs: number | undefined): string | null {
  return atMs === undefined ? null : new Date(atMs).toISOString();
}
