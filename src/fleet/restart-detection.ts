/** `sysUpTime.0` (RFC 3418): hundredths of a second since the agent was started, as seen at an instant. */
export interface UpTime {
  readonly ticks: number;
  readonly atMs: number;
}

/** Complete instance OID of `sysUpTime` (RFC 3418). */
export const sysUpTimeOid = "1.3.6.1.2.1.1.3.0";

/** TimeTicks wrap after 2^32 hundredths of a second, 497 days. */
const wrapTicks = 2 ** 32;

/** Agents round and answer late; less than this is no step back. */
const jitterTicks = 200;

/** Clocks of printers drift; how far the expected instant may be off. */
function toleranceMs(elapsedMs: number): number {
  return 30_000 + elapsedMs * 0.01;
}

/**
 * Whether the agent was started between two readings. Either its clock went back (and did not wrap), or it started,
 * by its own account, after it was last seen. A clock that merely stood still in sleep is not a restart.
 */
export function hasRestarted(before: UpTime, now: UpTime): boolean {
  const elapsedMs = now.atMs - before.atMs;
  if (now.ticks + jitterTicks < before.ticks) return !hasWrapped(before, now, elapsedMs);
  const startedAtMs = now.atMs - now.ticks * 10;
  return startedAtMs > before.atMs + toleranceMs(elapsedMs);
}

function hasWrapped(before: UpTime, now: UpTime, elapsedMs: number): boolean {
  const expectedTicks = before.ticks + elapsedMs / 10 - wrapTicks;
  return Math.abs(expectedTicks - now.ticks) * 10 <= toleranceMs(elapsedMs);
}
