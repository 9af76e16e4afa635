import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IppDecodeError, IppEncodeError } from "./errors.ts";
import { decodeIpp, encodeIpp, type IppMessage } from "./message.ts";
import { ippGroup, ippTag } from "./tags.ts";
import { dateTimeText, type IppAttribute, type IppValue } from "./value.ts";

const text = (value: string): Uint8Array => Buffer.from(value, "utf8");
const sized = (octets: Uint8Array): Uint8Array =>
  Buffer.concat([Uint8Array.of(octets.length >> 8, octets.length & 0xff), octets]);
const raw = (tag: number, name: string, octets: Uint8Array): Uint8Array =>
  Buffer.concat([Uint8Array.of(tag), sized(text(name)), sized(octets)]);
const header = Uint8Array.of(2, 0, 0, 1, 0, 0, 0, 7);
const message = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat([header, ...parts]);
const group = (tag: number): Uint8Array => Uint8Array.of(tag);
const end = group(ippGroup.end);

/** The values of the only attribute. */
function valuesIn(bytes: Uint8Array): readonly IppValue[] | undefined {
  return decodeIpp(bytes).groups[0]?.attributes[0]?.values;
}

describe("decodeIpp", () => {
  it("reads version, status and request id, and keeps groups in the order they came", () => {
    const decoded = decodeIpp(
      message(
        group(1),
        raw(ippTag.charset, "attributes-charset", text("utf-8")),
        group(5),
        raw(ippTag.keyword, "requested-attributes", text("device-uri")),
        group(4),
        raw(ippTag.integer, "queued-job-count", Uint8Array.of(0, 0, 0, 3)),
        end,
        text("data"),
      ),
    );
    expect(decoded.version).toEqual({ major: 2, minor: 0 });
    expect([decoded.code, decoded.requestId]).toEqual([1, 7]);
    expect(decoded.groups.map(({ tag }) => tag)).toEqual([1, 5, 4]);
    expect(Buffer.from(decoded.data).toString()).toBe("data");
  });

  it("takes values without a name as further values of the attribute before", () => {
    const found = valuesIn(
      message(
        group(4),
        raw(0x44, "sides-supported", text("one-sided")),
        raw(0x44, "", text("x")),
        end,
      ),
    );
    expect(found?.map((value) => (value.syntax === "text" ? value.value : ""))).toEqual([
      "one-sided",
      "x",
    ]);
  });

  it("reads text with a language, and Latin-1 where it is no UTF-8", () => {
    const worded = Buffer.concat([sized(text("en")), sized(text("Büro"))]);
    expect(valuesIn(message(group(4), raw(0x35, "printer-location", worded), end))).toEqual([
      { syntax: "text", tag: 0x35, value: "Büro", language: "en" },
    ]);
    expect(
      valuesIn(message(group(4), raw(0x41, "printer-location", Uint8Array.of(0x42, 0xfc)), end)),
    ).toEqual([{ syntax: "text", tag: 0x41, value: "Bü" }]);
  });

  it("reads nested collections whose members have several values", () => {
    const found = valuesIn(
      message(
        group(4),
        raw(0x34, "media-col", text("")),
        raw(0x4a, "", text("media-size")),
        raw(0x34, "", text("")),
        raw(0x4a, "", text("x-dimension")),
        raw(0x21, "", Uint8Array.of(0, 0, 0x52, 0x08)),
        raw(0x21, "", Uint8Array.of(0, 0, 0, 1)),
        raw(0x37, "", text("")),
        raw(0x4a, "", text("media-source")),
        raw(0x44, "", text("main")),
        raw(0x37, "", text("")),
        end,
      ),
    );
    const dimension: IppAttribute = {
      name: "x-dimension",
      values: [
        { syntax: "integer", value: 21_000 },
        { syntax: "integer", value: 1 },
      ],
    };
    expect(found).toEqual([
      {
        syntax: "collection",
        members: [
          { name: "media-size", values: [{ syntax: "collection", members: [dimension] }] },
          { name: "media-source", values: [{ syntax: "text", tag: 0x44, value: "main" }] },
        ],
      },
    ]);
  });

  it("keeps as octets what has a length its tag does not allow", () => {
    expect(valuesIn(message(group(4), raw(0x21, "copies", Uint8Array.of(1, 2)), end))).toEqual([
      { syntax: "octets", tag: 0x21, octets: Uint8Array.of(1, 2) },
    ]);
    expect(valuesIn(message(group(4), raw(0x35, "info", text("plain")), end))).toEqual([
      { syntax: "octets", tag: 0x35, octets: Uint8Array.from(text("plain")) },
    ]);
  });

  it("forgives a forgotten end tag but not bytes that end inside a value", () => {
    const whole = message(group(4), raw(0x44, "sides", text("one-sided")));
    expect(decodeIpp(whole).groups).toHaveLength(1);
    for (let length = 0; length < whole.length; length++)
      if (length !== 8 && length !== 9)
        expect(() => decodeIpp(whole.subarray(0, length)), `${length}`).toThrow(IppDecodeError);
  });

  it.each([
    ["a value before any group", message(raw(0x44, "sides", text("x")))],
    ["a further value of nothing", message(group(4), raw(0x44, "", text("x")))],
    ["a collection that is not closed", message(group(4), raw(0x34, "c", text("")), end)],
    [
      "a collection whose value has no name",
      message(group(4), raw(0x34, "c", text("")), raw(0x44, "", text("x"))),
    ],
    [
      "collections without end",
      message(
        group(4),
        raw(0x34, "c", text("")),
        ...Array.from({ length: 100 }, () =>
          Buffer.concat([raw(0x4a, "", text("m")), raw(0x34, "", text(""))]),
        ),
      ),
    ],
  ])("refuses %s", (_, bytes) => {
    expect(() => decodeIpp(bytes)).toThrow(IppDecodeError);
  });

  it("gives a message or a typed error for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          decodeIpp(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(IppDecodeError);
        }
      }),
    );
  });
});

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const plainTags = [0x41, 0x42, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4b];
const name = fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" });
const octets = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const simpleValue: fc.Arbitrary<IppValue> = fc.oneof(
  fc.record({ syntax: fc.constantFrom("integer" as const, "enum" as const), value: int32 }),
  fc.record({ syntax: fc.constant("boolean" as const), value: fc.boolean() }),
  fc.record({
    syntax: fc.constant("text" as const),
    tag: fc.constantFrom(...plainTags),
    value: fc.string({ unit: "grapheme" }),
  }),
  fc.record({
    syntax: fc.constant("text" as const),
    tag: fc.constantFrom(0x35, 0x36),
    value: fc.string({ unit: "grapheme" }),
    language: fc.string({ maxLength: 8 }),
  }),
  fc.record({ syntax: fc.constant("dateTime" as const), octets: octets(11) }),
  fc.record({ syntax: fc.constant("range" as const), lower: int32, upper: int32 }),
  fc.record({
    syntax: fc.constant("resolution" as const),
    crossFeed: int32,
    feed: int32,
    unit: fc.constantFrom(3, 4),
  }),
  fc.record({
    syntax: fc.constant("outOfBand" as const),
    tag: fc.constantFrom(0x10, 0x12, 0x13, 0x15, 0x16, 0x17),
  }),
  fc.record({
    syntax: fc.constant("octets" as const),
    tag: fc.constantFrom(0x30, 0x7f),
    octets: fc.uint8Array({ maxLength: 30 }),
  }),
);
const { value } = fc.letrec<{ value: IppValue; attribute: IppAttribute }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", maxDepth: 4 },
    simpleValue,
    fc.record({
      syntax: fc.constant("collection" as const),
      members: fc.array(tie("attribute"), { maxLength: 3 }),
    }),
  ),
  attribute: fc.record({
    name,
    values: fc.array(tie("value"), { minLength: 1, maxLength: 3 }),
  }),
}));
const anyMessage: fc.Arbitrary<IppMessage> = fc.record({
  version: fc.record({ major: fc.nat(255), minor: fc.nat(255) }),
  code: fc.nat(0xffff),
  requestId: fc.nat(0xffffffff),
  groups: fc.array(
    fc.record({
      tag: fc.constantFrom(1, 2, 4, 5, 6, 7, 8, 9, 10),
      attributes: fc.array(
        fc.record({ name, values: fc.array(value, { minLength: 1, maxLength: 3 }) }),
        { maxLength: 4 },
      ),
    }),
    { maxLength: 4 },
  ),
  data: fc.uint8Array({ maxLength: 20 }),
});

describe("encodeIpp", () => {
  it("is undone by decodeIpp", () => {
    fc.assert(
      fc.property(anyMessage, (original) => {
        expect(decodeIpp(encodeIpp(original))).toEqual(original);
      }),
    );
  });

  it.each([
    ["numbers beyond 32 bits", { syntax: "integer", value: 2 ** 31 }],
    ["numbers with a fraction", { syntax: "enum", value: 1.5 }],
    ["strings beyond 65,535 octets", { syntax: "text", tag: 0x41, value: "x".repeat(70_000) }],
  ] as const)("refuses %s", (_, bad) => {
    const groups = [{ tag: 1, attributes: [{ name: "a", values: [bad] }] }];
    const whole: IppMessage = {
      version: { major: 1, minor: 1 },
      code: 2,
      requestId: 1,
      groups,
      data: new Uint8Array(),
    };
    expect(() => encodeIpp(whole)).toThrow(IppEncodeError);
  });
});

describe("dateTimeText", () => {
  it("writes ISO 8601 with the zone told", () => {
    expect(dateTimeText(Uint8Array.of(0x07, 0xe5, 9, 28, 9, 37, 15, 0, 0x2b, 0, 0))).toBe(
      "2021-09-28T09:37:15Z",
    );
    expect(dateTimeText(Uint8Array.of(0x07, 0xe5, 9, 28, 9, 37, 15, 0, 0x2d, 3, 30))).toBe(
      "2021-09-28T09:37:15-03:30",
    );
  });

  it("says nothing for a month that is none, and never throws", () => {
    expect(dateTimeText(Uint8Array.of(0x07, 0xe5, 13, 28, 9, 37, 15, 0, 0x2b, 0, 0))).toBe(
      undefined,
    );
    expect(dateTimeText(new Uint8Array(11))).toBe(undefined);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 14 }), (bytes) => {
        dateTimeText(bytes);
      }),
    );
  });
});
