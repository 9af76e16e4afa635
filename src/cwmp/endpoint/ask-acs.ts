import type { EventCode } from "../events/events.ts";
import { acsSupport } from "../requests/acs-methods.ts";
import { CpeRequestError } from "../requests/cpe-request-error.ts";
import {
  type FileTypeArgument,
  type Kick,
  kickedMessage,
  requestDownloadMessage,
} from "../requests/kick.ts";
import type { CwmpMessage, DecodedMessage } from "../soap/message.ts";
import {
  type AutonomousTransfer,
  autonomousTransferComplete,
  isWanted,
} from "../transfers/autonomous-transfer.ts";
import { type EndpointParts, maySend } from "./endpoint-parts.ts";

/** Kicked (TR-069a6 A.4.2.1); resolves with NextURL. @throws {CpeRequestError} */
export async function kick(parts: EndpointParts, of: Kick): Promise<string> {
  const answer = await askAcs(parts, kickedMessage(of), "5 KICKED");
  return answer.method === "KickedResponse" ? answer.nextUrl : "";
}

/** RequestDownload (TR-069a6 A.4.2.2); resolves when the ACS took it. @throws {CpeRequestError} */
export async function requestDownload(
  parts: EndpointParts,
  fileType: string,
  fileTypeArguments: readonly FileTypeArgument[],
): Promise<void> {
  const message = requestDownloadMessage(fileType, fileTypeArguments);
  await askAcs(parts, message, "9 REQUEST DOWNLOAD");
}

/**
 * Promises an AutonomousTransferComplete (TR-069a6 A.3.3.3) if the policy of the ACS wants it at this moment; on disk when
 * it resolves, with whether it will be told.
 * @throws {CpeRequestError} when something is longer than the schema allows
 */
export async function reportAutonomous(
  { management, state, requests }: EndpointParts,
  transfer: AutonomousTransfer,
): Promise<boolean> {
  const message = autonomousTransferComplete(transfer);
  const support = acsSupport(state, management.text("URL"), message.method);
  if (support === "missing" || !isWanted(transfer, management)) return false;
  await requests.announce(message);
  return true;
}

/** Opens a session for a request that somebody waits for, and resolves with the answer. */
async function askAcs(
  parts: EndpointParts,
  message: CwmpMessage,
  eventCode: EventCode,
): Promise<DecodedMessage> {
  if (!maySend(parts)) throw new CpeRequestError("there is no ACS", "cwmp.request-refused");
  if (acsSupport(parts.state, parts.management.text("URL"), message.method) === "missing") {
    throw new CpeRequestError(
      `the ACS does not take ${message.method}`,
      "cwmp.request-unsupported",
    );
  }
  return parts.requests.ask(message, eventCode);
}
