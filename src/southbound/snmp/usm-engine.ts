import { randomBytes } from "node:crypto";
import type { Clock } from "../../shared/clock.ts";
import { type SnmpV3Security, snmpSyntax } from "../driver.ts";
import { SnmpDecodeError } from "./errors.ts";
import { type ScopedPdu, decodeScopedPdu, encodeScopedPdu, pduType } from "./message.ts";
import {
  type UsmKeys,
  type V3Header,
  type V3Message,
  decodeV3Message,
  decryptData,
  encodeV3Message,
  verifyDigest,
} from "./usm.ts";
import { localizeKey, localizePrivacyKey } from "./usm-keys.ts";

/** RFC 3414 §2.2.3: how far, in seconds, a request's idea of the engine's time may be off. */
const timeWindowSeconds = 150;
const maxMessageSize = 65_507;
/** engineBoots and engineTime end here (RFC 3414 §2.2.1). */
const largestBoots = 0x7fff_ffff;

/** Counters whose instance a Report carries (RFC 3414 §5 usmStats, RFC 3413 §5 snmpUnknownContexts). */
export const reportOid = {
  unsupportedSecLevels: "1.3.6.1.6.3.15.1.1.1.0",
  notInTimeWindows: "1.3.6.1.6.3.15.1.1.2.0",
  unknownUserNames: "1.3.6.1.6.3.15.1.1.3.0",
  unknownEngineIds: "1.3.6.1.6.3.15.1.1.4.0",
  wrongDigests: "1.3.6.1.6.3.15.1.1.5.0",
  decryptionErrors: "1.3.6.1.6.3.15.1.1.6.0",
  unknownContexts: "1.3.6.1.6.3.12.1.5.0",
} as const;
/** Why a request is answered by a Report. */
export type ReportReason = keyof typeof reportOid;

/** A request that passed USM; hand it back to `encodeResponse` so that the answer is protected alike. */
export interface AcceptedRequest {
  readonly kind: "request";
  readonly header: V3Header;
  readonly keys: UsmKeys;
  readonly scoped: ScopedPdu;
}

/** A request USM refused. `bytes` is the Report to send, absent when the request did not ask for one. */
export interface RefusedRequest {
  readonly kind: "refused";
  readonly reason: ReportReason;
  readonly bytes: Uint8Array | undefined;
}

/**
 * The authoritative side of USM (RFC 3414 §3.2): an agent's engine with its users. It answers engine discovery and
 * time synchronisation by Reports, and verifies, decrypts and protects everything else.
 */
export class UsmEngine {
  readonly engineId: Uint8Array;
  readonly #clock: Clock;
  readonly #users: ReadonlyMap<string, UsmKeys>;
  readonly #counts = new Map<ReportReason, number>();
  #boots = 1;
  #bootedAtMs: number;
  #salt = randomBytes(8).readBigUInt64BE();

  /** @throws {SnmpEncodeError} when a user's pass phrase is too short */
  constructor(options: {
    readonly engineId: Uint8Array;
    readonly users: readonly SnmpV3Security[];
    readonly clock: Clock;
  }) {
    this.engineId = options.engineId;
    this.#clock = options.clock;
    this.#bootedAtMs = options.clock.nowMs();
    this.#users = new Map(options.users.map((user) => [user.user, keysOf(user, this.engineId)]));
  }

  /** How often requests were refused for `reason`. */
  count(reason: ReportReason): number {
    return this.#counts.get(reason) ?? 0;
  }

  /** The engine starts anew: engineBoots rises, engineTime begins at 0 (RFC 3414 §2.2.1). */
  reboot(): void {
    this.#boots = Math.min(this.#boots + 1, largestBoots);
    this.#bootedAtMs = this.#clock.nowMs();
  }

  /** Checks one message in the order of RFC 3414 §3.2. @throws {SnmpDecodeError} on bytes that are not SNMPv3 */
  receive(bytes: Uint8Array): AcceptedRequest | RefusedRequest {
    const message = decodeV3Message(bytes);
    const { header } = message;
    if (!Buffer.from(header.engineId).equals(this.engineId))
      return this.#refuse(message, "unknownEngineIds");
    const user = this.#users.get(header.user);
    if (user === undefined) return this.#refuse(message, "unknownUserNames");
    const keys = keysForLevel(user, header);
    if (keys === undefined) return this.#refuse(message, "unsupportedSecLevels");
    if (keys.auth !== undefined) {
      if (!verifyDigest(message, keys.auth)) return this.#refuse(message, "wrongDigests");
      if (!this.#isInTimeWindow(header))
        return this.#refuse(message, "notInTimeWindows", { auth: keys.auth });
    }
    if (keys.privacy === undefined)
      return { kind: "request", header, keys, scoped: decodeScopedPdu(message.data) };
    const scoped = tryDecrypt(message, keys.privacy);
    return scoped === undefined
      ? this.#refuse(message, "decryptionErrors")
      : { kind: "request", header, keys, scoped };
  }

  /** Protects the answer like its request (RFC 3412 §7.1). @throws {SnmpEncodeError} */
  encodeResponse(request: AcceptedRequest, pdu: ScopedPdu["pdu"]): Uint8Array {
    const { contextName } = request.scoped;
    return this.#encode(request.header, request.keys, {
      contextEngineId: this.engineId,
      contextName,
      pdu,
    });
  }

  /** A Report about a request that USM itself had no complaint about, such as an unknown context. */
  refuseAccepted(request: AcceptedRequest, reason: ReportReason): Uint8Array {
    return this.#encodeReport(request.header, request.keys, reason, requestIdOf(request.scoped));
  }

  #refuse(message: V3Message, reason: ReportReason, keys: UsmKeys = {}): RefusedRequest {
    const { header } = message;
    if (!header.isReportable) {
      this.#increment(reason);
      return { kind: "refused", reason, bytes: undefined };
    }
    const requestId = header.isEncrypted ? 0 : requestIdOf(decodeScopedPdu(message.data));
    return {
      kind: "refused",
      reason,
      bytes: this.#encodeReport(header, keys, reason, requestId),
    };
  }

  #encodeReport(
    header: V3Header,
    keys: UsmKeys,
    reason: ReportReason,
    requestId: number,
  ): Uint8Array {
    const value = { syntax: snmpSyntax.counter32, value: this.#increment(reason) };
    return this.#encode(header, keys, {
      contextEngineId: this.engineId,
      contextName: "",
      pdu: {
        type: pduType.report,
        requestId,
        errorStatus: 0,
        errorIndex: 0,
        varbinds: [{ oid: reportOid[reason], value }],
      },
    });
  }

  #encode(request: V3Header, keys: UsmKeys, scoped: ScopedPdu): Uint8Array {
    return encodeV3Message({
      header: {
        messageId: request.messageId,
        maxSize: maxMessageSize,
        isReportable: false,
        engineId: this.engineId,
        engineBoots: this.#boots,
        engineTime: this.#engineTime(),
        user: request.user,
      },
      keys,
      scopedPdu: encodeScopedPdu(scoped),
      salt: this.#nextSalt(),
    });
  }

  #nextSalt(): Uint8Array {
    this.#salt = BigInt.asUintN(64, this.#salt + 1n);
    const salt = Buffer.alloc(8);
    salt.writeBigUInt64BE(this.#salt);
    return salt;
  }

  #engineTime(): number {
    return Math.floor((this.#clock.nowMs() - this.#bootedAtMs) / 1000);
  }

  #isInTimeWindow(header: V3Header): boolean {
    return (
      header.engineBoots === this.#boots &&
      this.#boots < largestBoots &&
      Math.abs(header.engineTime - this.#engineTime()) <= timeWindowSeconds
    );
  }

  #increment(reason: ReportReason): number {
    const count = this.count(reason) + 1;
    this.#counts.set(reason, count);
    return count;
  }
}

function keysOf(user: SnmpV3Security, engineId: Uint8Array): UsmKeys {
  if (user.auth === undefined) return {};
  const auth = {
    protocol: user.auth.protocol,
    key: localizeKey(user.auth.protocol, user.auth.key, engineId),
  };
  if (user.privacy === undefined) return { auth };
  const { protocol, key } = user.privacy;
  const privacyKey = localizePrivacyKey({ auth: auth.protocol, privacy: protocol }, key, engineId);
  return { auth, privacy: { protocol, key: privacyKey } };
}

/** The keys for the level a message claims; undefined unless it is exactly the level the user is set up for. */
function keysForLevel(user: UsmKeys, header: V3Header): UsmKeys | undefined {
  const fits =
    header.isAuthenticated === (user.auth !== undefined) &&
    header.isEncrypted === (user.privacy !== undefined);
  return fits ? user : undefined;
}

function tryDecrypt(
  message: V3Message,
  privacy: NonNullable<UsmKeys["privacy"]>,
): ScopedPdu | undefined {
  try {
    return decodeScopedPdu(decryptData(message, privacy));
  } catch (error) {
    // A wrong privacy key shows as nonsense after decryption; RFC 3414 §3.2 step 8 wants a Report for that.
    if (error instanceof SnmpDecodeError) return undefined;
    throw error;
  }
}

function requestIdOf({ pdu }: ScopedPdu): number {
  return pdu.type === pduType.trapV1 ? 0 : pdu.requestId;
}
