/** `CWMPRetryMinimumWaitInterval` (seconds) and `CWMPRetryIntervalMultiplier` (thousandths). */
export interface RetryParameters {
  readonly minimumWaitS: number;
  readonly multiplier: number;
}

/** From the tenth retry on the wait grows no more (TR-069a6 §3.2.1.1). */
const lastGrowingRetry = 10;

/** Bounds of the wait before retry number `retry` (1 is the first), in milliseconds. */
export function retryWindowMs(
  retry: number,
  { minimumWaitS, multiplier }: RetryParameters,
): { readonly fromMs: number; readonly toMs: number } {
  const step = Math.min(Math.max(1, retry), lastGrowingRetry);
  const factor = multiplier / 1_000;
  const fromMs = minimumWaitS * 1_000 * factor ** (step - 1);
  return { fromMs, toMs: fromMs * factor };
}

/** A wait picked uniformly in the window, so that many endpoints failing together come back apart. `random` in [0, 1). */
export function retryDelayMs(
  retry: number,
  parameters: RetryParameters,
  random: () => number,
): number {
  const { fromMs, toMs } = retryWindowMs(retry, parameters);
  return Math.round(fromMs + random() * (toMs - fromMs));
}
