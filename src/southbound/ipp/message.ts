import { IppDecodeError, IppEncodeError } from "./errors.ts";
import { firstValueTag, ippGroup, ippTag } from "./tags.ts";
import { decodeText, decodeValue, encodeValue, type IppAttribute, uint16 } from "./value.ts";
import type { IppValue } from "./value.ts";

/** Attributes behind one delimiter tag, in the order they were sent. */
export interface IppAttributeGroup {
  /** One of `ippGroup`, or a tag unknown to us. */
  readonly tag: number;
  readonly attributes: readonly IppAttribute[];
}

/** A request or an answer. */
export interface IppMessage {
  readonly version: { readonly major: number; readonly minor: number };
  /** The operation of a request, the status of an answer. */
  readonly code: number;
  readonly requestId: number;
  /** As sent: not always 1, 4, 5, and a tag may come twice. */
  readonly groups: readonly IppAttributeGroup[];
  /** What follows the attributes: the document of a print request. */
  readonly data: Uint8Array;
}

/** An answer of a printer is 4 to 60 KB. */
const maxBytes = 4 * 1024 * 1024;
const maxValues = 50_000;
/** `media-col-database` nests 3 deep. */
const maxDepth = 12;
const headerLength = 8;

/**
 * Decodes a request or an answer, leniently: groups in any order, names repeated, value lengths that do not fit their
 * tag (kept as octets), the end tag forgotten.
 *
 * @throws {IppDecodeError} when the bytes end inside a value, a value belongs to no attribute or group, or a cap is passed
 * @see RFC 8010 §3
 */
export function decodeIpp(bytes: Uint8Array): IppMessage {
  if (bytes.length > maxBytes)
    throw new IppDecodeError(`an IPP message of ${bytes.length} octets is longer than ${maxBytes}`);
  if (bytes.length < headerLength)
    throw new IppDecodeError(`an IPP message has ${headerLength} octets at least`);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = new IppReader(buffer);
  const groups = reader.readGroups();
  return {
    version: { major: buffer.readUInt8(0), minor: buffer.readUInt8(1) },
    code: buffer.readUInt16BE(2),
    requestId: buffer.readUInt32BE(4),
    groups,
    data: Uint8Array.from(reader.rest()),
  };
}

/** One value on the wire: with an empty name it is a further value of the attribute before. */
interface RawValue {
  readonly tag: number;
  readonly name: string;
  readonly octets: Uint8Array;
}

interface OpenAttribute {
  readonly name: string;
  readonly values: IppValue[];
}

class IppReader {
  readonly #bytes: Buffer;
  #at = headerLength;
  #values = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** All groups up to the end tag, or to the end of the bytes. */
  readGroups(): readonly IppAttributeGroup[] {
    const groups: { readonly tag: number; readonly attributes: OpenAttribute[] }[] = [];
    while (this.#at < this.#bytes.length) {
      const tag = this.#bytes.readUInt8(this.#at);
      if (tag === ippGroup.end) {
        this.#at += 1;
        break;
      }
      const attributes = groups.at(-1)?.attributes;
      if (tag < firstValueTag) {
        this.#at += 1;
        groups.push({ tag, attributes: [] });
      } else if (attributes === undefined)
        throw new IppDecodeError("an IPP attribute belongs to no group");
      else this.#readInto(attributes);
    }
    return groups;
  }

  /** What follows the end tag. */
  rest(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }

  #readInto(attributes: OpenAttribute[]): void {
    const raw = this.#readRaw();
    if (raw.name !== "") attributes.push({ name: raw.name, values: [] });
    const attribute = attributes.at(-1);
    if (attribute === undefined)
      throw new IppDecodeError("an IPP value belongs to no attribute of its group");
    attribute.values.push(this.#complete(raw, 0));
  }

  #complete(raw: RawValue, depth: number): IppValue {
    return raw.tag === ippTag.begCollection
      ? { syntax: "collection", members: this.#readMembers(depth + 1) }
      : decodeValue(raw.tag, raw.octets);
  }

  /** Members up to the end of the collection: a name as a value of its own, then its values. @see RFC 8010 §3.1.6 */
  #readMembers(depth: number): readonly IppAttribute[] {
    if (depth > maxDepth) throw new IppDecodeError(`IPP collections nest deeper than ${maxDepth}`);
    const members: OpenAttribute[] = [];
    for (;;) {
      const raw = this.#readRaw();
      if (raw.tag === ippTag.endCollection) return members;
      if (raw.tag === ippTag.memberAttrName)
        members.push({ name: decodeText(raw.octets), values: [] });
      else {
        const member = members.at(-1);
        if (member === undefined)
          throw new IppDecodeError("an IPP collection begins with a value that has no name");
        member.values.push(this.#complete(raw, depth));
      }
    }
  }

  #readRaw(): RawValue {
    this.#values += 1;
    if (this.#values > maxValues)
      throw new IppDecodeError(`an IPP message has more than ${maxValues} values`);
    const tag = this.#take(1).readUInt8(0);
    if (tag < firstValueTag) throw new IppDecodeError("an IPP collection is not closed");
    const name = decodeText(this.#take(this.#take(2).readUInt16BE(0)));
    const octets = Uint8Array.from(this.#take(this.#take(2).readUInt16BE(0)));
    return { tag, name, octets };
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length)
      throw new IppDecodeError(`an IPP message ends inside a value at octet ${this.#at}`);
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

/**
 * Encodes a request or an answer.
 *
 * @throws {IppEncodeError} on names or strings over 65,535 octets, numbers over 32 bits, attributes without a value
 * @see RFC 8010 §3.1
 */
export function encodeIpp(message: IppMessage): Uint8Array {
  const { version, code, requestId, groups, data } = message;
  const header = Buffer.alloc(headerLength);
  header.set([version.major & 0xff, version.minor & 0xff]);
  header.writeUInt16BE(code, 2);
  header.writeUInt32BE(requestId, 4);
  const parts: Uint8Array[] = [header];
  for (const { tag, attributes } of groups) {
    parts.push(Uint8Array.of(tag));
    for (const attribute of attributes) writeAttribute(parts, attribute);
  }
  return Buffer.concat([...parts, Uint8Array.of(ippGroup.end), data]);
}

function writeAttribute(parts: Uint8Array[], { name, values }: IppAttribute): void {
  if (name === "" || values.length === 0)
    throw new IppEncodeError(`IPP attribute "${name}" needs a name and a value`);
  values.forEach((value, at) => {
    writeValue(parts, at === 0 ? name : "", value);
  });
}

function writeValue(parts: Uint8Array[], name: string, value: IppValue): void {
  if (value.syntax !== "collection") {
    const { tag, octets } = encodeValue(value);
    writeRaw(parts, { tag, name, octets });
    return;
  }
  const nothing = new Uint8Array();
  writeRaw(parts, { tag: ippTag.begCollection, name, octets: nothing });
  for (const member of value.members) {
    const octets = Buffer.from(member.name, "utf8");
    writeRaw(parts, { tag: ippTag.memberAttrName, name: "", octets });
    for (const item of member.values) writeValue(parts, "", item);
  }
  writeRaw(parts, { tag: ippTag.endCollection, name: "", octets: nothing });
}

function writeRaw(parts: Uint8Array[], { tag, name, octets }: RawValue): void {
  const title = Buffer.from(name, "utf8");
  parts.push(Uint8Array.of(tag), uint16(title.length), title, uint16(octets.length), octets);
}
