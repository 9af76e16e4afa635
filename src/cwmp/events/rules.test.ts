import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { selectInformEvents } from "./events.ts";
import { CwmpFault, cpeFaults, soapCodeOf, toFault } from "../faults.ts";
import { nextPeriodicMs } from "./periodic.ts";
import { retryDelayMs, retryWindowMs } from "./retry.ts";
import { shapeOf } from "../tree/shape.ts";
import {
  checkBoolean,
  checkDateTime,
  checkUnsignedInt,
  parseDateTimeMs,
  unknownTime,
} from "../value-check.ts";

describe("retry", () => {
  it("follows the table of the standard with the default parameters", () => {
    const windows = Array.from({ length: 12 }, (_, index) => {
      const { fromMs, toMs } = retryWindowMs(index + 1, { minimumWaitS: 5, multiplier: 2_000 });
      return [fromMs / 1_000, toMs / 1_000];
    });
    expect(windows).toEqual([
      [5, 10],
      [10, 20],
      [20, 40],
      [40, 80],
      [80, 160],
      [160, 320],
      [320, 640],
      [640, 1_280],
      [1_280, 2_560],
      [2_560, 5_120],
      [2_560, 5_120],
      [2_560, 5_120],
    ]);
  });

  it("stays within the window for any parameters", () => {
    const parameters = fc.record({
      minimumWaitS: fc.integer({ min: 1, max: 65_535 }),
      multiplier: fc.integer({ min: 1_000, max: 65_535 }),
    });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), parameters, random, (retry, each, value) => {
        const { fromMs, toMs } = retryWindowMs(retry, each);
        const delayMs = retryDelayMs(retry, each, () => value);
        expect(delayMs).toBeGreaterThanOrEqual(Math.floor(fromMs));
        expect(delayMs).toBeLessThanOrEqual(Math.ceil(toMs));
      }),
    );
  });
});

describe("nextPeriodicMs", () => {
  const nowMs = Date.UTC(2026, 0, 1, 12);
  const at = (time: string, identity = "a"): number =>
    nextPeriodicMs(nowMs, { intervalS: 3_600, time, identity });

  it("counts from PeriodicInformTime in both directions", () => {
    expect(at("2026-01-01T10:15:00Z")).toBe(Date.UTC(2026, 0, 1, 12, 15));
    expect(at("2030-07-01T10:15:00+00:00")).toBe(Date.UTC(2026, 0, 1, 12, 15));
    expect(at("2026-01-01T12:00:00Z")).toBe(Date.UTC(2026, 0, 1, 13));
  });

  it("spreads identities over the interval when the time is unknown, each always alike", () => {
    const dues = Array.from({ length: 200 }, (_, index) => at(unknownTime, `device ${index}`));
    expect(at(unknownTime, "device 7")).toBe(dues[7]);
    for (const dueMs of dues) {
      expect(dueMs).toBeGreaterThan(nowMs);
      expect(dueMs).toBeLessThanOrEqual(nowMs + 3_600_000);
    }
    const quarters = [0, 0, 0, 0];
    for (const dueMs of dues) {
      const quarter = Math.min(3, Math.floor((dueMs - nowMs) / 900_000));
      quarters[quarter] = (quarters[quarter] ?? 0) + 1;
    }
    expect(Math.min(...quarters)).toBeGreaterThan(25);
  });
});

describe("selectInformEvents", () => {
  const event = (
    eventCode: string,
    commandKey = "",
  ): { eventCode: string; commandKey: string } => ({
    eventCode,
    commandKey,
  });

  it("merges single events, keeps M events apart by their key, and gives keys to those only", () => {
    const pending = [
      event("1 BOOT", "stray"),
      event("M Reboot", "a"),
      event("1 BOOT"),
      event("M Reboot", "b"),
      event("M Reboot", "a"),
    ];
    expect(selectInformEvents(pending)).toEqual([
      event("1 BOOT"),
      event("M Reboot", "a"),
      event("M Reboot", "b"),
    ]);
  });

  it("never sends an M event without the event that goes with it, nor cuts that one off", () => {
    const pending = [
      ...Array.from({ length: 70 }, (_, index) => event("M Download", String(index))),
      event("M ScheduleInform", "s"),
      event("M ChangeDUState", "d"),
    ];
    const codes = selectInformEvents(pending).map(({ eventCode }) => eventCode);
    expect(codes).toHaveLength(64);
    expect(codes.slice(0, 3).sort()).toEqual([
      "11 DU STATE CHANGE COMPLETE",
      "3 SCHEDULED",
      "7 TRANSFER COMPLETE",
    ]);
  });

  it("fits the 64 entries of an Inform", () => {
    const pending = Array.from({ length: 100 }, (_, index) => event("M Reboot", String(index)));
    expect(selectInformEvents(pending)).toHaveLength(64);
  });
});

describe("faults", () => {
  it("turns anything into a fault", () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        expect(toFault(thrown, "id")).toMatchObject({ faultCode: 9002 });
      }),
    );
    const fault = new CwmpFault(9005, "Device.X");
    expect(toFault(fault, "id")).toBe(fault);
  });

  it("names Client for what the ACS got wrong and Server for the rest", () => {
    const clients = Object.keys(cpeFaults).filter((code) => soapCodeOf(Number(code)) === "Client");
    expect(clients).toEqual(["9003", "9005", "9006", "9007", "9008"]);
    expect([8003, 8000, 9850].map(soapCodeOf)).toEqual(["Client", "Server", "Server"]);
  });
});

describe("shapeOf", () => {
  it("adds missing ancestors, keeps objects directly before their content, and is made once", () => {
    const nodes = [
      { path: "Device.B-C", writable: false, type: "string" as const },
      { path: "Device.B.T.10.X", writable: false, type: "string" as const },
      { path: "Device.B.T.9.X", writable: true, type: "string" as const },
      { path: "Device.ManagementServer.VirtualDevice.", writable: true },
    ];
    const shape = shapeOf(nodes);
    const paths = shape.nodes.map(({ path }) => path).filter((path) => !path.includes("Server."));
    expect(paths).toEqual([
      "Device.",
      "Device.B.",
      "Device.B.T.",
      "Device.B.T.9.",
      "Device.B.T.9.Alias",
      "Device.B.T.9.X",
      "Device.B.T.10.",
      "Device.B.T.10.Alias",
      "Device.B.T.10.X",
      "Device.B-C",
    ]);
    expect(shapeOf(nodes)).toBe(shape);
    const table = shape.nodes[shape.positions.get("Device.ManagementServer.VirtualDevice.") ?? -1];
    expect(table?.writable).toBe(true);
  });
});

describe("value checks", () => {
  it("takes 0, 1, false and true for booleans, writes the words, and takes nothing else", () => {
    for (const text of ["1", "true"]) expect(checkBoolean(text)).toEqual({ value: "true" });
    for (const text of ["0", "false"]) expect(checkBoolean(text)).toEqual({ value: "false" });
    for (const text of ["", "2", "yes", "TRUE", " 1"]) {
      expect(checkBoolean(text)).toEqual({ reason: "is no boolean" });
    }
  });

  it("bounds unsigned integers and writes them in canonical form", () => {
    const check = checkUnsignedInt(1, 65_535);
    expect([" 7 ", "0007", "+7"].map(check)).toEqual(Array(3).fill({ value: "7" }));
    for (const text of ["0", "65536", "-1", "1.5", "", "0x10", "9".repeat(30)]) {
      expect(check(text)).toHaveProperty("reason");
    }
  });

  it("takes dateTimes with fraction and zone, and nothing else", () => {
    for (const text of [unknownTime, "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00+01:00"]) {
      expect(checkDateTime(text)).toEqual({ value: text });
    }
    expect(parseDateTimeMs("2026-01-01T00:00:00+01:00")).toBe(Date.UTC(2025, 11, 31, 23));
    for (const text of ["2026-01-01", "2026-13-01T00:00:00Z", "now", ""]) {
      expect(checkDateTime(text)).toHaveProperty("reason");
    }
  });
});
