import { describe, expect, it } from "vitest";
import { type LintRecording, expectationOf, lintMappings } from "./lint.ts";
import { createMappingSet } from "./mapping-set.ts";
import { TestAnswers, type TestValue, parseFiles, textOf } from "../../test/mapping/printer.ts";

const evidence = 'verified: [{ source: "test" }]\n';
const base = `${evidence}parameters:\n  General.SystemName:\n    from: [{ snmp: "1.3.6.1.2.1.1.5.0" }]\n`;

function lint(
  bodies: Readonly<Record<string, string>>,
  recordings: readonly LintRecording[] = [],
): string[] {
  const all = { "base/printer": base, ...bodies };
  const texts = Object.entries(all).map(([name, body]) => textOf(name, body));
  return lintMappings(texts, recordings).map(
    ({ severity, code, file, line }) => `${severity} ${code} ${file}:${line}`,
  );
}

function recording(name: string, values: Readonly<Record<string, TestValue>>): LintRecording {
  return { name, answers: new TestAnswers(values) };
}

describe("the linter", () => {
  it("has nothing to say of files in order", () => {
    expect(lint({ "vendor/a/b": `${evidence}match: { sysDescr: "x*" }\n` })).toEqual([]);
  });

  it("wants evidence and a match", () => {
    expect(lint({ "vendor/a/b": "" })).toEqual([
      "error mapping.unverified mappings/vendor/a/b.yaml:1",
      "error mapping.no-match mappings/vendor/a/b.yaml:1",
    ]);
  });

  it("wants keys in their order", () => {
    expect(
      lint({
        "vendor/a/b": `match: { sysDescr: "x*" }\n${evidence}parameters:\n  General.SystemName:\n    poll: settings\n    from: [{ snmp: "1.3.6" }]\n`,
      }),
    ).toEqual([
      "error mapping.key-order mappings/vendor/a/b.yaml:4",
      "error mapping.key-order mappings/vendor/a/b.yaml:8",
    ]);
  });

  it("notices pages nobody knows, once, where they are named", () => {
    const fragment = `${evidence}parameters:\n  General.SystemLocation:\n    from: [{ ews: stauts, title: true }]\n  General.OwnerContact:\n    from: [{ ews: status, title: true }]\n`;
    const vendor = (pattern: string): string =>
      `extends: [fragments/f]\n${evidence}match: { sysDescr: "${pattern}" }\npages:\n  status: { path: /s }\n  nowhere: { login: true }\nparameters:\n  General.PrinterName:\n    from: [{ ews: /p, title: true }, { ews: "{home}/p", title: true }]\n`;
    expect(
      lint({ "fragments/f": fragment, "vendor/a/b": vendor("x*"), "vendor/c/d": vendor("y*") }),
    ).toEqual([
      "error mapping.unknown-page mappings/fragments/f.yaml:6",
      "error mapping.unknown-page mappings/vendor/a/b.yaml:8",
      "error mapping.unknown-page mappings/vendor/c/d.yaml:8",
    ]);
  });

  it("notices two parameters that read the same in the same way", () => {
    expect(
      lint({
        "vendor/a/b": `${evidence}match: { sysDescr: "x*" }\nparameters:\n  Counters.Impressions:\n    from: [{ snmp: "1.3.6" }]\n  Counters.TotalSheets:\n    from: [{ snmp: "1.3.6" }]\n`,
      }),
    ).toEqual(["warning mapping.duplicate-oid mappings/vendor/a/b.yaml:9"]);
  });

  it("notices files that match alike, by their patterns or by a recording", () => {
    const one = `${evidence}match: { sysDescr: "Laser*" }\n`;
    expect(lint({ "vendor/a/b": one, "vendor/c/d": one.replace("Laser", "LASER") })).toEqual([
      "error mapping.tie mappings/vendor/c/d.yaml:4",
    ]);
    const other = `${evidence}match: { sysDescr: "*Pages" }\n`;
    const both = recording("r", { "1.3.6.1.2.1.1.1.0": "LaserPages" });
    expect(lint({ "vendor/a/b": one, "vendor/c/d": other }, [both])).toEqual([
      "error mapping.tie mappings/vendor/c/d.yaml:4",
    ]);
  });

  it("notices fragments nobody extends", () => {
    expect(lint({ "fragments/f": evidence })).toEqual([
      "warning mapping.unused-fragment mappings/fragments/f.yaml:1",
    ]);
  });

  it("misses recordings that do not exist, and sources no recording answers", () => {
    const body = (more: string): string =>
      `verified: [{ recording: r }]\nmatch: { sysDescr: "x*" }\nparameters:\n  Counters.Impressions:\n    from: [{ snmp: "1.3.6.1.4.1.9.1" }, { snmp: "1.3.6.1.4.1.9.2" }]\n${more}`;
    expect(lint({ "vendor/a/b": body("") }, [recording("other", {})])).toEqual([
      "error mapping.no-recording mappings/vendor/a/b.yaml:3",
    ]);
    expect(lint({ "vendor/a/b": body("") }, [recording("r", {})])).toEqual([
      "warning mapping.no-evidence mappings/vendor/a/b.yaml:7",
    ]);
    expect(lint({ "vendor/a/b": body("    quirk: issue 17\n") }, [recording("r", {})])).toEqual([]);
    expect(lint({ "vendor/a/b": body("") }, [recording("r", { "1.3.6.1.4.1.9.2": 1 })])).toEqual(
      [],
    );
  });

  it("compares what comes out with what is expected", () => {
    const { answers } = recording("r", { "1.3.6.1.2.1.1.5.0": "printer-1" });
    const expected = expectationOf(createMappingSet(parseFiles({ "base/printer": base })), answers);
    expect(lint({}, [{ name: "r", answers, expected }])).toEqual([]);
    const [path = ""] = Object.keys(expected.parameters).filter((name) =>
      name.endsWith("SystemName"),
    );
    const other = { ...expected, parameters: { ...expected.parameters, [path]: "printer-2" } };
    expect(lint({}, [{ name: "r", answers, expected: other }])).toEqual([
      "error mapping.behaviour base:0",
    ]);
  });
});
