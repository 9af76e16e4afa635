import type { Clock } from "../../shared/clock.ts";

/** How many at once (`burst`), and how many a second in the long run. */
export interface RateLimit {
  readonly burst: number;
  readonly perSecond: number;
}

/** A rate limit: full at first, refilled evenly with time. */
export class TokenBucket {
  readonly #limit: RateLimit;
  readonly #clock: Clock;
  #tokens: number;
  #filledAtMs: number;

  constructor(limit: RateLimit, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
    this.#tokens = limit.burst;
    this.#filledAtMs = clock.nowMs();
  }

  /** Takes one token; false when none is left. */
  take(): boolean {
    const nowMs = this.#clock.nowMs();
    // A clock set back must neither drain the bucket nor fill it.
    const elapsedMs = Math.max(0, nowMs - this.#filledAtMs);
    this.#filledAtMs = nowMs;
    const refilled = this.#tokens + (elapsedMs / 1_000) * this.#limit.perSecond;
    this.#tokens = Math.min(this.#limit.burst, refilled);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
