import { describe, expect, it } from "vitest";
import { evaluateAnswers } from "./capture-evaluation.ts";
import { createMappingSet } from "./mapping-set.ts";
import { TestAnswers, parseFiles } from "../../test/mapping/printer.ts";

const mappings = createMappingSet(
  parseFiles({
    "base/printer": `
identity:
  manufacturer: Acme
  model: [{ snmp: "1.3.1" }]
  serialNumber: [{ snmp: "1.3.2" }]
  macAddress: [{ snmp: "1.3.3", transform: [macAddress] }]
parameters:
  General.SerialNumber:
    from: [{ identity: serialNumber }]
tables:
  prtInput:
    table: InputTray.{i}.
    rows: { columns: ["1.3.9"] }
    parameters:
      CurrentLevel: { from: [{ column: "1.3.9" }] }
  hrStorage:
    table: Storage.{i}.
    rows: { columns: ["1.3.8"] }
    parameters:
      Description: { from: [{ column: "1.3.8" }] }
`,
  }),
);
const mac = Uint8Array.from([0, 0x17, 0xc8, 1, 2, 3]);
const service = "Device.Services.X_MFPGATE-ORG_MFP.1.";

describe("evaluating a capture", () => {
  it("numbers rows in the printer's order and counts them, also where there are none", () => {
    const answers = new TestAnswers({ "1.3.9.1.5": 3, "1.3.9.1.2": -2 });
    const { parameters, mapping } = evaluateAnswers(mappings, answers);
    expect(mapping).toBe("base");
    expect(parameters[`${service}InputTray.1.CurrentLevel`]).toEqual({
      value: 3,
      type: "int",
      source: "snmp 1.3.9.1.5",
    });
    expect(parameters[`${service}InputTray.2.CurrentLevel`]?.value).toBe(-2);
    expect(parameters[`${service}InputTrayNumberOfEntries`]?.value).toBe(2);
    expect(parameters[`${service}StorageNumberOfEntries`]?.value).toBe(0);
  });

  it("shows a placeholder serial but identifies the printer by its network card", () => {
    const answers = new TestAnswers({ "1.3.1": "Acme Laser", "1.3.2": "000000000", "1.3.3": mac });
    const { identity, parameters } = evaluateAnswers(mappings, answers);
    expect(identity).toEqual({
      manufacturer: "Acme",
      oui: "0017C8",
      productClass: "Laser",
      serialNumber: "0017C8010203",
    });
    expect(parameters[`${service}General.SerialNumber`]?.value).toBe("000000000");
    expect(parameters["Device.DeviceInfo.SerialNumber"]?.value).toBe("0017C8010203");
  });

  it("lists paths in tree order", () => {
    const answers = new TestAnswers(
      Object.fromEntries(
        Array.from({ length: 12 }, (_, n) => [`1.3.9.1.${(n + 1).toString()}`, n]),
      ),
    );
    const rows = Object.keys(evaluateAnswers(mappings, answers).parameters).filter((path) =>
      path.includes("InputTray."),
    );
    expect(rows.at(-1)).toBe(`${service}InputTray.12.CurrentLevel`);
  });

  it("says which mappings there are when one is asked for that there is not", () => {
    expect(() => evaluateAnswers(mappings, new TestAnswers({}), "acme/none")).toThrow(
      /known are base/,
    );
  });
});
