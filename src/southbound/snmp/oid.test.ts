import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SnmpDecodeError, SnmpEncodeError } from "./errors.ts";
import { compareEncodedOids, compareOids, decodeOid, encodeOid, isBelow, parseOid } from "./oid.ts";
import { anyOid } from "../../../test/snmp/arbitraries.ts";

describe("OIDs", () => {
  it("have the octets of X.690 §8.19", () => {
    expect(encodeOid("1.3.6.1.4.1.2435.2.3.9.1")).toEqual(
      Uint8Array.of(0x2b, 6, 1, 4, 1, 0x93, 0x03, 2, 3, 9, 1),
    );
    expect(encodeOid("2.999.3")).toEqual(Uint8Array.of(0x88, 0x37, 3));
    expect(decodeOid(Uint8Array.of(0x88, 0x37, 3))).toBe("2.999.3");
  });

  it("survive encoding and decoding", () => {
    fc.assert(
      fc.property(anyOid, (oid) => {
        expect(decodeOid(encodeOid(oid))).toBe(oid);
      }),
    );
  });

  it("accept a leading dot and refuse what is no OID", () => {
    expect(parseOid(".1.3.6")).toEqual([1, 3, 6]);
    for (const text of ["", "1", "1..3", "1.3.x", "1.3.4294967296", "1.3.-1", "1.3.", "sysDescr.0"])
      expect(() => parseOid(text)).toThrow(SnmpEncodeError);
    expect(() => encodeOid("1.40.1")).toThrow(SnmpEncodeError);
    expect(() => encodeOid("3.1.1")).toThrow(SnmpEncodeError);
  });

  it("sort by arcs, not by octets", () => {
    expect(compareOids("1.3.300", "1.3.16384")).toBeLessThan(0);
    expect(compareOids("1.3.6", "1.3.6.1")).toBeLessThan(0);
    expect(compareOids("1.3.7", "1.3.6.1")).toBeGreaterThan(0);
    expect(compareOids("1.3.127", "1.3.128")).toBeLessThan(0);
    expect(compareOids("1.3.6.1", "1.3.6.1")).toBe(0);
  });

  it("compare encoded as their arcs do", () => {
    fc.assert(
      fc.property(anyOid, anyOid, (a, b) => {
        const padded = Uint8Array.of(9, 9, ...encodeOid(b), 9);
        const encoded = compareEncodedOids(encodeOid(a), padded, 2, padded.length - 1);
        expect(Math.sign(encoded)).toBe(Math.sign(compareArcs(parseOid(a), parseOid(b))));
      }),
    );
  });

  it("are below a column only when an index follows it", () => {
    const column = encodeOid("1.3.6.1");
    expect(isBelow(column, encodeOid("1.3.6.1.5"))).toBe(true);
    expect(isBelow(column, encodeOid("1.3.6.1"))).toBe(false);
    expect(isBelow(column, encodeOid("1.3.6.2.5"))).toBe(false);
  });

  it("give a typed error for unfinished and oversized sub-identifiers", () => {
    expect(() => decodeOid(Uint8Array.of(0x2b, 0x86))).toThrow(SnmpDecodeError);
    expect(() => decodeOid(Uint8Array.of(0x2b, 0x90, 0x80, 0x80, 0x80, 0x00))).toThrow(
      SnmpDecodeError,
    );
    expect(() => decodeOid(new Uint8Array(200).fill(1))).toThrow(SnmpDecodeError);
  });
});

function compareArcs(a: readonly number[], b: readonly number[]): number {
  for (let n = 0; n < Math.min(a.length, b.length); n++) {
    const difference = (a[n] ?? 0) - (b[n] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
