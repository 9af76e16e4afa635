import { describe, expect, it } from "vitest";
import type { ModelValue } from "../../model/definition.ts";
import type { CompiledMapping } from "../evaluation.ts";
import { createMappingSet } from "../mapping-set.ts";
import { mappingOf, parseFiles } from "../../../test/mapping/printer.ts";

const writable = (more: string): string => `
parameters:
  General.SystemLocation:
    from: [{ snmp: "1.3.6.1.2.1.1.6.0" }]
    write: { snmp: "1.3.6.1.2.1.1.6.0", syntax: octetString, check: { maxOctets: 6, charset: utf-8 }, verify: readBack${more} }
`;

/** The one SET an assignment compiles to. */
function setOf(
  mapping: CompiledMapping,
  template: string,
  rowKey: string | undefined,
  value: ModelValue,
): unknown {
  const [step] = mapping.writePlan([{ template, rowKey, value }]);
  return step?.write.driver === "snmp" ? step.write.writes[0] : step;
}

describe("writing by SNMP", () => {
  it("compiles to a SET of the text's octets", () => {
    expect(setOf(mappingOf(writable("")), "General.SystemLocation", undefined, "Büro")).toEqual({
      oid: "1.3.6.1.2.1.1.6.0",
      value: { syntax: 4, value: new TextEncoder().encode("Büro") },
    });
  });

  it("refuses what the printer could not hold, counted in octets", () => {
    const mapping = mappingOf(writable(""));
    expect(() => setOf(mapping, "General.SystemLocation", undefined, "Bürobü")).toThrow(
      expect.objectContaining({ code: "mapping.bad-value" }),
    );
  });

  it("refuses what the mapping has no write for", () => {
    expect(() => setOf(mappingOf(writable("")), "General.SystemName", undefined, "x")).toThrow(
      expect.objectContaining({ code: "mapping.not-writable" }),
    );
  });

  it("leaves writes out that nobody has seen working, unless the operator allows them", () => {
    const body = writable(", unverified: true");
    expect(mappingOf(body).writable.size).toBe(0);
    const allowed = createMappingSet(parseFiles({ "base/printer": body }), {
      allowUnverifiedWrites: true,
    });
    expect([...(allowed.byName("base")?.writable ?? [])]).toEqual(["General.SystemLocation"]);
  });

  it("adds the row's index to a column, and reads words backwards", () => {
    const mapping = mappingOf(`
tables:
  prtInput:
    table: InputTray.{i}.
    rows: { columns: ["1.3.21"] }
    parameters:
      MediaType:
        from: [{ column: "1.3.21" }]
        write: { column: "1.3.21", syntax: integer, check: { oneOf: [plain, thick] }, verify: readBack, values: { 3: plain, 4: thick } }
`);
    expect(setOf(mapping, "InputTray.{i}.MediaType", "prtInput:1.2", "thick")).toEqual({
      oid: "1.3.21.1.2",
      value: { syntax: 2, value: 4 },
    });
    expect(() => setOf(mapping, "InputTray.{i}.MediaType", undefined, "thick")).toThrow(/row/);
    expect(() => setOf(mapping, "InputTray.{i}.MediaType", "prtInput:1.2", "glossy")).toThrow(
      /not one of/,
    );
  });

  it("has the restart as a SET, when there is one", () => {
    const reboot =
      'actions:\n  reboot: { snmp: "1.3.6.1.2.1.43.5.1.1.3.1", syntax: integer, value: 4 }\n';
    expect(mappingOf(reboot).reboot).toEqual({
      driver: "snmp",
      writes: [{ oid: "1.3.6.1.2.1.43.5.1.1.3.1", value: { syntax: 2, value: 4 } }],
    });
    expect(mappingOf("").reboot).toBeUndefined();
  });

  it("offers a factory reset nobody has seen working only when the operator allows it", () => {
    const action =
      'actions:\n  factoryReset: { snmp: "1.3.6.1.2.1.43.5.1.1.3.1", syntax: integer, value: 6, unverified: true }\n';
    expect(mappingOf(action).factoryReset).toBeUndefined();
    const allowed = createMappingSet(parseFiles({ "base/printer": action }), {
      allowUnverifiedWrites: true,
    });
    expect(allowed.byName("base")?.factoryReset).toEqual({
      driver: "snmp",
      writes: [{ oid: "1.3.6.1.2.1.43.5.1.1.3.1", value: { syntax: 2, value: 6 } }],
    });
  });
});
