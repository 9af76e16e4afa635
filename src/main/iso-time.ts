/** A moment (epoch milliseconds) as the local API writes it, ISO 8601 in UTC; null for never. */
export function isoTime(atMs: number): string;
export function isoTime(atMs: number | undefined): string | null;
export function isoTime(atMs: number | undefined): string | null {
  return atMs === undefined ? null : new Date(atMs).toISOString();
}
