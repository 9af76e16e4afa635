import { SnmpDecodeError, SnmpEncodeError } from "./errors.ts";

/**
 * Content octets of an OBJECT IDENTIFIER (X.690 §8.19), without tag and length. The hot path compares and copies these
 * instead of building a dotted string for every varbind.
 */
export type EncodedOid = Uint8Array;

/** Sub-identifiers are limited to 32 bits by RFC 2578 §7.1.3, and an OID to 128 of them. */
const largestArc = 0xffff_ffff;
const maxArcs = 128;

/**
 * Arcs of a dotted OID; a leading dot is accepted.
 *
 * @throws {SnmpEncodeError} when the text is not an OID of 2 to 128 arcs
 */
export function parseOid(text: string): number[] {
  const arcs: number[] = [];
  let arc = Number.NaN;
  for (let at = text.startsWith(".") ? 1 : 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit >= 0 && digit <= 9) arc = Number.isNaN(arc) ? digit : arc * 10 + digit;
    else if (text[at] === "." && arc <= largestArc) {
      arcs.push(arc);
      arc = Number.NaN;
    } else throw notAnOid(text);
  }
  arcs.push(arc);
  if (!(arc <= largestArc) || arcs.length < 2 || arcs.length > maxArcs) throw notAnOid(text);
  return arcs;
}

function notAnOid(text: string): SnmpEncodeError {
  return new SnmpEncodeError(`"${text}" is not an OID such as 1.3.6.1.2.1.1.1.0`);
}

/** Order of two dotted OIDs in the MIB tree: negative, zero or positive. A prefix sorts before what it begins. */
export function compareOids(a: string, b: string): number {
  return compareEncodedOids(encodeOid(a), encodeOid(b));
}

/**
 * Content octets of a dotted OID.
 *
 * @throws {SnmpEncodeError} when the text is not an OID
 */
export function encodeOid(text: string): EncodedOid {
  return encodeArcs(parseOid(text), text);
}

/** Bound of the cache below: a box with many mappings asks for a few thousand different OIDs. */
const cacheSize = 20_000;
const encodedByText = new Map<string, EncodedOid>();

/** As `encodeOid`, for OIDs asked for again and again (those of read plans). Results are shared: do not modify them. */
export function internOid(text: string): EncodedOid {
  const known = encodedByText.get(text);
  if (known !== undefined) return known;
  const encoded = encodeOid(text);
  if (encodedByText.size >= cacheSize) encodedByText.clear();
  encodedByText.set(text, encoded);
  return encoded;
}

function encodeArcs(arcs: readonly number[], text: string): EncodedOid {
  const [first = 0, second = 0, ...rest] = arcs;
  if (first > 2 || (first < 2 && second > 39))
    throw new SnmpEncodeError(`"${text}" is not an OID: it must begin with 0, 1 (below 40) or 2`);
  const octets: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) pushArc(octets, arc);
  return Uint8Array.from(octets);
}

function pushArc(octets: number[], arc: number): void {
  // Division instead of shifts: the first sub-identifier may exceed 32 bits.
  if (arc >= 0x80) pushHighBits(octets, Math.floor(arc / 0x80));
  octets.push(arc % 0x80);
}

function pushHighBits(octets: number[], arc: number): void {
  if (arc >= 0x80) pushHighBits(octets, Math.floor(arc / 0x80));
  octets.push((arc % 0x80) | 0x80);
}

/**
 * Dotted text of content octets. No octets at all read as `0.0`, which is what agents with that habit mean.
 *
 * @throws {SnmpDecodeError} on an unfinished or oversized sub-identifier, or more than 128 of them
 */
export function decodeOid(bytes: Uint8Array, start = 0, end = bytes.length): string {
  if (start === end) return "0.0";
  const first = arcEnd(bytes, start, end);
  const joined = arcValue(bytes, start, first);
  const root = joined < 40 ? 0 : joined < 80 ? 1 : 2;
  const head = `${root}.${joined - root * 40}`;
  return first === end ? head : `${head}.${decodeIndex(bytes, first, end)}`;
}

/** Dotted text of the arcs in part of an OID's content, such as the index after a column. */
export function decodeIndex(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  let count = 0;
  for (let at = start; at < end;) {
    let octet = bytes[at++] ?? 0;
    let arc = octet & 0x7f;
    while (octet >= 0x80) {
      if (at >= end) throw new SnmpDecodeError("OID ends inside a sub-identifier");
      octet = bytes[at++] ?? 0;
      arc = arc * 0x80 + (octet & 0x7f);
    }
    if (arc > largestArc) throw new SnmpDecodeError("OID sub-identifier above 2^32-1");
    if (++count > maxArcs) throw new SnmpDecodeError("OID of more than 128 sub-identifiers");
    text = count === 1 ? String(arc) : `${text}.${arc}`;
  }
  return text;
}

/** Where the sub-identifier beginning at `at` ends. */
function arcEnd(bytes: Uint8Array, at: number, end: number): number {
  for (let next = at; next < end; next++) if ((bytes[next] ?? 0) < 0x80) return next + 1;
  throw new SnmpDecodeError("OID ends inside a sub-identifier");
}

function arcValue(bytes: Uint8Array, start: number, end: number): number {
  let arc = 0;
  for (let at = start; at < end; at++) arc = arc * 0x80 + ((bytes[at] ?? 0) & 0x7f);
  if (arc > largestArc + 80) throw new SnmpDecodeError("OID sub-identifier above 2^32-1");
  return arc;
}

/** Tree order of two encoded OIDs; the second may be a range of a datagram. */
export function compareEncodedOids(
  a: Uint8Array,
  b: Uint8Array,
  bStart = 0,
  bEnd = b.length,
): number {
  return compareOidRanges({ bytes: a, start: 0, end: a.length }, b, bStart, bEnd);
}

/** Where an encoded OID lies. */
export interface OidRange {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/**
 * As `compareEncodedOids`, on two ranges. Octets alone do not sort like arcs (16384 is 81 80 00, 300 is 82 2C), so at
 * the first difference the lengths of the two arcs decide.
 */
export function compareOidRanges(
  { bytes: a, start: aStart, end: aEnd }: OidRange,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const shared = Math.min(aEnd - aStart, bEnd - bStart);
  let at = 0;
  while (at < shared && a[aStart + at] === b[bStart + at]) at++;
  if (at === shared) return aEnd - aStart - (bEnd - bStart);
  while (at > 0 && (a[aStart + at - 1] ?? 0) >= 0x80) at--;
  const aLength = arcLength(a, aStart + at, aEnd);
  const bLength = arcLength(b, bStart + at, bEnd);
  if (aLength !== bLength) return aLength - bLength;
  for (; ; at++) {
    const difference = (a[aStart + at] ?? 0) - (b[bStart + at] ?? 0);
    if (difference !== 0 || at >= shared) return difference;
  }
}

/** Octets of one sub-identifier; a cut-off one counts up to the end. */
function arcLength(bytes: Uint8Array, at: number, end: number): number {
  let next = at;
  while (next < end && (bytes[next] ?? 0) >= 0x80) next++;
  return next - at;
}

/** Whether the range of `bytes` is an OID strictly below `prefix`. */
export function isBelow(
  prefix: EncodedOid,
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
): boolean {
  if (end - start <= prefix.length) return false;
  // From the back: OIDs of one printer differ in their last arcs.
  for (let at = prefix.length - 1; at >= 0; at--)
    if (prefix[at] !== bytes[start + at]) return false;
  return true;
}
