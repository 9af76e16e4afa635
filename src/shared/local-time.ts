/**
 * ISO 8601 with the offset of the zone, as CWMP wants local times: `2026-03-01T12:00:00+01:00`.
 *
 * @param offsetMinutes east of UTC; that of the system at this moment unless given
 */
export function formatLocalTime(
  atMs: number,
  offsetMinutes = -new Date(atMs).getTimezoneOffset(),
): string {
  const local = new Date(atMs + offsetMinutes * 60_000).toISOString().slice(0, 19);
  const size = Math.abs(offsetMinutes);
  const sign = offsetMinutes < 0 ? "-" : "+";
  return `${local}${sign}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
