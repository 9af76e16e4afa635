/**
 * The rule of the local time zone as POSIX writes it (`CET-1CEST,M3.5.0,M10.5.0/3`), from the bytes of
 * `/etc/localtime`: it is the last line of a TZif file of version 2 or later (RFC 8536 §3.3).
 *
 * @returns undefined for an older file or one without a rule
 */
export function parseZoneRule(bytes: Uint8Array): string | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.subarray(0, 4).toString("latin1") !== "TZif" || (file[4] ?? 0) < 0x32) return undefined;
  const end = file.lastIndexOf(0x0a);
  const start = end < 1 ? -1 : file.lastIndexOf(0x0a, end - 1);
  if (start < 0) return undefined;
  const rule = file.subarray(start + 1, end).toString("latin1");
  return /^[\x21-\x7e]+$/.test(rule) ? rule : undefined;
}

/** Local time with the offset of the zone, as `CurrentLocalTime` has it (TR-181i2): `2026-03-01T12:00:00+01:00`. */
export function formatLocalTime(atMs: number, offsetMinutes: number): string {
  const local = new Date(atMs + offsetMinutes * 60_000).toISOString().slice(0, 19);
  const size = Math.abs(offsetMinutes);
  const hours = Math.floor(size / 60).toString();
  const minutes = (size % 60).toString();
  return `${local}${offsetMinutes < 0 ? "-" : "+"}${hours.padStart(2, "0")}:${minutes.padStart(2, "0")}`;
}
