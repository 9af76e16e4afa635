import type { DecodedMessage } from "../../cwmp/soap/message.ts";
import {
  type AcsRequest,
  type CpeResponse,
  type RpcOutcome,
  isSecretPath,
} from "./acs-messages.ts";
import type { DeviceRecord } from "./device-record.ts";

/** The outcome of `request` that a CPE message is. */
export function toOutcome(request: AcsRequest, message: DecodedMessage): RpcOutcome {
  if (message.method === "Fault") {
    const { code, text, parameters = [] } = message;
    return { outcome: "fault", code, text, parameters };
  }
  if (isResponse(message)) return { outcome: "response", message };
  return { outcome: "lost", reason: `${request.method} was answered by ${message.method}` };
}

const responses: ReadonlySet<string> = new Set<CpeResponse["method"]>([
  "GetRPCMethodsResponse",
  "GetParameterNamesResponse",
  "GetParameterValuesResponse",
  "SetParameterValuesResponse",
  "SetParameterAttributesResponse",
  "GetParameterAttributesResponse",
  "AddObjectResponse",
  "DeleteObjectResponse",
  "RebootResponse",
  "FactoryResetResponse",
  "ScheduleInformResponse",
  "DownloadResponse",
  "UploadResponse",
  "ScheduleDownloadResponse",
  "CancelTransferResponse",
  "GetQueuedTransfersResponse",
  "GetAllQueuedTransfersResponse",
  "ChangeDUStateResponse",
]);

function isResponse(message: DecodedMessage): message is CpeResponse {
  return responses.has(message.method);
}

/** Notes what an RPC taught about the device. */
export function applyOutcome(
  device: DeviceRecord,
  request: AcsRequest,
  outcome: RpcOutcome,
  nowMs: number,
): void {
  if (outcome.outcome !== "response") return;
  const { message } = outcome;
  if (message.method === "GetParameterValuesResponse") {
    device.noteValues(message.parameters, nowMs);
  }
  if (message.method === "GetParameterNamesResponse" && request.method === "GetParameterNames") {
    if (!request.nextLevel) device.noteNames(request.path, message.names);
  }
  // As GenieACS does, the value is taken to be as set until the next reading.
  if (request.method === "SetParameterValues") {
    const readable = request.parameters.filter(({ path }) => !isSecretPath(path));
    device.noteValues(readable, nowMs);
  }
}

/** One line about an outcome, for logs and the page. */
export function describeOutcome(outcome: RpcOutcome): string {
  switch (outcome.outcome) {
    case "response":
      return "status" in outcome.message ? `Status ${outcome.message.status}` : "ok";
    case "fault": {
      const listed = outcome.parameters.map(({ path, code, text }) => `${path}: ${code} ${text}`);
      return [`${outcome.code} ${outcome.text}`, ...listed].join("; ");
    }
    case "lost":
      return outcome.reason;
  }
}
