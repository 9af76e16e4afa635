import { formatDateTime } from "../../model/values.ts";
import { type Datum, Missing, type Outcome } from "../evaluate/datum.ts";
import type { Transform } from "./transform.ts";

const notOctets = new Missing("not an octet string");
const noMac = new Missing("not a MAC address");
const localMac = new Missing("locally administered MAC address");
const noDate = new Missing("not a DateAndTime");

function octetsOf(value: Datum): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined;
}

/** Octets as lower-case hexadecimal. */
export const hex: Transform = (value) => {
  const octets = octetsOf(value);
  return octets === undefined ? notOctets : Buffer.from(octets).toString("hex");
};

/**
 * `aa:bb:cc:dd:ee:ff` of six octets, or of text that writes them in hexadecimal. Zeros, broadcast and multicast
 * addresses are no interface's address.
 */
export const macAddress: Transform = (value) => {
  const digits = macDigits(value);
  if (digits === undefined || /^(.)\1+$/.test(digits)) return noMac;
  if ((Number.parseInt(digits.slice(0, 2), 16) & 1) === 1) return noMac;
  return digits.replace(/(..)(?!$)/g, "$1:");
};

function macDigits(value: Datum): string | undefined {
  const octets = octetsOf(value);
  if (octets?.length === 6) return Buffer.from(octets).toString("hex");
  const text = octets === undefined ? value : Buffer.from(octets).toString("latin1");
  if (typeof text !== "string") return undefined;
  const digits = text
    .trim()
    .replace(/[:\-. ]/g, "")
    .toLowerCase();
  return /^[0-9a-f]{12}$/.test(digits) ? digits : undefined;
}

/** Passes a MAC address in text form only if its maker was given the prefix (IEEE 802 U/L bit clear). */
export const universalMac: Transform = (value) => {
  if (typeof value !== "string") return noMac;
  return (Number.parseInt(value.slice(0, 2), 16) & 2) === 2 ? localMac : value;
};

/** SMIv2 DateAndTime (RFC 2579): 8 octets in an unknown zone, taken as UTC, or 11 octets with the zone. */
export const dateAndTime: Transform = (value) => {
  const octets = octetsOf(value);
  if (octets?.length !== 8 && octets?.length !== 11) return noDate;
  const dayMs = dayOf(octets);
  const timeMs = timeOf(octets);
  if (dayMs === undefined || timeMs === undefined) return noDate;
  return formatDateTime(dayMs + timeMs - zoneMinutes(octets) * 60_000);
};

function dayOf([high = 0, low = 0, month = 0, day = 0]: Uint8Array): number | undefined {
  const year = high * 256 + low;
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  return Date.UTC(year, month - 1, day);
}

/** Second 60 is a leap second. */
function timeOf([, , , , hour = 0, minute = 0, second = 0]: Uint8Array): number | undefined {
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  return ((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1_000;
}

function zoneMinutes(octets: Uint8Array): number {
  if (octets.length !== 11) return 0;
  const minutes = (octets[9] ?? 0) * 60 + (octets[10] ?? 0);
  return octets[8] === 0x2d ? -minutes : minutes;
}

/**
 * HP's PML strings carry two octets of symbol set before the text (`01 15` is Roman-8); HP and Brother send them on
 * some models only (facts: 1.3.6.1.4.1.11.2.3.9.4.2.1.*). A control octet at the start tells.
 */
export const pmlText: Transform = (value) => {
  const octets = octetsOf(value);
  if (octets === undefined) return value;
  const [first = 0x20] = octets;
  return octets.length >= 2 && first < 0x09 ? octets.subarray(2) : octets;
};

/** Octets as an unsigned whole number, first octet most significant; at most six octets. */
export const unsigned: Transform = (value) => {
  const octets = octetsOf(value);
  if (octets === undefined || octets.length === 0 || octets.length > 6) return notOctets;
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
};

const noRecord = new Missing("no such record");
const brokenRecords = new Missing("not a chain of Brother records");

/**
 * Brother's brInfoCounter, brInfoMaintenance and brInfoNextCare: records of id, 01, length, value, ended by FF. Length
 * 4 is a number. Older models send length 2 in brInfoMaintenance, what is left and what there was when new; these give
 * hundredths of a percent, the unit the others have there.
 *
 * @param id of the record, two hexadecimal digits
 */
export function brotherRecord(id: string): Transform {
  const wanted = Number.parseInt(id, 16);
  return (value): Outcome => {
    const octets = octetsOf(value);
    if (octets === undefined) return notOctets;
    let at = 0;
    while (at < octets.length && octets[at] !== brotherEnd) {
      const [found, one, length = 0] = octets.subarray(at, at + 3);
      const next = at + 3 + length;
      // Reading on in an unknown format would find ids inside values.
      if (one !== 1 || (length !== 4 && length !== 2) || next > octets.length) return brokenRecords;
      if (found === wanted) return brotherValue(octets.subarray(at + 3, next));
      at = next;
    }
    return noRecord;
  };
}

const brotherEnd = 0xff;

function brotherValue(octets: Uint8Array): Outcome {
  if (octets.length === 4) return octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const [left = 0, whole = 0] = octets;
  return left > whole || whole === 0 ? noRecord : Math.round((10_000 * left) / whole);
}
