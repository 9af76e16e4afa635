import { BerReader, BerWriter, berTag } from "./ber.ts";
import { SnmpDecodeError } from "./errors.ts";
import { snmpSyntax } from "../driver.ts";
import { decodeValue, writeValue } from "./value.ts";
import { type Varbind, VarbindList, type VarbindToWrite, writeVarbinds } from "./varbind-list.ts";

/** PDU tags (RFC 3416 §3; `trapV1` RFC 1157 §4.1.6). */
export const pduType = {
  get: 0xa0,
  getNext: 0xa1,
  response: 0xa2,
  set: 0xa3,
  trapV1: 0xa4,
  getBulk: 0xa5,
  inform: 0xa6,
  trapV2: 0xa7,
  report: 0xa8,
} as const;
/** One of {@link pduType}. */
export type PduType = (typeof pduType)[keyof typeof pduType];

/** Every PDU but GetBulk and the v1 trap. */
export interface StandardPdu {
  readonly type: Exclude<PduType, 0xa4 | 0xa5>;
  readonly requestId: number;
  /** RFC 3416 §3 error-status, 0 = noError; see `errorStatusName`. */
  readonly errorStatus: number;
  /** 1-based position of the varbind the error is about, 0 = none. */
  readonly errorIndex: number;
  readonly varbinds: readonly Varbind[];
}

/** GetBulkRequest-PDU (RFC 3416 §4.2.3). */
export interface BulkPdu {
  readonly type: typeof pduType.getBulk;
  readonly requestId: number;
  readonly nonRepeaters: number;
  readonly maxRepetitions: number;
  readonly varbinds: readonly Varbind[];
}

/** Trap-PDU of SNMPv1 (RFC 1157 §4.1.6). */
export interface TrapV1Pdu {
  readonly type: typeof pduType.trapV1;
  readonly enterprise: string;
  readonly agentAddress: string;
  readonly genericTrap: number;
  readonly specificTrap: number;
  /** Hundredths of a second. */
  readonly timeStamp: number;
  readonly varbinds: readonly Varbind[];
}
/** Any PDU. */
export type Pdu = StandardPdu | BulkPdu | TrapV1Pdu;

/** A community-based message (RFC 1157 §4, RFC 1901 §3). */
export interface CommunityMessage {
  readonly version: "1" | "2c";
  readonly community: string;
  readonly pdu: Pdu;
}

/** What SNMPv3 authenticates and encrypts (RFC 3412 §6, ScopedPDU). */
export interface ScopedPdu {
  readonly contextEngineId: Uint8Array;
  readonly contextName: string;
  readonly pdu: Pdu;
}

/** msgVersion numbers (RFC 1157, RFC 1901, RFC 3412). */
const versionNumber = { "1": 0, "2c": 1 } as const;

/** Version of a message of any kind: 0 = v1, 1 = v2c, 3 = v3. @throws {SnmpDecodeError} */
export function messageVersion(bytes: Uint8Array): number {
  return new BerReader(bytes).enter(berTag.sequence).readInteger();
}

/**
 * Decodes a v1 or v2c message. Octets after the message are ignored, as some agents pad their datagrams.
 *
 * @throws {SnmpDecodeError} on anything malformed, including any single value
 */
export function decodeMessage(bytes: Uint8Array): CommunityMessage {
  const { version, community, pdu } = openMessage(bytes);
  return { version, community, pdu: readPdu(pdu) };
}

/** @throws {SnmpEncodeError} when a value does not fit its syntax or the message exceeds a datagram */
export function encodeMessage(message: CommunityMessage): Uint8Array {
  const writer = new BerWriter();
  writePdu(writer, message.pdu);
  return closeMessage(writer, message.version, message.community);
}

/** A response as the hot path takes it: varbinds stay encoded. */
export interface ResponseView {
  readonly version: "1" | "2c";
  readonly community: string;
  readonly requestId: number;
  readonly errorStatus: number;
  readonly errorIndex: number;
  readonly varbinds: VarbindList;
}

/**
 * Decodes the frame of a v1/v2c Response and leaves its varbinds encoded; a malformed single value does not cost the
 * others.
 *
 * @throws {SnmpDecodeError} on bad framing or another PDU than a Response
 */
export function decodeResponse(bytes: Uint8Array): ResponseView {
  const { version, community, pdu } = openMessage(bytes);
  if (pdu.peekTag() !== pduType.response) throw new SnmpDecodeError("not a Response");
  const content = pdu.enter(pduType.response);
  return {
    version,
    community,
    requestId: content.readInteger(),
    errorStatus: content.readInteger(),
    errorIndex: content.readInteger(),
    varbinds: new VarbindList(content),
  };
}

/** A request as the hot path makes it. `second`/`third` are the two numbers after the request-id. */
export interface RequestToEncode {
  readonly version: "1" | "2c";
  readonly community: string;
  readonly type: StandardPdu["type"] | BulkPdu["type"];
  readonly requestId: number;
  /** GetBulk only. */
  readonly maxRepetitions?: number;
  readonly varbinds: readonly VarbindToWrite[];
}

/** Reused for every request: encoding is synchronous and ends in a copy. */
const requestWriter = new BerWriter();

/** @throws {SnmpEncodeError} as `encodeMessage` */
export function encodeRequest(request: RequestToEncode): Uint8Array {
  requestWriter.reset();
  writeVarbinds(requestWriter, request.varbinds);
  requestWriter.writeInteger(request.maxRepetitions ?? 0);
  requestWriter.writeInteger(0);
  requestWriter.writeInteger(request.requestId);
  requestWriter.wrap(request.type, 0);
  return closeMessage(requestWriter, request.version, request.community);
}

/** Decodes a ScopedPDU, after USM has decrypted it. Padding after it is ignored. @throws {SnmpDecodeError} */
export function decodeScopedPdu(bytes: Uint8Array): ScopedPdu {
  const scoped = new BerReader(bytes).enter(berTag.sequence);
  return {
    contextEngineId: scoped.readOctets(),
    contextName: decodeText(scoped.readOctets()),
    pdu: readPdu(scoped),
  };
}

/** Encodes a ScopedPDU, for USM to encrypt and sign. @throws {SnmpEncodeError} */
export function encodeScopedPdu(scoped: ScopedPdu): Uint8Array {
  const writer = new BerWriter();
  writePdu(writer, scoped.pdu);
  writer.writeOctets(encodeText(scoped.contextName));
  writer.writeOctets(scoped.contextEngineId);
  writer.wrap(berTag.sequence, 0);
  return writer.finish();
}

/** Reads the PDU `reader` stands at. @throws {SnmpDecodeError} */
function readPdu(reader: BerReader): Pdu {
  const type = reader.peekTag();
  if (!isPduType(type)) throw new SnmpDecodeError(`unknown PDU tag 0x${type.toString(16)}`);
  const content = reader.enter(type);
  if (type === pduType.trapV1) return readTrapV1(content);
  const requestId = content.readInteger();
  const second = content.readInteger();
  const third = content.readInteger();
  const varbinds = new VarbindList(content).toArray();
  return type === pduType.getBulk
    ? { type, requestId, nonRepeaters: second, maxRepetitions: third, varbinds }
    : { type, requestId, errorStatus: second, errorIndex: third, varbinds };
}

/** Writes a PDU (backwards, see `BerWriter`). @throws {SnmpEncodeError} */
function writePdu(writer: BerWriter, pdu: Pdu): void {
  const mark = writer.mark();
  writeVarbinds(writer, pdu.varbinds);
  if (pdu.type === pduType.trapV1) writeTrapV1Head(writer, pdu);
  else {
    const isBulk = pdu.type === pduType.getBulk;
    writer.writeInteger(isBulk ? pdu.maxRepetitions : pdu.errorIndex);
    writer.writeInteger(isBulk ? pdu.nonRepeaters : pdu.errorStatus);
    writer.writeInteger(pdu.requestId);
  }
  writer.wrap(pdu.type, mark);
}

function readTrapV1(content: BerReader): TrapV1Pdu {
  return {
    type: pduType.trapV1,
    enterprise: content.readOid(),
    agentAddress: String(readTagged(content, snmpSyntax.ipAddress)),
    genericTrap: content.readInteger(),
    specificTrap: content.readInteger(),
    timeStamp: Number(readTagged(content, snmpSyntax.timeTicks)),
    varbinds: new VarbindList(content).toArray(),
  };
}

function readTagged(content: BerReader, tag: number): number | string | Uint8Array {
  const octets = content.readOctets(tag);
  return decodeValue(tag, octets, 0, octets.length).value;
}

function writeTrapV1Head(writer: BerWriter, trap: TrapV1Pdu): void {
  writeValue(writer, { syntax: snmpSyntax.timeTicks, value: trap.timeStamp });
  writer.writeInteger(trap.specificTrap);
  writer.writeInteger(trap.genericTrap);
  writeValue(writer, { syntax: snmpSyntax.ipAddress, value: trap.agentAddress });
  writer.writeOid(trap.enterprise);
}

function openMessage(bytes: Uint8Array): {
  version: "1" | "2c";
  community: string;
  pdu: BerReader;
} {
  const pdu = new BerReader(bytes).enter(berTag.sequence);
  const version = pdu.readInteger();
  if (version !== 0 && version !== 1)
    throw new SnmpDecodeError(`message version ${version} is neither v1 nor v2c`);
  return { version: version === 0 ? "1" : "2c", community: decodeText(pdu.readOctets()), pdu };
}

function closeMessage(writer: BerWriter, version: "1" | "2c", community: string): Uint8Array {
  writer.writeOctets(encodeText(community));
  writer.writeInteger(versionNumber[version]);
  writer.wrap(berTag.sequence, 0);
  return writer.finish();
}

const pduTypes: ReadonlySet<number> = new Set(Object.values(pduType));

function isPduType(tag: number): tag is PduType {
  return pduTypes.has(tag);
}

function encodeText(text: string): Uint8Array {
  return Buffer.from(text, "utf8");
}

function decodeText(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString("utf8");
}

/** Names of RFC 3416 §3 error-status, by number. */
const errorStatusNames = [
  "noError",
  "tooBig",
  "noSuchName",
  "badValue",
  "readOnly",
  "genErr",
  "noAccess",
  "wrongType",
  "wrongLength",
  "wrongEncoding",
  "wrongValue",
  "noCreation",
  "inconsistentValue",
  "resourceUnavailable",
  "commitFailed",
  "undoFailed",
  "authorizationError",
  "notWritable",
  "inconsistentName",
] as const;
/** One of the names of RFC 3416 §3, `genErr` for any other number. */
export type ErrorStatusName = (typeof errorStatusNames)[number];

/** Name of an error-status; numbers RFC 3416 does not define count as genErr. */
export function errorStatusName(errorStatus: number): ErrorStatusName {
  return errorStatusNames[errorStatus] ?? "genErr";
}

/** Number of an error-status, for agents. */
export function errorStatusNumber(name: ErrorStatusName): number {
  return errorStatusNames.indexOf(name);
}
