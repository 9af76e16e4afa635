import type { Bar } from "./row.ts";

/** Median of some repetitions with their extremes. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws {RangeError} when there is nothing to summarise */
export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.ceil((sorted.length - 1) / 2)];
  const min = sorted[0];
  const max = sorted.at(-1);
  if (low === undefined || high === undefined || min === undefined || max === undefined)
    throw new RangeError("no values to summarise");
  return { median: (low + high) / 2, min, max };
}

/** Whether the bar is met by the median. */
export function isMet(bar: Bar, { median }: Summary): boolean {
  return "atLeast" in bar ? median >= bar.atLeast : median <= bar.atMost;
}
