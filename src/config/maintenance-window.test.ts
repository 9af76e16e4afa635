import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type MaintenanceWindow,
  isOpen,
  localMinute,
  nextOpening,
  parseMaintenanceWindow,
} from "./maintenance-window.ts";

const zone = process.env["TZ"];
beforeAll(() => {
  process.env["TZ"] = "Europe/Berlin";
});
afterAll(() => {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

function windowOf(text: string): MaintenanceWindow {
  const window = parseMaintenanceWindow(text);
  if (window === undefined) throw new Error(`${text} is refused`);
  return window;
}

/** Local time of the box. */
const local = (text: string): number => new Date(text).getTime();

describe("a maintenance window", () => {
  it.each([
    ["Sat 22:00-06:00", [6]],
    ["mon-fri 01:00-05:00", [1, 2, 3, 4, 5]],
    ["Fri-Mon 01:00-05:00", [5, 6, 0, 1]],
    ["Mon,Thu,Sat-Sun 12:00-13:00", [1, 4, 6, 0]],
    ["00:00-24:00", [0, 1, 2, 3, 4, 5, 6]],
  ])("is read: %s", (text, days) => {
    expect([...windowOf(text).days]).toEqual(days);
  });

  it.each([
    "",
    "Sat",
    "Saturday 22:00-06:00",
    "Sat 22-6",
    "Sat 22:00",
    "Sat 24:00-06:00",
    "Sat 06:00-06:00",
    "Sat 25:00-06:00",
    "Sat 22:60-06:00",
    "Mon-Wed-Fri 01:00-02:00",
    "Mon- 01:00-02:00",
    ",Mon 01:00-02:00",
    "Sat  22:00-06:00",
    "Sat 22:00-06:00 ",
  ])("is refused when it is none: %j", (text) => {
    expect(parseMaintenanceWindow(text)).toBeUndefined();
  });

  it("is open from its first minute to the one before its last, past midnight too", () => {
    const night = windowOf("Sat 22:00-06:00");
    const open = (text: string): boolean => isOpen(night, local(text));
    // 2026-11-21 is a Saturday.
    expect(open("2026-11-21T21:59")).toBe(false);
    expect(open("2026-11-21T22:00")).toBe(true);
    expect(open("2026-11-22T05:59")).toBe(true);
    expect(open("2026-11-22T06:00")).toBe(false);
    expect(open("2026-11-21T05:00")).toBe(false);
    expect(open("2026-11-22T23:00")).toBe(false);
    const day = windowOf("Sat 00:00-24:00");
    expect(isOpen(day, local("2026-11-21T23:59"))).toBe(true);
    expect(isOpen(day, local("2026-11-22T00:00"))).toBe(false);
  });

  it("opens next at its own local time, over the change to summer time", () => {
    const night = windowOf("Sun 22:00-06:00");
    // Clocks in Berlin go forward on Sunday 2027-03-28.
    const next = nextOpening(night, local("2027-03-22T12:00"));
    expect(localMinute(next)).toBe("Sun 2027-03-28 22:00");
    expect(isOpen(night, next)).toBe(true);
    expect(isOpen(night, next - 1)).toBe(false);
    expect(localMinute(nextOpening(night, next))).toBe("Sun 2027-04-04 22:00");
  });
});
