/** Files: TR-069a6 A.3.2.8, A.3.3.2, A.4.1.5 to A.4.1.9, A.4.2.2, A.4.2.3. Lengths are those of the CWMP XSDs. */
import {
  ArgumentError,
  child,
  flagOf,
  integerOf,
  numberOf,
  structsOf,
  textOf,
} from "./arguments.ts";
import type {
  AnyQueuedTransfer,
  DownloadArguments,
  QueuedTransfer,
  TransferResult,
  TransferStart,
  TransferWindow,
  UploadArguments,
} from "./message.ts";
import { type MessageCodecs, nothing } from "./message-codec.ts";
import { array, flag, number, text } from "./xml-content.ts";
import type { XmlElement } from "./xml-reader.ts";

type TransferMethod = `${
  | "Download"
  | "Upload"
  | "ScheduleDownload"
  | "CancelTransfer"
  | "GetQueuedTransfers"
  | "GetAllQueuedTransfers"
  | "TransferComplete"
  | "AutonomousTransferComplete"
  | "RequestDownload"}${"" | "Response"}`;

/** The schema's bound on FaultString; what goes into it comes from servers and devices. */
const longestFaultString = 256;
/** TimeWindowList and FileTypeArg, at most. */
const mostWindows = 2;
const mostFileTypeArguments = 16;

/** Codecs of everything about files. */
export const transferCodecs: MessageCodecs<TransferMethod> = {
  Download: {
    encode: (message) =>
      encodeSource(message) +
      encodeFile(message) +
      number("DelaySeconds", message.delaySeconds) +
      text("SuccessURL", message.successUrl) +
      text("FailureURL", message.failureUrl),
    decode: (element) => ({
      method: "Download",
      ...decodeSource(element),
      ...decodeFile(element),
      delaySeconds: numberOf(element, "DelaySeconds"),
      successUrl: textOf(element, "SuccessURL", 256),
      failureUrl: textOf(element, "FailureURL", 256),
    }),
  },
  DownloadResponse: {
    encode: encodeStart,
    decode: (element) => ({ method: "DownloadResponse", ...decodeStart(element) }),
  },
  Upload: {
    encode: (message) => encodeSource(message) + number("DelaySeconds", message.delaySeconds),
    decode: (element) => ({
      method: "Upload",
      ...decodeSource(element),
      delaySeconds: numberOf(element, "DelaySeconds"),
    }),
  },
  UploadResponse: {
    encode: encodeStart,
    decode: (element) => ({ method: "UploadResponse", ...decodeStart(element) }),
  },
  ScheduleDownload: {
    encode: (message) =>
      encodeSource(message) +
      encodeFile(message) +
      array("TimeWindowList", "TimeWindowStruct", message.windows, encodeWindow),
    decode: (element) => ({
      method: "ScheduleDownload",
      ...decodeSource(element),
      ...decodeFile(element),
      windows: decodeWindows(element),
    }),
  },
  ScheduleDownloadResponse: {
    encode: nothing,
    decode: () => ({ method: "ScheduleDownloadResponse" }),
  },
  CancelTransfer: {
    encode: ({ commandKey }) => text("CommandKey", commandKey),
    decode: (element) => ({
      method: "CancelTransfer",
      commandKey: textOf(element, "CommandKey", 32),
    }),
  },
  CancelTransferResponse: { encode: nothing, decode: () => ({ method: "CancelTransferResponse" }) },
  GetQueuedTransfers: { encode: nothing, decode: () => ({ method: "GetQueuedTransfers" }) },
  GetQueuedTransfersResponse: {
    encode: ({ transfers }) =>
      array("TransferList", "QueuedTransferStruct", transfers, encodeQueued),
    decode: (element) => ({
      method: "GetQueuedTransfersResponse",
      transfers: structsOf(element, "TransferList").map(decodeQueued),
    }),
  },
  GetAllQueuedTransfers: { encode: nothing, decode: () => ({ method: "GetAllQueuedTransfers" }) },
  GetAllQueuedTransfersResponse: {
    encode: ({ transfers }) =>
      array("TransferList", "AllQueuedTransferStruct", transfers, encodeAnyQueued),
    decode: (element) => ({
      method: "GetAllQueuedTransfersResponse",
      transfers: structsOf(element, "TransferList").map(decodeAnyQueued),
    }),
  },
  TransferComplete: {
    encode: (message) => text("CommandKey", message.commandKey) + encodeResult(message),
    decode: (element) => ({
      method: "TransferComplete",
      commandKey: textOf(element, "CommandKey", 32),
      ...decodeResult(element),
    }),
  },
  TransferCompleteResponse: {
    encode: nothing,
    decode: () => ({ method: "TransferCompleteResponse" }),
  },
  AutonomousTransferComplete: {
    encode: (message) =>
      text("AnnounceURL", message.announceUrl) +
      text("TransferURL", message.transferUrl) +
      flag("IsDownload", message.isDownload) +
      text("FileType", message.fileType) +
      encodeFile(message) +
      encodeResult(message),
    decode: (element) => ({
      method: "AutonomousTransferComplete",
      announceUrl: textOf(element, "AnnounceURL", 1024),
      transferUrl: textOf(element, "TransferURL", 1024),
      isDownload: flagOf(element, "IsDownload"),
      fileType: textOf(element, "FileType", 64),
      ...decodeFile(element),
      ...decodeResult(element),
    }),
  },
  AutonomousTransferCompleteResponse: {
    encode: nothing,
    decode: () => ({ method: "AutonomousTransferCompleteResponse" }),
  },
  RequestDownload: {
    encode: ({ fileType, fileTypeArguments }) =>
      text("FileType", fileType) +
      array(
        "FileTypeArg",
        "ArgStruct",
        fileTypeArguments,
        ({ name, value }) => text("Name", name) + text("Value", value),
      ),
    decode: (element) => ({
      method: "RequestDownload",
      fileType: textOf(element, "FileType", 64),
      fileTypeArguments: decodeFileTypeArguments(element),
    }),
  },
  RequestDownloadResponse: {
    encode: nothing,
    decode: () => ({ method: "RequestDownloadResponse" }),
  },
};

/** What Download, Upload and ScheduleDownload begin with. */
type Source = Omit<UploadArguments, "delaySeconds">;

function encodeSource({ commandKey, fileType, url, username, password }: Source): string {
  return (
    text("CommandKey", commandKey) +
    text("FileType", fileType) +
    text("URL", url) +
    text("Username", username) +
    text("Password", password)
  );
}

function decodeSource(element: XmlElement): Source {
  return {
    commandKey: textOf(element, "CommandKey", 32),
    fileType: textOf(element, "FileType", 64),
    url: textOf(element, "URL", 256).trim(),
    username: textOf(element, "Username", 256),
    password: textOf(element, "Password", 256),
  };
}

type File = Pick<DownloadArguments, "fileSize" | "targetFileName">;

function encodeFile({ fileSize, targetFileName }: File): string {
  return number("FileSize", fileSize) + text("TargetFileName", targetFileName);
}

function decodeFile(element: XmlElement): File {
  return {
    fileSize: numberOf(element, "FileSize"),
    targetFileName: textOf(element, "TargetFileName", 256),
  };
}

function encodeStart({ status, startTime, completeTime }: TransferStart): string {
  return (
    number("Status", status) + text("StartTime", startTime) + text("CompleteTime", completeTime)
  );
}

function decodeStart(element: XmlElement): TransferStart {
  return {
    status: numberOf(element, "Status") === 0 ? 0 : 1,
    startTime: textOf(element, "StartTime").trim(),
    completeTime: textOf(element, "CompleteTime").trim(),
  };
}

function encodeWindow({ startS, endS, mode, userMessage, maxRetries }: TransferWindow): string {
  return (
    number("WindowStart", startS) +
    number("WindowEnd", endS) +
    text("WindowMode", mode) +
    text("UserMessage", userMessage) +
    number("MaxRetries", maxRetries)
  );
}

function decodeWindows(element: XmlElement): readonly TransferWindow[] {
  const windows = structsOf(element, "TimeWindowList");
  if (windows.length === 0 || windows.length > mostWindows) {
    throw new ArgumentError(`${windows.length} time windows, expected 1 or ${mostWindows}`);
  }
  return windows.map((item) => ({
    startS: numberOf(item, "WindowStart"),
    endS: numberOf(item, "WindowEnd"),
    mode: textOf(item, "WindowMode", 64),
    userMessage: textOf(item, "UserMessage", 256),
    maxRetries: integerOf(item, "MaxRetries"),
  }));
}

function encodeQueued({ commandKey, state }: QueuedTransfer): string {
  return text("CommandKey", commandKey) + number("State", state);
}

function decodeQueued(item: XmlElement): QueuedTransfer {
  const state = numberOf(item, "State");
  if (state !== 1 && state !== 2 && state !== 3) throw new ArgumentError("State is not 1, 2 or 3");
  return { commandKey: textOf(item, "CommandKey", 32), state };
}

function encodeAnyQueued(transfer: AnyQueuedTransfer): string {
  return (
    encodeQueued(transfer) +
    flag("IsDownload", transfer.isDownload) +
    text("FileType", transfer.fileType) +
    encodeFile(transfer)
  );
}

function decodeAnyQueued(item: XmlElement): AnyQueuedTransfer {
  return {
    ...decodeQueued(item),
    isDownload: flagOf(item, "IsDownload"),
    fileType: textOf(item, "FileType", 64),
    ...decodeFile(item),
  };
}

function encodeResult({ faultCode, faultString, startTime, completeTime }: TransferResult): string {
  return (
    `<FaultStruct>${number("FaultCode", faultCode)}` +
    `${text("FaultString", faultString.slice(0, longestFaultString))}</FaultStruct>` +
    text("StartTime", startTime) +
    text("CompleteTime", completeTime)
  );
}

function decodeResult(element: XmlElement): TransferResult {
  const fault = child(element, "FaultStruct");
  return {
    faultCode: fault === undefined ? 0 : numberOf(fault, "FaultCode"),
    faultString: fault === undefined ? "" : textOf(fault, "FaultString", longestFaultString),
    startTime: textOf(element, "StartTime").trim(),
    completeTime: textOf(element, "CompleteTime").trim(),
  };
}

function decodeFileTypeArguments(
  element: XmlElement,
): readonly { readonly name: string; readonly value: string }[] {
  const items = structsOf(element, "FileTypeArg");
  if (items.length > mostFileTypeArguments) {
    throw new ArgumentError(`more than ${mostFileTypeArguments} arguments`);
  }
  return items.map((item) => ({
    name: textOf(item, "Name", 64),
    value: textOf(item, "Value", 256),
  }));
}
