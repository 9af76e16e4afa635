import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { charsetNames, decodeText } from "./charset.ts";
import { isKnownCharset } from "../shared/iconv.ts";

const bytes = (...octets: number[]): Uint8Array => Uint8Array.from(octets);

describe("decodeText", () => {
  it("removes trailing NULs and edge blanks", () => {
    expect(decodeText(bytes(0x20, 0x41, 0x42, 0x20, 0, 0), undefined)).toBe("AB");
  });

  it("believes valid UTF-8 before the declared character set", () => {
    expect(decodeText(new TextEncoder().encode("Schwarz – größer"), 2004)).toBe("Schwarz – größer");
    expect(decodeText(new TextEncoder().encode("黑色墨粉"), 2024)).toBe("黑色墨粉");
  });

  it.each([
    [2004, bytes(0x54, 0xcf, 0x6e), "Tün"], // HP Roman-8
    [4, bytes(0x54, 0xfc, 0x6e), "Tün"],
    [5, bytes(0xb3, 0x75), "łu"],
    [8, bytes(0xbf, 0xe0), "Пр"],
    [12, bytes(0xfe, 0x61), "şa"],
    [17, bytes(0x83, 0x67), "ト"],
    [2009, bytes(0x81, 0x61), "üa"],
    [2024, bytes(0x87, 0x40), "①"],
    [2252, bytes(0x80, 0x35), "€5"],
  ])("decodes by character set %i what is not UTF-8", (charset, octets, text) => {
    expect(decodeText(octets, charset)).toBe(text);
  });

  it("takes Latin-1 when nothing or something unknown is declared", () => {
    expect(decodeText(bytes(0xe9, 0x74), undefined)).toBe("ét");
    expect(decodeText(bytes(0xe9, 0x74), 99_999)).toBe("ét");
    expect(decodeText(bytes(0xe9, 0x74), 106)).toBe("ét");
  });

  it("removes what XML 1.0 cannot hold", () => {
    expect(decodeText(bytes(0x41, 0x01, 0x0a, 0x42, 0x1b), undefined)).toBe("A\nB");
  });

  it("gives text that XML can hold for any octets and any character set", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom(...Object.keys(charsetNames)),
        (octets, charset) => {
          const text = decodeText(octets, Number(charset));
          expect(encodeURIComponent(text)).toBeTypeOf("string"); // throws on lone surrogates
          // eslint-disable-next-line no-control-regex -- control characters are what must not be there
          expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
        },
      ),
    );
  });

  it("knows every character set it names", () => {
    expect(Object.values(charsetNames).filter((name) => !isKnownCharset(name))).toEqual([]);
  });
});
