import { deliveryOf } from "../events/events.ts";
import { acsFaults } from "../faults.ts";
import {
  type CwmpMessage,
  type CwmpNamespace,
  type EventEntry,
  cwmpNamespaces,
} from "../soap/message.ts";

/** How an ACS wants to be spoken to. */
export interface SessionDialect {
  readonly namespace: CwmpNamespace;
  /** `SessionTimeout` header in the Inform, seconds; undefined: none. */
  readonly sessionTimeoutS: number | undefined;
  /** `SupportedCWMPVersions` header in the Inform; undefined: none. */
  readonly supportedVersions: string | undefined;
}

/** The versions of CWMP there are. */
export const cwmpVersions = ["1.0", "1.1", "1.2", "1.3", "1.4"] as const;
/** One of {@link cwmpVersions}. */
export type CwmpVersion = (typeof cwmpVersions)[number];

/** What the operator says of an ACS. */
export interface AcsVersionSettings {
  /** The newest version it is spoken to in. */
  readonly version: CwmpVersion;
  /** Send `SessionTimeout` (1.3 and later). */
  readonly sessionTimeout: boolean;
  /** Send `SupportedCWMPVersions` (1.4). */
  readonly supportedVersions: boolean;
}

/** Long enough for the slowest read of a device: no RPC is answered later than 25 s. */
const sessionTimeoutS = 60;

/** The dialect of an ACS. The namespaces are three; headers came with 1.3 and 1.4 (CWMP XSDs). */
export function dialectFor(settings: AcsVersionSettings): SessionDialect {
  const index = cwmpVersions.indexOf(settings.version);
  return {
    namespace: namespaceOf(index),
    sessionTimeoutS: index >= 3 && settings.sessionTimeout ? sessionTimeoutS : undefined,
    supportedVersions:
      index >= 4 && settings.supportedVersions
        ? cwmpVersions.slice(0, index + 1).join()
        : undefined,
  };
}

/** What most ACSs read, and all of them tolerate. */
export const defaultDialect: SessionDialect = dialectFor({
  version: "1.4",
  sessionTimeout: true,
  supportedVersions: true,
});

/** The dialect so many namespaces older; undefined when there are not as many. */
export function olderDialect(dialect: SessionDialect, steps: number): SessionDialect | undefined {
  if (steps === 0) return dialect;
  const namespace = cwmpNamespaces[cwmpNamespaces.indexOf(dialect.namespace) - steps];
  // The older namespaces know neither header.
  return namespace === undefined
    ? undefined
    : { namespace, sessionTimeoutS: undefined, supportedVersions: undefined };
}

/** Whether a fault to the Inform says that an older version may do (8003 is how ACSs before 1.4 put it). */
export function asksForOlderVersion(faultCode: number | undefined): boolean {
  return faultCode === acsFaults.versionIncompatible || faultCode === acsFaults.invalidArguments;
}

/** The namespace for the rest of the session (TR-069a6 §3.7.2.1): as told, else as the ACS itself speaks. */
export function negotiatedNamespace(
  useVersion: string | undefined,
  spoken: string | undefined,
  present: CwmpNamespace,
): CwmpNamespace {
  if (useVersion !== undefined) {
    const index = cwmpVersions.findIndex((version) => version === useVersion);
    return index === -1 ? cwmpNamespaces[2] : namespaceOf(index);
  }
  return cwmpNamespaces.find((known) => known === spoken) ?? present;
}

/** The version spoken for the rest of the session: as told, else the oldest that the namespace of the ACS stands for. */
export function negotiatedVersion(
  useVersion: string | undefined,
  spoken: string | undefined,
): CwmpVersion {
  // Some ACSs put the version into a namespace that does not exist.
  const told =
    useVersion ?? /^urn:dslforum-org:cwmp-1-(\d)$/.exec(spoken ?? "")?.[1]?.replace(/^/, "1.");
  const known = cwmpVersions.find((version) => version === told);
  return known ?? (useVersion === undefined ? "1.0" : "1.4");
}

/** Requests of either side that CWMP 1.0 does not know (cwmp-1-1.xsd, cwmp-1-2.xsd). */
const newerRequests: ReadonlyMap<string, CwmpVersion> = new Map([
  ["AutonomousTransferComplete", "1.1"],
  ["GetAllQueuedTransfers", "1.1"],
  ["ScheduleDownload", "1.2"],
  ["CancelTransfer", "1.2"],
  ["ChangeDUState", "1.2"],
  ["DUStateChangeComplete", "1.2"],
  ["AutonomousDUStateChangeComplete", "1.2"],
]);

/** Whether a request belongs to this version. */
export function hasRequest(version: CwmpVersion, method: string): boolean {
  const since = newerRequests.get(method) ?? "1.0";
  return cwmpVersions.indexOf(version) >= cwmpVersions.indexOf(since);
}

/**
 * What a message becomes in an older namespace: an Inform without the events of requests that are made in newer ones
 * only, and in CWMP 1.0 general causes of failed transfers (cwmp-1-0.xsd).
 */
export function inNamespace(message: CwmpMessage, namespace: CwmpNamespace): CwmpMessage {
  if (message.method === "Inform") {
    const version = newestOf(namespace);
    const isKnown = ({ eventCode }: EventEntry): boolean =>
      hasRequest(version, deliveryOf(eventCode));
    return message.events.every(isKnown)
      ? message
      : { ...message, events: message.events.filter(isKnown) };
  }
  const isOldest = namespace === cwmpNamespaces[0];
  if (!isOldest || message.method !== "TransferComplete") return message;
  const isDetailed = message.faultCode >= 9014 && message.faultCode <= 9020;
  return isDetailed ? { ...message, faultCode: 9010 } : message;
}

/** The newest version that a namespace stands for. */
function newestOf(namespace: CwmpNamespace): CwmpVersion {
  return cwmpVersions.findLast((_, index) => namespaceOf(index) === namespace) ?? "1.0";
}

function namespaceOf(versionIndex: number): CwmpNamespace {
  return cwmpNamespaces[versionIndex] ?? cwmpNamespaces[2];
}
