import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DnsMessageError, decodeDnsAnswer, dnsType, encodeDnsQuestion } from "./dns-message.ts";

/** An authoritative answer to "printer.example" A: CNAME p1.example (compressed), A 192.0.2.7. */
const answer = Buffer.from(
  "1234" + // id
    "8580" + // response, authoritative, recursion desired and available
    "0001000200000000" +
    "077072696e746572076578616d706c6500" + // printer.example
    "00010001" +
    "c00c00050001000000050005" +
    "027031c014" + // p1 + pointer to "example"
    "c02d00010001000000050004c0000207",
  "hex",
);

describe("a DNS message", () => {
  it("asks as RFC 1035 says", () => {
    const question = encodeDnsQuestion({ id: 0x1234, name: "printer.example", type: dnsType.a });
    expect(question.toString("hex")).toBe(
      "12340100000100000000000007" + "7072696e746572076578616d706c650000010001",
    );
  });

  it("gives the addresses behind an alias", () => {
    expect(decodeDnsAnswer(answer)).toEqual({
      id: 0x1234,
      code: 0,
      isAuthoritative: true,
      question: { name: "printer.example", type: dnsType.a },
      addresses: ["192.0.2.7"],
    });
  });

  it("writes IPv6 addresses in their canonical form", () => {
    const header = "000181800000000100000000";
    const record = "00001c0001000000050010" + "20010db8000000000000000000000001";
    const { addresses } = decodeDnsAnswer(Buffer.from(header + record, "hex"));
    expect(addresses).toEqual(["2001:db8::1"]);
  });

  it("refuses names that cannot be asked for", () => {
    for (const name of ["", "a..b", "a".repeat(64), Array(130).fill("a").join(".")])
      expect(() => encodeDnsQuestion({ id: 1, name, type: 1 })).toThrow(DnsMessageError);
  });

  it("refuses pointers that lead round and messages cut off anywhere", () => {
    const loop = Buffer.from("0001818000010000000000" + "00c00c00010001", "hex");
    expect(() => decodeDnsAnswer(loop)).toThrow(DnsMessageError);
    for (let size = 0; size < answer.length; size++)
      expect(() => decodeDnsAnswer(answer.subarray(0, size))).toThrow(DnsMessageError);
  });

  it("gives an answer or a typed error for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        bytes[2] = 0x81;
        try {
          decodeDnsAnswer(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(DnsMessageError);
        }
      }),
    );
  });

  it("is asked and understood for any name", () => {
    const label = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 8 }), (labels) => {
        const name = labels.join(".");
        const message = encodeDnsQuestion({ id: 7, name, type: dnsType.aaaa });
        message.writeUInt16BE(0x8180, 2); // a server without an answer sends the question back
        expect(decodeDnsAnswer(message).question).toEqual({ name, type: dnsType.aaaa });
      }),
    );
  });
});
