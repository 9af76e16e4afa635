/** `ServerRetry*` of `Device.XMPP.Connection.{i}.` (TR-181i2 2.17). */
export interface ReconnectPolicy {
  readonly initialS: number;
  /** In thousandths. */
  readonly multiplier: number;
  readonly maximumS: number;
}

/** A server is not hammered even where the policy would allow it. */
const shortestMs = 1_000;

/**
 * How long to wait before attempt `failures` + 1: a random part of a maximum that grows with each failure.
 * @param random in [0, 1)
 */
export function reconnectWaitMs(
  failures: number,
  { initialS, multiplier, maximumS }: ReconnectPolicy,
  random: number,
): number {
  const grown = initialS * (multiplier / 1_000) ** Math.min(failures - 1, 64);
  return Math.max(shortestMs, Math.min(grown, maximumS) * 1_000 * random);
}
