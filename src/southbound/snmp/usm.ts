import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from "node:crypto";
import { BerReader, BerWriter, berTag } from "./ber.ts";
import { SnmpDecodeError } from "./errors.ts";
import { type AuthProtocol, type PrivacyProtocol, authProtocols } from "./usm-keys.ts";

/** msgFlags (RFC 3412 §6.4). */
const flag = { auth: 0x01, privacy: 0x02, reportable: 0x04 } as const;
/** msgSecurityModel of USM (RFC 3411 §6.1). */
const userBasedSecurityModel = 3;
const version3 = 3;
const saltLength = 8;
const desBlock = 8;

/** Localized keys of one user at one engine. */
export interface UsmKeys {
  readonly auth?: { readonly protocol: AuthProtocol; readonly key: Uint8Array };
  readonly privacy?: { readonly protocol: PrivacyProtocol; readonly key: Uint8Array };
}

/** Everything of an SNMPv3 message but its ScopedPDU (RFC 3412 §6, RFC 3414 §2.4). */
export interface V3Header {
  readonly messageId: number;
  /** Largest message the sender takes, in octets. */
  readonly maxSize: number;
  readonly isAuthenticated: boolean;
  readonly isEncrypted: boolean;
  readonly isReportable: boolean;
  readonly engineId: Uint8Array;
  readonly engineBoots: number;
  /** Seconds since the engine's last boot. */
  readonly engineTime: number;
  readonly user: string;
}

/** A received SNMPv3 message: not yet verified, not yet decrypted. */
export interface V3Message {
  readonly header: V3Header;
  readonly digest: Uint8Array;
  readonly salt: Uint8Array;
  /** The encoded ScopedPDU, or its cipher text when `header.isEncrypted`. */
  readonly data: Uint8Array;
  /** The whole message with the digest zeroed, as it was signed. */
  readonly signedBytes: Uint8Array;
}

/**
 * Decodes the frame of an SNMPv3 message; `verifyDigest` and `decryptData` do the rest.
 *
 * @throws {SnmpDecodeError} on bad framing, another version or security model, or privacy without authentication
 */
export function decodeV3Message(bytes: Uint8Array): V3Message {
  const message = new BerReader(bytes).enter(berTag.sequence);
  if (message.readInteger() !== version3) throw new SnmpDecodeError("not an SNMPv3 message");
  const global = readGlobalData(message.enter(berTag.sequence));
  message.readHeader();
  const security = new BerReader(bytes, message.offset, message.contentEnd).enter(berTag.sequence);
  message.skipContent();
  const engine = {
    engineId: security.readOctets(),
    engineBoots: readTime(security),
    engineTime: readTime(security),
    user: Buffer.from(security.readOctets()).toString("utf8"),
  };
  const digest = security.readOctets();
  const signedBytes = Uint8Array.from(bytes).fill(
    0,
    security.offset - digest.length,
    security.offset,
  );
  const salt = security.readOctets();
  const header = { ...global, ...engine };
  return { header, digest, salt, data: readData(message, global.isEncrypted), signedBytes };
}

function readGlobalData(
  global: BerReader,
): Pick<V3Header, "messageId" | "maxSize" | "isAuthenticated" | "isEncrypted" | "isReportable"> {
  const messageId = global.readInteger();
  const maxSize = global.readInteger();
  const flags = global.readOctets()[0] ?? 0;
  if (global.readInteger() !== userBasedSecurityModel)
    throw new SnmpDecodeError("another security model than USM");
  const isAuthenticated = (flags & flag.auth) !== 0;
  const isEncrypted = (flags & flag.privacy) !== 0;
  // RFC 3412 §7.2 step 5d
  if (isEncrypted && !isAuthenticated) throw new SnmpDecodeError("privacy without authentication");
  const isReportable = (flags & flag.reportable) !== 0;
  return { messageId, maxSize, isAuthenticated, isEncrypted, isReportable };
}

/** engineBoots and engineTime are INTEGER (0..2147483647) in RFC 3414 §2.4. */
function readTime(security: BerReader): number {
  const value = security.readInteger();
  if (value < 0 || value > 0x7fff_ffff)
    throw new SnmpDecodeError("engine boots or time out of range");
  return value;
}

function readData(message: BerReader, isEncrypted: boolean): Uint8Array {
  if (isEncrypted) return message.readOctets();
  const start = message.offset;
  message.enter(berTag.sequence);
  return message.bytes.slice(start, message.offset);
}

/** Whether the digest is that of the message under `auth`; compares in constant time. */
export function verifyDigest(message: V3Message, auth: NonNullable<UsmKeys["auth"]>): boolean {
  const expected = digestOf(message.signedBytes, auth);
  return message.digest.length === expected.length && timingSafeEqual(message.digest, expected);
}

/**
 * The encoded ScopedPDU of a message; a wrong key shows only when that is decoded.
 *
 * @throws {SnmpDecodeError} when salt or cipher text have an impossible length
 */
export function decryptData(
  message: V3Message,
  privacy: NonNullable<UsmKeys["privacy"]>,
): Uint8Array {
  if (message.salt.length !== saltLength) throw new SnmpDecodeError("privacy salt is not 8 octets");
  if (privacy.protocol === "des" && message.data.length % desBlock !== 0)
    throw new SnmpDecodeError("DES cipher text is not whole blocks");
  const { algorithm, key, iv } = cipherOf(privacy, message.header, message.salt);
  const decipher = createDecipheriv(algorithm, key, iv).setAutoPadding(false);
  return Buffer.concat([decipher.update(message.data), decipher.final()]);
}

/** A message to send: flags, digest and cipher text follow from `keys`. */
export interface V3MessageToEncode {
  readonly header: Omit<V3Header, "isAuthenticated" | "isEncrypted">;
  readonly keys: UsmKeys;
  /** Encoded ScopedPDU. */
  readonly scopedPdu: Uint8Array;
  /** 8 octets that never repeat under one key between two boots; needed for privacy only. */
  readonly salt: Uint8Array;
}

/** Encrypts and signs as `keys` allow. @throws {SnmpEncodeError} when a value does not fit */
export function encodeV3Message(message: V3MessageToEncode): Uint8Array {
  const { header, keys } = message;
  const writer = new BerWriter();
  if (keys.privacy === undefined) writer.writeRaw(message.scopedPdu);
  else writer.writeOctets(encryptData(message, keys.privacy));
  const digestEnd = writeSecurityParameters(writer, message);
  const globalMark = writer.mark();
  writer.writeInteger(userBasedSecurityModel);
  writer.writeOctets(Uint8Array.of(flagsOf(header.isReportable, keys)));
  writer.writeInteger(header.maxSize);
  writer.writeInteger(header.messageId);
  writer.wrap(berTag.sequence, globalMark);
  writer.writeInteger(version3);
  writer.wrap(berTag.sequence, 0);
  const bytes = writer.finish();
  if (keys.auth !== undefined) bytes.set(digestOf(bytes, keys.auth), bytes.length - digestEnd);
  return bytes;
}

/** Writes msgSecurityParameters; returns how far from the message's end the digest begins. */
function writeSecurityParameters(writer: BerWriter, message: V3MessageToEncode): number {
  const { header, keys, salt } = message;
  const mark = writer.mark();
  writer.writeOctets(keys.privacy === undefined ? new Uint8Array() : salt);
  const digestMark = writer.mark();
  const length = keys.auth === undefined ? 0 : authProtocols[keys.auth.protocol].digestLength;
  writer.writeRaw(new Uint8Array(length));
  const digestEnd = writer.mark();
  writer.wrap(berTag.octetString, digestMark);
  writer.writeOctets(Buffer.from(header.user, "utf8"));
  writer.writeInteger(header.engineTime);
  writer.writeInteger(header.engineBoots);
  writer.writeOctets(header.engineId);
  writer.wrap(berTag.sequence, mark);
  writer.wrap(berTag.octetString, mark);
  return digestEnd;
}

function flagsOf(isReportable: boolean, keys: UsmKeys): number {
  return (
    (keys.auth === undefined ? 0 : flag.auth) |
    (keys.privacy === undefined ? 0 : flag.privacy) |
    (isReportable ? flag.reportable : 0)
  );
}

function digestOf(bytes: Uint8Array, auth: NonNullable<UsmKeys["auth"]>): Buffer {
  const { hash, digestLength } = authProtocols[auth.protocol];
  return createHmac(hash, auth.key).update(bytes).digest().subarray(0, digestLength);
}

function encryptData(message: V3MessageToEncode, privacy: NonNullable<UsmKeys["privacy"]>): Buffer {
  const { algorithm, key, iv } = cipherOf(privacy, message.header, message.salt);
  const cipher = createCipheriv(algorithm, key, iv).setAutoPadding(false);
  const padding = privacy.protocol === "des" ? -message.scopedPdu.length & (desBlock - 1) : 0;
  return Buffer.concat([
    cipher.update(message.scopedPdu),
    cipher.update(new Uint8Array(padding)),
    cipher.final(),
  ]);
}

function cipherOf(
  privacy: NonNullable<UsmKeys["privacy"]>,
  engine: Pick<V3Header, "engineBoots" | "engineTime">,
  salt: Uint8Array,
): { algorithm: string; key: Uint8Array; iv: Uint8Array } {
  if (privacy.protocol === "des") {
    // RFC 3414 §8.1.1.1: the key's second half, exclusive-or the salt, is the initialization vector.
    const iv = Uint8Array.from(salt, (octet, n) => octet ^ (privacy.key[desBlock + n] ?? 0));
    const des = privacy.key.subarray(0, desBlock);
    // OpenSSL 3 keeps single DES in its legacy provider; triple DES with one key three times is the same cipher.
    return { algorithm: "des-ede3-cbc", key: Buffer.concat([des, des, des]), iv };
  }
  // RFC 3826 §3.1.2.1
  const iv = Buffer.alloc(16);
  iv.writeUInt32BE(engine.engineBoots, 0);
  iv.writeUInt32BE(engine.engineTime, 4);
  iv.set(salt, 8);
  const algorithm = privacy.protocol === "aes" ? "aes-128-cfb" : "aes-256-cfb";
  return { algorithm, key: privacy.key, iv };
}
