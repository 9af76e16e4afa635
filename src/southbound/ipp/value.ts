import { IppEncodeError } from "./errors.ts";
import { ippTag, lastOutOfBandTag, textTags } from "./tags.ts";

/**
 * One attribute value. `octets` also holds what a printer sent under a known tag in a length the tag does not allow,
 * and tags unknown to us: nothing is lost, and nothing is guessed.
 */
export type IppValue =
  | { readonly syntax: "integer" | "enum"; readonly value: number }
  | { readonly syntax: "boolean"; readonly value: boolean }
  /** `tag` tells text, name, keyword, uri, … apart; `language` only with the two …WithLanguage tags. */
  | {
      readonly syntax: "text";
      readonly tag: number;
      readonly value: string;
      readonly language?: string;
    }
  /** The 11 octets of DateAndTime (RFC 2579); {@link dateTimeText} reads them. */
  | { readonly syntax: "dateTime"; readonly octets: Uint8Array }
  /** `unit` 3 is dots per inch, 4 dots per centimetre (RFC 8010 §3.9). */
  | {
      readonly syntax: "resolution";
      readonly crossFeed: number;
      readonly feed: number;
      readonly unit: number;
    }
  | { readonly syntax: "range"; readonly lower: number; readonly upper: number }
  | { readonly syntax: "collection"; readonly members: readonly IppAttribute[] }
  /** `tag` says why there is no value: `no-value`, `unknown`, `unsupported`, … */
  | { readonly syntax: "outOfBand"; readonly tag: number }
  | { readonly syntax: "octets"; readonly tag: number; readonly octets: Uint8Array };

/** An attribute with all its values (1setOf); a group may hold the same name twice, as some printers send it. */
export interface IppAttribute {
  readonly name: string;
  readonly values: readonly IppValue[];
}

/** Octets of one DateAndTime with a time zone. */
const dateTimeLength = 11;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8, which RFC 8011 §4.1.4.1 wants; else Latin-1, because some printers claim it and send something older. */
export function decodeText(octets: Uint8Array): string {
  try {
    return utf8.decode(octets);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return Buffer.from(octets).toString("latin1");
  }
}

/** Decodes any value but a collection, of which the octets are only the beginning. @see RFC 8010 §3.9 */
export function decodeValue(tag: number, octets: Uint8Array): IppValue {
  if (tag <= lastOutOfBandTag) return { syntax: "outOfBand", tag };
  const bytes = Buffer.from(octets);
  const known = decodeFixed(tag, bytes) ?? decodeWords(tag, bytes);
  return known ?? { syntax: "octets", tag, octets };
}

/** Syntaxes of fixed length; undefined for others and for wrong lengths. */
function decodeFixed(tag: number, bytes: Buffer): IppValue | undefined {
  const { length } = bytes;
  if (tag === ippTag.integer && length === 4)
    return { syntax: "integer", value: bytes.readInt32BE(0) };
  if (tag === ippTag.enum && length === 4) return { syntax: "enum", value: bytes.readInt32BE(0) };
  if (tag === ippTag.boolean && length === 1) return { syntax: "boolean", value: bytes[0] !== 0 };
  if (tag === ippTag.dateTime && length === dateTimeLength)
    return { syntax: "dateTime", octets: Uint8Array.from(bytes) };
  if (tag === ippTag.rangeOfInteger && length === 8)
    return { syntax: "range", lower: bytes.readInt32BE(0), upper: bytes.readInt32BE(4) };
  if (tag === ippTag.resolution && length === 9) {
    const crossFeed = bytes.readInt32BE(0);
    return { syntax: "resolution", crossFeed, feed: bytes.readInt32BE(4), unit: bytes.readInt8(8) };
  }
  return undefined;
}

/** Character strings; undefined for other tags. */
function decodeWords(tag: number, bytes: Buffer): IppValue | undefined {
  if (tag === ippTag.textWithLanguage || tag === ippTag.nameWithLanguage)
    return decodeWithLanguage(tag, bytes);
  if (tag < textTags.first || tag > textTags.last) return undefined;
  return { syntax: "text", tag, value: decodeText(bytes) };
}

/** Two strings with their lengths in front: language and text. */
function decodeWithLanguage(tag: number, bytes: Buffer): IppValue | undefined {
  if (bytes.length < 4) return undefined;
  const textAt = 4 + bytes.readUInt16BE(0);
  if (textAt > bytes.length || textAt + bytes.readUInt16BE(textAt - 2) !== bytes.length)
    return undefined;
  const language = decodeText(bytes.subarray(2, textAt - 2));
  return { syntax: "text", tag, value: decodeText(bytes.subarray(textAt)), language };
}

/** Tag and octets of any value but a collection. @throws {IppEncodeError} on numbers beyond 32 bits */
export function encodeValue(value: Exclude<IppValue, { readonly syntax: "collection" }>): {
  readonly tag: number;
  readonly octets: Uint8Array;
} {
  switch (value.syntax) {
    case "integer":
    case "enum":
      return { tag: ippTag[value.syntax], octets: int32(value.value) };
    case "boolean":
      return { tag: ippTag.boolean, octets: Uint8Array.of(value.value ? 1 : 0) };
    case "text":
      return { tag: value.tag, octets: encodeWords(value.value, value.language) };
    case "dateTime":
      return { tag: ippTag.dateTime, octets: value.octets };
    case "range":
      return { tag: ippTag.rangeOfInteger, octets: int32(value.lower, value.upper) };
    case "resolution": {
      const octets = Uint8Array.of(...int32(value.crossFeed, value.feed), value.unit);
      return { tag: ippTag.resolution, octets };
    }
    case "outOfBand":
      return { tag: value.tag, octets: new Uint8Array() };
    case "octets":
      return { tag: value.tag, octets: value.octets };
  }
}

function int32(...numbers: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * numbers.length);
  numbers.forEach((number, at) => {
    if (number !== (number | 0)) throw new IppEncodeError(`${number} is no 32 bit integer`);
    bytes.writeInt32BE(number, 4 * at);
  });
  return bytes;
}

function encodeWords(text: string, language: string | undefined): Uint8Array {
  const words = Buffer.from(text, "utf8");
  if (language === undefined) return words;
  const tongue = Buffer.from(language, "utf8");
  return Buffer.concat([uint16(tongue.length), tongue, uint16(words.length), words]);
}

/** A length in front of a string. @throws {IppEncodeError} beyond 65,535 */
export function uint16(length: number): Uint8Array {
  if (length > 0xffff) throw new IppEncodeError(`a string of ${length} octets is too long for IPP`);
  return Uint8Array.of(length >> 8, length & 0xff);
}

/**
 * `2021-09-28T09:37:15Z` of a DateAndTime.
 *
 * @returns undefined when a field is out of its range
 * @see RFC 2579 DateAndTime
 */
export function dateTimeText(octets: Uint8Array): string | undefined {
  if (octets.length !== dateTimeLength) return undefined;
  const bytes = Buffer.from(octets);
  const year = bytes.readUInt16BE(0);
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = bytes.subarray(2);
  const isDate = isWithin(month, 1, 12) && isWithin(day, 1, 31) && year <= 9999;
  const zone = zoneText(bytes.subarray(8));
  if (!isDate || hour > 23 || minute > 59 || second > 60 || zone === undefined) return undefined;
  const date = [year.toString().padStart(4, "0"), two(month), two(day)].join("-");
  return `${date}T${[hour, minute, second].map(two).join(":")}${zone}`;
}

/** Direction from UTC, hours and minutes. */
function zoneText([sign = 0, hours = 0, minutes = 0]: Uint8Array): string | undefined {
  const direction = String.fromCharCode(sign);
  if ((direction !== "+" && direction !== "-") || hours > 14 || minutes > 59) return undefined;
  return hours === 0 && minutes === 0 ? "Z" : `${direction}${two(hours)}:${two(minutes)}`;
}

function isWithin(number: number, least: number, most: number): boolean {
  return number >= least && number <= most;
}

function two(number: number): string {
  return number.toString().padStart(2, "0");
}
