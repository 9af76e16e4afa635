import { describe, expect, it } from "vitest";
import { createMappingSet, matchesOf } from "./mapping-set.ts";
import { TestAnswers, type TestValue, oidValue, parseFiles } from "../../test/mapping/printer.ts";

const sysObjectId = "1.3.6.1.2.1.1.2.0";
const deviceDescr = "1.3.6.1.2.1.25.3.2.1.3.1";
const base = 'identity:\n  deviceId: [{ snmp: "1.3.6.1.4.1.2699.9" }]\n';

const files = parseFiles({
  "base/printer": base,
  "vendor/acme/all": 'match: { sysObjectID: "1.3.6.1.4.1.99.*" }\n',
  "vendor/acme/laser": 'match: { sysObjectID: "1.3.6.1.4.1.99.*", model: "Laser 5?0*" }\n',
  "vendor/oem/a":
    'match: [{ ieee1284: { MFG: "OEM" } }, { snmp: [{ oid: "1.3.6.1.4.1.77.1.0", pattern: "*" }] }]\n',
});
const mappings = createMappingSet(files);

function chosen(values: Readonly<Record<string, TestValue>>): string {
  return mappings.select(new TestAnswers(values)).selected.name;
}

describe("choosing a mapping", () => {
  it("takes the most specific file that fits", () => {
    const id = { [sysObjectId]: oidValue("1.3.6.1.4.1.99.3") };
    expect(chosen({ ...id, [deviceDescr]: "Laser 510dn" })).toBe("vendor/acme/laser");
    expect(chosen({ ...id, [deviceDescr]: "Inkjet" })).toBe("vendor/acme/all");
  });

  it("takes the base for a printer nobody mapped", () => {
    expect(chosen({})).toBe("base");
    expect(chosen({ [sysObjectId]: oidValue("1.3.6.1.4.1.999") })).toBe("base");
  });

  it("looks at the IEEE 1284 id wherever the base finds it, and at any scalar a file names", () => {
    expect(chosen({ "1.3.6.1.4.1.2699.9": "MANUFACTURER:oem;MDL:X;" })).toBe("vendor/oem/a");
    expect(chosen({ "1.3.6.1.4.1.77.1.0": 5 })).toBe("vendor/oem/a");
  });

  it("finds the model in the device id too", () => {
    const values = {
      [sysObjectId]: oidValue("1.3.6.1.4.1.99"),
      "1.3.6.1.4.1.2699.9": "MDL:Laser 500;",
    };
    expect(chosen(values)).toBe("vendor/acme/laser");
  });

  it("asks for everything it looks at", () => {
    expect(mappings.identityProbe.scalars).toEqual(
      expect.arrayContaining([
        sysObjectId,
        "1.3.6.1.2.1.1.1.0",
        "1.3.6.1.4.1.2699.9",
        "1.3.6.1.4.1.77.1.0",
      ]),
    );
    expect(mappings.identityProbe.columns).toContain("1.3.6.1.2.1.25.3.2.1.3");
  });

  it("ranks what fits", () => {
    const answers = new TestAnswers({
      [sysObjectId]: oidValue("1.3.6.1.4.1.99"),
      [deviceDescr]: "Laser 500",
    });
    expect(matchesOf(files, answers).map(({ name }) => name)).toEqual([
      "vendor/acme/laser",
      "vendor/acme/all",
    ]);
  });
});

describe("a mapping set", () => {
  it("finds mappings by full and by short name", () => {
    expect(mappings.byName("acme/laser")?.selected.name).toBe("vendor/acme/laser");
    expect(mappings.byName("vendor/acme/laser")).toBe(mappings.byName("acme/laser"));
    expect(mappings.byName("nobody/nothing")).toBeUndefined();
    expect(mappings.names).toEqual([
      "base",
      "vendor/acme/all",
      "vendor/acme/laser",
      "vendor/oem/a",
    ]);
  });

  it("changes a mapping's version when the file or anything it extends changes, and only then", () => {
    const version = (fragment: string): string | undefined =>
      createMappingSet(
        parseFiles({
          "base/printer": base,
          "fragments/f": fragment,
          "vendor/a/b": "extends: [fragments/f]\n",
        }),
      ).byName("a/b")?.selected.version;
    expect(version("omitted: [{ path: A, why: b }]\n")).toBe(
      version("omitted: [{ path: A, why: b }]\n"),
    );
    expect(version("omitted: [{ path: A, why: b }]\n")).not.toBe(version(""));
  });

  it("cannot be made without the base", () => {
    expect(() => createMappingSet(new Map())).toThrow(/base\/printer/);
  });

  it("refuses parameters of inherited row sets that the model does not have", () => {
    const broken = parseFiles({
      "base/printer":
        'tables:\n  prtInput:\n    table: InputTray.{i}.\n    rows: { columns: ["1.3.1"] }\n',
      "vendor/a/b":
        'extends: [base/printer]\ntables:\n  prtInput:\n    parameters:\n      Nme: { from: [{ column: "1.3.2" }] }\n',
    });
    expect(() => createMappingSet(broken)).toThrow(/b\.yaml:7: .*the model has no InputTray/);
  });
});
