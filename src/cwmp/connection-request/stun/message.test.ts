import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { authorityOf, decodeAddress, encodeAddress, xorAddress } from "./address.ts";
import { bindingAnswer, encodeBindingRequest } from "./binding.ts";
import {
  type StunMessage,
  checkIntegrity,
  decodeStun,
  encodeSignedStun,
  encodeStun,
  stunAttribute,
  stunType,
} from "./message.ts";

const bytes = (length: { min: number; max: number }) =>
  fc
    .uint8Array({ minLength: length.min, maxLength: length.max })
    .map((array) => Buffer.from(array));
const anyMessage: fc.Arbitrary<StunMessage> = fc.record({
  type: fc.integer({ min: 0, max: 0x3fff }),
  transactionId: bytes({ min: 16, max: 16 }),
  attributes: fc.array(
    fc.record({ type: fc.integer({ min: 0, max: 0xffff }), value: bytes({ min: 0, max: 40 }) }),
    { maxLength: 12 },
  ),
});
const unsigned = anyMessage.map((message) => ({
  ...message,
  attributes: message.attributes.filter(({ type }) => type !== stunAttribute.messageIntegrity),
}));

/** RFC 5769 §2.2: a response with XOR-MAPPED-ADDRESS 192.0.2.1:32853, signed with this password. */
const sample = Buffer.from(
  "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220" +
    "002000080001a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7" +
    "80280004c07d4c96",
  "hex",
);
const samplePassword = "VOkJxbRl1RmTxUk/WvJxBt";

describe("STUN messages", () => {
  it("come out as they went in", () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(decodeStun(encodeStun(message))).toEqual(message);
      }),
    );
  });

  it("are read or refused, whatever the bytes", () => {
    fc.assert(
      fc.property(bytes({ min: 0, max: 200 }), (datagram) => {
        const message = decodeStun(datagram);
        if (message !== undefined) bindingAnswer(message);
        checkIntegrity(datagram, "x");
      }),
    );
  });

  it("are read or refused with bytes cut off or changed", () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), fc.nat({ max: 255 }), fc.nat(), (message, at, to, cut) => {
        const whole = encodeStun(message);
        const changed = Buffer.from(whole);
        changed[at % changed.length] = to;
        for (const damaged of [changed, whole.subarray(0, cut % whole.length)]) {
          const read = decodeStun(damaged);
          if (read !== undefined) bindingAnswer(read);
          checkIntegrity(damaged, "x");
        }
        expect(decodeStun(whole.subarray(0, whole.length - 1))).toBeUndefined();
      }),
    );
  });

  it("prove the password they were signed with, and any change", () => {
    fc.assert(
      fc.property(unsigned, fc.string({ minLength: 1 }), fc.nat(), (message, password, at) => {
        const signed = encodeSignedStun(message, password);
        expect(checkIntegrity(signed, password)).toBe("right");
        expect(checkIntegrity(signed, `${password}.`)).toBe("wrong");
        expect(checkIntegrity(encodeStun(message), password)).toBe("absent");
        // The message type: changing a length may make it no message at all.
        const changed = Buffer.from(signed);
        changed[at % 2] = (changed[at % 2] ?? 0) ^ 1;
        expect(checkIntegrity(changed, password)).toBe("wrong");
      }),
    );
  });

  it("are understood in the style of RFC 5389 (its sample response)", () => {
    const message = decodeStun(sample);
    expect(message && bindingAnswer(message)).toEqual({
      kind: "mapped",
      address: { host: "192.0.2.1", port: 32_853 },
    });
    expect(checkIntegrity(sample, samplePassword)).toBe("right");
    expect(checkIntegrity(sample, "other")).toBe("wrong");
  });
});

describe("Binding Requests", () => {
  const transactionId = randomBytes(16);
  const attributesOf = (datagram: Buffer) =>
    decodeStun(datagram)?.attributes.map(({ type, value }) => [type, value.toString("latin1")]);

  it("from the port for connection requests say so, in the 20 bytes of TR-111", () => {
    const request = encodeBindingRequest({ transactionId, listens: true });
    expect(request.readUInt16BE(0)).toBe(stunType.bindingRequest);
    expect(attributesOf(request)).toEqual([[0xc001, "dslforum.org/TR-111 "]]);
  });

  it("carry BINDING-CHANGE of length 0 when the binding changed", () => {
    const request = encodeBindingRequest({ transactionId, listens: true, isChanged: true });
    expect(attributesOf(request)?.[1]).toEqual([0xc002, ""]);
  });

  it("are signed as RFC 3489 has it: name padded to four bytes, integrity last", () => {
    const credentials = { username: "proxier", password: "secret" };
    const request = encodeBindingRequest({ transactionId, listens: true, credentials });
    const attributes = attributesOf(request);
    expect(attributes?.[1]).toEqual([stunAttribute.username, "proxier "]);
    expect(attributes?.at(-1)?.[0]).toBe(stunAttribute.messageIntegrity);
    expect(checkIntegrity(request, "secret")).toBe("right");
  });

  it("from a secondary port name another address for the answer and nothing else", () => {
    const responseAddress = { host: "203.0.113.9", port: 40_000 };
    const request = encodeBindingRequest({ transactionId, responseAddress });
    const [attribute, ...others] = decodeStun(request)?.attributes ?? [];
    expect(attribute?.type).toBe(stunAttribute.responseAddress);
    expect(attribute && decodeAddress(attribute.value)).toEqual(responseAddress);
    expect(others).toEqual([]);
  });
});

describe("answers to Binding Requests", () => {
  const transactionId = randomBytes(16);
  const answer = (type: number, ...attributes: readonly (readonly [number, Buffer])[]) =>
    bindingAnswer({
      type,
      transactionId,
      attributes: attributes.map(([attribute, value]) => ({ type: attribute, value })),
    });

  it("prefer the address that gateways do not rewrite", () => {
    const real = encodeAddress({ host: "198.51.100.7", port: 5_000 }) ?? Buffer.alloc(0);
    const rewritten = encodeAddress({ host: "192.168.1.2", port: 7_547 }) ?? Buffer.alloc(0);
    const plain = [stunAttribute.mappedAddress, rewritten] as const;
    const masked = [stunAttribute.xorMappedAddress, xorAddress(real, transactionId)] as const;
    expect(answer(stunType.bindingResponse, plain, masked)).toMatchObject({
      address: { host: "198.51.100.7" },
    });
    expect(answer(stunType.bindingResponse, plain)).toMatchObject({
      address: { host: "192.168.1.2" },
    });
    expect(answer(stunType.bindingResponse)).toBeUndefined();
  });

  it("are understood from a server that masks with its cookie although none was sent", () => {
    const real = encodeAddress({ host: "198.51.100.7", port: 5_000 }) ?? Buffer.alloc(0);
    const mask = Buffer.concat([Buffer.from("2112a442", "hex"), transactionId.subarray(4)]);
    const plain = [stunAttribute.mappedAddress, real] as const;
    const masked = [stunAttribute.xorMappedAddress, xorAddress(real, mask)] as const;
    expect(answer(stunType.bindingResponse, plain, masked)).toMatchObject({
      address: { host: "198.51.100.7", port: 5_000 },
    });
  });

  it("tell errors by their code", () => {
    const value = Buffer.from([0, 0, 4, 1, ...Buffer.from("Unauthorized")]);
    expect(answer(stunType.bindingError, [stunAttribute.errorCode, value])).toEqual({
      kind: "error",
      code: 401,
      reason: "Unauthorized",
    });
    expect(answer(stunType.bindingError)).toMatchObject({ kind: "error", code: 0 });
  });
});

describe("addresses", () => {
  it("come out as they went in, IPv6 as the system writes it", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.ipV4(), fc.ipV6()),
        fc.nat({ max: 65_535 }),
        bytes({ min: 16, max: 16 }),
        (host, port, transactionId) => {
          const value = encodeAddress({ host, port });
          expect(value).toBeDefined();
          const read = value && decodeAddress(value);
          expect(read?.port).toBe(port);
          const written = host.includes(":") ? new URL(`http://[${host}]`).hostname : host;
          expect(read && authorityOf(read)).toBe(`${written}:${port}`);
          expect(value && xorAddress(xorAddress(value, transactionId), transactionId)).toEqual(
            value,
          );
        },
      ),
    );
  });

  it("of no known kind are none", () => {
    expect(encodeAddress({ host: "acs.example.net", port: 1 })).toBeUndefined();
    expect(decodeAddress(Buffer.from([0, 3, 0, 1, 1, 2, 3, 4]))).toBeUndefined();
    expect(decodeAddress(Buffer.from([0, 1, 0, 1]))).toBeUndefined();
  });
});
