import type { Clock } from "../shared/clock.ts";

/** A point on a clock that only runs forward, in microseconds; for differences. */
export function microseconds(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** Writes down instants to the microsecond: the wall clock once, and from there the clock that only runs forward. */
export class MicroClock {
  readonly #wallMs: number;
  readonly #startUs = microseconds();

  constructor(clock: Clock) {
    this.#wallMs = clock.nowMs();
  }

  /** Epoch microseconds. */
  nowUs(): number {
    return this.#wallMs * 1000 + (microseconds() - this.#startUs);
  }
}
