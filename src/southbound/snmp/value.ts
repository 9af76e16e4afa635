import { type SnmpSyntax, type SnmpValue, snmpSyntax } from "../driver.ts";
import { type BerWriter, copyOctets, decodeSigned, decodeUnsigned } from "./ber.ts";
import { SnmpDecodeError, SnmpEncodeError } from "./errors.ts";
import { decodeOid } from "./oid.ts";

const largest32 = 0xffff_ffff;

/** NULL and the exceptions noSuchObject, noSuchInstance, endOfMibView carry the empty string. */
export const nullValue: SnmpValue = { syntax: snmpSyntax.null, value: "" };

/** Whether a tag says that there is no value: NULL or an exception. */
export function isAbsent(syntax: number): boolean {
  return (
    syntax === snmpSyntax.null ||
    syntax === snmpSyntax.noSuchObject ||
    syntax === snmpSyntax.noSuchInstance ||
    syntax === snmpSyntax.endOfMibView
  );
}

const syntaxes: ReadonlySet<number> = new Set(Object.values(snmpSyntax));

/** Whether a tag is one of the SMI's. */
export function isSnmpSyntax(tag: number): tag is SnmpSyntax {
  return syntaxes.has(tag);
}

/**
 * One value from its tag and content octets.
 *
 * @throws {SnmpDecodeError} for unknown tags, content of a wrong length, Counter32/Gauge32/TimeTicks above 2^32-1, and
 * Counter64 above 2^53-1: a rounded meter reading would be a wrong value presented as right
 */
export function decodeValue(tag: number, bytes: Uint8Array, start: number, end: number): SnmpValue {
  switch (tag) {
    case snmpSyntax.integer:
      return { syntax: tag, value: decodeSigned(bytes, start, end) };
    case snmpSyntax.octetString:
    case snmpSyntax.opaque:
      return { syntax: tag, value: copyOctets(bytes, start, end) };
    case snmpSyntax.counter32:
    case snmpSyntax.gauge32:
    case snmpSyntax.timeTicks:
      return { syntax: tag, value: decode32(bytes, start, end) };
    case snmpSyntax.counter64:
      return { syntax: tag, value: decodeUnsigned(bytes, start, end) };
    case snmpSyntax.objectIdentifier:
      return { syntax: tag, value: decodeOid(bytes, start, end) };
    case snmpSyntax.ipAddress:
      return { syntax: tag, value: decodeIpAddress(bytes, start, end) };
    case snmpSyntax.null:
    case snmpSyntax.noSuchObject:
    case snmpSyntax.noSuchInstance:
    case snmpSyntax.endOfMibView:
      return { syntax: tag, value: "" };
    default:
      throw new SnmpDecodeError(`unknown value tag 0x${tag.toString(16)}`);
  }
}

function decode32(bytes: Uint8Array, start: number, end: number): number {
  const value = decodeUnsigned(bytes, start, end);
  if (value > largest32) throw new SnmpDecodeError("32-bit number above 2^32-1");
  return value;
}

function decodeIpAddress(bytes: Uint8Array, start: number, end: number): string {
  if (end - start !== 4) throw new SnmpDecodeError(`IpAddress of ${end - start} octets`);
  return bytes.subarray(start, end).join(".");
}

/** @throws {SnmpEncodeError} when the value does not fit its syntax */
export function writeValue(writer: BerWriter, { syntax, value }: SnmpValue): void {
  switch (syntax) {
    case snmpSyntax.integer:
      writer.writeInteger(wholeNumber(syntax, value, Number.MIN_SAFE_INTEGER));
      return;
    case snmpSyntax.counter32:
    case snmpSyntax.gauge32:
    case snmpSyntax.timeTicks:
      writer.writeInteger(wholeNumber(syntax, value, 0, largest32), syntax);
      return;
    case snmpSyntax.counter64:
      writer.writeInteger(wholeNumber(syntax, value, 0), syntax);
      return;
    case snmpSyntax.octetString:
    case snmpSyntax.opaque:
      writer.writeOctets(octets(syntax, value), syntax);
      return;
    case snmpSyntax.objectIdentifier:
      writer.writeOid(text(syntax, value));
      return;
    case snmpSyntax.ipAddress:
      writer.writeOctets(encodeIpAddress(text(syntax, value)), syntax);
      return;
    case snmpSyntax.null:
    case snmpSyntax.noSuchObject:
    case snmpSyntax.noSuchInstance:
    case snmpSyntax.endOfMibView:
      writer.writeEmpty(syntax);
      return;
  }
}

function wholeNumber(
  syntax: SnmpSyntax,
  value: SnmpValue["value"],
  smallest: number,
  largest = Number.MAX_SAFE_INTEGER,
): number {
  if (Number.isSafeInteger(value) && Number(value) >= smallest && Number(value) <= largest)
    return Number(value);
  throw unfit(syntax, value);
}

function octets(syntax: SnmpSyntax, value: SnmpValue["value"]): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw unfit(syntax, value);
}

function text(syntax: SnmpSyntax, value: SnmpValue["value"]): string {
  if (typeof value === "string") return value;
  throw unfit(syntax, value);
}

function encodeIpAddress(address: string): Uint8Array {
  const parts = address.split(".").map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  if (parts.length === 4 && parts.every((part) => part <= 255)) return Uint8Array.from(parts);
  throw unfit(snmpSyntax.ipAddress, address);
}

function unfit(syntax: SnmpSyntax, value: SnmpValue["value"]): SnmpEncodeError {
  const shown = value instanceof Uint8Array ? `${value.length} octets` : JSON.stringify(value);
  return new SnmpEncodeError(`${shown} is no value of SNMP syntax 0x${syntax.toString(16)}`);
}
