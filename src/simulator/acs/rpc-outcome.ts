import type { DecodedEnvelope } from "../../cwmp/soap/message.ts";
import { type AcsRequest, type RpcOutcome, isSecretPath } from "./acs-messages.ts";
import type { DeviceRecord } from "./device-record.ts";

/** The outcome of `request` that a CPE message is. */
export function toOutcome(request: AcsRequest, message: DecodedEnvelope["message"]): RpcOutcome {
  if (message.method === "Fault") {
    const { code, text, parameters = [] } = message;
    return { outcome: "fault", code, text, parameters };
  }
  switch (message.method) {
    case "GetRPCMethodsResponse":
    case "GetParameterNamesResponse":
    case "GetParameterValuesResponse":
    case "SetParameterValuesResponse":
    case "SetParameterAttributesResponse":
    case "GetParameterAttributesResponse":
    case "AddObjectResponse":
    case "DeleteObjectResponse":
    case "RebootResponse":
      return { outcome: "response", message };
    default:
      return { outcome: "lost", reason: `${request.method} was answered by ${message.method}` };
  }
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
