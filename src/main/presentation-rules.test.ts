import { describe, expect, it } from "vitest";
import { glob, presentAs } from "./presentation-rules.ts";

const printer = { manufacturer: "Zebra Technologies", productClass: "ZD690" };

describe("presentation rules", () => {
  it("takes the first rule whose vendor and model both fit", () => {
    const rules = [
      { vendor: "zebra*", model: "QL*", as: "virtual" as const },
      { vendor: "zebra*", model: undefined, as: "none" as const },
      { vendor: undefined, model: "*", as: "virtual" as const },
    ];
    expect(presentAs({ default: "virtual", rules }, printer)).toBe("none");
  });

  it("falls back to the default", () => {
    const rules = [{ vendor: "HP", model: undefined, as: "none" as const }];
    expect(presentAs({ default: "virtual", rules }, printer)).toBe("virtual");
  });

  it("matches globs at both ends, and does not slow down on many stars", () => {
    expect(glob("Test*", "test 5")).toBe(true);
    expect(glob("Test*", "a test")).toBe(false);
    expect(glob("Z?690", "ZD690")).toBe(true);
    expect(glob("*", "")).toBe(true);
    const startedMs = performance.now();
    expect(glob(`${"*a".repeat(50)}b`, "a".repeat(5_000))).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });
});
