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
