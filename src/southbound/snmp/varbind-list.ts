import type { SnmpSyntax, SnmpValue } from "../driver.ts";
import { BerReader, BerWriter, berTag, copyOctets } from "./ber.ts";
import { SnmpDecodeError } from "./errors.ts";
import {
  type EncodedOid,
  compareEncodedOids,
  compareOidRanges,
  decodeIndex,
  decodeOid,
  encodeOid,
  isBelow,
} from "./oid.ts";
import { decodeValue, writeValue } from "./value.ts";

/** A name with its value (RFC 3416 §3). The value of a request's names is NULL. */
export interface Varbind {
  readonly oid: string;
  readonly value: SnmpValue;
}

/** Cap against messages made of thousands of empty elements; a full datagram of real varbinds stays below. */
const maxVarbinds = 8_192;

/** Numbers kept per varbind in `#spans`. */
const stride = 5;

/**
 * The variable bindings of a message, left in their datagram: names are compared as octets and only what is asked for is
 * decoded. All framing is checked on construction, so that the getters fail on a bad *content* only.
 */
export class VarbindList {
  readonly #bytes: Uint8Array;
  /** Name start, name end, value tag, value start, value end; five numbers a varbind. */
  readonly #spans: number[] = [];

  /** @throws {SnmpDecodeError} when `reader` does not stand at a complete VarBindList */
  constructor(reader: BerReader) {
    this.#bytes = reader.bytes;
    const list = reader.enter(berTag.sequence);
    while (!list.isAtEnd) {
      if (this.#spans.length >= stride * maxVarbinds)
        throw new SnmpDecodeError(`more than ${maxVarbinds} varbinds`);
      this.#readVarbind(list);
    }
  }

  /** Octets of all varbinds. */
  get byteLength(): number {
    const { length } = this.#spans;
    return length === 0 ? 0 : this.#span(this.count - 1, 4) - this.#span(0, 0);
  }

  get count(): number {
    return this.#spans.length / stride;
  }

  /** Syntax tag of value `n`; may be one SNMP does not know. */
  tag(n: number): number {
    return this.#span(n, 2);
  }

  oid(n: number): string {
    return decodeOid(this.#bytes, this.#span(n, 0), this.#span(n, 1));
  }

  /** A copy of the name's octets, to continue a walk from. */
  encodedOid(n: number): EncodedOid {
    return copyOctets(this.#bytes, this.#span(n, 0), this.#span(n, 1));
  }

  /** Order of `oid` against name `n`: negative when `oid` comes first. */
  compareOid(oid: EncodedOid, n: number): number {
    return compareEncodedOids(oid, this.#bytes, this.#span(n, 0), this.#span(n, 1));
  }

  /** Whether name `n` comes after name `earlier`. */
  isIncreasing(earlier: number, n: number): boolean {
    const range = {
      bytes: this.#bytes,
      start: this.#span(earlier, 0),
      end: this.#span(earlier, 1),
    };
    return compareOidRanges(range, this.#bytes, this.#span(n, 0), this.#span(n, 1)) < 0;
  }

  isBelow(column: EncodedOid, n: number): boolean {
    return isBelow(column, this.#bytes, this.#span(n, 0), this.#span(n, 1));
  }

  /** The dotted index after a column that name `n` is below. */
  index(column: EncodedOid, n: number): string {
    return decodeIndex(this.#bytes, this.#span(n, 0) + column.length, this.#span(n, 1));
  }

  /** Whether names `n` and `other` end in the same octets after columns of the given lengths. */
  sharesIndex(n: number, columnLength: number, other: number, otherColumnLength: number): boolean {
    const start = this.#span(n, 0) + columnLength;
    const otherStart = this.#span(other, 0) + otherColumnLength;
    const length = this.#span(n, 1) - start;
    if (this.#span(other, 1) - otherStart !== length) return false;
    for (let at = 0; at < length; at++)
      if (this.#bytes[start + at] !== this.#bytes[otherStart + at]) return false;
    return true;
  }

  /** @throws {SnmpDecodeError} when the content does not suit its tag; the other varbinds remain usable */
  value(n: number): SnmpValue {
    return decodeValue(this.tag(n), this.#bytes, this.#span(n, 3), this.#span(n, 4));
  }

  /** Every varbind decoded. @throws {SnmpDecodeError} when any of them is malformed */
  toArray(): Varbind[] {
    return Array.from({ length: this.count }, (_, n) => ({
      oid: this.oid(n),
      value: this.value(n),
    }));
  }

  /** Reads on in the list itself: a reader for each of some hundred varbinds would soon be garbage. */
  #readVarbind(list: BerReader): void {
    if (list.readHeader() !== berTag.sequence)
      throw new SnmpDecodeError("something else than a varbind in the list");
    const end = list.contentEnd;
    if (list.readHeader() !== berTag.objectIdentifier)
      throw new SnmpDecodeError("varbind without a name");
    const nameStart = list.offset;
    const nameEnd = list.contentEnd;
    list.skipContent();
    const tag = list.readHeader();
    if (list.contentEnd > end) throw new SnmpDecodeError("varbind longer than it says");
    this.#spans.push(nameStart, nameEnd, tag, list.offset, list.contentEnd);
    list.offset = end;
  }

  #span(n: number, part: number): number {
    const value = this.#spans[n * stride + part];
    if (value === undefined) throw new RangeError(`no varbind ${n} of ${this.count}`);
    return value;
  }
}

/** What an encoder accepts as one varbind: a dotted or an encoded name. */
export interface VarbindToWrite {
  readonly oid: string | EncodedOid;
  readonly value: SnmpValue | { readonly syntax: SnmpSyntax; readonly content: Uint8Array };
}

/** Writes a VarBindList. `content` values are taken as octets already encoded. */
export function writeVarbinds(writer: BerWriter, varbinds: readonly VarbindToWrite[]): void {
  const listMark = writer.mark();
  for (let n = varbinds.length - 1; n >= 0; n--) {
    const varbind = varbinds[n];
    if (varbind === undefined) continue;
    const { oid, value } = varbind;
    const mark = writer.mark();
    if ("content" in value) writer.writeOctets(value.content, value.syntax);
    else writeValue(writer, value);
    writer.writeEncodedOid(typeof oid === "string" ? encodeOid(oid) : oid);
    writer.wrap(berTag.sequence, mark);
  }
  writer.wrap(berTag.sequence, listMark);
}

/** A list over varbinds that came by another way than a datagram of ours. */
export function toVarbindList(varbinds: readonly VarbindToWrite[]): VarbindList {
  const writer = new BerWriter();
  writeVarbinds(writer, varbinds);
  return new VarbindList(new BerReader(writer.finish()));
}
