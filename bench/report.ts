import { arch, cpus, loadavg, platform, release, totalmem } from "node:os";
import type { Bar, Figure, Measured, Row } from "./row.ts";
import { type Summary, isMet, summarize } from "./statistics.ts";

/** One figure over all repetitions. */
export interface Result {
  readonly row: string;
  readonly figure: Figure;
  /** Absent: what it needs is not installed. */
  readonly summary: Summary | undefined;
  readonly values: readonly number[];
}

/** Puts the repetitions of a row together, figure by figure. */
export function resultsOf(row: Row, repetitions: readonly Measured[]): readonly Result[] {
  return row.figures.map((figure) => {
    const values = repetitions.flatMap((measured) => {
      const value = measured[figure.key];
      return value === undefined ? [] : [value];
    });
    const summary = values.length === 0 ? undefined : summarize(values);
    return { row: row.name, figure, summary, values };
  });
}

/** What it was measured on. */
export function machineLine(): string {
  const model = cpus()[0]?.model ?? "unknown processor";
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  const system = `${platform()} ${release()} ${arch()}`;
  const load = loadavg().map((value) => value.toFixed(1));
  return (
    `${cpus().length} × ${model}, ${memoryGb} GB, ${system}, Node ${process.versions.node}; ` +
    `load average at the start ${load.join(" ")}`
  );
}

const head = ["row", "figure", "bar", "median", "min – max", "verdict"];

/** The table people read. */
export function tableOf(results: readonly Result[]): string {
  const lines = [head, ...results.map(cellsOf)];
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** One sentence about what was missed or left out; the verdict of the whole run. */
export function conclusionOf(results: readonly Result[]): string {
  const judged = results.filter(({ figure }) => figure.bar !== undefined);
  const missed = judged.filter((result) => verdictOf(result) === "MISSED");
  const out = judged.filter(({ summary }) => summary === undefined);
  const names = missed.map(({ row, figure }) => `${row} (${figure.what})`).join(", ");
  return [
    `${judged.length - missed.length - out.length} bars met`,
    missed.length === 0 ? "none missed" : `${missed.length} MISSED: ${names}`,
    ...(out.length === 0 ? [] : [`${out.length} not measured`]),
  ].join(", ");
}

/** The run as data. */
export function documentOf(results: readonly Result[], machine: string): unknown {
  return {
    machine,
    results: results.map((result) => ({
      row: result.row,
      figure: result.figure.key,
      what: result.figure.what,
      unit: result.figure.unit,
      bar: result.figure.bar ?? null,
      ...(result.summary ?? { median: null, min: null, max: null }),
      values: result.values,
      verdict: verdictOf(result),
    })),
  };
}

function cellsOf(result: Result): string[] {
  const { row, figure, summary } = result;
  const { bar, digits = 0, unit, what, needs = "" } = figure;
  const number = (value: number): string => `${formatNumber(value, digits)} ${unit}`.trimEnd();
  const barText = bar === undefined ? "" : barOf(bar);
  if (summary === undefined) return [row, what, barText, `needs ${needs}`, "", verdictOf(result)];
  const range = `${formatNumber(summary.min, digits)} – ${formatNumber(summary.max, digits)}`;
  return [row, what, barText, number(summary.median), range, verdictOf(result)];
}

function verdictOf({ figure: { bar }, summary }: Result): string {
  if (summary === undefined) return "not measured";
  if (bar === undefined) return "";
  return isMet(bar, summary) ? "met" : "MISSED";
}

function barOf(bar: Bar): string {
  return "atLeast" in bar ? `≥ ${formatNumber(bar.atLeast)}` : `≤ ${formatNumber(bar.atMost)}`;
}

function formatNumber(value: number, digits?: number): string {
  return value.toLocaleString("en-US", {
    maximumFractionDigits: digits ?? 2,
    minimumFractionDigits: digits ?? 0,
  });
}
