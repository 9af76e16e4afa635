import { logger } from "../../shared/log.ts";
import { type EndpointState, internalSettings } from "../endpoint/endpoint-state.ts";
import type { EndpointChange } from "../endpoint-store.ts";
import { retentionOf } from "./events.ts";
import type { DeviceActions } from "../parameter-tree.ts";
import { delayEnds } from "./timed-reboots.ts";
import { hasMembers, storedList, withList } from "../endpoint/stored-list.ts";

const log = logger("cwmp.events.reboots");

/** A Reboot the ACS was promised. `isSent` once the device was told. */
interface PendingReboot {
  readonly commandKey: string;
  readonly isSent: boolean;
}

/** An ACS that keeps asking while the device does not restart must not fill the disk. */
const mostReboots = 16;

/** Notes a Reboot before it is answered. */
export function rebootAsked(state: EndpointState, commandKey: string): EndpointChange {
  const asked = [...pendingReboots(state), { commandKey, isSent: false }].slice(-mostReboots);
  return withReboots(asked);
}

/**
 * Tells the device to restart, if an unsent Reboot is pending; called after the session, and again at start in case the
 * process died in between. A device that refuses will not restart, so the promise is dropped and logged.
 */
export async function runReboots(state: EndpointState, actions: DeviceActions): Promise<void> {
  const unsent = pendingReboots(state).find(({ isSent }) => !isSent);
  if (unsent === undefined || actions.reboot === undefined) return;
  const device = state.endpointId;
  try {
    await actions.reboot(unsent.commandKey);
    log.info("restart ordered", { device });
    const sent = pendingReboots(state).map(({ commandKey }) => ({ commandKey, isSent: true }));
    if (sent.length > 0) await state.commit(withReboots(sent));
  } catch (error) {
    log.error("device cannot be restarted", { device, error });
    await state.commit(withReboots(pendingReboots(state).filter(({ isSent }) => isSent)));
  }
}

/** What a restart of the device means: `1 BOOT`, and `M Reboot` for every Reboot it was promised. */
export function deviceRestartedChange(state: EndpointState): EndpointChange {
  const ordered = pendingReboots(state).map(({ commandKey }) => ({
    eventCode: "M Reboot",
    commandKey,
  }));
  return {
    removeEvents: state.eventIds(({ eventCode }) => retentionOf(eventCode) === "untilReboot"),
    addEvents: [{ eventCode: "1 BOOT", commandKey: "" }, ...ordered],
    setSettings: new Map([...withReboots([]).setSettings, ...delayEnds(state)]),
  };
}

function withReboots(reboots: readonly PendingReboot[]): ReturnType<typeof withList> {
  return withList(internalSettings.reboots, reboots);
}

function pendingReboots(state: EndpointState): readonly PendingReboot[] {
  return storedList(state, internalSettings.reboots, (value): value is PendingReboot =>
    hasMembers(value, { commandKey: "string", isSent: "boolean" }),
  );
}
