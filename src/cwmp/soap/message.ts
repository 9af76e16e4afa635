import type { DeviceId } from "../endpoint-store.ts";
import type { ParameterAssignment } from "../parameter-tree.ts";

/** The three CWMP namespaces that exist; protocol versions 1.2 to 1.4 share the last (CWMP XSDs). */
export const cwmpNamespaces = [
  "urn:dslforum-org:cwmp-1-0",
  "urn:dslforum-org:cwmp-1-1",
  "urn:dslforum-org:cwmp-1-2",
] as const;
/** One of {@link cwmpNamespaces}. */
export type CwmpNamespace = (typeof cwmpNamespaces)[number];

/** SOAP header elements of CWMP (TR-069a6 §3.4.7). */
export interface CwmpHeader {
  /** Echoed exactly in the response. */
  readonly id?: string;
  readonly holdRequests?: boolean;
  /** Seconds; Inform only (CWMP 1.3). */
  readonly sessionTimeoutS?: number;
  /** `1.0,1.1,…`; Inform only (CWMP 1.4). */
  readonly supportedVersions?: string;
  /** InformResponse only (CWMP 1.4). */
  readonly useVersion?: string;
}

/** What is sent. */
export interface Envelope {
  readonly namespace: CwmpNamespace;
  readonly header: CwmpHeader;
  readonly message: CwmpMessage;
}

/** What was received. */
export interface DecodedEnvelope {
  /** As found, so possibly a `cwmp-1-3` that never existed; undefined when there was none. */
  readonly namespace: string | undefined;
  readonly header: CwmpHeader;
  /** A header element marked mustUnderstand="1" that nobody here understands (SOAP 1.1 §4.2.3). */
  readonly notUnderstood?: string;
  readonly message: DecodedMessage;
}

/** One entry of Inform's Event array. */
export interface EventEntry {
  readonly eventCode: string;
  readonly commandKey: string;
}

/** One entry of GetParameterNamesResponse. */
export interface ParameterInfo {
  readonly path: string;
  readonly writable: boolean;
}

/** One entry of SetParameterAttributes; an absent member is not to be changed (its `…Change` flag was false). */
export interface AttributeAssignment {
  /** Full or partial path. */
  readonly path: string;
  readonly notification?: number;
  readonly accessList?: readonly string[];
}

/** One entry of GetParameterAttributesResponse. */
export interface ParameterAttribute {
  readonly path: string;
  readonly notification: number;
  readonly accessList: readonly string[];
}

/** One SetParameterValuesFault. */
export interface ParameterFault {
  readonly path: string;
  readonly code: number;
  readonly text: string;
}

/** What all orders to move a file have in common. */
interface FileOrder {
  readonly commandKey: string;
  readonly fileType: string;
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/** Arguments of Download (TR-069a6 A.3.2.8). */
export interface DownloadArguments extends FileOrder {
  /** Bytes; 0 = unknown. */
  readonly fileSize: number;
  readonly targetFileName: string;
  readonly delaySeconds: number;
  readonly successUrl: string;
  readonly failureUrl: string;
}

/** Arguments of Upload (TR-069a6 A.4.1.5). */
export interface UploadArguments extends FileOrder {
  readonly delaySeconds: number;
}

/** Arguments of ScheduleDownload (TR-069a6 A.4.1.8). */
export interface ScheduleDownloadArguments extends FileOrder {
  /** Bytes; 0 = unknown. */
  readonly fileSize: number;
  readonly targetFileName: string;
  /** One or two. */
  readonly windows: readonly TransferWindow[];
}

/** One TimeWindowStruct; seconds from the receipt of the request. */
export interface TransferWindow {
  readonly startS: number;
  readonly endS: number;
  /** `1 At Any Time`, `2 Immediately`, `3 When Idle`, `4 Confirmation Needed`. */
  readonly mode: string;
  readonly userMessage: string;
  /** 0 = none, -1 = as many as the CPE likes. */
  readonly maxRetries: number;
}

/** Answer to Download and Upload; status 1 = queued, both times are Unknown Time then. */
export interface TransferStart {
  readonly status: 0 | 1;
  /** dateTime. */
  readonly startTime: string;
  readonly completeTime: string;
}

/** What came of a transfer, as told to the ACS. */
export interface TransferResult {
  /** 0 = success. */
  readonly faultCode: number;
  readonly faultString: string;
  /** dateTime; Unknown Time when it never started. */
  readonly startTime: string;
  readonly completeTime: string;
}

/** A transfer the ACS did not ask for by CWMP. */
export interface AutonomousTransfer extends TransferResult {
  readonly announceUrl: string;
  readonly transferUrl: string;
  readonly isDownload: boolean;
  readonly fileType: string;
  readonly fileSize: number;
  readonly targetFileName: string;
}

/** One QueuedTransferStruct; 1 = not yet started, 2 = in progress, 3 = completed, finishing up. */
export interface QueuedTransfer {
  readonly commandKey: string;
  readonly state: 1 | 2 | 3;
}

/** One AllQueuedTransferStruct. */
export interface AnyQueuedTransfer extends QueuedTransfer {
  readonly isDownload: boolean;
  readonly fileType: string;
  readonly fileSize: number;
  readonly targetFileName: string;
}

/** One operation of ChangeDUState; what the operation does not have is "". */
export interface DuOperation {
  readonly operation: "Install" | "Update" | "Uninstall";
  readonly url: string;
  readonly uuid: string;
  readonly version: string;
  readonly username: string;
  readonly password: string;
  readonly executionEnvRef: string;
}

/** One OpResultStruct. */
export interface DuResult {
  readonly uuid: string;
  readonly deploymentUnitRef: string;
  readonly version: string;
  readonly currentState: "Installed" | "Uninstalled" | "Failed";
  readonly resolved: boolean;
  readonly executionUnitRefList: string;
  readonly startTime: string;
  readonly completeTime: string;
  readonly faultCode: number;
  readonly faultString: string;
}

/** Every message this project speaks, both directions; `method` is the name of the element in the SOAP body. */
export type CwmpMessage =
  | {
      readonly method: "Inform";
      readonly deviceId: DeviceId;
      readonly events: readonly EventEntry[];
      /** ISO 8601 with offset. */
      readonly currentTime: string;
      readonly retryCount: number;
      readonly parameters: readonly ParameterAssignment[];
    }
  | { readonly method: "InformResponse" }
  | { readonly method: "GetRPCMethods" }
  | { readonly method: "GetRPCMethodsResponse"; readonly methods: readonly string[] }
  | { readonly method: "GetParameterNames"; readonly path: string; readonly nextLevel: boolean }
  | { readonly method: "GetParameterNamesResponse"; readonly names: readonly ParameterInfo[] }
  | { readonly method: "GetParameterValues"; readonly paths: readonly string[] }
  | {
      readonly method: "GetParameterValuesResponse";
      readonly parameters: readonly ParameterAssignment[];
    }
  | {
      readonly method: "SetParameterValues";
      readonly parameters: readonly ParameterAssignment[];
      readonly parameterKey: string;
    }
  | { readonly method: "SetParameterValuesResponse"; readonly status: number }
  | {
      readonly method: "SetParameterAttributes";
      readonly attributes: readonly AttributeAssignment[];
    }
  | { readonly method: "SetParameterAttributesResponse" }
  | { readonly method: "GetParameterAttributes"; readonly paths: readonly string[] }
  | {
      readonly method: "GetParameterAttributesResponse";
      readonly attributes: readonly ParameterAttribute[];
    }
  | { readonly method: "AddObject"; readonly path: string; readonly parameterKey: string }
  | {
      readonly method: "AddObjectResponse";
      readonly instanceNumber: number;
      readonly status: number;
    }
  | { readonly method: "DeleteObject"; readonly path: string; readonly parameterKey: string }
  | { readonly method: "DeleteObjectResponse"; readonly status: number }
  | { readonly method: "Reboot"; readonly commandKey: string }
  | { readonly method: "RebootResponse" }
  | { readonly method: "FactoryReset" }
  | { readonly method: "FactoryResetResponse" }
  | {
      readonly method: "ScheduleInform";
      readonly delaySeconds: number;
      readonly commandKey: string;
    }
  | { readonly method: "ScheduleInformResponse" }
  | ({ readonly method: "Download" } & DownloadArguments)
  | ({ readonly method: "DownloadResponse" } & TransferStart)
  | ({ readonly method: "Upload" } & UploadArguments)
  | ({ readonly method: "UploadResponse" } & TransferStart)
  | ({ readonly method: "ScheduleDownload" } & ScheduleDownloadArguments)
  | { readonly method: "ScheduleDownloadResponse" }
  | { readonly method: "CancelTransfer"; readonly commandKey: string }
  | { readonly method: "CancelTransferResponse" }
  | { readonly method: "GetQueuedTransfers" }
  | {
      readonly method: "GetQueuedTransfersResponse";
      readonly transfers: readonly QueuedTransfer[];
    }
  | { readonly method: "GetAllQueuedTransfers" }
  | {
      readonly method: "GetAllQueuedTransfersResponse";
      readonly transfers: readonly AnyQueuedTransfer[];
    }
  | {
      readonly method: "ChangeDUState";
      readonly operations: readonly DuOperation[];
      readonly commandKey: string;
    }
  | { readonly method: "ChangeDUStateResponse" }
  | { readonly method: "GetOptions"; readonly optionName: string }
  | { readonly method: "SetVouchers" }
  | ({ readonly method: "TransferComplete"; readonly commandKey: string } & TransferResult)
  | { readonly method: "TransferCompleteResponse" }
  | ({ readonly method: "AutonomousTransferComplete" } & AutonomousTransfer)
  | { readonly method: "AutonomousTransferCompleteResponse" }
  | {
      readonly method: "RequestDownload";
      readonly fileType: string;
      /** At most 16 name/value pairs. */
      readonly fileTypeArguments: readonly { readonly name: string; readonly value: string }[];
    }
  | { readonly method: "RequestDownloadResponse" }
  | {
      readonly method: "Kicked";
      readonly command: string;
      readonly referer: string;
      readonly arg: string;
      readonly next: string;
    }
  | { readonly method: "KickedResponse"; readonly nextUrl: string }
  | {
      readonly method: "DUStateChangeComplete";
      readonly results: readonly DuResult[];
      readonly commandKey: string;
    }
  | { readonly method: "DUStateChangeCompleteResponse" }
  | {
      readonly method: "AutonomousDUStateChangeComplete";
      readonly results: readonly (DuResult & { readonly operation: DuOperation["operation"] })[];
    }
  | { readonly method: "AutonomousDUStateChangeCompleteResponse" }
  | {
      readonly method: "Fault";
      /** CWMP fault code; 0 when a received fault carries none. */
      readonly code: number;
      readonly text: string;
      /** Only with 9003 on SetParameterValues. */
      readonly parameters?: readonly ParameterFault[];
      /** Overrides the SOAP fault code that goes with `code`. */
      readonly soapCode?: "MustUnderstand";
    };

/** Messages that only a decoder makes. */
export type DecodedMessage =
  | CwmpMessage
  /** A method nobody here knows. */
  | { readonly method: "Unknown"; readonly requested: string }
  /** A known method whose arguments do not fit the schema: fault 9003. */
  | { readonly method: "Invalid"; readonly requested: string; readonly reason: string };

/** The message of one method. */
export type MessageOf<Method extends DecodedMessage["method"]> = Extract<
  DecodedMessage,
  { readonly method: Method }
>;
