import type { MappingProblem } from "../errors.ts";
import { type ParsedFile, showPath } from "../format/parse-file.ts";
import type { KeyPath } from "../format/yaml-document.ts";
import type { LintRecording } from "../lint.ts";
import { matchesOf } from "../mapping-set.ts";

/** Files that match alike, and fragments nobody extends. */
export function lintMatches(
  files: ReadonlyMap<string, ParsedFile>,
  recordings: readonly LintRecording[],
): readonly MappingProblem[] {
  return [...lintTwins(files), ...lintTies(files, recordings), ...lintUnused(files)];
}

/** Two alternatives of different files with the same patterns. */
function lintTwins(files: ReadonlyMap<string, ParsedFile>): readonly MappingProblem[] {
  const seen = new Map<string, ParsedFile>();
  const problems: MappingProblem[] = [];
  for (const file of files.values())
    for (const [n, entry] of alternativesOf(file).entries()) {
      const key = JSON.stringify(Object.entries(entry).sort()).toLowerCase();
      const other = seen.get(key);
      const path = Array.isArray(file.file.match) ? ["match", n] : ["match"];
      if (other !== undefined && other !== file)
        problems.push(tie(file, path, `matches exactly what ${other.name} matches`));
      seen.set(key, file);
    }
  return problems;
}

function alternativesOf({ file: { match } }: ParsedFile): readonly object[] {
  return match === undefined ? [] : Array.isArray(match) ? match : [match];
}

/** Two files that fit a recording equally well. */
function lintTies(
  files: ReadonlyMap<string, ParsedFile>,
  recordings: readonly LintRecording[],
): readonly MappingProblem[] {
  return recordings.flatMap(({ name, answers }) => {
    const [best, second] = matchesOf(files, answers);
    const file = second === undefined ? undefined : files.get(second.name);
    if (best === undefined || file === undefined || second?.score !== best.score) return [];
    return [tie(file, ["match"], `fits recording ${name} exactly as well as ${best.name}`)];
  });
}

function tie(file: ParsedFile, path: KeyPath, message: string): MappingProblem {
  return {
    severity: "error",
    code: "mapping.tie",
    file: file.path,
    line: file.lineOf(path),
    path: showPath(path),
    message,
    remedy: "make one of the two more specific",
  };
}

function lintUnused(files: ReadonlyMap<string, ParsedFile>): readonly MappingProblem[] {
  const used = new Set([...files.values()].flatMap(({ file }) => file.extends ?? []));
  return [...files.values()]
    .filter(({ name }) => name.startsWith("fragments/") && !used.has(name))
    .map(({ path }) => ({
      severity: "warning",
      code: "mapping.unused-fragment",
      file: path,
      line: 1,
      path: "",
      message: "no file extends this fragment",
      remedy: "remove it, or extend it where it belongs",
    }));
}
