import { refuseLong } from "../requests/cpe-request-error.ts";
import { internalSettings } from "../endpoint/endpoint-state.ts";
import type { ManagementServer } from "../management-server/management-server.ts";
import { listEntries } from "../management-server/transfer-policy.ts";
import type { MessageOf } from "../soap/message.ts";
import { hasMembers } from "../endpoint/stored-list.ts";
import type { StoredRequestKind } from "../requests/stored-requests.ts";
import type { TransferFaultCode } from "./transfer-error.ts";
import { timeText } from "./transfer-report.ts";

/** A file that came or went without the ACS having ordered it, told by AutonomousTransferComplete (TR-069a6 A.3.3.3). */
export interface AutonomousTransfer {
  readonly isDownload: boolean;
  /** `3 Vendor Configuration File`, … */
  readonly fileType: string;
  /** Where it came from or went, without credentials; "" when nobody knows. */
  readonly transferUrl: string;
  readonly targetFileName: string;
  /** Bytes; 0 = not known. */
  readonly fileSize: number;
  /** Epoch milliseconds; absent = not known. */
  readonly startedAtMs?: number;
  readonly completedAtMs?: number;
  /** 0 = it succeeded. */
  readonly faultCode: 0 | TransferFaultCode;
  readonly faultString: string;
}

type AutonomousTransferComplete = MessageOf<"AutonomousTransferComplete">;

/** How many wait for an ACS that is away. The oldest go, with a line in the log. */
export const mostAutonomousTransfers = 64;

/** Kept as the message they are told by. */
export const autonomousTransferKind: StoredRequestKind<AutonomousTransferComplete> = {
  setting: internalSettings.autonomousTransfers,
  isItem: isMessage,
  toldBy: (message) => ({
    message,
    events: [{ eventCode: "10 AUTONOMOUS TRANSFER COMPLETE", commandKey: "" }],
  }),
};

/** Whether the ACS wants to hear of it, as its policy is now (TR-181i2 AutonomousTransferCompletePolicy). */
export function isWanted(transfer: AutonomousTransfer, policy: ManagementServer): boolean {
  const isSelected = (filter: string, value: string): boolean =>
    filter === "Both" || filter === value;
  const name = nameOf(transfer.fileType);
  return (
    policy.flag("AutonomousTransferCompletePolicy.Enable") &&
    isSelected(
      policy.text("AutonomousTransferCompletePolicy.TransferTypeFilter"),
      transfer.isDownload ? "Download" : "Upload",
    ) &&
    isSelected(
      policy.text("AutonomousTransferCompletePolicy.ResultTypeFilter"),
      transfer.faultCode === 0 ? "Success" : "Failure",
    ) &&
    listEntries(policy.text("AutonomousTransferCompletePolicy.FileTypeFilter")).some(
      (entry) => nameOf(entry) === name,
    )
  );
}

/** @throws {CpeRequestError} when something is longer than the schema allows */
export function autonomousTransferComplete(
  transfer: AutonomousTransfer,
): AutonomousTransferComplete {
  refuseLong("TransferURL", transfer.transferUrl, 1_024);
  refuseLong("FileType", transfer.fileType, 64);
  refuseLong("TargetFileName", transfer.targetFileName, 256);
  const { startedAtMs, completedAtMs, ...rest } = transfer;
  return {
    method: "AutonomousTransferComplete",
    // Only of files that a multicast announcement offered, which nothing here listens to.
    announceUrl: "",
    ...rest,
    startTime: timeText(startedAtMs),
    completeTime: timeText(completedAtMs),
  };
}

/** The same kind of file has another number, and an instance behind it, when it is one of several (CWMP XSD TransferFileType). */
function nameOf(fileType: string): string {
  return /^\d+ (.+?)(?: \d+)?$/.exec(fileType)?.[1] ?? fileType;
}

function isMessage(value: unknown): value is AutonomousTransferComplete {
  return (
    hasMembers(value, {
      method: "string",
      announceUrl: "string",
      transferUrl: "string",
      isDownload: "boolean",
      fileType: "string",
      fileSize: "number",
      targetFileName: "string",
      faultCode: "number",
      faultString: "string",
      startTime: "string",
      completeTime: "string",
    }) && value.method === "AutonomousTransferComplete"
  );
}
