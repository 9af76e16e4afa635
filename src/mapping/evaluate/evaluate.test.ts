import { describe, expect, it } from "vitest";
import {
  TestAnswers,
  evaluateBody,
  mappingOf,
  oidValue,
  valuesOf,
} from "../../../test/mapping/printer.ts";

/** Body of a file with one parameter outside tables. */
const one = (template: string, sources: string, more = ""): string =>
  `parameters:\n  ${template}:\n    from: ${sources}\n${more}`;

describe("sources outside tables", () => {
  it("are tried in order, and an empty text only counts when nothing better comes", () => {
    const body = one(
      "General.PrinterName",
      '[{ snmp: "1.3.1" }, { snmp: "1.3.2" }, { snmp: "1.3.3" }]',
    );
    expect(evaluateBody(body, { "1.3.2": "  ", "1.3.3": "Third" })).toEqual({
      "General.PrinterName": "Third",
    });
    expect(evaluateBody(body, { "1.3.2": "" })).toEqual({ "General.PrinterName": "" });
    expect(evaluateBody(body, {})).toEqual({});
  });

  it("end at one that was not answered this time, and go on past one that is refused for good", () => {
    const body = one("Counters.Impressions", '[{ snmp: "1.3.1" }, { snmp: "1.3.2" }]');
    const lifeCount = { "1.3.2": 76_498 };
    expect(evaluateBody(body, lifeCount, { "1.3.1": "timeout" })).toEqual({});
    expect(evaluateBody(body, lifeCount, { "1.3.1": "cut" })).toEqual({});
    const refused = evaluateBody(body, lifeCount, { "1.3.1": "refused" });
    expect(refused).toEqual({ "Counters.Impressions": 76_498 });
  });

  it("look a value up by its label", () => {
    const body = one(
      "Counters.Impressions",
      '[{ lookup: "1.3.6", where: [{ column: "1.3.8", equals: "total impressions" }] }]',
    );
    const values = {
      "1.3.6.1.1": 7,
      "1.3.8.1.1": "Sheets",
      "1.3.6.1.9": 42,
      "1.3.8.1.9": "Total Impressions",
    };
    expect(evaluateBody(body, values)).toEqual({ "Counters.Impressions": 42 });
  });

  it("add rows up by type code, and find nothing rather than 0 when no row has it", () => {
    const body = one(
      "Counters.Print.Impressions",
      '[{ lookup: "1.3.9", where: [{ column: "1.3.2", in: [400, 401] }], combine: sum }]',
    );
    const values = {
      "1.3.9.1": 10,
      "1.3.2.1": 400,
      "1.3.9.2": 5,
      "1.3.2.2": 401,
      "1.3.9.3": 99,
      "1.3.2.3": 10,
    };
    expect(evaluateBody(body, values)).toEqual({ "Counters.Print.Impressions": 15 });
    expect(evaluateBody(body, { "1.3.9.3": 99, "1.3.2.3": 10 })).toEqual({});
  });

  it("count what the printer does not have as 0 in a sum, but never what it did not answer", () => {
    const body = one(
      "Counters.Impressions",
      '[{ sum: [{ snmp: "1.3.1" }, { snmp: "1.3.2" }], missing: zero }]',
    );
    expect(evaluateBody(body, { "1.3.1": 5 })).toEqual({ "Counters.Impressions": 5 });
    expect(evaluateBody(body, { "1.3.1": 5 }, { "1.3.2": "timeout" })).toEqual({});
    expect(evaluateBody(body, {})).toEqual({});
    const strict = one("Counters.Impressions", '[{ sum: [{ snmp: "1.3.1" }, { snmp: "1.3.2" }] }]');
    expect(evaluateBody(strict, { "1.3.1": 5 })).toEqual({});
  });

  it("give no negative differences", () => {
    const body = one(
      "Counters.Impressions",
      '[{ difference: [{ snmp: "1.3.1" }, { snmp: "1.3.2" }] }]',
    );
    expect(evaluateBody(body, { "1.3.1": 9, "1.3.2": 4 })).toEqual({ "Counters.Impressions": 5 });
    expect(evaluateBody(body, { "1.3.1": 4, "1.3.2": 9 })).toEqual({});
  });

  it("report nothing when two sources that must agree do not", () => {
    const body = one(
      "Counters.Impressions",
      '[{ snmp: "1.3.1" }]',
      '    agree: { with: { snmp: "1.3.2" }, tolerance: 5 }\n',
    );
    expect(evaluateBody(body, { "1.3.1": 100, "1.3.2": 104 })).toEqual({
      "Counters.Impressions": 100,
    });
    expect(evaluateBody(body, { "1.3.1": 100, "1.3.2": 106 })).toEqual({});
    expect(evaluateBody(body, { "1.3.1": 100 })).toEqual({ "Counters.Impressions": 100 });
  });

  it("apply only to the models and firmwares they are for", () => {
    const body =
      'identity:\n  model: [{ snmp: "1.3.9" }]\n' +
      one("Device.DeviceInfo.SoftwareVersion", '[{ snmp: "1.3.8" }]') +
      '  Counters.Impressions:\n    from: [{ snmp: "1.3.1", when: [{ firmware: "<2.10" }, { model: "MFC-*" }] }, { snmp: "1.3.2" }]\n';
    const values = { "1.3.1": 1, "1.3.2": 2, "1.3.9": "MFC-9000" };
    expect(evaluateBody(body, { ...values, "1.3.8": "2.9" })["Counters.Impressions"]).toBe(1);
    expect(evaluateBody(body, { ...values, "1.3.8": "2.10" })["Counters.Impressions"]).toBe(2);
    expect(
      evaluateBody(body, { ...values, "1.3.8": "2.9", "1.3.9": "HL-1" })["Counters.Impressions"],
    ).toBe(2);
  });

  it("do not hang when parameters refer to each other in a circle", () => {
    const body =
      one("General.PrinterName", "[{ value: General.SystemInfo }]") +
      '  General.SystemInfo:\n    from: [{ value: General.PrinterName }, { snmp: "1.3.1" }]\n';
    expect(evaluateBody(body, { "1.3.1": "x" })["General.SystemInfo"]).toBe("x");
  });

  it("pass over words and ranges the model does not allow", () => {
    const body =
      one("General.State", '[{ snmp: "1.3.1" }]') +
      '  Counters.Impressions:\n    from: [{ snmp: "1.3.2" }]\n';
    expect(evaluateBody(body, { "1.3.1": "Sleeping", "1.3.2": -2 })).toEqual({});
  });
});

const supplies = `
tables:
  prtMarkerSupplies:
    table: Supply.{i}.
    rows: { columns: ["1.3.9", "1.3.6"] }
    parameters:
      Description: { from: [{ column: "1.3.6" }] }
      CurrentLevel: { from: [{ column: "1.3.9" }] }
      MaxCapacity: { from: [{ column: "1.3.8" }] }
      RemainingPercent:
        from: [{ derive: remainingPercent, inputs: { level: { value: CurrentLevel }, capacity: { value: MaxCapacity } } }]
      ColorantName:
        from: [{ column: "1.3.12", at: [{ arc: 1 }, { column: "1.3.3" }] }]
        values: colorant
`;

describe("tables", () => {
  const two = {
    "1.3.9.1.1": 20,
    "1.3.8.1.1": 50,
    "1.3.6.1.1": "Black Toner, PN 1;SN A",
    "1.3.3.1.1": 4,
    "1.3.9.1.3": -3,
    "1.3.8.1.3": -2,
    "1.3.6.1.3": "Cyan",
    "1.3.3.1.3": 1,
    "1.3.12.1.1": "cyan",
    "1.3.12.1.4": "black",
  };

  it("pair colorants by their index, not by position", () => {
    const values = evaluateBody(supplies, two);
    expect(values["Supply.{i}.ColorantName prtMarkerSupplies:1.1"]).toBe("Black");
    expect(values["Supply.{i}.ColorantName prtMarkerSupplies:1.3"]).toBe("Cyan");
  });

  it("keep the specials and derive no percentage from them", () => {
    const values = evaluateBody(supplies, two);
    expect(values["Supply.{i}.RemainingPercent prtMarkerSupplies:1.1"]).toBe(40);
    expect(values["Supply.{i}.CurrentLevel prtMarkerSupplies:1.3"]).toBe(-3);
    expect(values).not.toHaveProperty(["Supply.{i}.RemainingPercent prtMarkerSupplies:1.3"]);
  });

  it("keep a row's key when the cartridge and with it the name is swapped", () => {
    const before = mappingOf(supplies).evaluate(new TestAnswers(two), ["supplies"]).tables;
    const swapped = { ...two, "1.3.6.1.1": "Black Toner, PN 1;SN B" };
    expect(mappingOf(supplies).evaluate(new TestAnswers(swapped), ["supplies"]).tables).toEqual(
      before,
    );
    expect(before).toEqual([
      { template: "Supply.{i}.", rowKeys: ["prtMarkerSupplies:1.1", "prtMarkerSupplies:1.3"] },
    ]);
  });

  it("have a row for a lone index without device index, and for columns the first one lacks", () => {
    const { tables } = mappingOf(supplies).evaluate(
      new TestAnswers({ "1.3.9.1": 3, "1.3.6.10": "b", "1.3.6.2": "a" }),
      ["supplies"],
    );
    expect(tables[0]?.rowKeys).toEqual([
      "prtMarkerSupplies:1",
      "prtMarkerSupplies:2",
      "prtMarkerSupplies:10",
    ]);
  });

  it("are empty when the printer has none, and not mentioned when it did not answer", () => {
    const mapping = mappingOf(supplies);
    expect(mapping.evaluate(new TestAnswers({}), ["supplies"]).tables).toEqual([
      { template: "Supply.{i}.", rowKeys: [] },
    ]);
    const silent = new TestAnswers(two, { "1.3.6": "timeout" });
    expect(mapping.evaluate(silent, ["supplies"]).tables).toEqual([]);
  });

  it("take more rows from another set, but only those the first does not have", () => {
    const body = `${supplies}
  makersBoxes:
    table: Supply.{i}.
    rows: { columns: ["1.4.2"], where: [{ column: "1.4.5", notIn: { column: "1.3.6" } }] }
    parameters:
      Type: { from: [{ constant: WasteInk }] }
      Description: { from: [{ column: "1.4.5" }] }
`;
    const values = {
      ...two,
      "1.4.2.1": 30,
      "1.4.5.1": "Cyan",
      "1.4.2.2": 69,
      "1.4.5.2": "Maintenance Box",
    };
    const { tables } = mappingOf(body).evaluate(new TestAnswers(values), ["supplies"]);
    expect(tables[0]?.rowKeys).toEqual([
      "prtMarkerSupplies:1.1",
      "prtMarkerSupplies:1.3",
      "makersBoxes:2",
    ]);
  });

  it("leave out rows without what is required", () => {
    const body = `
tables:
  firmware:
    table: General.Firmware.{i}.
    rows: { fixed: [system, engine], requires: [Version] }
    parameters:
      Name: { from: [{ arc: 1 }] }
      Version: { from: [{ snmp: "1.3.1", when: [{ arc: 1, equals: system }] }] }
`;
    expect(evaluateBody(body, { "1.3.1": "2.0" })).toEqual({
      "General.Firmware.{i}.Name firmware:system": "system",
      "General.Firmware.{i}.Version firmware:system": "2.0",
    });
  });

  it("put preferred rows first", () => {
    const body = `
tables:
  ifTable:
    table: Network.Interface.{i}.
    rows: { columns: ["1.3.2"], first: [{ column: "1.3.6", transform: [macAddress], present: true }] }
    parameters:
      Name: { from: [{ column: "1.3.2" }] }
`;
    const mac = Uint8Array.from([0, 0x17, 0xc8, 1, 2, 3]);
    const values = {
      "1.3.2.1": "lo",
      "1.3.2.2": "eth0",
      "1.3.6.1": new Uint8Array(6),
      "1.3.6.2": mac,
    };
    const { tables } = mappingOf(body).evaluate(new TestAnswers(values), ["settings"]);
    expect(tables[0]?.rowKeys).toEqual(["ifTable:2", "ifTable:1"]);
  });

  it("find a row's value in another table by what it refers to", () => {
    const body = `
tables:
  ifTable:
    table: Network.Interface.{i}.
    rows: { columns: ["1.3.2"] }
    parameters:
      IPAddress: { from: [{ lookup: "1.4.1", where: [{ column: "1.4.2", equals: { arc: 1 } }] }] }
`;
    const address = (text: string) => ({ syntax: 0x40 as const, value: text });
    const values = {
      "1.3.2.1": "lo",
      "1.3.2.2": "eth0",
      "1.4.1.127.0.0.1": address("127.0.0.1"),
      "1.4.2.127.0.0.1": 1,
      "1.4.1.192.0.2.9": address("192.0.2.9"),
      "1.4.2.192.0.2.9": 2,
    };
    expect(evaluateBody(body, values)["Network.Interface.{i}.IPAddress ifTable:2"]).toBe(
      "192.0.2.9",
    );
  });
});

describe("poll classes", () => {
  const body =
    one("General.SerialNumber", '[{ snmp: "1.3.1" }]') +
    '  Counters.Impressions:\n    from: [{ snmp: "1.3.2" }]\n' +
    supplies.replace("Description: {", "Description: { poll: identity, ").trimStart();

  it("read only what their own parameters need, and what those refer to", () => {
    const mapping = mappingOf(body);
    expect(mapping.readPlan(["counters"])).toEqual({
      scalars: ["1.3.2"],
      columns: ["1.3.6.1.2.1.43.5.1.1.2", "1.3.6.1.2.1.43.7.1.1.4"],
      documents: [],
    });
    const plan = mapping.readPlan(["supplies"]);
    expect(plan.scalars).toEqual([]);
    expect(plan.columns).toEqual(
      expect.arrayContaining(["1.3.9", "1.3.8", "1.3.6", "1.3.12", "1.3.3"]),
    );
    expect(new Set(plan.columns).size).toBe(plan.columns.length);
  });

  it("evaluate to their own parameters only", () => {
    const values = valuesOf(
      mappingOf(body).evaluate(new TestAnswers({ "1.3.1": "S", "1.3.2": 9 }), ["counters"]),
    );
    expect(values).toEqual({ "Counters.Impressions": 9 });
  });

  it("need nothing when the mapping has none of them", () => {
    expect(mappingOf(body).readPlan(["settings"])).toEqual({
      scalars: [],
      columns: [],
      documents: [],
    });
  });
});

describe("provenance", () => {
  it("names the OID, the raw value, the transforms, the line, and what was passed over", () => {
    const body = one(
      "General.SerialNumber",
      '[{ snmp: "1.3.1" }, { snmp: "1.3.2", transform: [pmlText] }]',
    );
    const answers = new TestAnswers({ "1.3.2": Uint8Array.from([1, 0x15, 0x41, 0x42]) });
    const [parameter] = mappingOf(body).evaluate(answers, ["identity"], {
      provenance: true,
    }).parameters;
    expect(parameter).toMatchObject({
      value: "AB",
      provenance: {
        source: "snmp 1.3.2",
        raw: "0x01154142",
        transforms: ["pmlText"],
        definedAt: "base/printer.yaml:4",
        rejected: [{ source: "snmp 1.3.1", reason: "noSuchObject" }],
      },
    });
  });

  it("goes through references and leaves the values as they are without it", () => {
    const answers = new TestAnswers({ "1.3.9.1.1": 20, "1.3.8.1.1": 50 });
    const mapping = mappingOf(supplies);
    const told = mapping.evaluate(answers, ["supplies"], { provenance: true });
    const percent = told.parameters.find(({ template }) => template.endsWith("RemainingPercent"));
    expect(percent?.provenance?.source).toBe("snmp 1.3.9.1.1, snmp 1.3.8.1.1");
    expect(valuesOf(told)).toEqual(valuesOf(mapping.evaluate(answers, ["supplies"])));
  });
});

describe("identity", () => {
  const body = `
identity:
  manufacturer: Acme
  aliases: [ACME Corp.]
  oui: "00005E"
  model: [{ snmp: "1.3.1" }]
  serialNumber: [{ snmp: "1.3.2" }]
  macAddress: [{ lookup: "1.3.6", transform: [macAddress] }]
`;

  it("has the model without the maker, and the OUI of the network card", () => {
    const answers = new TestAnswers({
      "1.3.1": "ACME Corp. Laser 500",
      "1.3.2": "S123",
      "1.3.6.1": Uint8Array.from([0, 0x17, 0xc8, 1, 2, 3]),
    });
    expect(mappingOf(body).identity(answers)).toEqual({
      manufacturer: "Acme",
      oui: "0017C8",
      productClass: "Laser 500",
      serialNumber: "S123",
      macAddress: "00:17:c8:01:02:03",
    });
  });

  it("takes the maker's OUI from the file when the card's address is locally administered", () => {
    const answers = new TestAnswers({ "1.3.6.1": Uint8Array.from([2, 0x17, 0xc8, 1, 2, 3]) });
    expect(mappingOf(body).identity(answers)).toMatchObject({ oui: "00005E" });
  });

  it.each(["000000000", "", "XXXXXXX", "unknown", "N/A"])(
    "has no serial number when it is %j",
    (serial) => {
      expect(mappingOf(body).identity(new TestAnswers({ "1.3.2": serial }))).not.toHaveProperty(
        "serialNumber",
      );
    },
  );

  it("keeps object identifiers as they are", () => {
    const answers = new TestAnswers({ "1.3.1": oidValue("1.3.6.1.4.1.9") });
    expect(mappingOf(body).identity(answers).productClass).toBe("1.3.6.1.4.1.9");
  });
});
