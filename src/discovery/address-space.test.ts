import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AddressSpace, formatAddress, parseAddress } from "./address-space.ts";
import { shuffled } from "./shuffled.ts";

function all(space: AddressSpace): string[] {
  const numbers = Array.from({ length: space.size }, (_, n) => space.at(n));
  return numbers.flatMap((address) => (address === undefined ? [] : [formatAddress(address)]));
}

describe("address space of a sweep", () => {
  it("has the hosts of a range, without network and broadcast address", () => {
    expect(all(new AddressSpace(["192.0.2.9/30"]))).toEqual(["192.0.2.9", "192.0.2.10"]);
    expect(new AddressSpace(["10.0.0.0/16"]).size).toBe(65_534);
  });

  it("takes a single host and a point-to-point pair whole", () => {
    expect(all(new AddressSpace(["192.0.2.7"]))).toEqual(["192.0.2.7"]);
    expect(all(new AddressSpace(["192.0.2.0/31"]))).toEqual(["192.0.2.0", "192.0.2.1"]);
  });

  it("asks nobody twice when ranges overlap", () => {
    const space = new AddressSpace(["192.0.2.0/29", "192.0.2.4/32", "192.0.2.0/30"]);
    expect(all(space)).toHaveLength(6);
    expect(new Set(all(space)).size).toBe(6);
  });

  it("leaves excluded hosts and ranges out", () => {
    const space = new AddressSpace(["192.0.2.0/29"], ["192.0.2.1", "192.0.2.4/30"]);
    expect(all(space)).toEqual(["192.0.2.2", "192.0.2.3"]);
    expect(space.has(parseAddress("192.0.2.5") ?? 0)).toBe(false);
  });

  it("names the range that is wrong, and refuses more than a /12", () => {
    for (const range of [
      "192.0.2.0/33",
      "192.0.2",
      "300.0.0.1/24",
      "x",
      "1.2.3.4/5/6",
      "fe80::/64",
    ])
      expect(() => new AddressSpace([range])).toThrow(range);
    expect(() => new AddressSpace(["10.0.0.0/8"])).toThrow("10.0.0.0/8");
  });

  it("reads back every address it writes", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), (address) => {
        expect(parseAddress(formatAddress(address))).toBe(address);
      }),
    );
  });
});

describe("order of a sweep", () => {
  it("visits every number once, whatever size and seed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000 }), fc.nat(), (size, seed) => {
        const numbers = [...shuffled(size, seed)];
        expect(numbers).toHaveLength(size);
        expect(new Set(numbers).size).toBe(size);
        expect(numbers.every((number) => number < size)).toBe(true);
      }),
    );
  });

  it("scatters: of a hundred packets no segment gets more than a few", () => {
    const first = [...shuffled(65_534, 7)].slice(0, 100).map((number) => number >> 8);
    const perSegment = new Map<number, number>();
    for (const segment of first) perSegment.set(segment, (perSegment.get(segment) ?? 0) + 1);
    expect(Math.max(...perSegment.values())).toBeLessThanOrEqual(6);
  });
});
