/** An ACS that asks for days would take a fleet off line. */
const longestMs = 60 * 60 * 1_000;

/**
 * The wait a `Retry-After` header asks for (seconds or an HTTP date), at most one hour; undefined when absent or
 * unreadable.
 * @see RFC 9110 §10.2.3
 */
export function parseRetryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const text = (header ?? "").trim();
  if (/^\d{1,9}$/.test(text)) return Math.min(longestMs, Number(text) * 1_000);
  const atMs = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : Math.min(longestMs, Math.max(0, atMs - nowMs));
}
