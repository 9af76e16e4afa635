import { isDeviceId, parseDeviceId } from "../device-id.ts";
import { MdnsDecodeError } from "./errors.ts";

/** A printer's announcement in the form mappings select in. */
export interface MdnsDocument {
  /** `Brother MFC-L8390CDW series (USB)`. */
  readonly instance?: string;
  /** `_ipp._tcp`. */
  readonly service?: string;
  /** Name of the announcing host: not the printer when a router or daemon announces it. */
  readonly host?: string;
  readonly port?: number;
  /** Keys as written; a key without `=` is `true`. */
  readonly txt: Readonly<Record<string, string | true>>;
  /** The same by lower-case key: keys compare without case (RFC 6763 §6.4). */
  readonly keys: Readonly<Record<string, string | true>>;
  /** `product=(…)` without its parentheses. */
  readonly product?: string;
  /** `pdl`: document formats. */
  readonly formats: readonly string[];
  /** What the keys `usb_…` tell, by IEEE 1284 key. */
  readonly deviceId: Readonly<Record<string, string>>;
  /** The same as the device id they were taken from: `MFG:…;MDL:…;CMD:…;`. */
  readonly ieee1284?: string;
}

/** What the TXT record stands in; every part may be unknown. */
export interface MdnsRecord {
  readonly instance?: string;
  readonly service?: string;
  readonly host?: string;
  readonly port?: number;
  /** `key=value`, in the order of the record. */
  readonly txt: readonly string[];
}

const maxStrings = 256;
/** Length of one string in a TXT record, by its length octet. */
const maxStringOctets = 255;

/**
 * The strings of a TXT record's data. @throws {MdnsDecodeError} when a string goes over the end
 * @see RFC 1035 §3.3.14
 */
export function decodeTxt(bytes: Uint8Array): readonly string[] {
  const strings: string[] = [];
  for (let at = 0; at < bytes.length && strings.length < maxStrings;) {
    const end = at + 1 + (bytes[at] ?? 0);
    if (end > bytes.length) throw new MdnsDecodeError("a TXT record ends inside a string");
    if (end > at + 1) strings.push(Buffer.from(bytes.subarray(at + 1, end)).toString("utf8"));
    at = end;
  }
  return strings;
}

/** Data of a TXT record; an empty list is one empty string (RFC 6763 §6.1). Strings are cut at 255 octets. */
export function encodeTxt(strings: readonly string[]): Uint8Array {
  const parts = (strings.length === 0 ? [""] : strings).map((text) => {
    const octets = Buffer.from(text, "utf8").subarray(0, maxStringOctets);
    return Buffer.concat([Uint8Array.of(octets.length), octets]);
  });
  return Buffer.concat(parts);
}

/** Pairs of a TXT record; of a key given twice the first counts, and a string that begins with `=` is none (RFC 6763 §6.4). */
export function parseTxt(strings: readonly string[]): ReadonlyMap<string, string | true> {
  const pairs = new Map<string, string | true>();
  const seen = new Set<string>();
  for (const text of strings.slice(0, maxStrings)) {
    const equals = text.indexOf("=");
    const key = equals === -1 ? text : text.slice(0, equals);
    if (key === "" || seen.has(key.toLowerCase())) continue;
    seen.add(key.toLowerCase());
    pairs.set(key, equals === -1 ? true : text.slice(equals + 1));
  }
  return pairs;
}

/** An announcement in the form mappings select in. */
export function mdnsDocument(record: MdnsRecord): MdnsDocument {
  const { txt: strings, ...place } = record;
  const txt = parseTxt(strings);
  const keys = new Map([...txt].map(([key, value]) => [key.toLowerCase(), value]));
  const deviceId = deviceIdOf(keys);
  const ieee1284 = inOrder(deviceId).map(([key, value]) => `${key}:${value};`);
  const product = textOf(keys, "product")?.replace(/^\((.*)\)$/s, "$1");
  return {
    ...place,
    txt: Object.fromEntries(txt),
    keys: Object.fromEntries(keys),
    ...(product === undefined ? {} : { product }),
    formats: (textOf(keys, "pdl") ?? "")
      .split(",")
      .map((format) => format.trim())
      .filter((format) => format !== ""),
    deviceId,
    ...(ieee1284.length === 0 ? {} : { ieee1284: ieee1284.join("") }),
  };
}

/** `usb_MFG`, `usb_MDL`, `usb_CMD`, … (Bonjour Printing Specification 1.2.1); some put a whole device id into usb_CMD. */
function deviceIdOf(keys: ReadonlyMap<string, string | true>): Readonly<Record<string, string>> {
  const told = [...keys].flatMap(([key, value]) =>
    key.startsWith("usb_") && typeof value === "string" && value !== ""
      ? [[key.slice("usb_".length).toUpperCase(), value] as const]
      : [],
  );
  const commands = textOf(keys, "usb_cmd") ?? "";
  if (!isDeviceId(commands)) return Object.fromEntries(told);
  const whole = parseDeviceId(commands);
  return { ...whole, ...Object.fromEntries(told.filter(([key]) => key !== "CMD")) };
}

/** Maker, model and commands first, as device ids have them. */
function inOrder(deviceId: MdnsDocument["deviceId"]): readonly (readonly [string, string])[] {
  const first = ["MFG", "MDL", "CMD"];
  const rank = (key: string): number => (first.includes(key) ? first.indexOf(key) : first.length);
  return Object.entries(deviceId).sort(([a], [b]) => rank(a) - rank(b));
}

function textOf(keys: ReadonlyMap<string, string | true>, key: string): string | undefined {
  const value = keys.get(key);
  return typeof value === "string" ? value : undefined;
}
