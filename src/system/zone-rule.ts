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
