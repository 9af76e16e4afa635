import { logger } from "../../shared/log.ts";
import { type EndpointState, internalSettings } from "../endpoint/endpoint-state.ts";
import type { EndpointChange } from "../endpoint-store.ts";
import {
  type LiveValues,
  type ManagementServer,
  type SettingNode,
  managementServerNodesWith,
} from "../management-server/management-server.ts";
import type { DeviceActions } from "../parameter-tree.ts";
import { parseDateTimeMs, unknownTime } from "../value-check.ts";

const log = logger("cwmp.events.timed-reboots");

/** What an endpoint shows whose device cannot be restarted from here: no such time, and none can be set. */
const withoutReboot: LiveValues = { DelayReboot: () => "-1", ScheduleReboot: () => unknownTime };

// One object for endpoints that are alike.
const combined = new WeakMap<LiveValues, LiveValues>();

/** The live values of an endpoint, without times of restarts when its device cannot be restarted. */
export function liveValuesOf(
  live: LiveValues | undefined,
  canReboot: boolean,
): LiveValues | undefined {
  if (canReboot) return live;
  if (live === undefined) return withoutReboot;
  const known = combined.get(live) ?? { ...live, ...withoutReboot };
  combined.set(live, known);
  return known;
}

/** `Device.ManagementServer.` as an endpoint with these live values shows it, for its device type. */
export function settingNodesOf(live: LiveValues, canReboot: boolean): readonly SettingNode[] {
  return managementServerNodesWith(liveValuesOf(live, canReboot) ?? live);
}

/** What a restart at a set time needs to know. */
interface RebootSources {
  readonly state: EndpointState;
  readonly management: ManagementServer;
}

/** When the device is to be restarted by ScheduleReboot (if that is still to come after `afterMs`) or DelayReboot. */
export function nextRebootMs(
  { state, management }: RebootSources,
  afterMs: number,
): number | undefined {
  const scheduledAtMs = parseDateTimeMs(management.text("ScheduleReboot"));
  const delayed = state.settings.get(internalSettings.delayedRebootAtMs);
  const nextMs = Math.min(
    scheduledAtMs > afterMs ? scheduledAtMs : Infinity,
    delayed === undefined ? Infinity : Number(delayed),
  );
  return nextMs === Infinity ? undefined : nextMs;
}

/** What is to be stored when DelayReboot begins to count, which is at the end of a session; undefined for nothing. */
export function delayBegins(
  { state, management }: RebootSources,
  nowMs: number,
): EndpointChange | undefined {
  const delayS = management.number("DelayReboot");
  if (delayS < 0 || state.settings.has(internalSettings.delayedRebootAtMs)) return undefined;
  const dueAtMs = String(nowMs + delayS * 1_000);
  return { setSettings: new Map([[internalSettings.delayedRebootAtMs, dueAtMs]]) };
}

/** Settings that end with a restart, whatever caused it; nothing when none is in force. */
export function delayEnds(state: EndpointState): ReadonlyMap<string, string | undefined> {
  const names = ["DelayReboot", internalSettings.delayedRebootAtMs];
  return new Map(names.filter((name) => state.settings.has(name)).map((name) => [name, undefined]));
}

/** Restarts the device because its time came. A device that refuses stays up; the operator learns of it here. */
export async function runTimedReboot(state: EndpointState, actions: DeviceActions): Promise<void> {
  const device = state.endpointId;
  try {
    await state.commit({ setSettings: delayEnds(state) });
    await actions.reboot?.("");
    log.info("restart ordered at its set time", { device });
  } catch (error) {
    log.error("device cannot be restarted", { device, error });
  }
}
