import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeText } from "../charset.ts";
import { Missing } from "../evaluate/datum.ts";
import {
  type TransformStep,
  makeTransform,
  plainTransforms,
  transformDefinitions,
} from "./registry.ts";
import type { TransformContext } from "./transform.ts";

const context: TransformContext = {
  text: (value) => (value instanceof Uint8Array ? decodeText(value, undefined) : String(value)),
  readAtMs: Date.UTC(2025, 5, 1, 12),
  upTimeTicks: 360_000,
};

function apply(step: TransformStep, value: number | string | Uint8Array): unknown {
  const transform = makeTransform(step);
  if (typeof transform === "string") throw new Error(transform);
  const outcome = transform(value, context);
  return outcome instanceof Missing ? undefined : outcome;
}

const hexBytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

describe("transforms", () => {
  it("make a MAC address of octets and of text, and none of zeros or groups", () => {
    expect(apply("macAddress", hexBytes("0017c8621264"))).toBe("00:17:c8:62:12:64");
    expect(apply("macAddress", "00-17-C8-62-12-64")).toBe("00:17:c8:62:12:64");
    expect(apply("macAddress", hexBytes("000000000000"))).toBeUndefined();
    expect(apply("macAddress", hexBytes("01005e000001"))).toBeUndefined();
    expect(apply("macAddress", hexBytes("0017c8"))).toBeUndefined();
  });

  it.each([
    ["2,260", 2_260],
    ["1 234 567", 1_234_567],
    ["314,159,265.35", 314_159_265],
    ["1.234.567", 1_234_567],
    ["1.234,5", 1_235],
    ["0.125", 0],
    ["1234.567", 1_235],
    ["1,23,456", undefined],
    ["n/a", undefined],
  ])("read %s as a number with groups and decimals", (text, number) => {
    expect(apply("decimal", text)).toBe(number);
  });

  it.each([
    ["(63.00 %)", 63],
    ["100%", 100],
    ["7", 7],
    ["101 %", undefined],
    ["1063", undefined],
    ["10050 %", undefined],
    ["-3 %", undefined],
    ["unknown", undefined],
  ])("read %s as a percentage", (text, share) => {
    expect(apply("percent", text)).toBe(share);
  });

  it("measure a gauge against its full scale, and nothing above it", () => {
    expect(apply({ ofFull: 50 }, "13")).toBe(26);
    expect(apply({ ofFull: 11 }, "11px")).toBe(100);
    expect(apply({ ofFull: 50 }, "56px")).toBeUndefined();
    expect(apply({ ofFull: 50 }, "full")).toBeUndefined();
    expect(makeTransform({ ofFull: 0 })).toMatch(/full scale/);
  });

  it.each([
    ["MM-DD-YYYY", "01-21-2026", "2026-01-21T00:00:00Z"],
    ["MM/DD/YYYY HH:mm:ss A", "3/14/2025 12:00:00 AM", "2025-03-14T00:00:00Z"],
    ["DD.MM.YYYY HH:mm", "31.12.2024 23:59", "2024-12-31T23:59:00Z"],
    ["DD MMM YYYY", "5 March 2024", "2024-03-05T00:00:00Z"],
    ["MM/DD/YYYY HH:mm A", "3/14/2025 12:30 PM", "2025-03-14T12:30:00Z"],
    ["DD.MM.YYYY", "31.02.2024", undefined],
    ["DD.MM.YYYY HH:mm", "31.12.2024 24:00", undefined],
    ["DD.MM.YYYY HH:mm", "31.12.2024 10:75", undefined],
    ["MM/DD/YYYY HH:mm A", "3/14/2025 13:00 PM", undefined],
    ["DD.MM.YYYY", "2024-01-01", undefined],
  ])("read a date of the form %s: %s", (form, text, instant) => {
    expect(apply({ date: form }, text)).toBe(instant);
  });

  it("spell keywords as the Semantic Model does", () => {
    expect(apply("pascalCase", "two-sided-long-edge")).toBe("TwoSidedLongEdge");
    expect(apply("pascalCase", "printerReadyToPrint")).toBe("PrinterReadyToPrint");
    expect(apply("pascalCase", "")).toBe("");
  });

  it("decode base64, and nothing that is none", () => {
    expect(apply("base64", "YWRtaW4=")).toBe("admin");
    expect(apply("base64", "admin")).toBeUndefined();
  });

  it("pass over locally administered addresses on request", () => {
    expect(apply("universalMac", "3a:22:e2:b7:24:6c")).toBeUndefined();
    expect(apply("universalMac", "38:22:e2:b7:24:6c")).toBe("38:22:e2:b7:24:6c");
  });

  it("read DateAndTime with and without zone", () => {
    expect(apply("dateAndTime", hexBytes("07e8071100000000"))).toBe("2024-07-17T00:00:00Z");
    expect(apply("dateAndTime", hexBytes("07e807110c1e00002b0200"))).toBe("2024-07-17T10:30:00Z");
    expect(apply("dateAndTime", hexBytes("0000000000000000"))).toBeUndefined();
  });

  it("strip the PML prefix where it is and leave other texts alone", () => {
    expect(apply("pmlText", hexBytes("0115414243"))).toEqual(hexBytes("414243"));
    expect(apply("pmlText", hexBytes("414243"))).toEqual(hexBytes("414243"));
  });

  it("find Brother's records by id and stop at the end mark", () => {
    const blob = hexBytes("000104000a1b2c" + "1101040000000f" + "ff" + "4101040000ffff");
    expect(apply({ brotherRecord: "00" }, blob)).toBe(0x0a1b2c);
    expect(apply({ brotherRecord: "11" }, blob)).toBe(15);
    expect(apply({ brotherRecord: "41" }, blob)).toBeUndefined();
  });

  it("find IEEE 1284 fields under short and long keys", () => {
    const id = "MANUFACTURER:Kyocera; MODEL : ECOSYS P2040dw;CMD:PCLXL,PJL;";
    expect(apply({ ieee1284: "MFG" }, id)).toBe("Kyocera");
    expect(apply({ ieee1284: "MDL" }, id)).toBe("ECOSYS P2040dw");
    expect(apply({ ieee1284: "SN" }, id)).toBeUndefined();
    expect(apply({ ieee1284: "Model" }, "MANUFACTURE:OKI;MODEL:MC873;SN:;")).toBe("MC873");
    expect(apply({ ieee1284: "MFG" }, "MANUFACTURE:OKI;MODEL:MC873;SN:;")).toBe("OKI");
    expect(apply({ ieee1284: "SN" }, "MANUFACTURE:OKI;MODEL:MC873;SN:;")).toBeUndefined();
  });

  it("cut texts and numbers out of texts", () => {
    expect(apply({ regex: "Firmware Ver\\.(\\S+)" }, "NC-8200h, Firmware Ver.1.05 (x)")).toBe(
      "1.05",
    );
    expect(apply({ regex: "no such" }, "text")).toBeUndefined();
    expect(apply({ before: ";" }, "Apeos C7580; ESS1.0")).toBe("Apeos C7580");
    expect(apply({ after: "Rev." }, "Attached to X Rev.02")).toBe("02");
    expect(apply("number", "1,920 ")).toBe(1920);
    expect(apply({ multiply: 10 }, "4876")).toBe(48_760);
    expect(apply({ divide: 1000 }, 1_999)).toBe(2);
  });

  it("read the low bits of a subunit status as availability and the others as conditions", () => {
    expect(apply("subUnitStatus", 0)).toBe("AvailableAndIdle");
    expect(apply("subUnitStatus", 19)).toBe("UnavailableAndBroken,CriticalAlerts");
    expect(apply("subUnitStatus", 4 + 8 + 64)).toBe(
      "AvailableAndActive,WarningAlerts,Transitioning",
    );
    expect(apply("subUnitStatus", -1)).toBeUndefined();
  });

  it("read error bits from the most significant one, in no, one or two octets", () => {
    expect(apply("errorStateReasons", hexBytes(""))).toBe("");
    expect(apply("errorStateReasons", hexBytes("20"))).toBe("MarkerSupplyLow");
    expect(apply("errorStateReasons", hexBytes("4404"))).toBe("MediaEmpty,MediaJam");
    expect(apply("errorStateReasons", hexBytes("0002"))).toBe("PreventiveMaintenanceOverdue");
  });

  it("place an alert on the clock by the printer's uptime, and not at all when it does not know", () => {
    expect(apply("upTimeToDate", 240_000)).toBe("2025-06-01T11:40:00Z");
    expect(apply("upTimeToDate", 0)).toBeUndefined();
    expect(apply("upTimeToDate", 999_999)).toBeUndefined();
  });

  it("pass over placeholders", () => {
    expect(apply({ reject: ["unknown", 0] }, "Unknown")).toBeUndefined();
    expect(apply({ reject: ["unknown", 0] }, 0)).toBeUndefined();
    expect(apply({ reject: ["unknown", 0] }, 7)).toBe(7);
  });

  it("say what is wrong with a pattern instead of throwing", () => {
    expect(makeTransform({ regex: "(" })).toMatch(/pattern/);
    expect(makeTransform({ regex: "(?=x)" })).toMatch(/pattern/);
  });

  it("never throw, whatever a printer sends", () => {
    const value = fc.oneof(fc.integer(), fc.string(), fc.uint8Array({ maxLength: 30 }));
    fc.assert(
      fc.property(fc.constantFrom(...plainTransforms), value, (name, raw) => {
        apply(name, raw);
      }),
    );
  });

  it("all have a description", () => {
    for (const { description } of Object.values(transformDefinitions))
      expect(description).toMatch(/\.$/);
  });
});
