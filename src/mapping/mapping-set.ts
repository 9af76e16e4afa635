import { createHash } from "node:crypto";
import type { DocumentRead } from "../southbound/documents.ts";
import type { RawAnswers, ReadPlan } from "../southbound/driver.ts";
import { RunnableMapping } from "./compile/compiled-mapping.ts";
import { compileIdentity } from "./compile/identity.ts";
import { noNeeds } from "./compile/context.ts";
import { type CompileOptions, compileProgram } from "./compile/program.ts";
import { MappingError, problemsError } from "./errors.ts";
import { checkResolved } from "./check/check-resolved.ts";
import { Missing } from "./evaluate/datum.ts";
import { Run, charsetColumns } from "./evaluate/run.ts";
import type { CompiledMapping, MappingSet } from "./evaluation.ts";
import type { ParsedFile } from "./format/parse-file.ts";
import { type ResolvedMapping, resolveMapping } from "./format/resolve.ts";
import type { DocumentNeed } from "./compile/documents.ts";
import { documentPlan } from "./compile/page-plan.ts";
import {
  type Matcher,
  appearanceOf,
  compileMatch,
  matchProbe,
  needMatchDocuments,
} from "./match.ts";
import type { MatchEntry } from "./schema.ts";
import type { PageEntry } from "./schema-documents.ts";

/** The file that serves printers no other file matches. */
export const baseMapping = "base/printer";
/** What it is called outside this room. */
const baseName = "base";

/** A vendor file with its compiled match. */
interface Candidate {
  readonly file: ParsedFile;
  readonly matchers: readonly Matcher[];
}

/**
 * Builds the set from files that passed their checks.
 *
 * @param files by name (`vendor/acme/laser-500`, `base/printer-mib`, `fragments/acme-counters`)
 * @throws {MappingError} `mapping.no-base` without `base/printer`, `mapping.extends` for a broken extends
 */
export function createMappingSet(
  files: ReadonlyMap<string, ParsedFile>,
  options: CompileOptions = {},
): MappingSet {
  const base = files.get(baseMapping);
  if (base === undefined)
    throw new MappingError(
      `there is no ${baseMapping}.yaml in the mapping folders; add mfpgate's own mappings folder`,
      "mapping.no-base",
    );
  const vendors = [...files.values()].filter(({ name }) => name.startsWith("vendor/"));
  // Broken inheritance is an error of the whole set, found now and not when the printer turns up.
  const problems = vendors.flatMap((file) => checkResolved(resolveMapping(file, files)));
  if (problems.length > 0) throw problemsError(problems);
  const candidates = vendors.map(toCandidate);
  const compiled = new Map<string, CompiledMapping>();
  const compile = (file: ParsedFile): CompiledMapping => {
    const name = nameOf(file);
    let mapping = compiled.get(name);
    if (mapping === undefined)
      compiled.set(name, (mapping = compileResolved(resolveMapping(file, files), options)));
    return mapping;
  };
  const probe = new IdentityProbe(resolveMapping(base, files), vendors);
  const platforms = platformPagesByMaker(vendors);
  return {
    identityProbe: probe.plan,
    platformPages: ({ selected }) => platforms.get(makerOf(selected.name)) ?? [],
    names: [baseName, ...vendors.map(nameOf)].sort(),
    select: (answers) => compile(bestOf(candidates, answers, probe) ?? base),
    byName: (name) => {
      if (name === baseName || name === baseMapping) return compile(base);
      const file = files.get(name) ?? files.get(`vendor/${name}`);
      return file === undefined ? undefined : compile(file);
    },
  };
}

function nameOf(file: ParsedFile): string {
  return file.name === baseMapping ? baseName : file.name;
}

function toCandidate(file: ParsedFile): Candidate {
  return { file, matchers: matchesIn(file).map(compileMatch) };
}

function matchesIn({ file: { match } }: ParsedFile): readonly MatchEntry[] {
  return match === undefined ? [] : Array.isArray(match) ? match : [match];
}

/** `vendor/acme/laser-500` → `acme`. */
function makerOf(name: string): string {
  return name.split("/")[1] ?? "";
}

/** What the matches of each maker with several files look at; a maker with one file has nothing to choose. */
function platformPagesByMaker(
  vendors: readonly ParsedFile[],
): ReadonlyMap<string, readonly DocumentRead[]> {
  const makers = new Map<string, ParsedFile[]>();
  for (const file of vendors) {
    const maker = makerOf(file.name);
    makers.set(maker, [...(makers.get(maker) ?? []), file]);
  }
  return new Map(
    [...makers]
      .filter(([, files]) => files.length > 1)
      .map(([maker, files]) => [maker, pagesInMatches(files)]),
  );
}

function pagesInMatches(files: readonly ParsedFile[]): readonly DocumentRead[] {
  const documents = new Map<string, DocumentNeed>();
  for (const entry of files.flatMap(matchesIn)) needMatchDocuments(documents, entry);
  return documentPlan(documents, pagesOf(files)).filter(({ channel }) => channel === "ews");
}

/** How pages a match looks at are asked for: as the first file that says it. */
function pagesOf(files: readonly ParsedFile[]): ReadonlyMap<string, PageEntry> {
  return new Map(files.toReversed().flatMap(({ file }) => Object.entries(file.pages ?? {})));
}

function compileResolved(resolved: ResolvedMapping, options: CompileOptions): CompiledMapping {
  const hash = createHash("sha256");
  for (const { name, text } of resolved.files) hash.update(`${name}\n${text}\n`);
  const selected = {
    name: nameOf(resolved.own),
    version: hash.digest("hex").slice(0, 16),
    title: resolved.own.file.title,
  };
  return new RunnableMapping(selected, compileProgram(resolved, options));
}

/** One file and how well it matches; `score` counts the characters of its patterns that are not wild. */
export interface MatchResult {
  readonly name: string;
  readonly score: number;
}

/** All files that match, best first; equal scores are ordered by name so that the choice is the same everywhere. */
export function matchesOf(
  files: ReadonlyMap<string, ParsedFile>,
  answers: RawAnswers,
): readonly MatchResult[] {
  const base = files.get(baseMapping);
  if (base === undefined) return [];
  const vendors = [...files.values()].filter(({ name }) => name.startsWith("vendor/"));
  const probe = new IdentityProbe(resolveMapping(base, files), vendors);
  return rank(vendors.map(toCandidate), answers, probe).map(({ file, score }) => ({
    name: file.name,
    score,
  }));
}

function bestOf(
  candidates: readonly Candidate[],
  answers: RawAnswers,
  probe: IdentityProbe,
): ParsedFile | undefined {
  return rank(candidates, answers, probe)[0]?.file;
}

function rank(
  candidates: readonly Candidate[],
  answers: RawAnswers,
  probe: IdentityProbe,
): readonly { file: ParsedFile; score: number }[] {
  const appearance = probe.appearanceOf(answers);
  return candidates
    .flatMap(({ file, matchers }) => {
      const scores = matchers.filter((m) => m.test(appearance)).map(({ score }) => score);
      return scores.length === 0 ? [] : [{ file, score: Math.max(...scores) }];
    })
    .sort((a, b) => b.score - a.score || (a.file.name < b.file.name ? -1 : 1));
}

/** What is read before a mapping is chosen, and how the IEEE 1284 id is found in it (the base's `identity.deviceId`). */
class IdentityProbe {
  readonly plan: ReadPlan;
  readonly #deviceId: (run: Run) => string;

  constructor(base: ResolvedMapping, vendors: readonly ParsedFile[]) {
    const needs = noNeeds();
    const columnIds = new Map<string, number>();
    const readers = compileIdentity(
      { deviceId: base.identity.deviceId },
      {
        needs,
        isRow: false,
        rowNames: [],
        cell: () => undefined,
        columnId: (oid) => columnIds.get(oid) ?? columnIds.set(oid, columnIds.size).size - 1,
        parameter: () => () => new Missing("not known before a mapping is chosen"),
        identity: () => () => new Missing("not known before a mapping is chosen"),
      },
    );
    for (const vendor of vendors)
      for (const entry of matchesIn(vendor)) needMatchDocuments(needs.documents, entry);
    this.#deviceId = (run) => {
      const value = readers.get("deviceId")?.(run, undefined);
      return typeof value === "string" ? value : "";
    };
    this.plan = {
      scalars: [
        ...new Set([...matchProbe.scalars, ...needs.scalars, ...vendors.flatMap(probedOids)]),
      ],
      columns: [...new Set([...matchProbe.columns, ...needs.columns, ...charsetColumns])],
      documents: documentPlan(needs.documents, pagesOf(vendors)),
    };
  }

  appearanceOf(answers: RawAnswers): ReturnType<typeof appearanceOf> {
    const run = new Run(answers);
    return appearanceOf(run, this.#deviceId(run));
  }
}

function probedOids(file: ParsedFile): readonly string[] {
  return matchesIn(file).flatMap(({ snmp }) => (snmp ?? []).map(({ oid }) => oid));
}
