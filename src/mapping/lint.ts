import { isDeepStrictEqual } from "node:util";
import type { RawAnswers } from "../southbound/driver.ts";
import { checkResolved } from "./check/check-resolved.ts";
import { lintEvidence } from "./check/lint-evidence.ts";
import { lintFile } from "./check/lint-file.ts";
import { lintMatches } from "./check/lint-matches.ts";
import { type CaptureEvaluation, evaluateAnswers } from "./capture-evaluation.ts";
import { MappingError, type MappingProblem, formatProblem } from "./errors.ts";
import type { MappingSet } from "./evaluation.ts";
import type { MappingText, ParsedFile } from "./format/parse-file.ts";
import { resolveMapping } from "./format/resolve.ts";
import { parseAll } from "./load.ts";
import { baseMapping, createMappingSet } from "./mapping-set.ts";

/** A recording as evidence; whoever calls has read and parsed it. */
export interface LintRecording {
  /** File name without `.snmprec`. */
  readonly name: string;
  /** All of the recording, at a fixed time, so that every run gives the same. */
  readonly answers: RawAnswers;
  /** Content of `<name>.expected.json` beside it, when there is one. */
  readonly expected?: ExpectedEvaluation;
}

/** What a recording is expected to come out as: an evaluation without types and sources. */
export interface ExpectedEvaluation {
  readonly mapping: string;
  readonly identity: CaptureEvaluation["identity"];
  readonly parameters: Readonly<Record<string, unknown>>;
}

/**
 * All four levels of checks (STYLE §7) over all files at once: shape, meaning, evidence, behaviour. Evidence and
 * behaviour only for the recordings given.
 */
export function lintMappings(
  texts: readonly MappingText[],
  recordings: readonly LintRecording[] = [],
): readonly MappingProblem[] {
  const { files, problems } = parseAll(texts);
  const found = [
    ...problems,
    ...[...files.values()].flatMap(lintFile),
    ...lintMatches(files, recordings),
    ...lintEvidence(files, recordings),
  ];
  if (found.some(({ severity }) => severity === "error")) return sorted(found);
  return sorted([...found, ...lintTogether(files, recordings)]);
}

/** What can only be checked when every file by itself is in order. */
function lintTogether(
  files: ReadonlyMap<string, ParsedFile>,
  recordings: readonly LintRecording[],
): readonly MappingProblem[] {
  try {
    const resolved = [...files.values()].map((file) => resolveMapping(file, files));
    const problems = unrepeated(resolved.flatMap(checkResolved));
    if (problems.length > 0 || !files.has(baseMapping)) return problems;
    const mappings = createMappingSet(files);
    return recordings.flatMap((recording) => lintBehaviour(recording, mappings, files));
  } catch (error) {
    if (!(error instanceof MappingError)) throw error;
    return error.problems;
  }
}

/** What is wrong in a file shows in all that extend it. */
function unrepeated(problems: readonly MappingProblem[]): readonly MappingProblem[] {
  return [...new Map(problems.map((problem) => [formatProblem(problem), problem])).values()];
}

/** What the mappings make of a recording, in the form it is kept as expectation. */
export function expectationOf(mappings: MappingSet, answers: RawAnswers): ExpectedEvaluation {
  const { mapping, identity, parameters } = evaluateAnswers(mappings, answers);
  const values = Object.entries(parameters).map(([path, { value }]) => [path, value] as const);
  return { mapping, identity, parameters: Object.fromEntries(values) };
}

/** Differences listed one by one; more of them are counted. */
const mostDifferences = 5;

function lintBehaviour(
  recording: LintRecording,
  mappings: MappingSet,
  files: ReadonlyMap<string, ParsedFile>,
): readonly MappingProblem[] {
  const { expected, name, answers } = recording;
  if (expected === undefined) return [];
  const actual = expectationOf(mappings, answers);
  const differences = differencesOf(expected, actual);
  const file = files.get(actual.mapping)?.path ?? actual.mapping;
  const listed = differences.slice(0, mostDifferences);
  const rest = differences.length - listed.length;
  return listed.map((difference, n) => ({
    severity: "error",
    code: "mapping.behaviour",
    file,
    line: 0,
    path: "",
    message: `recording ${name}: ${difference}${n === listed.length - 1 && rest > 0 ? ` (and ${rest} more)` : ""}`,
    remedy:
      "correct the mapping, or renew the expectation with mapping test --update after a look at the difference",
  }));
}

function differencesOf(expected: ExpectedEvaluation, actual: ExpectedEvaluation): string[] {
  const differences: string[] = [];
  const compare = (what: string, wanted: unknown, found: unknown): void => {
    if (!isDeepStrictEqual(wanted, found))
      differences.push(`${what} is ${show(found)} instead of ${show(wanted)}`);
  };
  compare("mapping", expected.mapping, actual.mapping);
  compare("identity", expected.identity, actual.identity);
  const paths = new Set([...Object.keys(expected.parameters), ...Object.keys(actual.parameters)]);
  for (const path of paths) compare(path, expected.parameters[path], actual.parameters[path]);
  return differences;
}

function show(value: unknown): string {
  return value === undefined ? "absent" : JSON.stringify(value);
}

function sorted(problems: readonly MappingProblem[]): readonly MappingProblem[] {
  return [...problems].sort((a, b) =>
    a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1,
  );
}
