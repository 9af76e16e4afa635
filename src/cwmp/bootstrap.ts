import { type EndpointState, internalSettings } from "./endpoint-state.ts";
import type { EndpointChange } from "./endpoint-store.ts";
import type { Notifications } from "./notifications.ts";

/**
 * What follows from a change of the ACS URL: every undelivered event from before is discarded, BOOTSTRAP is due, and
 * attributes set by the old ACS lapse (TR-069a6 §3.7.1.5).
 */
export function acsUrlChange(state: EndpointState, notifications: Notifications): EndpointChange {
  return {
    removeEvents: state.eventIds(() => true),
    removePendingChanges: [...state.pendingChanges],
    setAttributes: notifications.lapsed(),
    setSettings: new Map([[internalSettings.bootstrappedUrl, undefined]]),
  };
}
