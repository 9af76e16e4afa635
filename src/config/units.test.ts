import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDailyPeriod, parseDuration, parseListen, parseRange, parseSize } from "./units.ts";

describe("parseDuration", () => {
  it.each([
    ["250ms", 250],
    ["1s", 1_000],
    ["1.5m", 90_000],
    ["24h", 86_400_000],
    ["2d", 172_800_000],
  ])("reads %s", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(["", "15", "15min", "m", "-1s", "1 s", "1e3s", "5constructor", "١s"])(
    "refuses %j",
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});

describe("parseSize", () => {
  it.each([
    ["512MiB", 536_870_912],
    ["1kB", 1_000],
    ["42", 42],
    ["1.5GiB", 1_610_612_736],
  ])("reads %s", (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it("refuses a unit it does not know", () => {
    expect(parseSize("5mb")).toBeUndefined();
  });
});

describe("parseRange", () => {
  it("holds its address, has the size of its prefix and reads its own form back", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
        const range = parseRange(`${address}/${prefix}`);
        const number = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
        expect(range).toBeDefined();
        if (range === undefined) return;
        expect(range.first).toBeLessThanOrEqual(number);
        expect(range.last).toBeGreaterThanOrEqual(number);
        expect(range.last - range.first + 1).toBe(2 ** (32 - prefix));
        expect(parseRange(range.cidr)).toEqual(range);
      }),
    );
  });

  it.each(["", "192.0.2", "192.0.2.256", "192.0.2.0/33", "192.0.2.0/", "2001:db8::/32", "a.b.c.d"])(
    "refuses %j",
    (text) => {
      expect(parseRange(text)).toBeUndefined();
    },
  );
});

describe("parseListen", () => {
  it.each([
    ["0.0.0.0:7547", { host: "0.0.0.0", port: 7547 }],
    ["[::]:80", { host: "::", port: 80 }],
    ["localhost:0", { host: "localhost", port: 0 }],
  ])("reads %s", (text, address) => {
    expect(parseListen(text)).toEqual(address);
  });

  it.each(["8632", ":8632", "a:70000", "::1:80", "http://a:80", "a:80/x"])("refuses %j", (text) => {
    expect(parseListen(text)).toBeUndefined();
  });
});

describe("parseDailyPeriod", () => {
  it("reads times of day", () => {
    expect(parseDailyPeriod("22:00-06:30")).toEqual({ fromMinute: 1_320, toMinute: 390 });
  });

  it.each(["24:00-01:00", "9-17", "22:00"])("refuses %j", (text) => {
    expect(parseDailyPeriod(text)).toBeUndefined();
  });
});
