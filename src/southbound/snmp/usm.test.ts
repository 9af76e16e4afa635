import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ManualClock } from "../../shared/manual-clock.ts";
import { type SnmpV3Security, snmpSyntax } from "../driver.ts";
import { SnmpDecodeError, SnmpEncodeError } from "./errors.ts";
import { type ScopedPdu, decodeScopedPdu, encodeScopedPdu, pduType } from "./message.ts";
import { UsmEngine, reportOid } from "./usm-engine.ts";
import { type AuthProtocol, authProtocols, localizeKey, localizePrivacyKey } from "./usm-keys.ts";
import {
  type UsmKeys,
  decodeV3Message,
  decryptData,
  encodeV3Message,
  verifyDigest,
} from "./usm.ts";

const engineId = Buffer.from("000000000000000000000002", "hex");
const hashes = Object.keys(authProtocols) as AuthProtocol[];
const ciphers = ["des", "aes", "aes256b", "aes256r"] as const;

function scopedGet(requestId: number): ScopedPdu {
  const varbinds = [{ oid: "1.3.6.1.2.1.1.1.0", value: { syntax: snmpSyntax.null, value: "" } }];
  return {
    contextEngineId: engineId,
    contextName: "Jetdirect",
    pdu: { type: pduType.get, requestId, errorStatus: 0, errorIndex: 0, varbinds },
  };
}

function keysOf(auth: AuthProtocol, privacy?: (typeof ciphers)[number], at = engineId): UsmKeys {
  const authKey = { protocol: auth, key: localizeKey(auth, "maplesyrup", at) };
  if (privacy === undefined) return { auth: authKey };
  const key = localizePrivacyKey({ auth, privacy }, "maplesyrup", at);
  return { auth: authKey, privacy: { protocol: privacy, key } };
}

function message(options: { keys?: UsmKeys; user?: string; boots?: number; time?: number }) {
  return encodeV3Message({
    header: {
      messageId: 77,
      maxSize: 65_507,
      isReportable: true,
      engineId,
      engineBoots: options.boots ?? 1,
      engineTime: options.time ?? 0,
      user: options.user ?? "clerk",
    },
    keys: options.keys ?? {},
    scopedPdu: encodeScopedPdu(scopedGet(4711)),
    salt: Buffer.from("0102030405060708", "hex"),
  });
}

describe("USM keys", () => {
  it("are those of RFC 3414 A.3", () => {
    expect(localizeKey("md5", "maplesyrup", engineId).toString("hex")).toBe(
      "526f5eed9fcce26f8964c2930787d82b",
    );
    expect(localizeKey("sha", "maplesyrup", engineId).toString("hex")).toBe(
      "6695febc9288e36282235fc7151f128497b38f3f",
    );
  });

  it("are stretched for AES-256 where the hash is too short, differently by the two drafts", () => {
    const [b, r] = (["aes256b", "aes256r"] as const).map((privacy) =>
      localizePrivacyKey({ auth: "sha", privacy }, "maplesyrup", engineId),
    );
    expect(b).toHaveLength(32);
    expect(r).toHaveLength(32);
    expect(b?.subarray(0, 20)).toEqual(r?.subarray(0, 20));
    expect(b).not.toEqual(r);
  });

  it("are refused for pass phrases below eight octets", () => {
    expect(() => localizeKey("sha", "short", engineId)).toThrow(SnmpEncodeError);
  });
});

describe("SNMPv3 messages", () => {
  const combinations = hashes.flatMap((hash) => ciphers.map((cipher) => [hash, cipher] as const));
  it.each(combinations)("come back whole with %s and %s", (hash, cipher) => {
    const keys = keysOf(hash, cipher);
    const decoded = decodeV3Message(message({ keys, boots: 3, time: 9000 }));
    expect(decoded.header).toMatchObject({ engineBoots: 3, engineTime: 9000, isEncrypted: true });
    expect(keys.auth && verifyDigest(decoded, keys.auth)).toBe(true);
    const plain = keys.privacy && decryptData(decoded, keys.privacy);
    const scoped = decodeScopedPdu(plain ?? new Uint8Array());
    expect(scoped).toMatchObject({ contextName: "Jetdirect", pdu: { requestId: 4711 } });
  });

  it("fail verification when any octet was changed", () => {
    const keys = keysOf("sha256");
    const sent = message({ keys });
    fc.assert(
      fc.property(fc.nat(sent.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Uint8Array.from(sent);
        bytes[at] = (bytes[at] ?? 0) ^ change;
        try {
          const decoded = decodeV3Message(bytes);
          expect(keys.auth && verifyDigest(decoded, keys.auth)).toBe(false);
        } catch (error) {
          expect(error).toBeInstanceOf(SnmpDecodeError);
        }
      }),
    );
  });

  it("never fail untyped, whatever the bytes", () => {
    const engine = new UsmEngine({ engineId, users: [], clock: new ManualClock() });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(150), (noise, keep) => {
        const bytes = Buffer.concat([message({}).subarray(0, keep), noise]);
        try {
          engine.receive(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(SnmpDecodeError);
        }
      }),
    );
  });
});

describe("UsmEngine", () => {
  const user: SnmpV3Security = {
    user: "clerk",
    auth: { protocol: "sha256", key: "maplesyrup" },
    privacy: { protocol: "aes", key: "maplesyrup" },
  };
  function start() {
    const clock = new ManualClock();
    const users = [user, { user: "guest" }];
    return { clock, engine: new UsmEngine({ engineId, users, clock }) };
  }

  function reportOf(bytes: Uint8Array | undefined) {
    const decoded = decodeV3Message(bytes ?? new Uint8Array());
    const { pdu } = decodeScopedPdu(decoded.data);
    return { header: decoded.header, oid: pdu.varbinds[0]?.oid, value: pdu.varbinds[0]?.value };
  }

  it("tells its engineID to who does not know it, counting up", () => {
    const { engine } = start();
    const probe = encodeV3Message({
      header: { ...decodeV3Message(message({ user: "" })).header, engineId: new Uint8Array() },
      keys: {},
      scopedPdu: encodeScopedPdu(scopedGet(1)),
      salt: new Uint8Array(8),
    });
    engine.receive(probe);
    const refused = engine.receive(probe);
    expect(refused).toMatchObject({ kind: "refused", reason: "unknownEngineIds" });
    const report = reportOf(refused.kind === "refused" ? refused.bytes : undefined);
    expect(report.oid).toBe(reportOid.unknownEngineIds);
    expect(report.value).toEqual({ syntax: snmpSyntax.counter32, value: 2 });
    expect(Buffer.from(report.header.engineId)).toEqual(engineId);
  });

  it.each([
    ["unknownUserNames", message({ user: "nobody" })],
    ["unsupportedSecLevels", message({ user: "guest", keys: keysOf("sha256") })],
    ["wrongDigests", message({ keys: keysOf("sha512", "aes") })],
    ["decryptionErrors", message({ keys: { ...keysOf("sha256"), privacy: wrongPrivacy() } })],
    ["notInTimeWindows", message({ keys: keysOf("sha256", "aes"), boots: 0 })],
  ] as const)("reports %s", (reason, bytes) => {
    const { engine } = start();
    const refused = engine.receive(bytes);
    expect(refused).toMatchObject({ kind: "refused", reason });
    expect(engine.count(reason)).toBe(1);
  });

  it("accepts requests up to 150 s off its own time, not beyond, and signs the time report", async () => {
    const { clock, engine } = start();
    const bytes = message({ keys: keysOf("sha256", "aes"), time: 0 });
    await clock.advance(150_000);
    expect(engine.receive(bytes).kind).toBe("request");
    await clock.advance(1_000);
    const late = engine.receive(bytes);
    expect(late).toMatchObject({ reason: "notInTimeWindows" });
    const report = late.kind === "refused" ? reportOf(late.bytes) : undefined;
    expect(report?.header).toMatchObject({
      isAuthenticated: true,
      engineBoots: 1,
      engineTime: 151,
    });
  });

  it("refuses requests made for the time before a reboot", () => {
    const { engine } = start();
    engine.reboot();
    expect(engine.receive(message({ keys: keysOf("sha256", "aes") }))).toMatchObject({
      reason: "notInTimeWindows",
    });
  });

  it("protects the answer like the request", () => {
    const { engine } = start();
    const request = engine.receive(message({ keys: keysOf("sha256", "aes") }));
    if (request.kind !== "request") throw new Error("refused");
    const { pdu } = scopedGet(4711);
    const answer = decodeV3Message(engine.encodeResponse(request, pdu));
    const keys = keysOf("sha256", "aes");
    expect(answer.header).toMatchObject({ messageId: 77, isEncrypted: true, isReportable: false });
    expect(keys.auth && verifyDigest(answer, keys.auth)).toBe(true);
    const scoped = keys.privacy && decodeScopedPdu(decryptData(answer, keys.privacy));
    expect(scoped?.contextName).toBe("Jetdirect");
  });

  function wrongPrivacy(): NonNullable<UsmKeys["privacy"]> {
    return { protocol: "aes", key: Buffer.alloc(16, 7) };
  }
});
