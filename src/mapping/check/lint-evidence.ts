import type { RawAnswers } from "../../southbound/driver.ts";
import type { MappingProblem } from "../errors.ts";
import { type ParsedFile, showPath } from "../format/parse-file.ts";
import type { KeyPath } from "../format/yaml-document.ts";
import type { LintRecording } from "../lint.ts";
import type { Condition, Source } from "../schema.ts";
import { walkFile } from "./walk.ts";

/**
 * Evidence: every recording a file names exists, and everything a maker's file reads is answered by at least one of
 * the recordings it is verified by (a fragment: by those of the files that extend it).
 */
export function lintEvidence(
  files: ReadonlyMap<string, ParsedFile>,
  recordings: readonly LintRecording[],
): readonly MappingProblem[] {
  if (recordings.length === 0) return [];
  const byName = new Map(recordings.map(({ name, answers }) => [name, answers]));
  return [...files.values()].flatMap((file) => [
    ...missingRecordings(file, byName),
    ...deadSources(file, evidenceOf(file, files, byName)),
  ]);
}

function missingRecordings(
  file: ParsedFile,
  recordings: ReadonlyMap<string, RawAnswers>,
): readonly MappingProblem[] {
  return (file.file.verified ?? []).flatMap(({ recording }, n) => {
    if (recording === undefined || recordings.has(recording)) return [];
    const message = `there is no recording ${recording}`;
    const remedy = "add recordings/<name>.snmprec, or name another source";
    return [problem(file, ["verified", n], "error", "mapping.no-recording", message, remedy)];
  });
}

/** Recordings that speak for a file: its own, and those of files that extend it. */
function evidenceOf(
  file: ParsedFile,
  files: ReadonlyMap<string, ParsedFile>,
  recordings: ReadonlyMap<string, RawAnswers>,
): readonly RawAnswers[] {
  const heirs = [...files.values()].filter(({ file: { extends: names } }) =>
    names?.includes(file.name),
  );
  const names = [file, ...heirs].flatMap(({ file: { verified } }) =>
    (verified ?? []).flatMap(({ recording }) => recording ?? []),
  );
  return [...new Set(names)].flatMap((name) => recordings.get(name) ?? []);
}

/** A `from` none of whose sources is answered by any recording; one fallback that answers is enough. */
function deadSources(file: ParsedFile, evidence: readonly RawAnswers[]): readonly MappingProblem[] {
  if (evidence.length === 0) return [];
  const lists = new Map<string, { path: KeyPath; oids: Set<string>; isAlive: boolean }>();
  walkFile(file.file, ({ source, path, isCondition }) => {
    const listPath = path.slice(0, listLength(path));
    const key = JSON.stringify(listPath);
    const list = lists.get(key) ?? { path: listPath, oids: new Set(), isAlive: false };
    lists.set(key, list);
    const oid = source.snmp ?? source.column ?? source.lookup;
    if (oid !== undefined && isMakersOwn(oid) && !isAnswered(source, evidence)) list.oids.add(oid);
    else if (oid !== undefined || (!isCondition && needsNoAnswer(source))) list.isAlive = true;
  });
  return [...lists.values()].flatMap(({ path, oids, isAlive }) => {
    if (isAlive || oids.size === 0 || hasQuirk(file, path)) return [];
    const message = `no recording of the evidence answers ${[...oids].join(", ")}`;
    const remedy = "add a recording that does, or say in quirk where it was seen";
    return [problem(file, path, "warning", "mapping.no-evidence", message, remedy)];
  });
}

function needsNoAnswer(source: Source | Condition): boolean {
  return (source.constant ?? source.arc ?? source.value ?? source.identity) !== undefined;
}

/** Keys up to the list of sources tried one after the other. */
function listLength(path: KeyPath): number {
  return path[0] === "tables" ? 5 : path[0] === "identity" ? 2 : 3;
}

/** Base files hold the standard, which needs no recording of ours; makers' own OIDs do. */
function isMakersOwn(oid: string): boolean {
  return oid.startsWith("1.3.6.1.4.1.");
}

function isAnswered(source: Source | Condition, evidence: readonly RawAnswers[]): boolean {
  return evidence.some((answers) => {
    if (source.snmp !== undefined) return typeof answers.snmp(source.snmp) !== "string";
    const cells = answers.snmpColumn(source.column ?? source.lookup ?? "");
    return typeof cells !== "string" && cells.size > 0;
  });
}

/** A quirk on the parameter (or row set) says where a source that no recording answers comes from. */
function hasQuirk({ file }: ParsedFile, path: KeyPath): boolean {
  const [section, name = "", , short = ""] = path.map(String);
  if (section === "parameters") return file.parameters?.[name]?.quirk !== undefined;
  const table = section === "tables" ? file.tables?.[name] : undefined;
  return table?.quirk !== undefined || table?.parameters?.[short]?.quirk !== undefined;
}

function problem(
  file: ParsedFile,
  path: KeyPath,
  severity: MappingProblem["severity"],
  code: string,
  message: string,
  remedy: string,
): MappingProblem {
  const line = file.lineOf(path);
  return { severity, code, file: file.path, line, path: showPath(path), message, remedy };
}
