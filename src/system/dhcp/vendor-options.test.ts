import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAcsUrl, parseOption125, parseOption17, parseOption43 } from "./vendor-options.ts";

/** Sub-options with one byte each for code and length. */
function fields(...list: readonly (readonly [code: number, value: string | Buffer])[]): Buffer {
  return Buffer.concat(
    list.map(([code, value]) => {
      const bytes = Buffer.from(value as string);
      return Buffer.concat([Buffer.from([code, bytes.length]), bytes]);
    }),
  );
}

const url = "https://acs.example.net/cwmp";
const forum = Buffer.from([0, 0, 0x0d, 0xe9]);

describe("option 43", () => {
  it("has URL, provisioning code and retry parameters as sub-options 1 to 4", () => {
    const bytes = fields([1, url], [2, "site.7"], [3, "6"], [4, "3000"]);
    expect(parseOption43(bytes)).toEqual({
      url,
      provisioningCode: "site.7",
      retryMinimumWaitS: 6,
      retryMultiplier: 3000,
    });
  });

  it("may be padded and ended (RFC 2132 §8.4), and end texts with NUL", () => {
    const bytes = Buffer.concat([Buffer.from([0]), fields([1, `${url}\0`]), Buffer.from([255, 9])]);
    expect(parseOption43(bytes)).toEqual({ url });
  });

  it("may be the bare URL", () => {
    expect(parseOption43(Buffer.from(`${url}\n`))).toEqual({ url });
  });

  it("of somebody else says nothing", () => {
    expect(parseOption43(Buffer.from("ANDROID_METERED"))).toBeUndefined();
    expect(parseOption43(fields([241, "\xc0\x00\x02\x01"]))).toBeUndefined();
    expect(parseOption43(Buffer.from([1, 200, 104]))).toBeUndefined();
  });

  it("with numbers out of bounds or a URL of another kind tells only the rest", () => {
    const bytes = fields([1, "ftp://acs"], [2, "x"], [3, "0"], [4, "999"]);
    expect(parseOption43(bytes)).toEqual({ provisioningCode: "x" });
  });

  it("takes numbers that a server sent as such", () => {
    const bytes = fields([1, url], [3, Buffer.from([0, 10])], [4, Buffer.from([0x0b, 0xb8])]);
    expect(parseOption43(bytes)).toMatchObject({ retryMinimumWaitS: 10, retryMultiplier: 3000 });
  });
});

describe("option 125", () => {
  it("has the same as sub-options 11 to 14 of enterprise 3561", () => {
    // As a gateway sends it: URL http://192.168.1.1:10001, code extender1.
    const captured =
      "00000de9250b18687474703a2f2f3139322e3136382e312e313a31303030310c09657874656e64657231";
    expect(parseOption125(Buffer.from(captured, "hex"))).toEqual({
      url: "http://192.168.1.1:10001",
      provisioningCode: "extender1",
    });
  });

  it("has the gateway as 4 to 6 (Annex F), among other enterprises", () => {
    const own = fields([4, "00256d"], [5, "GW-1"], [6, "Router"], [13, "7"]);
    const other = fields([11, "http://not.this.example/"]);
    const bytes = Buffer.concat([
      Buffer.from([0, 0, 0, 9, other.length]),
      other,
      forum,
      Buffer.from([own.length]),
      own,
    ]);
    expect(parseOption125(bytes)).toEqual({
      retryMinimumWaitS: 7,
      gateway: { oui: "00256D", serialNumber: "GW-1", productClass: "Router" },
    });
  });

  it("says nothing without us, empty or cut off", () => {
    expect(parseOption125(Buffer.from([0, 0, 0, 9, 1, 1]))).toBeUndefined();
    expect(parseOption125(Buffer.concat([forum, Buffer.from([0])]))).toEqual({});
    expect(parseOption125(Buffer.concat([forum, Buffer.from([40, 11, 30])]))).toBeUndefined();
  });
});

describe("option 17 of DHCPv6", () => {
  it("has 1 to 4 for the ACS and 14 to 16 for the gateway, with two bytes for code and length", () => {
    const wide = (code: number, value: string): Buffer =>
      Buffer.concat([Buffer.from([0, code, 0, value.length]), Buffer.from(value)]);
    const bytes = Buffer.concat([
      forum,
      wide(1, url),
      wide(2, "v6"),
      wide(14, "00256D"),
      wide(15, "GW-1"),
    ]);
    expect(parseOption17(bytes)).toEqual({
      url,
      provisioningCode: "v6",
      gateway: { oui: "00256D", serialNumber: "GW-1", productClass: "" },
    });
    expect(parseOption17(Buffer.from([0, 0, 0, 9]))).toBeUndefined();
  });
});

describe("the URL of an ACS", () => {
  it("is http or https, without password, at most 256 characters", () => {
    expect(isAcsUrl(url)).toBe(true);
    for (const wrong of ["", "acs.example.net", "https://u:p@acs/", "file:///etc/passwd"])
      expect(isAcsUrl(wrong), wrong).toBe(false);
    expect(isAcsUrl(`https://${"a".repeat(260)}`)).toBe(false);
  });
});

it("any bytes give a result, never an exception, and never a URL that is none", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      for (const parse of [parseOption43, parseOption125, parseOption17]) {
        const found = parse(bytes)?.url;
        if (found !== undefined) expect(isAcsUrl(found)).toBe(true);
      }
      parseOption125(Buffer.concat([forum, Buffer.from([bytes.length & 255]), bytes]));
    }),
  );
});
