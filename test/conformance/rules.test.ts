import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { judge } from "./judge.ts";
import { conformancePage } from "./page.ts";
import { by, gap, rule } from "./rule.ts";
import { ruleTables } from "./rules.ts";

const root = resolve(import.meta.dirname, "../..");
const rules = ruleTables.flatMap((table) => table.rules);

describe("the rules of docs/conformance.md", () => {
  it("name tests that exist", () => {
    const missing = rules.flatMap(({ name, proofs }) =>
      proofs.flatMap(({ file, titles }) => {
        const path = join(root, file);
        if (!existsSync(path)) return [`${name}: no file ${file}`];
        const source = readFileSync(path, "utf8");
        const absent = titles.filter((title) => !source.includes(title));
        return absent.map((title) => `${name}: no test "${title}" in ${file}`);
      }),
    );
    expect(missing).toEqual([]);
  });

  it("have a name each, and say why where nothing proves them", () => {
    for (const table of ruleTables) {
      const names = table.rules.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
    }
    const silent = rules.filter(({ proofs, gap: why }) => proofs.length === 0 && why === undefined);
    expect(silent).toEqual([]);
    expect(rules.filter(({ proofs }) => proofs.some(({ titles }) => titles.length === 0))).toEqual(
      [],
    );
  });

  it("stand on the page, all of them", () => {
    const page = readFileSync(join(root, "docs/conformance.md"), "utf8");
    const absent = rules.filter(
      ({ name, clause }) => !page.includes(name) || !page.includes(clause),
    );
    expect(absent.map(({ name }) => name)).toEqual([]);
  });
});

describe("the judgement on rules", () => {
  const test = (title: string, status: string, ...ancestorTitles: readonly string[]) => ({
    title,
    status,
    ancestorTitles,
  });
  const report = {
    testResults: [
      {
        name: "/somewhere/a.test.ts",
        assertionResults: [
          test("does one thing", "passed", "group"),
          test("does another", "failed", "group"),
          test("needs root", "skipped", "other group"),
        ],
      },
    ],
  };
  const verdictOn = (one: ReturnType<typeof rule>): string | undefined =>
    judge([{ title: "t", rules: [one] }], [report])[0]?.rules[0]?.verdict;

  it("is no better than the worst of its tests", () => {
    expect(verdictOn(rule("r", "", "", by("a.test.ts", "does one")))).toBe("passed");
    expect(verdictOn(rule("r", "", "", by("a.test.ts", "group")))).toBe("failed");
    expect(verdictOn(rule("r", "", "", by("a.test.ts", "does one", "needs root")))).toBe("notRun");
    expect(verdictOn(rule("r", "", "", by("a.test.ts", "does a third")))).toBe("missing");
    expect(verdictOn(rule("r", "", "", by("b.test.ts", "does one")))).toBe("missing");
  });

  it("names gaps, also those that are half proven", () => {
    expect(verdictOn(gap("r", "", "", "why"))).toBe("gap");
    expect(verdictOn(gap("r", "", "", "why", by("a.test.ts", "does one")))).toBe("partly");
  });

  it("makes a page that tells failures", () => {
    const one = rule("a rule", "holds | well", "A.1", by("x/a.test.ts", "group"));
    const page = conformancePage(judge([{ title: "t", rules: [one] }], [report]));
    expect(page).toContain("| a rule | holds \\| well | A.1 | **test missing** |");
  });
});
