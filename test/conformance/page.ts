import type { JudgedRule, JudgedTable, Verdict } from "./judge.ts";

const words: Readonly<Record<Verdict, string>> = {
  passed: "holds",
  partly: "partly",
  failed: "**fails**",
  notRun: "not run",
  gap: "gap",
  missing: "**test missing**",
};

const preamble = `# Conformance

Generated from the results of the test run by \`npm run conformance\`; the rules are in \`test/conformance/\`. Each row is a rule of
CWMP with the tests that prove it: a test file, and how the titles of the tests, or of the group they stand in, begin. Clauses are
those of TR-069 Amendment 6 unless another document is named; "—" marks a rule of our own.

\`holds\`: all of its tests passed. \`partly\`: they passed, and the row says what is missing. \`gap\`: nothing proves it, and the row
says why. CI runs everything and fails when this page says anything else than the tests.
`;

/** The page, in Markdown before formatting. The same results give the same page. */
export function conformancePage(tables: readonly JudgedTable[]): string {
  return [preamble, summary(tables), ...tables.map(section)].join("\n\n");
}

function summary(tables: readonly JudgedTable[]): string {
  const verdicts = Object.keys(words) as Verdict[];
  const counted = verdicts.filter((verdict) => tables.some((table) => count(table, verdict) > 0));
  const head = ["", ...counted.map((verdict) => words[verdict])];
  const rows = tables.map((table) => [
    table.title,
    ...counted.map((verdict) => String(count(table, verdict))),
  ]);
  return markdownTable(head, rows);
}

function count({ rules }: JudgedTable, verdict: Verdict): number {
  return rules.filter((judged) => judged.verdict === verdict).length;
}

function section({ title, rules }: JudgedTable): string {
  const head = ["Rule", "What holds", "Clause", "Result", "Tests"];
  return `## ${title}\n\n${markdownTable(head, rules.map(row))}`;
}

function row({ rule, verdict }: JudgedRule): readonly string[] {
  const text = [rule.text, rule.gap ?? ""].filter((part) => part !== "").join(". ");
  const tests = rule.proofs.map(
    ({ file, titles }) =>
      `[${file.replace(/^.*\//, "").replace(/\.test\.ts$/, "")}](../${file}): ${titles.map(quoted).join("; ")}`,
  );
  return [rule.name, text, rule.clause, words[verdict], tests.join("<br>")];
}

function quoted(title: string): string {
  return title.trim();
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
