import { type MappingProblem } from "../errors.ts";
import { showPath } from "../format/parse-file.ts";
import type { ResolvedMapping } from "../format/resolve.ts";
import { type Report, checkParameter } from "./check-file.ts";
import { checkPages } from "./check-pages.ts";

/**
 * Errors that only show once inheritance is applied: parameters of row sets whose table another file names, row sets
 * nobody gives rows, references to parameters and pages that do not exist.
 */
export function checkResolved(resolved: ResolvedMapping): readonly MappingProblem[] {
  const { own, tables } = resolved;
  const problems: MappingProblem[] = [];
  const report: Report = (path, code, message, remedy) => {
    problems.push({
      severity: "error",
      code,
      file: own.path,
      line: own.lineOf(path),
      path: showPath(path),
      message,
      remedy,
    });
  };
  for (const [name, table] of Object.entries(own.file.tables ?? {})) {
    const path = ["tables", name];
    const known = tables.find((candidate) => candidate.name === name);
    if (known === undefined) {
      // Fragments may add to row sets that the files extending them bring along.
      if (own.name.startsWith("vendor/"))
        report(path, "mapping.rows", "nobody says what its rows are", "give table and rows");
      continue;
    }
    if (table.table === undefined)
      for (const [short, entry] of Object.entries(table.parameters ?? {}))
        checkParameter(known.table + short, entry, [...path, "parameters", short], report);
    for (const short of known.rows.entry.requires ?? [])
      if (!known.parameters.has(short))
        report(
          [...path, "rows", "requires"],
          "mapping.rows",
          `it has no ${short}`,
          "correct the name",
        );
  }
  checkReferences(resolved, report);
  return [...problems, ...checkPages(resolved)];
}

/** `value: Name` inside rows must name a parameter of the same row set. */
function checkReferences({ own, tables, parameters }: ResolvedMapping, report: Report): void {
  for (const table of tables)
    for (const [short, { file, entry, path }] of table.parameters) {
      if (file !== own) continue;
      for (const { value } of entry.from) {
        if (value === undefined) continue;
        const isKnown = value.includes(".") ? parameters.has(value) : table.parameters.has(value);
        if (!isKnown)
          report(
            [...path, "from"],
            "mapping.unknown-path",
            `${short} refers to ${value}, which the row set does not have`,
            "use the short name of a parameter of the same row set",
          );
      }
    }
}
