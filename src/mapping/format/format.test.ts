import { describe, expect, it } from "vitest";
import { checkFile } from "../check/check-file.ts";
import { MappingError, formatProblem } from "../errors.ts";
import { parseFiles, textOf } from "../../../test/mapping/printer.ts";
import { parseMappingFile } from "./parse-file.ts";
import { resolveMapping } from "./resolve.ts";

/** Problems of a file, as lines. */
function problemsOf(body: string, name = "vendor/acme/a"): string[] {
  const result = parseMappingFile(textOf(name, body));
  const problems = result.ok ? checkFile(result.parsed) : result.problems;
  return problems.map(formatProblem);
}

describe("a broken mapping file", () => {
  it("names file, line, path and remedy of an unknown key", () => {
    expect(problemsOf("parameters:\n  Counters.Impressions:\n    form: []\n")).toEqual(
      expect.arrayContaining([
        "mappings/vendor/acme/a.yaml:5: parameters › Counters.Impressions › form: this key is not part of the format; remove it or correct its spelling (docs/mapping-files.md)",
      ]),
    );
  });

  it.each([
    [
      "an OID without quotes",
      "parameters:\n  Counters.Impressions:\n    from: [{ snmp: 1.3 }]\n",
      /:5: .*snmp: expected string.*quotes/,
    ],
    [
      "an OID with a leading dot",
      'parameters:\n  Counters.Impressions:\n    from: [{ snmp: ".1.3.6" }]\n',
      /:5: .*without leading dot/,
    ],
    [
      "an unknown transform",
      'parameters:\n  Counters.Impressions:\n    from: [{ snmp: "1.3.6", transform: [trimm] }]\n',
      /:5: .*transform › 0: not one of the known words; use one of trim/,
    ],
    [
      "an unknown enumeration",
      'parameters:\n  Counters.Impressions:\n    from: [{ snmp: "1.3.6" }]\n    values: nonsense\n',
      /:6: .*there is no enumeration nonsense/,
    ],
    [
      "a wrong pattern",
      'parameters:\n  Counters.Impressions:\n    from: [{ snmp: "1.3.6", transform: [{ regex: "(" }] }]\n',
      /:5: .*the pattern is wrong/,
    ],
    [
      "a path the model does not have",
      'parameters:\n  Counters.Impresions:\n    from: [{ snmp: "1.3.6" }]\n',
      /:4: .*the model has no Counters.Impresions/,
    ],
    [
      "a unit that is not the model's",
      'parameters:\n  Counters.Impressions:\n    from: [{ snmp: "1.3.6" }]\n    unit: sheets\n',
      /:6: .*in impressions/,
    ],
    [
      "a write on a read-only path",
      'parameters:\n  Counters.Impressions:\n    from: [{ snmp: "1.3.6" }]\n    write: { snmp: "1.3.6", syntax: integer, check: { minimum: 0 }, verify: readBack }\n',
      /:6: .*read-only/,
    ],
    [
      "a write without check",
      'parameters:\n  General.SystemName:\n    from: [{ snmp: "1.3.6" }]\n    write: { snmp: "1.3.6", syntax: integer, check: {}, verify: readBack }\n',
      /:6: .*checks its value/,
    ],
    [
      "a write that takes no value at all",
      'parameters:\n  General.SystemName:\n    from: [{ snmp: "1.3.6" }]\n    write: { snmp: "1.3.6", syntax: integer, check: { minimum: 9, maximum: 1 }, verify: readBack }\n',
      /:6: .*check: no value is in this range; swap the two/,
    ],
    [
      "a login in steps it does not give",
      "web:\n  login: { kind: steps }\n",
      /:4: web › login: it does not say how to log in; give steps/,
    ],
    [
      "two kinds of source at once",
      'parameters:\n  Counters.Impressions:\n    from: [{ snmp: "1.3.6", constant: 4 }]\n',
      /:5: .*snmp and constant at once; give exactly one/,
    ],
    [
      "a column outside tables",
      'parameters:\n  Counters.Impressions:\n    from: [{ column: "1.3.6" }]\n',
      /:5: .*there is no row here; use lookup/,
    ],
    [
      "rows among the parameters",
      'parameters:\n  Supply.{i}.Type:\n    from: [{ snmp: "1.3.6" }]\n',
      /:4: .*rows are mapped below tables/,
    ],
    [
      "a count of rows",
      'parameters:\n  SupplyNumberOfEntries:\n    from: [{ snmp: "1.3.6" }]\n',
      /:4: .*counts rows itself/,
    ],
    ["an anchor", "match: &a { sysDescr: x }\n", /:3: anchors are not allowed/],
    ["a key given twice", "match: { sysDescr: x }\nmatch: { sysDescr: y }\n", /:4: .*unique/],
    [
      "an input a derivation does not have",
      "parameters:\n  Counters.Impressions:\n    from: [{ derive: isLit, inputs: { onTme: { constant: 1 } } }]\n",
      /:5: .*isLit has no input onTme; its inputs are onTime/,
    ],
    ["text that is no YAML", "match: { sysDescr: x\n", /: correct the YAML|; correct the YAML/],
  ])("with %s says so at its line", (_what, body, message) => {
    expect(problemsOf(body)[0]).toMatch(message);
  });

  it("must be called what it says it is", () => {
    const text = { ...textOf("vendor/acme/a", ""), name: "vendor/acme/b" };
    const result = parseMappingFile(text);
    expect(result.ok && checkFile(result.parsed)[0]?.remedy).toBe(
      "write mapping: acme/b, or rename the file",
    );
  });
});

describe("inheritance", () => {
  const parameter = (name: string, oid: string): string =>
    `  ${name}:\n    from: [{ snmp: "${oid}" }]\n`;
  const table = (oid: string): string =>
    `tables:\n  prtInput:\n    table: InputTray.{i}.\n    rows: { columns: ["1.3.2"] }\n    parameters:\n      Name: { from: [{ column: "${oid}" }] }\n      Type: { from: [{ column: "1.3.5" }] }\n`;

  it("replaces parameters one by one, in tables too", () => {
    const files = parseFiles({
      "base/a": `parameters:\n${parameter("General.SerialNumber", "1.3.1")}${parameter("General.PrinterName", "1.3.2")}${table("1.3.7")}`,
      "vendor/x/y": `extends: [base/a]\nparameters:\n${parameter("General.SerialNumber", "1.4.1")}tables:\n  prtInput:\n    parameters:\n      Name: { from: [{ column: "1.4.7" }] }\n`,
    });
    const own = files.get("vendor/x/y");
    if (own === undefined) throw new Error("no file");
    const resolved = resolveMapping(own, files);
    const source = (template: string) => resolved.parameters.get(template)?.entry.from[0]?.snmp;
    expect(source("General.SerialNumber")).toBe("1.4.1");
    expect(source("General.PrinterName")).toBe("1.3.2");
    const [rows] = resolved.tables;
    expect(rows?.parameters.get("Name")?.entry.from[0]?.column).toBe("1.4.7");
    expect(rows?.parameters.get("Type")?.entry.from[0]?.column).toBe("1.3.5");
    expect(rows?.rows.entry.columns).toEqual(["1.3.2"]);
  });

  it("keeps what is said otherwise behind the sources of whichever file has the last word", () => {
    const files = parseFiles({
      "base/a": `identity:\n  model: [{ snmp: "1.3.1" }]\n  otherwise:\n    model: [{ snmp: "1.3.9" }]\nparameters:\n${parameter("General.PrinterName", "1.3.2")}`,
      "base/b": `identity:\n  otherwise:\n    model: [{ snmp: "1.3.10" }]\nparameters:\n  General.PrinterName:\n    otherwise: [{ snmp: "1.3.8" }]\n`,
      "vendor/x/y": `extends: [base/a, base/b]\nidentity:\n  model: [{ snmp: "1.4.1" }]\nparameters:\n${parameter("General.PrinterName", "1.4.2")}`,
    });
    const own = files.get("vendor/x/y");
    if (own === undefined) throw new Error("no file");
    const { identity, parameters } = resolveMapping(own, files);
    const oids = parameters.get("General.PrinterName")?.entry.from.map(({ snmp }) => snmp);
    expect(oids).toEqual(["1.4.2", "1.3.8"]);
    expect(identity.model?.map(({ snmp }) => snmp)).toEqual(["1.4.1", "1.3.9", "1.3.10"]);
  });

  it("applies the steps of a file to that file's sources and not to those said otherwise before", () => {
    const files = parseFiles({
      "base/a": `parameters:\n  General.PrinterName:\n    otherwise: [{ snmp: "1.3.8" }]\n`,
      "vendor/x/y": `extends: [base/a]\nparameters:\n${parameter("General.PrinterName", "1.4.2")}    transform: [upperCase]\n`,
    });
    const own = files.get("vendor/x/y");
    if (own === undefined) throw new Error("no file");
    const { entry } = resolveMapping(own, files).parameters.get("General.PrinterName") ?? {};
    expect(entry?.from).toEqual([
      { firstOf: [{ snmp: "1.4.2" }], transform: ["upperCase"] },
      { snmp: "1.3.8" },
    ]);
    expect(entry?.transform).toBeUndefined();
  });

  it.each([
    ["General.PrinterName", ["General.SerialNumber"], 1],
    ["General", [], 1],
    ["InputTray", ["General.SerialNumber", "General.PrinterName"], 0],
    ["prtInput", ["General.SerialNumber", "General.PrinterName"], 0],
  ])("takes away what is omitted (%s)", (path, left, tables) => {
    const files = parseFiles({
      "base/a": `parameters:\n${parameter("General.SerialNumber", "1.3.1")}${parameter("General.PrinterName", "1.3.2")}${table("1.3.7")}`,
      "vendor/x/y": `extends: [base/a]\nomitted:\n  - { path: ${path}, why: "it has none" }\n`,
    });
    const own = files.get("vendor/x/y");
    if (own === undefined) throw new Error("no file");
    const resolved = resolveMapping(own, files);
    expect([...resolved.parameters.keys()]).toEqual(left);
    expect(resolved.tables).toHaveLength(tables);
  });

  it("goes two levels deep and no further, and never in a circle", () => {
    const files = parseFiles({
      "base/a": "extends: [base/b]\n",
      "base/b": "extends: [base/c]\n",
      "base/c": "extends: [base/d]\n",
      "base/d": "extends: [base/a]\n",
    });
    const own = files.get("base/a");
    if (own === undefined) throw new Error("no file");
    expect(() => resolveMapping(own, files)).toThrow(/nested too deeply/);
  });

  it("says which file is missing, and where it was asked for", () => {
    const files = parseFiles({ "vendor/x/y": "extends: [base/none]\n" });
    const own = files.get("vendor/x/y");
    if (own === undefined) throw new Error("no file");
    expect(() => resolveMapping(own, files)).toThrow(MappingError);
    expect(() => resolveMapping(own, files)).toThrow(
      /y\.yaml:3: extends › 0: there is no mapping file base\/none/,
    );
  });
});
