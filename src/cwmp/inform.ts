import type { DeviceId, EndpointChange } from "./endpoint-store.ts";
import { type EndpointState, type LiveEvent, internalSettings } from "./endpoint-state.ts";
import { deliveredBy, selectInformEvents } from "./events.ts";
import type { ManagementServer } from "./management-server/management-server.ts";
import type { Notifications } from "./notifications.ts";
import type { ParameterValue } from "./parameter-tree.ts";
import type { EventEntry, MessageOf } from "./soap/message.ts";
import type { MergedTree } from "./tree/merged-tree.ts";

/** What an Inform is made of. */
export interface InformSources {
  readonly deviceId: DeviceId;
  readonly tree: MergedTree;
  readonly state: EndpointState;
  readonly management: ManagementServer;
  readonly notifications: Notifications;
}

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
export function prepareInform(
  sources: InformSources,
  moment: { readonly nowMs: number; readonly retryCount: number },
): PreparedInform {
  const { state, notifications } = sources;
  const changes = [...state.pendingChanges].filter((path) => sources.tree.get(path) !== undefined);
  const events = pendingEvents(sources, changes.length > 0);
  const parameters = informParameters(sources.tree, changes);
  const setReported = notifications.toReport([
    ...parameters.map(({ path }) => path),
    ...notifications.unreportedDefaults(),
  ]);
  const isBootstrap = events.some(({ eventCode }) => eventCode === "0 BOOTSTRAP");
  const url = sources.management.text("URL");
  return {
    message: {
      method: "Inform",
      deviceId: clipped(sources.deviceId),
      events,
      currentTime: formatLocalTime(moment.nowMs),
      retryCount: moment.retryCount,
      parameters,
    },
    events: deliveredBy(events, state.events),
    changes: [...state.pendingChanges],
    onDelivery: {
      ...(setReported.size > 0 ? { setReported } : {}),
      ...(isBootstrap ? { setSettings: new Map([[internalSettings.bootstrappedUrl, url]]) } : {}),
    },
  };
}

/** Whether the ACS at the present URL has not yet answered a BOOTSTRAP. */
export function needsBootstrap(state: EndpointState, management: ManagementServer): boolean {
  return state.settings.get(internalSettings.bootstrappedUrl) !== management.text("URL");
}

// BOOTSTRAP and VALUE CHANGE are not queued but follow from what they stand for, so that neither can get lost.
function pendingEvents(
  { state, management }: InformSources,
  isChanged: boolean,
): readonly EventEntry[] {
  return selectInformEvents([
    ...(needsBootstrap(state, management) ? [event("0 BOOTSTRAP")] : []),
    ...state.events,
    ...(isChanged ? [event("4 VALUE CHANGE")] : []),
  ]);
}

function event(eventCode: string): EventEntry {
  return { eventCode, commandKey: "" };
}

function informParameters(tree: MergedTree, changes: readonly string[]): readonly ParameterValue[] {
  const forced = tree.rootModel.forcedInform;
  const paths = changes.length === 0 ? forced : [...new Set([...forced, ...changes])];
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

/** ISO 8601 with the local offset, as CurrentTime should be. */
export function formatLocalTime(ms: number): string {
  const offsetMinutes = -new Date(ms).getTimezoneOffset();
  const local = new Date(ms + offsetMinutes * 60_000).toISOString().slice(0, 19);
  const sign = offsetMinutes < 0 ? "-" : "+";
  const size = Math.abs(offsetMinutes);
  return `${local}${sign}${twoDigits(size / 60)}:${twoDigits(size % 60)}`;
}

function twoDigits(value: number): string {
  return String(Math.floor(value)).padStart(2, "0");
}
