import { SnmpDecodeError, SnmpEncodeError } from "./errors.ts";
import { type EncodedOid, decodeOid, encodeOid } from "./oid.ts";

/** Universal tags SNMP uses (X.690); the SMI's own are in `snmpSyntax`. */
export const berTag = {
  integer: 0x02,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  sequence: 0x30,
} as const;

/**
 * Reads BER forwards. Every access is bounded by the enclosing element; whatever does not fit throws
 * {@link SnmpDecodeError}. Lengths and integers that are longer than needed are accepted, as real agents send them;
 * the indefinite form and multi-octet tags, which SNMP forbids (RFC 3417 §8), are not.
 */
export class BerReader {
  readonly bytes: Uint8Array;
  offset: number;
  readonly end: number;
  /** End of the element whose header was read last; its content begins at `offset`. */
  contentEnd: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.offset = start;
    this.end = end;
    this.contentEnd = start;
  }

  get isAtEnd(): boolean {
    return this.offset >= this.end;
  }

  /** Tag of the next element, without moving. */
  peekTag(): number {
    return this.#octet(this.offset);
  }

  /** Reads tag and length; afterwards `offset`..`contentEnd` is the content. Returns the tag. */
  readHeader(): number {
    const tag = this.#octet(this.offset++);
    if ((tag & 0x1f) === 0x1f) throw new SnmpDecodeError("multi-octet BER tag");
    const length = this.#readLength();
    this.contentEnd = this.offset + length;
    if (this.contentEnd > this.end)
      throw new SnmpDecodeError(
        `BER element of ${length} octets where ${this.end - this.offset} are left`,
      );
    return tag;
  }

  /** Steps into a constructed element: a reader of its content. This reader moves past it. */
  enter(tag: number): BerReader {
    this.#expect(tag);
    const inner = new BerReader(this.bytes, this.offset, this.contentEnd);
    this.offset = this.contentEnd;
    return inner;
  }

  /** Moves past the content of the element whose header was read last. */
  skipContent(): void {
    this.offset = this.contentEnd;
  }

  /** A whole number in two's complement, at most 2^53-1 in size. */
  readInteger(tag: number = berTag.integer): number {
    this.#expect(tag);
    const value = decodeSigned(this.bytes, this.offset, this.contentEnd);
    this.offset = this.contentEnd;
    return value;
  }

  /** A copy of the content. */
  readOctets(tag: number = berTag.octetString): Uint8Array {
    this.#expect(tag);
    const octets = copyOctets(this.bytes, this.offset, this.contentEnd);
    this.offset = this.contentEnd;
    return octets;
  }

  readOid(): string {
    this.#expect(berTag.objectIdentifier);
    const oid = decodeOid(this.bytes, this.offset, this.contentEnd);
    this.offset = this.contentEnd;
    return oid;
  }

  #expect(tag: number): void {
    const found = this.readHeader();
    if (found !== tag)
      throw new SnmpDecodeError(`BER tag 0x${found.toString(16)} instead of 0x${tag.toString(16)}`);
  }

  #readLength(): number {
    const first = this.#octet(this.offset++);
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw new SnmpDecodeError(`BER length in ${count} octets`);
    let length = 0;
    for (let n = 0; n < count; n++) length = length * 0x100 + this.#octet(this.offset++);
    return length;
  }

  #octet(at: number): number {
    const octet = at < this.end ? this.bytes[at] : undefined;
    if (octet === undefined) throw new SnmpDecodeError("BER ends inside an element");
    return octet;
  }
}

/** A plain `Uint8Array` copy, also when `bytes` is a Buffer. */
export function copyOctets(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const copy = new Uint8Array(end - start);
  for (let at = start; at < end; at++) copy[at - start] = bytes[at] ?? 0;
  return copy;
}

/** Two's complement of any width; only values beyond 2^53-1 are refused. */
export function decodeSigned(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end) throw new SnmpDecodeError("INTEGER without content");
  const isNegative = (bytes[start] ?? 0) >= 0x80;
  let value = isNegative ? -1 : 0;
  for (let at = start; at < end; at++) {
    value = value * 0x100 + (bytes[at] ?? 0);
    if (!Number.isSafeInteger(value)) throw new SnmpDecodeError("INTEGER beyond 2^53-1");
  }
  return value;
}

/**
 * Counter32, Gauge32, TimeTicks and Counter64 content. Four octets with the top bit set are a missing leading zero
 * (seen from small agents), so the content is always taken as unsigned.
 */
export function decodeUnsigned(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end) throw new SnmpDecodeError("number without content");
  let value = 0;
  for (let at = start; at < end; at++) {
    value = value * 0x100 + (bytes[at] ?? 0);
    if (!Number.isSafeInteger(value)) throw new SnmpDecodeError("number beyond 2^53-1");
  }
  return value;
}

/** Largest message ever written: what fits a UDP datagram. */
const largestMessage = 65_507;

/**
 * Writes BER backwards: content first, then its length and tag, so that no length is computed twice. Elements are
 * therefore written last to first; `mark` before a content and `wrap` after it make a constructed element.
 */
export class BerWriter {
  #buffer = new Uint8Array(2048);
  #start = 2048;

  /** Position to hand to `wrap`. */
  mark(): number {
    return this.#buffer.length - this.#start;
  }

  /** Puts tag and length before everything written since `mark`. */
  wrap(tag: number, mark: number): void {
    this.#writeLength(this.mark() - mark);
    this.#writeOctet(tag);
  }

  writeInteger(value: number, tag: number = berTag.integer): void {
    if (!Number.isSafeInteger(value)) throw new SnmpEncodeError(`${value} is not a whole number`);
    const mark = this.mark();
    let rest = value;
    let low: number;
    do {
      low = ((rest % 0x100) + 0x100) % 0x100;
      this.#writeOctet(low);
      rest = Math.floor(rest / 0x100);
    } while (!(rest === 0 && low < 0x80) && !(rest === -1 && low >= 0x80));
    this.wrap(tag, mark);
  }

  writeOctets(octets: Uint8Array, tag: number = berTag.octetString): void {
    const mark = this.mark();
    this.writeRaw(octets);
    this.wrap(tag, mark);
  }

  writeOid(oid: string): void {
    this.writeEncodedOid(encodeOid(oid));
  }

  writeEncodedOid(oid: EncodedOid): void {
    this.writeOctets(oid, berTag.objectIdentifier);
  }

  /** An element without content: NULL and the exceptions of RFC 3416 §3. */
  writeEmpty(tag: number): void {
    this.wrap(tag, this.mark());
  }

  /** Octets as they are, such as an element encoded before. */
  writeRaw(octets: Uint8Array): void {
    this.#reserve(octets.length);
    this.#start -= octets.length;
    this.#buffer.set(octets, this.#start);
  }

  /** A copy of all that was written. */
  finish(): Uint8Array {
    return this.#buffer.slice(this.#start);
  }

  /** Empties the writer for the next message, keeping its buffer. */
  reset(): void {
    this.#start = this.#buffer.length;
  }

  #writeLength(length: number): void {
    if (length < 0x80) {
      this.#writeOctet(length);
      return;
    }
    let octets = 0;
    for (let rest = length; rest > 0; rest = Math.floor(rest / 0x100), octets++)
      this.#writeOctet(rest % 0x100);
    this.#writeOctet(0x80 | octets);
  }

  #writeOctet(octet: number): void {
    this.#reserve(1);
    this.#buffer[--this.#start] = octet;
  }

  #reserve(octets: number): void {
    if (this.#start >= octets) return;
    const used = this.mark();
    if (used + octets > largestMessage)
      throw new SnmpEncodeError(`message above ${largestMessage} octets`);
    const grown = new Uint8Array(Math.max(2 * this.#buffer.length, used + octets));
    grown.set(this.#buffer.subarray(this.#start), grown.length - used);
    this.#start = grown.length - used;
    this.#buffer = grown;
  }
}
