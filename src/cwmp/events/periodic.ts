import { isUnknownTime, parseDateTimeMs } from "../value-check.ts";

/** What decides when `2 PERIODIC` is due. */
export interface PeriodicSchedule {
  readonly intervalS: number;
  /** PeriodicInformTime: Informs are due at this instant plus or minus n intervals; Unknown Time leaves the phase to us. */
  readonly time: string;
  /** Spreads endpoints without PeriodicInformTime over the interval; the same over restarts. */
  readonly identity: string;
}

/** The first instant after `nowMs` at which a periodic Inform is due (TR-181i2 ManagementServer.PeriodicInformTime). */
export function nextPeriodicMs(nowMs: number, schedule: PeriodicSchedule): number {
  const intervalMs = schedule.intervalS * 1_000;
  const anchorMs = isUnknownTime(schedule.time)
    ? phaseMs(schedule.identity, intervalMs)
    : parseDateTimeMs(schedule.time);
  const elapsedMs = (((nowMs - anchorMs) % intervalMs) + intervalMs) % intervalMs;
  return nowMs + intervalMs - elapsedMs;
}

/** FNV-1a: even enough, and stable for ever. */
function phaseMs(identity: string, intervalMs: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < identity.length; index += 1) {
    hash = Math.imul(hash ^ identity.charCodeAt(index), 0x01000193);
  }
  return Math.floor(((hash >>> 0) / 2 ** 32) * intervalMs);
}
