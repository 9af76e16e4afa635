/**
 * `npm run conformance`: runs the tests that prove rules of CWMP and writes docs/conformance.md from their results.
 * With JSON reports of vitest as arguments it takes those instead of running tests. With `--check` it writes nothing
 * and exits 1 when the page would say something else, a rule fails, or a rule names a test that is not there.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { format, resolveConfig } from "prettier";
import { type JudgedTable, type TestReport, judge } from "../test/conformance/judge.ts";
import { conformancePage } from "../test/conformance/page.ts";
import { ruleTables } from "../test/conformance/rules.ts";

const root = resolve(import.meta.dirname, "..");
const page = join(root, "docs/conformance.md");

function proofFiles(): readonly string[] {
  const rules = ruleTables.flatMap((table) => table.rules);
  return [...new Set(rules.flatMap(({ proofs }) => proofs.map(({ file }) => file)))].sort();
}

/** Runs the tests named, unit and end to end, and gives their reports. */
function runTests(): readonly TestReport[] {
  const folder = mkdtempSync(join(tmpdir(), "mfpgate-conformance-"));
  try {
    const files = proofFiles();
    const isEndToEnd = (file: string): boolean => file.startsWith("test/e2e/");
    const unit = files.filter((file) => !isEndToEnd(file));
    const runs = [
      ["unit.json", ["--config", "vitest.config.ts", ...unit]],
      ["e2e.json", ["--config", "vitest.e2e.config.ts", ...files.filter(isEndToEnd)]],
    ] as const;
    return runs.map(([name, args]) => {
      const report = join(folder, name);
      const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
      spawnSync("npx", ["vitest", "run", ...args, ...reporters], { cwd: root, stdio: "inherit" });
      return readReport(report);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(file: string): TestReport {
  return JSON.parse(readFileSync(file, "utf8")) as TestReport;
}

/** What is wrong with the results themselves. Tests left out here are judged where all run, which is CI. */
function problemsOf(tables: readonly JudgedTable[]): readonly string[] {
  const judged = tables.flatMap(({ rules }) => rules);
  return judged
    .filter(({ verdict }) => verdict === "failed" || verdict === "missing")
    .map(
      ({ rule, verdict }) =>
        `${rule.name}: ${verdict === "failed" ? "fails" : "names a test that is not there"}`,
    );
}

function leftOut(tables: readonly JudgedTable[]): readonly string[] {
  const judged = tables.flatMap(({ rules }) => rules);
  return judged.filter(({ verdict }) => verdict === "notRun").map(({ rule }) => rule.name);
}

async function formatted(text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(page)), filepath: page });
}

async function run(args: readonly string[]): Promise<number> {
  const isCheck = args.includes("--check");
  const files = args.filter((arg) => !arg.startsWith("--"));
  const reports = files.length > 0 ? files.map(readReport) : runTests();
  const tables = judge(ruleTables, reports);
  const problems = [...problemsOf(tables)];
  const notRun = leftOut(tables);
  const text = await formatted(conformancePage(tables));
  if (!isCheck) {
    writeFileSync(page, text);
    process.stdout.write(`docs/conformance.md: written\n`);
  } else if (notRun.length > 0) {
    process.stdout.write(`conformance: left out here: ${notRun.join(", ")}\n`);
  } else if (!existsSync(page) || readFileSync(page, "utf8") !== text) {
    problems.push('docs/conformance.md is stale; run "npm run conformance"');
  }
  process.stdout.write(problems.map((problem) => `conformance: ${problem}\n`).join(""));
  return problems.length === 0 ? 0 : 1;
}

process.exitCode = await run(process.argv.slice(2));
