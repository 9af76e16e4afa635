import type { KeyPath } from "../format/yaml-document.ts";
import type { Condition, MappingFile, ParameterEntry, Source, TableEntry } from "../schema.ts";

/** Where a source is used; decides which kinds make sense. */
export type SourcePlace =
  /** Outside tables. */
  | "scalar"
  /** In a row of a table. */
  | "row"
  /** In a condition of a lookup: evaluated in the row looked at. */
  | "lookedAt";

/** Called for each source of a file. */
export interface SourceVisit {
  readonly source: Source | Condition;
  readonly path: KeyPath;
  readonly place: SourcePlace;
  readonly isCondition: boolean;
}

type Visit = (visit: SourceVisit) => void;

/** Walks every source of a file, outer ones first. */
export function walkFile(file: MappingFile, visit: Visit): void {
  const { identity, parameters, tables } = file;
  for (const part of ["manufacturer", "model", "serialNumber", "macAddress", "deviceId"] as const) {
    const sources = identity?.[part];
    if (Array.isArray(sources)) walkList(sources, ["identity", part], "scalar", visit);
    const last = identity?.otherwise?.[part];
    if (last !== undefined) walkList(last, ["identity", "otherwise", part], "scalar", visit);
  }
  for (const [template, entry] of Object.entries(parameters ?? {}))
    walkParameter(entry, ["parameters", template], "scalar", visit);
  for (const [name, table] of Object.entries(tables ?? {}))
    walkTable(table, ["tables", name], visit);
}

function walkTable(table: TableEntry, path: KeyPath, visit: Visit): void {
  walkConditions(table.rows?.where, [...path, "rows", "where"], "row", visit);
  walkConditions(table.rows?.first, [...path, "rows", "first"], "row", visit);
  for (const [short, entry] of Object.entries(table.parameters ?? {}))
    walkParameter(entry, [...path, "parameters", short], "row", visit);
}

/** Walks every source of one parameter. */
function walkParameter(
  entry: ParameterEntry,
  path: KeyPath,
  place: SourcePlace,
  visit: Visit,
): void {
  walkList(entry.from ?? [], [...path, "from"], place, visit);
  walkList(entry.otherwise ?? [], [...path, "otherwise"], place, visit);
  if (entry.agree !== undefined)
    walkSource(entry.agree.with, [...path, "agree", "with"], place, visit);
  walkConditions(entry.when, [...path, "when"], place, visit);
}

function walkList(
  sources: readonly Source[],
  path: KeyPath,
  place: SourcePlace,
  visit: Visit,
): void {
  for (const [n, source] of sources.entries()) walkSource(source, [...path, n], place, visit);
}

function walkSource(source: Source, path: KeyPath, place: SourcePlace, visit: Visit): void {
  visit({ source, path, place, isCondition: false });
  walkInner(source, path, place, visit);
}

function walkInner(
  source: Source | Condition,
  path: KeyPath,
  place: SourcePlace,
  visit: Visit,
): void {
  walkConditions(source.where, [...path, "where"], "lookedAt", visit, place);
  walkConditions(source.when, [...path, "when"], place, visit);
  for (const key of ["sum", "difference", "firstOf"] as const)
    walkList(source[key] ?? [], [...path, key], place, visit);
  for (const [name, input] of Object.entries(source.inputs ?? {}))
    walkSource(input, [...path, "inputs", name], place, visit);
}

function walkConditions(
  conditions: readonly Condition[] | undefined,
  path: KeyPath,
  place: SourcePlace,
  visit: Visit,
  outer: SourcePlace = place,
): void {
  for (const [n, condition] of (conditions ?? []).entries()) {
    const at = [...path, n];
    visit({ source: condition, path: at, place, isCondition: true });
    walkInner(condition, at, place, visit);
    if (typeof condition.equals === "object")
      walkSource(condition.equals, [...at, "equals"], outer, visit);
  }
}
