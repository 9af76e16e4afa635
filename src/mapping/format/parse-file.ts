import type { z } from "zod";
import type { MappingProblem } from "../errors.ts";
import { type MappingFile, mappingFileSchema } from "../schema.ts";
import { type KeyPath, parseYaml } from "./yaml-document.ts";

/** A mapping file as text, before anything is known of it. */
export interface MappingText {
  /** Path below the mappings folder without `.yaml`: `vendor/acme/laser-500`. */
  readonly name: string;
  /** As shown in messages. */
  readonly path: string;
  readonly text: string;
}

/** A file that has the right shape. */
export interface ParsedFile extends MappingText {
  readonly file: MappingFile;
  readonly lineOf: (path: KeyPath) => number;
  readonly keysAt: (path: KeyPath) => readonly string[];
}

/** Either the file or everything that is wrong with its shape. */
export type ParseResult =
  | { readonly ok: true; readonly parsed: ParsedFile }
  | { readonly ok: false; readonly problems: readonly MappingProblem[] };

/** Parses YAML and checks the shape against the schema; meaning is checked elsewhere. */
export function parseMappingFile(source: MappingText): ParseResult {
  const document = parseYaml(source.text);
  if (document.problems.length > 0) {
    const problems = document.problems.map(({ line, message }) =>
      problem(source, line, [], "mapping.yaml", message, "correct the YAML"),
    );
    return { ok: false, problems };
  }
  const result = mappingFileSchema.safeParse(document.value);
  if (result.success) {
    const { lineOf, keysAt } = document;
    return { ok: true, parsed: { ...source, file: result.data, lineOf, keysAt } };
  }
  const problems = result.error.issues
    .flatMap((issue) => flattenIssue(issue))
    .map(({ path, code, message, remedy }) =>
      problem(source, document.lineOf(path), path, code, message, remedy),
    );
  return { ok: false, problems };
}

function problem(
  source: MappingText,
  line: number,
  path: KeyPath,
  code: string,
  message: string,
  remedy: string,
): MappingProblem {
  return {
    severity: "error",
    code,
    file: source.path,
    line,
    path: showPath(path),
    message,
    remedy,
  };
}

/** Keys from the top as shown in messages. */
export function showPath(path: KeyPath): string {
  return path.join(" › ");
}

type Issue = z.core.$ZodIssue;

interface FlatIssue {
  readonly path: KeyPath;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** Unions report every branch; the branch that got furthest is the one that was meant. */
function flattenIssue(issue: Issue, parent: KeyPath = []): FlatIssue[] {
  const path = [...parent, ...issue.path.map((key) => (typeof key === "symbol" ? "" : key))];
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const meant = [...issue.errors].sort((a, b) => deepest(b) - deepest(a))[0] ?? [];
    return meant.flatMap((inner) => flattenIssue(inner, path));
  }
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      path: [...path, key],
      code: "mapping.unknown-key",
      message: "this key is not part of the format",
      remedy: "remove it or correct its spelling (docs/mapping-files.md)",
    }));
  return [{ path, code: "mapping.schema", ...explain(issue) }];
}

/** How deep into the value a branch's first complaint lies; a branch of the wrong kind complains at its root. */
function deepest(issues: readonly Issue[]): number {
  const [first] = issues;
  if (first === undefined) return 0;
  if (first.code === "invalid_type" && first.path.length === 0) return -1;
  return Math.max(...issues.map((issue) => issue.path.length));
}

function explain(issue: Issue): { message: string; remedy: string } {
  const message = issue.message.replace(/^Invalid input: /, "");
  if (issue.code === "invalid_type" && issue.expected === "string")
    return { message, remedy: "write a text; numbers, OIDs and versions go in quotes" };
  if (issue.code === "invalid_value") {
    const values = issue.values.map(String);
    return { message: "not one of the known words", remedy: `use one of ${values.join(", ")}` };
  }
  return { message, remedy: "see docs/mapping-files.md" };
}
