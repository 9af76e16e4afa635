import { type SnmpSyntax, type SnmpValue, snmpSyntax } from "../driver.ts";
import { SnmpEncodeError, SnmpError } from "./errors.ts";
import { type EncodedOid, compareEncodedOids, encodeOid } from "./oid.ts";
import { isAbsent, isSnmpSyntax } from "./value.ts";
import type { Varbind } from "./varbind-list.ts";

/** One line of a recording; the encoded name spares whoever searches the recording from encoding it again. */
export interface RecordedVarbind extends Varbind {
  readonly encodedOid: EncodedOid;
}

/** A parsed `.snmprec`. */
export interface SnmpRecording {
  /** In tree order, each OID once. */
  readonly varbinds: readonly RecordedVarbind[];
  /** Lines left out because SNMP or this program cannot hold the value, e.g. a Counter64 above 2^53-1. */
  readonly skipped: readonly { readonly line: number; readonly reason: string }[];
}

/** A line that is not `OID|TAG|VALUE` (`snmp.recording`). */
export class SnmprecError extends SnmpError {
  override readonly name = "SnmprecError";
  /** 1-based. */
  readonly line: number;

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`, { code: "snmp.recording" });
    this.line = line;
  }
}

/**
 * Parses snmpsim's `.snmprec` text: `OID|TAG|VALUE` lines, TAG the decimal BER tag, followed by `x` when VALUE is in
 * hexadecimal. Lines may come in any order; of one OID given twice the last line holds. Empty lines and lines
 * beginning with `#` are ignored.
 *
 * @throws {SnmprecError} with the line number
 */
export function parseSnmprec(text: string): SnmpRecording {
  const varbinds: RecordedVarbind[] = [];
  const skipped: { line: number; reason: string }[] = [];
  text.split("\n").forEach((rawLine, n) => {
    const line = rawLine.endsWith("\r") ? rawLine.slice(0, -1) : rawLine;
    if (line.trim() === "" || line.startsWith("#")) return;
    const parsed = parseLine(line, n + 1);
    if (typeof parsed === "string") skipped.push({ line: n + 1, reason: parsed });
    else varbinds.push(parsed);
  });
  varbinds.sort((a, b) => compareEncodedOids(a.encodedOid, b.encodedOid));
  return {
    varbinds: varbinds.filter((varbind, n) => varbind.oid !== varbinds[n + 1]?.oid),
    skipped,
  };
}

/** Recording text of varbinds, in tree order; strings that are not plain ASCII in hexadecimal. */
export function formatSnmprec(varbinds: readonly Varbind[]): string {
  return varbinds
    .map(({ oid, value }) => ({ line: `${oid}|${formatValue(value)}\n`, encoded: encodeOid(oid) }))
    .sort((a, b) => compareEncodedOids(a.encoded, b.encoded))
    .map(({ line }) => line)
    .join("");
}

/** The varbind of a line, or why its value is left out. */
function parseLine(line: string, lineNumber: number): RecordedVarbind | string {
  const match = /^\s*\.?([\d.]+)\|(\d+)(x?)\|(.*)$/s.exec(line);
  if (match === null) throw new SnmprecError(lineNumber, `${quote(line)} is not OID|TAG|VALUE`);
  const [, oid = "", tagText = "", hexMark = "", valueText = ""] = match;
  const tag = Number(tagText);
  if (!isSnmpSyntax(tag)) throw new SnmprecError(lineNumber, `unknown tag ${tagText}`);
  const encodedOid = encodeName(oid, lineNumber);
  const value = parseValue(tag, valueText, hexMark === "x", lineNumber);
  return typeof value === "string" ? value : { oid, encodedOid, value };
}

/** The beginning of a line that may be anything, without what moves the cursor of a terminal. */
function quote(line: string): string {
  const start = line.slice(0, 60).replace(/[^ -~]/g, "?");
  return `"${start}${line.length > 60 ? "…" : ""}"`;
}

function encodeName(oid: string, lineNumber: number): EncodedOid {
  try {
    return encodeOid(oid);
  } catch (error) {
    if (!(error instanceof SnmpEncodeError)) throw error;
    throw new SnmprecError(lineNumber, error.message);
  }
}

function parseValue(
  syntax: SnmpSyntax,
  text: string,
  isHex: boolean,
  lineNumber: number,
): SnmpValue | string {
  const octets = isHex ? parseHex(text, lineNumber) : new TextEncoder().encode(text);
  switch (syntax) {
    case snmpSyntax.octetString:
    case snmpSyntax.opaque:
      return { syntax, value: octets };
    case snmpSyntax.ipAddress:
      return parseIpAddress(isHex ? octets.join(".") : text.trim(), lineNumber);
    case snmpSyntax.objectIdentifier: {
      const oid = text.trim().replace(/^\./, "");
      encodeName(oid, lineNumber);
      return { syntax, value: oid };
    }
    case snmpSyntax.integer:
    case snmpSyntax.counter32:
    case snmpSyntax.gauge32:
    case snmpSyntax.timeTicks:
    case snmpSyntax.counter64:
      return parseNumber(syntax, text.trim(), lineNumber);
    default:
      return isAbsent(syntax) ? { syntax, value: "" } : `tag ${syntax} holds no value`;
  }
}

function parseNumber(syntax: SnmpSyntax, text: string, lineNumber: number): SnmpValue | string {
  if (!/^-?\d+$/.test(text)) throw new SnmprecError(lineNumber, `"${text}" is not a whole number`);
  const value = Number(text);
  const isSigned = syntax === snmpSyntax.integer;
  const isWide = isSigned || syntax === snmpSyntax.counter64;
  if (!Number.isSafeInteger(value) || (!isSigned && value < 0) || (!isWide && value > 0xffff_ffff))
    return `${text} is out of range for tag ${syntax}`;
  return { syntax, value };
}

function parseIpAddress(text: string, lineNumber: number): SnmpValue {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255))
    throw new SnmprecError(lineNumber, `"${text}" is not an IPv4 address`);
  return { syntax: snmpSyntax.ipAddress, value: parts.map(Number).join(".") };
}

function parseHex(text: string, lineNumber: number): Uint8Array {
  const digits = text.trim();
  if (!/^(?:[\da-f]{2})*$/i.test(digits))
    throw new SnmprecError(lineNumber, `"${digits.slice(0, 40)}" is not hexadecimal`);
  return Uint8Array.from(Buffer.from(digits, "hex"));
}

function formatValue({ syntax, value }: SnmpValue): string {
  if (!(value instanceof Uint8Array)) return `${syntax}|${value}`;
  const text = Buffer.from(value).toString("latin1");
  // Edge blanks, the separator and backslashes are in hexadecimal, as in published recordings.
  const isPlain = /^(?:[!-[\]-{}~](?:[ -[\]-{}~]*[!-[\]-{}~])?)?$/.test(text);
  return isPlain ? `${syntax}|${text}` : `${syntax}x|${Buffer.from(value).toString("hex")}`;
}
