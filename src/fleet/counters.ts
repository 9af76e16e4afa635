/**
 * Sanity of meters: one that runs backwards or jumps impossibly is quarantined, not reported
 * (docs/decisions/0004-counters-held-back.md).
 *
 * The rule. A reading is taken when it is not lower than the accepted one and not further ahead than the fastest
 * machine could have come. A counter that reached the top of its 32 bits and starts again is taken too. Everything
 * else is held back: the accepted value stays. A held-back level becomes the accepted one when it has been confirmed
 * by `confirmationsNeeded` readings that are sane among themselves and show at least one page printed (a changed
 * board counts on from its own level; a sleeping or jammed printer that says 0, or garbage, stands still), or when
 * the operator accepts it.
 */

/** Readings, the first included, that confirm a level held back. */
const confirmationsNeeded = 3;

/** Pages that may appear at once: counters of some machines are only brought up to date after a job. */
const burstPages = 2_000;

/** Twice the fastest cut-sheet machines known (about 500 images a minute). */
const pagesPerMinute = 1_000;

const counter32Range = 2 ** 32;

/** One reading of one counter. */
export interface CounterReading {
  readonly value: number;
  readonly atMs: number;
}

/** A level held back, with what has been seen of it. */
export interface HeldBack {
  readonly accepted: CounterReading;
  readonly latest: CounterReading;
  readonly reason: string;
  readonly sinceMs: number;
  readonly confirmations: number;
  /** The level has moved while held back, as that of a working printer does. */
  readonly hasAdvanced: boolean;
}

/** Whether a reading counts; `released` says how a level held back before came free. */
export type CounterVerdict =
  | { readonly verdict: "accepted"; readonly released: "no" | "backToNormal" | "confirmed" }
  | { readonly verdict: "heldBack"; readonly heldBack: HeldBack };

/** What is known of a counter before a reading. */
export interface CounterHistory {
  readonly accepted: CounterReading;
  readonly heldBack: HeldBack | undefined;
  /** False for counters in units other than pages (lengths), where no speed can be named: only going back is judged. */
  readonly countsPages: boolean;
}

/** Judges one reading. Pure. */
export function judgeCounter(history: CounterHistory, reading: CounterReading): CounterVerdict {
  const { heldBack, countsPages } = history;
  const accepted = heldBack?.accepted ?? history.accepted;
  const reason = objection(accepted, reading, countsPages);
  if (reason === undefined)
    return { verdict: "accepted", released: heldBack === undefined ? "no" : "backToNormal" };
  const next = holdBack(heldBack, { accepted, reading, reason, countsPages });
  if (next.confirmations >= confirmationsNeeded && next.hasAdvanced)
    return { verdict: "accepted", released: "confirmed" };
  return { verdict: "heldBack", heldBack: next };
}

function holdBack(
  before: HeldBack | undefined,
  now: {
    readonly accepted: CounterReading;
    readonly reading: CounterReading;
    readonly reason: string;
    readonly countsPages: boolean;
  },
): HeldBack {
  const { accepted, reading, reason } = now;
  const sinceMs = before?.sinceMs ?? reading.atMs;
  const isConfirmation =
    before !== undefined && objection(before.latest, reading, now.countsPages) === undefined;
  if (!isConfirmation)
    return { accepted, latest: reading, reason, sinceMs, confirmations: 1, hasAdvanced: false };
  return {
    accepted,
    latest: reading,
    reason,
    sinceMs,
    confirmations: before.confirmations + 1,
    hasAdvanced: before.hasAdvanced || reading.value > before.latest.value,
  };
}

/** Why `now` cannot follow `before`; undefined when it can. */
function objection(
  before: CounterReading,
  now: CounterReading,
  countsPages: boolean,
): string | undefined {
  const minutes = Math.max(0, now.atMs - before.atMs) / 60_000;
  const possible = burstPages + pagesPerMinute * minutes;
  const delta = now.value - before.value;
  if (delta < 0)
    return delta + counter32Range <= possible
      ? undefined
      : `went back from ${before.value} to ${now.value}`;
  if (!countsPages || delta <= possible) return undefined;
  return `jumped from ${before.value} to ${now.value} within ${Math.ceil(minutes)} minutes`;
}
