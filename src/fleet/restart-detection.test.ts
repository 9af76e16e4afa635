import { describe, expect, it } from "vitest";
import { hasRestarted } from "./restart-detection.ts";

const hourMs = 3_600_000;
const hourTicks = 360_000;

describe("restart detection", () => {
  it("sees an uptime that went back", () => {
    expect(hasRestarted({ ticks: hourTicks, atMs: 0 }, { ticks: 3_000, atMs: 60_000 })).toBe(true);
  });

  it("sees a restart during a long silence although the new uptime is already higher", () => {
    const before = { ticks: hourTicks, atMs: 0 };
    expect(hasRestarted(before, { ticks: 2 * hourTicks, atMs: 9 * hourMs })).toBe(true);
  });

  it("accepts normal progress with clock drift and rounding", () => {
    const before = { ticks: 10 * hourTicks, atMs: 0 };
    expect(hasRestarted(before, { ticks: 10.99 * hourTicks, atMs: hourMs })).toBe(false);
    expect(hasRestarted(before, { ticks: 10 * hourTicks - 150, atMs: 0 })).toBe(false);
  });

  it("accepts a clock that stood still while the printer slept", () => {
    const before = { ticks: 24 * hourTicks, atMs: 0 };
    expect(hasRestarted(before, { ticks: 24 * hourTicks, atMs: 8 * hourMs })).toBe(false);
  });

  it("takes the 497-day wrap of TimeTicks for progress", () => {
    const before = { ticks: 2 ** 32 - 3_000, atMs: 0 };
    expect(hasRestarted(before, { ticks: 3_000, atMs: 60_000 })).toBe(false);
  });

  it("is not fooled by a restart near the wrap", () => {
    const before = { ticks: 2 ** 32 - hourTicks, atMs: 0 };
    expect(hasRestarted(before, { ticks: 3_000, atMs: 60_000 })).toBe(true);
  });
});
