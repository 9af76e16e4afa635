/** Bounds of the keep-alive period, milliseconds; `maximumMs` is never below `minimumMs`. */
export interface KeepAliveBounds {
  readonly minimumMs: number;
  readonly maximumMs: number;
}

/** What is known of how long the gateway keeps an idle binding. */
export interface BindingLifetime {
  /** The longest idle time a test proved; 0: none yet. */
  readonly survivedMs: number;
  /** The shortest idle time known to have been too long; Infinity: none. */
  readonly lostMs: number;
  /** Whether the server answers to RESPONSE-ADDRESS, without which nothing can be proven. */
  readonly canBeTested: boolean;
}

/** Gateways that keep bindings for less than half a minute are rare (RFC 4787 §4.3 asks for 120 s). */
const presumedMs = 25_000;
/** Without a limit of the ACS: longer silence gains nothing and a box is unreachable the longer. */
const longestMs = 3_600_000;
/** Knowing it closer than this gains nothing. */
const precision = 0.1;
/** Part of the known time that is used, so that a late packet still comes in time. */
const safety = 0.9;

/** @param maximumS -1: no maximum (TR-181i2 STUNMaximumKeepAlivePeriod) */
export function keepAliveBounds(minimumS: number, maximumS: number): KeepAliveBounds {
  const maximumMs = maximumS === -1 ? longestMs : maximumS * 1_000;
  // A period of nothing would be a flood.
  const minimumMs = Math.max(1_000, minimumS * 1_000);
  return { minimumMs, maximumMs: Math.max(minimumMs, maximumMs) };
}

/** Of a gateway nobody has tested. */
export const untestedLifetime: BindingLifetime = {
  survivedMs: 0,
  lostMs: Infinity,
  canBeTested: true,
};

/** How long to leave the binding idle before the next keep-alive. */
export function keepAlivePeriodMs(lifetime: BindingLifetime, bounds: KeepAliveBounds): number {
  const { survivedMs } = lifetime;
  return within(survivedMs > 0 ? survivedMs * safety : guessMs(lifetime), bounds);
}

/** An idle time worth a test from a secondary port; undefined when nothing is to be learned. */
export function trialMs(lifetime: BindingLifetime, bounds: KeepAliveBounds): number | undefined {
  const { survivedMs, lostMs, canBeTested } = lifetime;
  if (!canBeTested || lostMs <= bounds.minimumMs || survivedMs >= bounds.maximumMs)
    return undefined;
  if (survivedMs === 0) return within(guessMs(lifetime), bounds);
  if (lostMs - survivedMs <= survivedMs * precision) return undefined;
  return within(lostMs === Infinity ? survivedMs * 2 : (survivedMs + lostMs) / 2, bounds);
}

/** The binding was still there after `idleMs`: a test said so. */
export function survived(lifetime: BindingLifetime, idleMs: number): BindingLifetime {
  return idleMs <= lifetime.survivedMs ? lifetime : { ...lifetime, survivedMs: idleMs };
}

/** The binding was gone after `idleMs`; what was proven before and says otherwise is not believed any more. */
export function lost(lifetime: BindingLifetime, idleMs: number): BindingLifetime {
  const { survivedMs } = lifetime;
  return {
    ...lifetime,
    lostMs: Math.min(lifetime.lostMs, idleMs),
    survivedMs: survivedMs < idleMs ? survivedMs : 0,
  };
}

/** While nothing is proven. */
function guessMs({ lostMs }: BindingLifetime): number {
  return Math.min(presumedMs, lostMs / 2);
}

function within(ms: number, { minimumMs, maximumMs }: KeepAliveBounds): number {
  return Math.min(maximumMs, Math.max(minimumMs, ms));
}
