/** Never shorter than this: printers answer in bursts and pause while they print. */
const shortestTimeoutMs = 500;
/** Longer waits than this help nobody. */
const longestTimeoutMs = 20_000;
/** Gentle, because a printer that is off keeps its caller waiting for the sum of all attempts. */
export const backOff = 1.5;

/**
 * The time-out of one printer, learned from its round trips (RFC 6298 §2: mean plus four deviations) and never above
 * the configured one for a first attempt; each further attempt waits half as long again.
 */
export class RoundTrip {
  readonly #configuredMs: number;
  #meanMs: number | undefined;
  #deviationMs = 0;

  constructor(configuredMs: number) {
    this.#configuredMs = configuredMs;
  }

  /** Takes a measured round trip; only of requests sent once (Karn: else it is unclear which one was answered). */
  add(elapsedMs: number): void {
    if (this.#meanMs === undefined) {
      this.#meanMs = elapsedMs;
      this.#deviationMs = elapsedMs / 2;
      return;
    }
    this.#deviationMs += (Math.abs(elapsedMs - this.#meanMs) - this.#deviationMs) / 4;
    this.#meanMs += (elapsedMs - this.#meanMs) / 8;
  }

  /** How long to wait for an answer; `attempt` counts from 0. */
  timeoutMs(attempt: number): number {
    const learnedMs =
      this.#meanMs === undefined ? this.#configuredMs : this.#meanMs + 4 * this.#deviationMs;
    const firstMs = Math.min(this.#configuredMs, Math.max(shortestTimeoutMs, learnedMs));
    return Math.min(firstMs * backOff ** attempt, Math.max(longestTimeoutMs, this.#configuredMs));
  }
}
