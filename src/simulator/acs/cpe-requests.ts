import type { CwmpMessage, DecodedMessage } from "../../cwmp/soap/message.ts";

/** Every request a CPE may make of an ACS (TR-069a6 A.3.3, A.4.2). */
export const allAcsMethods = [
  "Inform",
  "GetRPCMethods",
  "TransferComplete",
  "AutonomousTransferComplete",
  "RequestDownload",
  "Kicked",
  "DUStateChangeComplete",
  "AutonomousDUStateChangeComplete",
] as const;

/** What the ACS says to requests of a CPE. */
export interface CpeRequestPolicy {
  /** What GetRPCMethods lists; anything else is fault 8000. Default: all there are. */
  readonly rpcMethods?: readonly string[];
  /** Where a kicked user is sent; default: where the CPE wanted it (`Next`). */
  readonly nextUrl?: string;
}

/** The name of a request, known or not. */
export function requestName(message: DecodedMessage): string {
  return "requested" in message ? message.requested : message.method;
}

/** The answer to a request of a CPE, except to an Inform. */
export function answerCpeRequest(message: DecodedMessage, policy: CpeRequestPolicy): CwmpMessage {
  const methods = policy.rpcMethods ?? allAcsMethods;
  const name = requestName(message);
  if (!methods.includes(name)) {
    return { method: "Fault", code: 8000, text: `Method ${name} not supported` };
  }
  switch (message.method) {
    case "GetRPCMethods":
      return { method: "GetRPCMethodsResponse", methods };
    case "TransferComplete":
      return { method: "TransferCompleteResponse" };
    case "AutonomousTransferComplete":
      return { method: "AutonomousTransferCompleteResponse" };
    case "RequestDownload":
      return { method: "RequestDownloadResponse" };
    case "Kicked":
      return { method: "KickedResponse", nextUrl: policy.nextUrl ?? message.next };
    case "DUStateChangeComplete":
      return { method: "DUStateChangeCompleteResponse" };
    case "AutonomousDUStateChangeComplete":
      return { method: "AutonomousDUStateChangeCompleteResponse" };
    default:
      return { method: "Fault", code: 8003, text: `${name} with invalid arguments` };
  }
}
