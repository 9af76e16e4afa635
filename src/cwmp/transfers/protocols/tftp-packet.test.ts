import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type TftpPacket, decodeTftp, encodeTftp } from "./tftp-packet.ts";

const text = fc.string({ maxLength: 20 }).filter((value) => !value.includes("\0"));
const block = fc.integer({ min: 0, max: 65_535 });
const options = fc
  .array(
    fc.tuple(
      text.map((name) => `o${name}`.toLowerCase()),
      text,
    ),
    { maxLength: 4 },
  )
  .map((pairs) => new Map(pairs));
const packet: fc.Arbitrary<TftpPacket> = fc.oneof(
  fc.record({ kind: fc.constantFrom("read", "write"), file: text, options }),
  fc.record({
    kind: fc.constant("data" as const),
    block,
    bytes: fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
  }),
  fc.record({ kind: fc.constant("acknowledgement" as const), block }),
  fc.record({ kind: fc.constant("error" as const), code: block, text }),
  fc.record({
    kind: fc.constant("options" as const),
    options: options.filter(({ size }) => size > 0),
  }),
);

describe("TFTP packet", () => {
  it("looks as in RFC 1350 and RFC 2347", () => {
    const request = { kind: "read", file: "f", options: new Map([["blksize", "1428"]]) } as const;
    expect(encodeTftp(request).toString("latin1")).toBe("\0\x01f\0octet\0blksize\x001428\0");
    expect(encodeTftp({ kind: "acknowledgement", block: 65_536 }).toString("hex")).toBe("00040000");
    expect(decodeTftp(Buffer.from("00050001626f6f00", "hex"))).toEqual({
      kind: "error",
      code: 1,
      text: "boo",
    });
  });

  it("reads back what it wrote", () => {
    fc.assert(
      fc.property(packet, (value) => {
        expect(decodeTftp(encodeTftp(value))).toEqual(value);
      }),
    );
  });

  it("makes something or nothing of any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        decodeTftp(Buffer.from(bytes));
      }),
    );
  });
});
