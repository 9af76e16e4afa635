import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Missing } from "../evaluate/datum.ts";
import type { Inputs } from "./inputs.ts";
import { derivations } from "./registry.ts";

function derive(name: keyof typeof derivations, inputs: Inputs): unknown {
  const outcome = derivations[name].compute(inputs);
  return outcome instanceof Missing ? undefined : outcome;
}

describe("remainingPercent", () => {
  it("is level of capacity, rounded", () => {
    expect(derive("remainingPercent", { level: 8_400, capacity: 20_000 })).toBe(42);
    expect(derive("remainingPercent", { level: 2, capacity: 3 })).toBe(67);
    expect(derive("remainingPercent", { level: 0, capacity: 100 })).toBe(0);
  });

  it("is absent for the specials of RFC 3805", () => {
    for (const level of [-1, -2, -3, -100])
      expect(derive("remainingPercent", { level, capacity: 100, unit: "Percent" })).toBeUndefined();
    expect(derive("remainingPercent", { level: 50, capacity: -2, unit: "Sheets" })).toBeUndefined();
  });

  it("is the level itself in percent without a capacity", () => {
    expect(derive("remainingPercent", { level: 70, capacity: -2, unit: "Percent" })).toBe(70);
    expect(derive("remainingPercent", { level: 150, unit: "Percent" })).toBeUndefined();
  });

  it("is absent when the level is above the capacity", () => {
    expect(
      derive("remainingPercent", { level: 150, capacity: 100, unit: "Percent" }),
    ).toBeUndefined();
  });

  it("stays between 0 and 100 or absent for any figures", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (level, capacity) => {
        const percent = derive("remainingPercent", { level, capacity, unit: "Percent" });
        if (percent !== undefined) {
          expect(percent).toBeGreaterThanOrEqual(0);
          expect(percent).toBeLessThanOrEqual(100);
        }
      }),
    );
  });
});

describe("supplyStatus", () => {
  it("reads the level of a consumable as what is left", () => {
    expect(derive("supplyStatus", { level: 0, capacity: 100 })).toBe("Empty");
    expect(derive("supplyStatus", { level: 10, capacity: 100 })).toBe("Low");
    expect(derive("supplyStatus", { level: 11, capacity: 100 })).toBe("OK");
    expect(derive("supplyStatus", { level: -3, capacity: -2 })).toBe("OK");
    expect(derive("supplyStatus", { level: -2, capacity: 100 })).toBe("Unknown");
    expect(derive("supplyStatus", {})).toBe("Unknown");
  });

  it("reads the level of a receptacle as the room left", () => {
    const box = { class: "ReceptacleThatIsFilled", type: "WasteToner", capacity: 100 };
    expect(derive("supplyStatus", { ...box, level: 100 })).toBe("OK");
    expect(derive("supplyStatus", { ...box, level: 5 })).toBe("AlmostFull");
    expect(derive("supplyStatus", { ...box, level: 0 })).toBe("Full");
  });

  it("takes a waste type without class for a receptacle", () => {
    expect(derive("supplyStatus", { type: "WasteInk", level: 0, capacity: 100 })).toBe("Full");
  });

  it("believes the printer's alerts before its level", () => {
    const alerts = "MarkerTonerAlmostEmpty,MarkerTonerEmpty";
    expect(derive("supplyStatus", { level: 50, capacity: 100, alerts })).toBe("Empty");
    expect(
      derive("supplyStatus", { level: 50, capacity: 100, alerts: "MarkerTonerCartridgeMissing" }),
    ).toBe("Missing");
  });
});

describe("tray states", () => {
  it("tell an empty input tray and a full output tray by the level 0", () => {
    expect(derive("inputTrayStatus", { level: 0, capacity: 500 })).toBe("Empty");
    expect(derive("inputTrayStatus", { level: -3, capacity: 500 })).toBe("OK");
    expect(derive("outputTrayStatus", { level: 0, capacity: 500 })).toBe("Full");
    expect(derive("outputTrayStatus", { level: -2, capacity: 500 })).toBe("Unknown");
  });

  it("tell a missing tray by the alert", () => {
    expect(derive("inputTrayStatus", { level: 0, alerts: "InputMediaTrayMissing" })).toBe(
      "Missing",
    );
  });
});

describe("printerState", () => {
  it.each([
    ["running", 2, "idle", 3, "Idle"],
    ["running", 2, "printing", 4, "Processing"],
    ["warning", 3, "idle", 3, "Idle"],
    ["warning", 3, "printing", 4, "Processing"],
    ["down", 5, "other", 1, "Stopped"],
    ["down", 5, "warmup", 5, "Processing"],
    ["running", 2, "other (power save)", 1, "Idle"],
    ["testing", 4, "idle", 3, "Testing"],
    ["unknown", 1, "unknown", 2, "Unknown"],
  ])("of a device %s (%i) and a printer %s (%i) is %s", (_d, device, _p, printer, state) => {
    expect(derive("printerState", { device, printer })).toBe(state);
  });

  it("is absent when a running device tells no printer status, for it may be printing", () => {
    expect(derive("printerState", { device: 2 })).toBeUndefined();
    expect(derive("printerState", {})).toBeUndefined();
  });
});

describe("stateReasons", () => {
  it("adds Standby for a running device in power save", () => {
    expect(derive("stateReasons", { errors: "", device: 2, printer: 1 })).toBe("Standby");
    expect(derive("stateReasons", { errors: "MediaLow", device: 2, printer: 3 })).toBe("MediaLow");
  });

  it("is absent when the printer has no error state", () => {
    expect(derive("stateReasons", { device: 2, printer: 1 })).toBeUndefined();
  });
});

describe("modelName", () => {
  it("leaves the maker's names out, also twice, but never everything", () => {
    expect(derive("modelName", { model: "HP HP LaserJet", maker: "HP" })).toBe("LaserJet");
    expect(
      derive("modelName", {
        model: "KONICA MINOLTA bizhub",
        maker: "X",
        aliases: "Y\nKonica Minolta",
      }),
    ).toBe("bizhub");
    expect(derive("modelName", { model: "Ricoh", maker: "Ricoh" })).toBe("Ricoh");
  });
});

describe("kibibytes", () => {
  it("multiplies units by their size without overflow", () => {
    expect(derive("kibibytes", { units: 2_000_000_000, unitOctets: 4_096 })).toBe(8_000_000_000);
    expect(derive("kibibytes", { units: 100, unitOctets: 1_024, used: 30 })).toBe(70);
    expect(derive("kibibytes", { units: 100, unitOctets: 1_024, used: 130 })).toBeUndefined();
  });
});
