import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyOid, anyValue } from "../../../test/snmp/arbitraries.ts";
import { snmpSyntax } from "../driver.ts";
import { RecordedAnswers } from "./recorded-answers.ts";
import { SnmprecError, formatSnmprec, parseSnmprec } from "./snmprec.ts";

const text = [
  "# supplies",
  "1.3.6.1.2.1.43.11.1.1.6.1.10|4|Waste box",
  ".1.3.6.1.2.1.43.11.1.1.6.1.2|4x|c3a900",
  "1.3.6.1.2.1.43.11.1.1.6.1.1|4|Black | toner",
  "1.3.6.1.2.1.43.11.1.1.9.1.1|2|-3",
  "",
  "1.3.6.1.2.1.1.2.0|6|.1.3.6.1.4.1.99999.1\r",
  "1.3.6.1.2.1.4.20.1.1.192.0.2.9|64|192.0.2.9",
  "1.3.6.1.2.1.31.1.1.1.6.1|70|18446744073709551615",
].join("\n");

describe("snmprec", () => {
  it("is read into tree order with exact octets", () => {
    const { varbinds } = parseSnmprec(text);
    expect(varbinds.map(({ oid, value }) => [oid, value.value])).toEqual([
      ["1.3.6.1.2.1.1.2.0", "1.3.6.1.4.1.99999.1"],
      ["1.3.6.1.2.1.4.20.1.1.192.0.2.9", "192.0.2.9"],
      ["1.3.6.1.2.1.43.11.1.1.6.1.1", Uint8Array.from(Buffer.from("Black | toner"))],
      ["1.3.6.1.2.1.43.11.1.1.6.1.2", Uint8Array.of(0xc3, 0xa9, 0)],
      ["1.3.6.1.2.1.43.11.1.1.6.1.10", Uint8Array.from(Buffer.from("Waste box"))],
      ["1.3.6.1.2.1.43.11.1.1.9.1.1", -3],
    ]);
  });

  it("leaves out values beyond what can be held exactly, and says so", () => {
    expect(parseSnmprec(text).skipped).toEqual([
      { line: 9, reason: "18446744073709551615 is out of range for tag 70" },
    ]);
  });

  it.each([
    ["no separators", "1.3.6.1"],
    ["an unknown tag", "1.3.6.1|99|x"],
    ["a word for a number", "1.3.6.1|2|many"],
    ["broken hexadecimal", "1.3.6.1|4x|abc"],
    ["a broken address", "1.3.6.1|64|1.2.3"],
    ["a broken OID", "1.3..6|2|1"],
  ])("names the line of %s", (_, line) => {
    expect(() => parseSnmprec(`1.3.6.2|2|1\n${line}\n`)).toThrow(SnmprecError);
    expect(() => parseSnmprec(`1.3.6.2|2|1\n${line}\n`)).toThrow(/^line 2: /);
  });

  it("survives formatting and parsing", () => {
    fc.assert(
      fc.property(fc.dictionary(anyOid, anyValue), (values) => {
        const varbinds = Object.entries(values).map(([oid, value]) => ({ oid, value }));
        const formatted = formatSnmprec(varbinds);
        const parsed = parseSnmprec(formatted);
        expect(parsed.skipped).toEqual([]);
        expect(new Map(parsed.varbinds.map(({ oid, value }) => [oid, value]))).toEqual(
          new Map(Object.entries(values)),
        );
        expect(formatSnmprec(parsed.varbinds)).toBe(formatted);
      }),
    );
  });
});

describe("answers from a recording", () => {
  const recording = parseSnmprec(text);

  it("give scalars and columns by index, in agent order", () => {
    const answers = new RecordedAnswers(recording, 5);
    expect(answers.snmp("1.3.6.1.2.1.1.2.0")).toMatchObject({ value: "1.3.6.1.4.1.99999.1" });
    const rows = answers.snmpColumn("1.3.6.1.2.1.43.11.1.1.6");
    expect([...(rows as ReadonlyMap<string, unknown>).keys()]).toEqual(["1.1", "1.2", "1.10"]);
  });

  it("tell absent objects and empty columns", () => {
    const answers = new RecordedAnswers(recording, 5);
    expect(answers.snmp("1.3.6.1.2.1.1.1.0")).toBe("noSuchObject");
    expect(answers.snmpColumn("1.3.6.1.2.1.43.11.1.1.7")).toEqual(new Map());
  });

  it("say notRead for what the plan does not name", () => {
    const plan = { scalars: ["1.3.6.1.2.1.1.1.0"], columns: ["1.3.6.1.2.1.43.11.1.1.9"] };
    const answers = new RecordedAnswers(recording, 5, plan);
    expect(answers.snmp("1.3.6.1.2.1.1.2.0")).toBe("notRead");
    expect(answers.snmpColumn("1.3.6.1.2.1.43.11.1.1.6")).toBe("notRead");
    expect(answers.snmp("1.3.6.1.2.1.1.1.0")).toBe("noSuchObject");
    expect(answers.snmpColumn("1.3.6.1.2.1.43.11.1.1.9")).toEqual(
      new Map([["1.1", { syntax: snmpSyntax.integer, value: -3 }]]),
    );
  });
});

const shared = join(import.meta.dirname, "../../../../shared/recordings");

describe.skipIf(!existsSync(shared))("shared recordings (skipped without ../shared)", () => {
  it("are all read without loss and written back as they were", () => {
    const files = readdirSync(shared).filter((name) => name.endsWith(".snmprec"));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const recorded = readFileSync(join(shared, file), "utf8");
      const { varbinds, skipped } = parseSnmprec(recorded);
      expect([file, skipped]).toEqual([file, []]);
      expect(
        formatSnmprec(varbinds) === recorded
          ? "same"
          : firstDifference(recorded, formatSnmprec(varbinds)),
      ).toBe("same");
    }
  });
});

function firstDifference(a: string, b: string): string {
  const other = b.split("\n");
  const n = a.split("\n").findIndex((line, at) => line !== other[at]);
  return `${String(a.split("\n")[n])} became ${String(other[n])}`;
}
