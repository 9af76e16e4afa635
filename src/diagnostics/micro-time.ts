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

/** An instant in UTC with six digits of fraction (`2008-04-09T15:01:05.123456Z`), as TR-143 wants it. */
export function formatMicroTime(epochUs: number): string {
  const seconds = Math.floor(epochUs / 1_000_000);
  const fraction = Math.floor(epochUs % 1_000_000)
    .toString()
    .padStart(6, "0");
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}
