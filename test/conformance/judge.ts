import type { Proof, Rule, RuleTable } from "./rule.ts";

/** One test in the JSON report of vitest. */
interface ReportedTest {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly status: string;
}

/** What is read of the JSON report of vitest. */
export interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly ReportedTest[];
  }[];
}

/** `notRun`: some of its tests were left out on this machine. `missing`: it names tests that were not there. */
export type Verdict = "passed" | "partly" | "failed" | "notRun" | "gap" | "missing";

/** A rule and what the tests said. */
export interface JudgedRule {
  readonly rule: Rule;
  readonly verdict: Verdict;
}

/** A table of rules, judged. */
export interface JudgedTable {
  readonly title: string;
  readonly rules: readonly JudgedRule[];
}

/** Judges every rule by the results of test runs. */
export function judge(
  tables: readonly RuleTable[],
  reports: readonly TestReport[],
): readonly JudgedTable[] {
  const results = new Map(
    reports.flatMap(({ testResults }) =>
      testResults.map(({ name, assertionResults }) => [name, assertionResults] as const),
    ),
  );
  const testsOf = (file: string): readonly ReportedTest[] =>
    [...results].find(([name]) => name.endsWith(`/${file}`))?.[1] ?? [];
  return tables.map(({ title, rules }) => ({
    title,
    rules: rules.map((rule) => ({ rule, verdict: verdictOn(rule, testsOf) })),
  }));
}

function verdictOn(rule: Rule, testsOf: (file: string) => readonly ReportedTest[]): Verdict {
  if (rule.proofs.length === 0) return "gap";
  const verdicts = rule.proofs.flatMap((proof) => statusesOf(proof, testsOf(proof.file)));
  if (verdicts.includes("missing")) return "missing";
  if (verdicts.includes("failed")) return "failed";
  if (verdicts.some((status) => status !== "passed")) return "notRun";
  return rule.gap === undefined ? "passed" : "partly";
}

/** The statuses of all tests a proof names; `missing` for a title that names none. */
function statusesOf({ titles }: Proof, tests: readonly ReportedTest[]): readonly string[] {
  return titles.flatMap((title) => {
    const named = tests.filter((test) =>
      [test.title, ...test.ancestorTitles].some((text) => text.startsWith(title)),
    );
    return named.length === 0 ? ["missing"] : named.map(({ status }) => status);
  });
}
