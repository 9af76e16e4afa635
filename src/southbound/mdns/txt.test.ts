import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MdnsDecodeError } from "./errors.ts";
import { recordedMdns } from "./recorded.ts";
import { decodeTxt, encodeTxt, mdnsDocument, parseTxt } from "./txt.ts";

describe("decodeTxt", () => {
  it("is the inverse of encodeTxt for strings that fit", () => {
    const text = fc.string({ minLength: 1, maxLength: 60, unit: "grapheme" });
    const fits = text.filter((each) => Buffer.byteLength(each) <= 255);
    fc.assert(
      fc.property(fc.array(fits, { maxLength: 8 }), (strings) => {
        expect(decodeTxt(encodeTxt(strings))).toEqual(strings);
      }),
    );
  });

  it("refuses a string that goes over the end", () => {
    expect(() => decodeTxt(Uint8Array.of(5, 0x61))).toThrow(MdnsDecodeError);
  });
});

describe("parseTxt", () => {
  it("keeps values with equals signs, empty values, and keys without a value", () => {
    expect([...parseTxt(["adminurl=http://p/?a=b", "note=", "air"])]).toEqual([
      ["adminurl", "http://p/?a=b"],
      ["note", ""],
      ["air", true],
    ]);
  });

  it("takes the first of two keys that differ in case only, and no string without a key", () => {
    expect([...parseTxt(["Color=T", "color=F", "=x", ""])]).toEqual([["Color", "T"]]);
  });
});

describe("mdnsDocument", () => {
  it("gives keys as written and in lower case, the product without parentheses, formats as a list", () => {
    expect(
      mdnsDocument({
        port: 631,
        txt: ["product=(Acme Laser (5))", "pdl=image/urf, application/pdf,"],
      }),
    ).toMatchObject({
      port: 631,
      product: "Acme Laser (5)",
      formats: ["image/urf", "application/pdf"],
    });
    expect(mdnsDocument({ txt: ["UUID=1"] })).toMatchObject({
      txt: { UUID: "1" },
      keys: { uuid: "1" },
    });
  });

  it("takes a whole IEEE 1284 id out of usb_CMD, but believes usb_MFG and usb_MDL first", () => {
    const txt = ["usb_MFG=Acme", "usb_CMD=MFG:ACME INC;MDL:Laser 5;CMD:PCL,PJL;SN:42;"];
    expect(mdnsDocument({ txt }).deviceId).toEqual({
      MFG: "Acme",
      MDL: "Laser 5",
      CMD: "PCL,PJL",
      SN: "42",
    });
    expect(mdnsDocument({ txt: ["usb_CMD=PCL,PJL", "usb_MDL="] }).deviceId).toEqual({
      CMD: "PCL,PJL",
    });
  });
});

describe("recordedMdns", () => {
  it("reads a record with unknown parts, the TXT record as list or object", () => {
    const list = '{"instance":null,"service":"_ipp._tcp","port":631,"txt":["rp=ipp/print","air"]}';
    const object = '{"service":"_ipp._tcp","port":631,"txt":{"rp":"ipp/print","air":true}}';
    expect(recordedMdns(list)).toEqual(recordedMdns(object));
    expect(recordedMdns(list)).toMatchObject({
      service: "_ipp._tcp",
      txt: { rp: "ipp/print", air: true },
    });
  });

  it.each(["", "[]", "null", '{"port":1}', '{"txt":"a=b"}'])("refuses %s", (json) => {
    expect(() => recordedMdns(json)).toThrow(MdnsDecodeError);
  });
});
