import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  keepAliveBounds,
  keepAlivePeriodMs,
  lost,
  survived,
  trialMs,
  untestedLifetime,
} from "./binding-lifetime.ts";

/** Tests a gateway that keeps bindings for `realMs` until nothing more is to be learned. */
function learn(realMs: number, minimumS: number, maximumS: number) {
  const bounds = keepAliveBounds(minimumS, maximumS);
  let lifetime = untestedLifetime;
  let tests = 0;
  for (;;) {
    const trial = trialMs(lifetime, bounds);
    if (trial === undefined) return { lifetime, bounds, tests };
    tests += 1;
    expect(trial).toBeGreaterThanOrEqual(bounds.minimumMs);
    expect(trial).toBeLessThanOrEqual(bounds.maximumMs);
    lifetime = trial < realMs ? survived(lifetime, trial) : lost(lifetime, trial);
    if (tests > 40) throw new Error("no end of tests");
  }
}

describe("the lifetime of a binding", () => {
  it("is found by a few tests, and the period stays below it and within the bounds", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2_000, max: 900_000 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 3_600 }),
        (realMs, minimumS, extraS) => {
          const { lifetime, bounds, tests } = learn(realMs, minimumS, minimumS + extraS);
          const periodMs = keepAlivePeriodMs(lifetime, bounds);
          expect(periodMs).toBeGreaterThanOrEqual(bounds.minimumMs);
          expect(periodMs).toBeLessThanOrEqual(bounds.maximumMs);
          expect(tests).toBeLessThan(16);
          // Not longer than the binding lives, unless the ACS wants it so.
          if (realMs > bounds.minimumMs) expect(periodMs).toBeLessThan(realMs);
        },
      ),
    );
  });

  it("is presumed short where it cannot be tested", () => {
    const bounds = keepAliveBounds(10, 600);
    const untested = { ...untestedLifetime, canBeTested: false };
    expect(trialMs(untested, bounds)).toBeUndefined();
    expect(keepAlivePeriodMs(untested, bounds)).toBe(25_000);
    expect(keepAlivePeriodMs(lost(untested, 24_000), bounds)).toBe(12_000);
    expect(keepAlivePeriodMs(untested, keepAliveBounds(60, 600))).toBe(60_000);
    expect(keepAlivePeriodMs(untested, keepAliveBounds(5, 15))).toBe(15_000);
  });

  it("is not believed any more when the binding is lost after less", () => {
    const bounds = keepAliveBounds(10, 600);
    const proven = survived(untestedLifetime, 200_000);
    expect(keepAlivePeriodMs(proven, bounds)).toBe(180_000);
    expect(keepAlivePeriodMs(lost(proven, 100_000), bounds)).toBe(25_000);
    expect(keepAlivePeriodMs(lost(proven, 300_000), bounds)).toBe(180_000);
  });

  it("has bounds even without a maximum, or with one below the minimum", () => {
    expect(keepAliveBounds(30, -1)).toEqual({ minimumMs: 30_000, maximumMs: 3_600_000 });
    expect(keepAliveBounds(30, 10)).toEqual({ minimumMs: 30_000, maximumMs: 30_000 });
    expect(keepAliveBounds(0, 0)).toEqual({ minimumMs: 1_000, maximumMs: 1_000 });
  });
});
