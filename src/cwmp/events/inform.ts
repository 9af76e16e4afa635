import { formatLocalTime } from "../../shared/local-time.ts";
import type { DeviceId, EndpointChange } from "../endpoint-store.ts";
import {
  type EndpointState,
  type LiveEvent,
  internalSettings,
} from "../endpoint/endpoint-state.ts";
import { deliveredBy, selectInformEvents } from "./events.ts";
import { informedPaths } from "../management-server/inform-parameters.ts";
import type { ManagementServer } from "../management-server/management-server.ts";
import type { Notifications } from "../notifications/notifications.ts";
import type { ParameterValue } from "../parameter-tree.ts";
import { dueInformEvents, withoutDelivered } from "./scheduled-informs.ts";
import type { EventEntry, MessageOf } from "../soap/message.ts";
import type { MergedTree } from "../tree/merged-tree.ts";

/** What an Inform is made of. */
export interface InformSources {
  readonly deviceId: DeviceId;
  readonly tree: MergedTree;
  readonly state: EndpointState;
  readonly management: ManagementServer;
  readonly notifications: Notifications;
  /** What the requests of the CPE have to be announced by. */
  readonly requestEvents: () => readonly EventEntry[];
}

/** The circumstances of one session. */
export interface InformMoment {
  readonly nowMs: number;
  readonly retryCount: number;
  /** A heartbeat goes alone: it carries and settles nothing else (TR-069a6 Annex O). */
  readonly purpose: SessionPurpose;
}

/** Why a session is opened. */
export type SessionPurpose = "ordinary" | "heartbeat";

/** An Inform together with what its delivery means, frozen at the moment it was made. */
export interface PreparedInform {
  readonly message: MessageOf<"Inform">;
  /** Queued events it carries. */
  readonly events: readonly LiveEvent[];
  /** Changed paths this Inform settles: reported, or gone with their row. */
  readonly changes: readonly string[];
  /** To be committed when the InformResponse arrives, apart from events and `removePendingChanges`. */
  readonly onDelivery: EndpointChange;
}

/** Makes the Inform of one session; a repetition after fault 8005 sends the same one. */
export function prepareInform(sources: InformSources, moment: InformMoment): PreparedInform {
  const { state } = sources;
  if (moment.purpose === "heartbeat") return prepareHeartbeat(sources, moment);
  const changes = reportableChanges(sources);
  const events = pendingEvents(sources, changes.length > 0, moment.nowMs);
  const message = informOf(sources, moment, events, changes);
  return {
    message: asNamed(message, sources),
    events: deliveredBy(events, state.events),
    changes: [...state.pendingChanges],
    onDelivery: deliveryOfInform(sources, message, moment.nowMs),
  };
}

/** Whether an Inform made now would carry any event. */
export function hasEvents(sources: InformSources, nowMs: number): boolean {
  return pendingEvents(sources, reportableChanges(sources).length > 0, nowMs).length > 0;
}

function reportableChanges({ state, tree }: InformSources): readonly string[] {
  return [...state.pendingChanges].filter((path) => tree.get(path) !== undefined);
}

function prepareHeartbeat(sources: InformSources, moment: InformMoment): PreparedInform {
  const message = informOf(sources, moment, [event("14 HEARTBEAT")], []);
  return { message: asNamed(message, sources), events: [], changes: [], onDelivery: {} };
}

function informOf(
  { deviceId, tree }: InformSources,
  { nowMs, retryCount }: InformMoment,
  events: readonly EventEntry[],
  changes: readonly string[],
): MessageOf<"Inform"> {
  const eventCodes = events.map(({ eventCode }) => eventCode);
  return {
    method: "Inform",
    deviceId: clipped(deviceId),
    events,
    currentTime: formatLocalTime(nowMs),
    retryCount,
    parameters: informParameters(tree, [...changes, ...informedPaths(tree, eventCodes)]),
  };
}

/** With paths as the ACS wants them written. */
function asNamed(message: MessageOf<"Inform">, { tree }: InformSources): MessageOf<"Inform"> {
  const named = tree.naming();
  const parameters = message.parameters.map((value) => ({ ...value, path: named(value.path) }));
  return { ...message, parameters };
}

/** What is true once the InformResponse is there. */
function deliveryOfInform(
  { state, management, notifications }: InformSources,
  { events, parameters }: MessageOf<"Inform">,
  nowMs: number,
): EndpointChange {
  const setReported = notifications.toReport([
    ...parameters.map(({ path }) => path),
    ...notifications.unreportedDefaults(),
  ]);
  const setSettings = new Map(withoutDelivered(state, events, nowMs));
  if (events.some(({ eventCode }) => eventCode === "0 BOOTSTRAP")) {
    setSettings.set(internalSettings.bootstrappedUrl, management.text("URL"));
  }
  return {
    ...(setReported.size > 0 ? { setReported } : {}),
    ...(setSettings.size > 0 ? { setSettings } : {}),
  };
}

/** Whether the ACS at the present URL has not yet answered a BOOTSTRAP. */
export function needsBootstrap(state: EndpointState, management: ManagementServer): boolean {
  return state.settings.get(internalSettings.bootstrappedUrl) !== management.text("URL");
}

// What follows from something kept elsewhere is not queued, so that neither can get lost.
function pendingEvents(
  { state, management, requestEvents }: InformSources,
  isChanged: boolean,
  nowMs: number,
): readonly EventEntry[] {
  return selectInformEvents([
    ...(needsBootstrap(state, management) ? [event("0 BOOTSTRAP")] : []),
    ...state.events,
    ...(isChanged ? [event("4 VALUE CHANGE")] : []),
    ...dueInformEvents(state, nowMs),
    ...requestEvents(),
  ]);
}

function event(eventCode: string): EventEntry {
  return { eventCode, commandKey: "" };
}

function informParameters(tree: MergedTree, wanted: readonly string[]): readonly ParameterValue[] {
  const forced = tree.rootModel.forcedInform;
  const paths = wanted.length === 0 ? forced : [...new Set([...forced, ...wanted])];
  // A forced parameter the device does not know is sent all the same: its absence fails many an ACS.
  return paths.map((path) => tree.get(path) ?? { path, type: "string", value: "" });
}

/** The schema's bounds; identities of devices come from the field. */
function clipped({ manufacturer, oui, productClass, serialNumber }: DeviceId): DeviceId {
  return {
    manufacturer: manufacturer.slice(0, 64),
    oui,
    productClass: productClass.slice(0, 64),
    serialNumber: serialNumber.slice(0, 64),
  };
}
