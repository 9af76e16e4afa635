import type { DeviceRecord } from "../device-record.ts";
import { printersOf } from "./printer-facts.ts";

/** A device in one entry of `GET /api/devices`. */
export function deviceSummary(device: DeviceRecord): object {
  return {
    id: device.id,
    ...device.deviceId,
    informs: device.informCount,
    firstSeenAt: isoTime(device.firstSeenAtMs),
    lastInformAt: isoTime(device.lastInformAtMs),
    treeReadAt: isoTime(device.treeReadAtMs),
    parameters: device.parameters.size,
    waiting: device.pendingCount,
    violations: device.violations.all().length,
    lastEvents: device.sessions.last()?.events ?? [],
    printers: printersOf(device),
  };
}

/** Everything about a device but its parameters: `GET /api/devices/{id}`. */
export function deviceDetails(device: DeviceRecord): object {
  return {
    ...deviceSummary(device),
    events: device.events.all().map(({ atMs, ...event }) => ({ at: isoTime(atMs), ...event })),
    sessions: device.sessions.all().map(({ startedAtMs, endedAtMs, ...session }) => ({
      startedAt: isoTime(startedAtMs),
      endedAt: isoTime(endedAtMs),
      ...session,
    })),
    rpcs: device.rpcs.all().map(({ atMs, ...rpc }) => ({ at: isoTime(atMs), ...rpc })),
    problems: device.violations.all(),
  };
}

/** The tree as last heard: `GET /api/devices/{id}/parameters`. */
export function deviceParameters(device: DeviceRecord): object {
  const entries = [...device.parameters].map(([path, { value, type, writable, readAtMs }]) => [
    path,
    { value, type, writable, readAt: isoTime(readAtMs) },
  ]);
  return Object.fromEntries(entries) as object;
}

function isoTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
