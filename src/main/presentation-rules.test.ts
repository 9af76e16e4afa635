import { describe, expect, it } from "vitest";
import { presentAs } from "./presentation-rules.ts";

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
});
