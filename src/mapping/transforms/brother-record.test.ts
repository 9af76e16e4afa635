import { describe, expect, it } from "vitest";
import { Missing } from "../evaluate/datum.ts";
import { brotherRecord } from "./octets.ts";
import type { TransformContext } from "./transform.ts";

const context: TransformContext = { readAtMs: 0, upTimeTicks: undefined, text: String };

function read(id: string, hexadecimal: string): unknown {
  return brotherRecord(id)(Buffer.from(hexadecimal, "hex"), context);
}

describe("brotherRecord", () => {
  it("finds a record of four octets among others", () => {
    const drumAndToner = "110104000001386f010400001e14ff";
    expect(read("11", drumAndToner)).toBe(312);
    expect(read("6f", drumAndToner)).toBe(7700);
    expect(read("70", drumAndToner)).toBeInstanceOf(Missing);
  });

  it("turns what is left of an older model's toner into hundredths of a percent", () => {
    const toners = "a101020414a201020c14a301020614a401020b14ff";
    expect(read("a1", toners)).toBe(2000);
    expect(read("a2", toners)).toBe(6000);
    expect(read("a4", toners)).toBe(5500);
  });

  it("does not take octets inside other records for an id", () => {
    // In steps of seven octets a record 02 seems to begin in the middle of the second toner.
    expect(read("02", "a101020414a201020c14a301020614a401020b14ff")).toBeInstanceOf(Missing);
  });

  it("reports nothing from octets that are no records", () => {
    expect(read("6f", "6f020400001e14ff")).toBeInstanceOf(Missing);
    expect(read("6f", "6f010400001e")).toBeInstanceOf(Missing);
    expect(read("a1", "a101021504ff")).toBeInstanceOf(Missing);
    expect(read("6f", "")).toBeInstanceOf(Missing);
  });
});
