import { logger } from "../../shared/log.ts";
import { acsUrlChange } from "./bootstrap.ts";
import { type EndpointState, internalSettings } from "../endpoint/endpoint-state.ts";
import type { EndpointChange } from "../endpoint-store.ts";
import type { Notifications } from "../notifications/notifications.ts";
import type { DeviceActions } from "../parameter-tree.ts";

const log = logger("cwmp.events.factory-reset");

/** What a reset works on. */
export interface ResetParts {
  readonly state: EndpointState;
  readonly notifications: Notifications;
  readonly actions: DeviceActions;
  /** Forgets what is to be told to the ACS, transfers that were ordered among it. */
  forgetRequests(): Promise<void>;
}

/** Notes a FactoryReset before it is answered. */
export const factoryResetAsked: EndpointChange = {
  setSettings: new Map([[internalSettings.factoryReset, "1"]]),
};

/**
 * Resets the device and then what this endpoint keeps, if that was promised; called after the session, and again at
 * start in case the process died in between, which does no harm twice. Returns whether there was a reset.
 */
export async function runFactoryReset(parts: ResetParts): Promise<boolean> {
  const { state, notifications, actions } = parts;
  if (!state.settings.has(internalSettings.factoryReset)) return false;
  const device = state.endpointId;
  try {
    await actions.factoryReset?.();
  } catch (error) {
    log.error("device cannot be reset", { device, error });
    await state.commit({ setSettings: new Map([[internalSettings.factoryReset, undefined]]) });
    return false;
  }
  await parts.forgetRequests();
  await state.commit(forgotten(state, notifications));
  state.dropUnwritten();
  log.info("reset to factory settings", { device });
  return true;
}

/** Everything back to how an endpoint begins: `0 BOOTSTRAP` follows from the missing URL, `1 BOOT` is queued. */
function forgotten(state: EndpointState, notifications: Notifications): EndpointChange {
  const names = [...state.settings.keys()].filter((name) => name !== internalSettings.isKnown);
  return {
    ...acsUrlChange(state, notifications),
    addEvents: [{ eventCode: "1 BOOT", commandKey: "" }],
    setSettings: new Map(names.map((name) => [name, undefined])),
  };
}
