import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { snmpSyntax } from "../driver.ts";
import { SnmpDecodeError, SnmpEncodeError } from "./errors.ts";
import {
  type CommunityMessage,
  decodeMessage,
  decodeResponse,
  decodeScopedPdu,
  encodeMessage,
  encodeRequest,
  encodeScopedPdu,
  errorStatusName,
  messageVersion,
  pduType,
} from "./message.ts";
import { anyPdu } from "../../../test/snmp/arbitraries.ts";
import { nullValue } from "./value.ts";

const anyMessage: fc.Arbitrary<CommunityMessage> = fc.record({
  version: fc.constantFrom("1" as const, "2c" as const),
  community: fc.string({ maxLength: 20 }),
  pdu: anyPdu,
});

/** GET of 1.3.6.1.2.1 with community "public" and request-id 12345678, written by hand. */
const getByHand = hex(
  "302602010104067075626c6963a019020400bc614e020100020100300b300906052b060102010500",
);

describe("SNMP messages", () => {
  it("are decoded and encoded octet for octet", () => {
    const message = decodeMessage(getByHand);
    expect(message).toEqual({
      version: "2c",
      community: "public",
      pdu: {
        type: pduType.get,
        requestId: 12345678,
        errorStatus: 0,
        errorIndex: 0,
        varbinds: [{ oid: "1.3.6.1.2.1", value: nullValue }],
      },
    });
    expect(encodeMessage(message)).toEqual(getByHand);
  });

  it("survive encoding and decoding in every PDU type and syntax", () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(decodeMessage(encodeMessage(message))).toEqual(message);
      }),
    );
  });

  it("survive as a scoped PDU of SNMPv3", () => {
    fc.assert(
      fc.property(anyPdu, fc.uint8Array({ maxLength: 32 }), fc.string(), (pdu, engine, name) => {
        const scoped = { contextEngineId: engine, contextName: name, pdu };
        expect(decodeScopedPdu(encodeScopedPdu(scoped))).toEqual(scoped);
      }),
    );
  });

  it("give a typed error when cut off anywhere", () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), (message, cut) => {
        const bytes = encodeMessage(message);
        const truncated = bytes.subarray(0, cut % bytes.length);
        expect(() => decodeMessage(truncated)).toThrow(SnmpDecodeError);
      }),
    );
  });

  it("give a typed error or a message for arbitrary octets", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        decodesOrRefuses(bytes);
      }),
    );
  });

  it("give a typed error or a message when octets are flipped", () => {
    fc.assert(
      fc.property(
        anyMessage,
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 }))),
        (message, flips) => {
          const bytes = encodeMessage(message);
          for (const [at, octet] of flips) bytes[at % bytes.length] = octet;
          decodesOrRefuses(bytes);
        },
      ),
    );
  });

  it("accept lengths and integers longer than needed, and padding after the message", () => {
    const padded = hex(
      "30840000002a" +
        "0202000104067075626c6963" +
        "a2820018" +
        "02050000000007" +
        "020100" +
        "020100" +
        "3009" +
        "3007" +
        "06032b0601" +
        "0500" +
        "ffff",
    );
    expect(decodeMessage(padded).pdu).toMatchObject({ type: pduType.response, requestId: 7 });
  });

  it("take unsigned numbers without their leading zero as unsigned", () => {
    const { varbinds } = decodeResponse(response("4104ffffffff"));
    expect(varbinds.value(0)).toEqual({ syntax: snmpSyntax.counter32, value: 0xffff_ffff });
  });

  it.each([
    ["a Counter64 above 2^53-1", "46080020000000000000"],
    ["a Counter32 of 33 bits", "41050100000000"],
    ["an INTEGER without content", "0200"],
    ["an IpAddress of three octets", "4003010203"],
    ["an unknown tag", "4700"],
  ])("refuse %s as that one value only", (_, value) => {
    const { varbinds } = decodeResponse(response(value));
    expect(() => varbinds.value(0)).toThrow(SnmpDecodeError);
    expect(varbinds.oid(0)).toBe("1.3.6.1");
    expect(() => decodeMessage(response(value))).toThrow(SnmpDecodeError);
  });

  it("refuse values that do not fit their syntax", () => {
    const encode = (syntax: number, value: number | string): Uint8Array =>
      encodeRequest({
        version: "2c",
        community: "c",
        type: pduType.set,
        requestId: 1,
        varbinds: [{ oid: "1.3.6.1", value: { syntax: syntax as 2, value } }],
      });
    expect(() => encode(snmpSyntax.counter32, -1)).toThrow(SnmpEncodeError);
    expect(() => encode(snmpSyntax.gauge32, 2 ** 32)).toThrow(SnmpEncodeError);
    expect(() => encode(snmpSyntax.integer, 1.5)).toThrow(SnmpEncodeError);
    expect(() => encode(snmpSyntax.ipAddress, "1.2.3")).toThrow(SnmpEncodeError);
    expect(() => encode(snmpSyntax.octetString, "text")).toThrow(SnmpEncodeError);
  });

  it("tell their version, also for SNMPv3", () => {
    expect(messageVersion(getByHand)).toBe(1);
    expect(messageVersion(hex("3003020103"))).toBe(3);
    expect(() => decodeMessage(hex("3003020103"))).toThrow(SnmpDecodeError);
  });

  it("name error statuses, unknown ones as genErr", () => {
    expect(errorStatusName(17)).toBe("notWritable");
    expect(errorStatusName(99)).toBe("genErr");
  });
});

function decodesOrRefuses(bytes: Uint8Array): void {
  try {
    decodeMessage(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(SnmpDecodeError);
  }
}

/** A v2c Response with one varbind 1.3.6.1 whose value is the given BER element. */
function response(valueHex: string): Uint8Array {
  const wrap = (tag: string, content: string): string =>
    tag + (content.length / 2).toString(16).padStart(2, "0") + content;
  const varbinds = wrap("30", wrap("30", "06032b0601" + valueHex));
  return hex(wrap("30", "020101" + "040163" + wrap("a2", "020101020100020100" + varbinds)));
}

function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "hex"));
}
