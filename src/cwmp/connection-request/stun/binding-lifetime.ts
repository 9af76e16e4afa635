/** Bounds of the keep-alive period, milliseconds; `maximumMs` is never below `minimumMs`. */
export interface KeepAliveBounds {
  readonly minimumMs: number;
  readonly maximumMs: number;
}

/** What is known of how long the gateway keeps an idle binding. */
export interface BindingLifetime {
  /** An idle time the binding survived, or one so short that gateways let it (RFC 4787 §4.3 asks for 120 s). */
  readonly survivedMs: number;
  /** The shortest idle time known to have been too long; Infinity: none. */
  readonly lostMs: number;
  /** Whether the server answers to RESPONSE-ADDRESS, without which nothing longer can be proven. */
  readonly canBeTested: boolean;
}

/** Gateways that keep bindings for less than half a minute are rare. */
const presumedMs = 25_000;
/** Without a limit of the ACS: longer silence gains nothing and a box is unreachable the longer. */
const longestMs = 3_600_000;
/** Knowing it closer than this gains nothing. */
const precision = 0.1;
/** Part of the proven time that is used, so that a late packet still comes in time. */
const safety = 0.9;

/** @param maximumS -1: no maximum (TR-181i2 STUNMaximumKeepAlivePeriod) */
export function keepAliveBounds(minimumS: number, maximumS: number): KeepAliveBounds {
  const maximumMs = maximumS === -1 ? longestMs : maximumS * 1_000;
  // A period of nothing would be a flood.
  const minimumMs = Math.max(1_000, minimumS * 1_000);
  return { minimumMs, maximumMs: Math.max(minimumMs, maximumMs) };
}

/** What is assumed of a gateway nobody has tested. */
export function presumedLifetime(): BindingLifetime {
  return { survivedMs: presumedMs, lostMs: Infinity, canBeTested: true };
}

/** How long to leave the binding idle before the next keep-alive. */
export function keepAlivePeriodMs(
  { survivedMs, lostMs }: BindingLifetime,
  bounds: KeepAliveBounds,
): number {
  const known = survivedMs === presumedMs ? survivedMs : survivedMs * safety;
  return within(Math.min(known, lostMs * safety), bounds);
}

/** An idle time worth a test from a secondary port; undefined when nothing is to be learned. */
export function trialMs(lifetime: BindingLifetime, bounds: KeepAliveBounds): number | undefined {
  const { survivedMs, lostMs, canBeTested } = lifetime;
  if (!canBeTested || survivedMs >= bounds.maximumMs) return undefined;
  if (lostMs - survivedMs <= survivedMs * precision) return undefined;
  const trial = lostMs === Infinity ? survivedMs * 2 : (survivedMs + lostMs) / 2;
  return trial < bounds.minimumMs ? undefined : Math.min(trial, bounds.maximumMs);
}

/** The binding was still there after `idleMs`: it was tested, not guessed. */
export function survived(lifetime: BindingLifetime, idleMs: number): BindingLifetime {
  if (idleMs <= lifetime.survivedMs) return lifetime;
  return { ...lifetime, survivedMs: idleMs, lostMs: Math.max(lifetime.lostMs, idleMs) };
}

/** The binding was gone after `idleMs`; a lesser one that is known to hold is halfway trusted only. */
export function lost(lifetime: BindingLifetime, idleMs: number): BindingLifetime {
  return {
    ...lifetime,
    lostMs: Math.min(lifetime.lostMs, idleMs),
    survivedMs: Math.min(lifetime.survivedMs, idleMs / 2),
  };
}

function within(ms: number, { minimumMs, maximumMs }: KeepAliveBounds): number {
  return Math.min(maximumMs, Math.max(minimumMs, ms));
}
