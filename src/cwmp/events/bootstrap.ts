import { type EndpointState, internalSettings } from "../endpoint/endpoint-state.ts";
import type { EndpointChange } from "../endpoint-store.ts";
import type { ManagementServer } from "../management-server/management-server.ts";
import type { Notifications } from "../notifications/notifications.ts";

/**
 * What follows from a change of the ACS URL: every undelivered event from before is discarded, Informs the old ACS
 * scheduled and transfers nobody ordered among them, BOOTSTRAP is due, and attributes set by the old ACS lapse
 * (TR-069a6 §3.7.1.5). What other requests of the CPE bring with them stays: a transfer that ended is told to whoever is there.
 */
export function acsUrlChange(state: EndpointState, notifications: Notifications): EndpointChange {
  return {
    removeEvents: state.eventIds(() => true),
    removePendingChanges: [...state.pendingChanges],
    setAttributes: notifications.lapsed(),
    setSettings: new Map([
      [internalSettings.bootstrappedUrl, undefined],
      [internalSettings.scheduledInforms, undefined],
      [internalSettings.autonomousTransfers, undefined],
    ]),
  };
}

/**
 * Stores settings of `Device.ManagementServer.` in one commit, together with what a new URL among them entails.
 * `known` are values the ACS need not be told: it wrote them.
 */
export async function storeSettings(
  settings: ReadonlyMap<string, string>,
  known: ReadonlyMap<string, string>,
  parts: {
    readonly state: EndpointState;
    readonly management: ManagementServer;
    readonly notifications: Notifications;
  },
): Promise<void> {
  const { state, management, notifications } = parts;
  const url = settings.get("URL");
  const isNewAcs = url !== undefined && url !== management.text("URL");
  const movedAway: EndpointChange = isNewAcs ? acsUrlChange(state, notifications) : {};
  await state.commit({
    ...movedAway,
    setReported: known,
    setSettings: new Map<string, string | undefined>([
      ...(movedAway.setSettings ?? []),
      // Set again, it counts again from the end of the session (TR-181i2 DelayReboot).
      ...(settings.has("DelayReboot")
        ? [[internalSettings.delayedRebootAtMs, undefined] as const]
        : []),
      ...settings,
    ]),
  });
  if (isNewAcs) state.dropUnwritten();
}
