import type { ParameterDefinition } from "../../model/definition.ts";
import { objectAt, parameterAt, tableCountedBy } from "../../model/model.ts";
import { derivations } from "../derive/registry.ts";
import { enumerationNamed, enumerations } from "../enumerations.ts";
import type { MappingProblem } from "../errors.ts";
import { type ParsedFile, showPath } from "../format/parse-file.ts";
import type { KeyPath } from "../format/yaml-document.ts";
import { compilePattern } from "../../shared/regex.ts";
import { type Selector, channels } from "../../southbound/documents.ts";
import { selectorProblem } from "../../southbound/selector-problem.ts";
import { documentOf, selectorOf } from "../compile/documents.ts";
import type { Condition, ParameterEntry, RowsEntry, Source, WriteEntry } from "../schema.ts";
import { makeTransform } from "../transforms/registry.ts";
import { type SourceVisit, walkFile } from "./walk.ts";

/** Notes an error of a file. */
export type Report = (path: KeyPath, code: string, message: string, remedy: string) => void;

/** Keys that say what kind of source it is; exactly one per source. */
const kindKeys = [
  "snmp",
  "column",
  "lookup",
  ...channels,
  "cell",
  "constant",
  "arc",
  "value",
  "identity",
  "sum",
  "difference",
  "firstOf",
  "derive",
] as const;

/** Errors of meaning that make a file unusable: the loader refuses it. Softer advice is the linter's. */
export function checkFile(parsed: ParsedFile): readonly MappingProblem[] {
  const problems: MappingProblem[] = [];
  const report: Report = (path, code, message, remedy) => {
    problems.push({
      severity: "error",
      code,
      file: parsed.path,
      line: parsed.lineOf(path),
      path: showPath(path),
      message,
      remedy,
    });
  };
  checkName(parsed, report);
  checkParameters(parsed, report);
  checkTables(parsed, report);
  checkLogin(parsed, report);
  walkFile(parsed.file, (visit) => {
    checkSource(visit, report);
  });
  return problems;
}

/** `mapping` equals the path; `vendor/` is left out because the maker's folder says it. */
function checkName({ name, file }: ParsedFile, report: Report): void {
  const wanted = name.replace(/^vendor\//, "");
  if (file.mapping !== wanted)
    report(
      ["mapping"],
      "mapping.name",
      `the file is called ${name}.yaml`,
      `write mapping: ${wanted}, or rename the file`,
    );
}

/** A form or a chain of requests has steps; Basic and Digest are known without. */
function checkLogin({ file }: ParsedFile, report: Report): void {
  const login = file.web?.login;
  if (login === undefined || (login.kind === "steps") === (login.steps !== undefined)) return;
  const path = ["web", "login"];
  if (login.kind === "steps")
    report(path, "mapping.login", "it does not say how to log in", "give steps, or another kind");
  else
    report(
      [...path, "steps"],
      "mapping.login",
      `${login.kind} needs no steps`,
      "write kind: steps",
    );
}

function checkParameters({ file }: ParsedFile, report: Report): void {
  for (const [template, entry] of Object.entries(file.parameters ?? {})) {
    const path = ["parameters", template];
    if (template.includes("{i}"))
      report(path, "mapping.row-parameter", "rows are mapped below tables", "move it there");
    else checkParameter(template, entry, path, report);
  }
}

function checkTables({ file }: ParsedFile, report: Report): void {
  for (const [name, table] of Object.entries(file.tables ?? {})) {
    const path = ["tables", name];
    if (!/^[A-Za-z][A-Za-z0-9-]{0,39}$/.test(name))
      report(path, "mapping.row-set", "not a name for row keys", "use letters, digits and -");
    if (table.table !== undefined && objectAt(table.table)?.countedBy === undefined)
      report([...path, "table"], "mapping.unknown-path", "the model has no such table", seeModel);
    if (table.rows !== undefined) checkRows(table.rows, [...path, "rows"], report);
    if (table.table === undefined) continue;
    for (const [short, entry] of Object.entries(table.parameters ?? {}))
      checkParameter(table.table + short, entry, [...path, "parameters", short], report);
  }
}

function checkRows(rows: RowsEntry, path: KeyPath, report: Report): void {
  const kinds = (["columns", "fixed", ...channels] as const).filter(
    (kind) => rows[kind] !== undefined,
  );
  if (kinds.length !== 1)
    report(
      path,
      "mapping.rows",
      kinds.length === 0 ? "it does not say where the rows are" : `${kinds.join(" and ")} at once`,
      `give exactly one of columns, fixed, ${channels.join(", ")}`,
    );
  for (const selector of [rows.each ?? {}, ...(rows.key ?? [])])
    checkOneSelector(selector, path, report);
  const isOfDocument = documentOf(rows) !== undefined;
  const each = rows.each ?? (rows.ipp === undefined ? undefined : {});
  if (isOfDocument && each === undefined)
    report(path, "mapping.rows", "it does not say what makes a row", "give each");
  if (!isOfDocument && (rows.each !== undefined || rows.key !== undefined))
    report(path, "mapping.rows", "each and key are for rows of a document", "remove them");
}

const seeModel = "use a path of docs/data-model.md";

/** Checks an entry against the model; also used for row sets whose table another file names. */
export function checkParameter(
  template: string,
  entry: ParameterEntry,
  path: KeyPath,
  report: Report,
): void {
  const definition = parameterAt(template);
  if (definition === undefined || tableCountedBy(template) !== undefined) {
    const message =
      definition === undefined ? `the model has no ${template}` : "mfpgate counts rows itself";
    report(path, "mapping.unknown-path", message, seeModel);
    return;
  }
  if (entry.unit !== undefined && entry.unit !== definition.units)
    report(
      [...path, "unit"],
      "mapping.unit",
      `the model gives ${template} in ${definition.units ?? "no unit"}`,
      "convert with multiply or divide, and write the model's unit",
    );
  checkSteps(entry, path, report);
  checkWrite(entry.write, definition, [...path, "write"], report);
}

function checkWrite(
  write: ParameterEntry["write"],
  definition: ParameterDefinition,
  path: KeyPath,
  report: Report,
): void {
  if (write === undefined) return;
  if (definition.access === "readOnly")
    report(
      path,
      "mapping.read-only",
      `${definition.name} is read-only in the model`,
      "remove write",
    );
  checkWritePath(write, path, report);
  if (Object.keys(write.check).length === 0)
    report(
      [...path, "check"],
      "mapping.write",
      "a write checks its value",
      "say what the printer takes",
    );
  const { minimum = -Infinity, maximum = Infinity, pattern } = write.check;
  if (minimum > maximum)
    report([...path, "check"], "mapping.write", "no value is in this range", "swap the two");
  if (pattern !== undefined) checkPattern(pattern, [...path, "check", "pattern"], report);
}

/** One way, and all that way needs. */
function checkWritePath(write: WriteEntry, path: KeyPath, report: Report): void {
  const ways = (["snmp", "column", "ews", "steps"] as const).filter(
    (way) => write[way] !== undefined,
  );
  const isChain = ways.join() === "ews,steps";
  if (ways.length !== 1 && !isChain)
    report(
      path,
      "mapping.write",
      "a write names exactly one path",
      "give snmp, column, ews or steps",
    );
  const isSnmp = write.snmp !== undefined || write.column !== undefined;
  if (isSnmp && write.syntax === undefined)
    report(path, "mapping.write", "a SET needs the syntax of the object", "give syntax");
  if (write.ews !== undefined && (write.field === undefined) === (write.at === undefined))
    report(
      path,
      "mapping.write",
      "it does not say what is set",
      "give field (form) or at (document)",
    );
  if (write.verify === "response" && isSnmp)
    report([...path, "verify"], "mapping.write", "SNMP values can be read back", "write readBack");
}

function checkPattern(source: string, path: KeyPath, report: Report): void {
  const pattern = compilePattern(source);
  if (typeof pattern === "string")
    report(path, "mapping.pattern", pattern, "correct the pattern (RE2 syntax)");
}

function checkSteps(
  { transform, values }: Pick<Source, "transform" | "values">,
  path: KeyPath,
  report: Report,
): void {
  for (const [n, step] of (transform ?? []).entries()) {
    const made = makeTransform(step);
    if (typeof made === "string")
      report([...path, "transform", n], "mapping.transform", made, "see docs/mapping-reference.md");
  }
  if (typeof values === "string" && enumerationNamed(values) === undefined)
    report(
      [...path, "values"],
      "mapping.unknown-enumeration",
      `there is no enumeration ${values}`,
      `use one of ${Object.keys(enumerations).join(", ")}, or a table of your own`,
    );
}

function checkSource({ source, path, place, isCondition }: SourceVisit, report: Report): void {
  const kinds: string[] = kindKeys.filter((key) => source[key] !== undefined);
  const extra = isCondition ? conditionKinds(source) : [];
  const all = [...kinds, ...extra];
  if (all.length !== 1)
    report(
      path,
      "mapping.source",
      all.length === 0 ? "it does not say where the value is" : `${all.join(" and ")} at once`,
      `give exactly one of ${[...kindKeys, ...(isCondition ? ["model", "firmware"] : [])].join(", ")}`,
    );
  checkSteps(source, path, report);
  checkPlace(source, path, place, report);
  checkCompanions(source, path, report);
}

function conditionKinds(source: Source | Condition): string[] {
  return ["model", "firmware"].filter((key) => key in source);
}

function checkPlace(
  source: Source | Condition,
  path: KeyPath,
  place: SourceVisit["place"],
  report: Report,
): void {
  if (place === "scalar" && source.arc !== undefined)
    report(path, "mapping.source", "there is no row here", "arc is for tables");
  if (place === "scalar" && source.column !== undefined && source.at === undefined)
    report(path, "mapping.source", "there is no row here", "use lookup, or say at which index");
  if (source.cell !== undefined && place === "scalar")
    report(path, "mapping.source", "there is no row here", "cell is for rows of a document");
  if (place === "lookedAt" && source.value !== undefined)
    report(path, "mapping.source", "value cannot be used inside where", "use column");
  if (source.value?.includes("{i}") === true)
    report(path, "mapping.source", "value cannot name a parameter of another row", "use lookup");
  if (place === "scalar" && source.value !== undefined && parameterAt(source.value) === undefined)
    report(path, "mapping.unknown-path", `the model has no ${source.value}`, seeModel);
}

/** A document of the web server, of PJL or a banner needs a selector; nothing else has one. */
function checkSelector(source: Source | Condition, path: KeyPath, report: Report): void {
  const given = Object.keys(
    selectorOf({ ...source, ipp: undefined, mdns: undefined, wsd: undefined }),
  );
  const isNeeded = (["ews", "pjl", "banner"] as const).some((key) => source[key] !== undefined);
  if (isNeeded && given.length === 0)
    report(path, "mapping.source", "it does not say where in the document", seeSelectors);
  for (const selector of [selectorOf(source), source.cell ?? {}])
    checkOneSelector(selector, path, report);
  const isWithoutDocument = !isNeeded && source.ipp === undefined && source.mdns === undefined;
  if (isWithoutDocument && given.length > 0)
    report(
      path,
      "mapping.source",
      `${given.join(", ")} without a document`,
      "give ews, pjl or banner",
    );
}

function checkOneSelector(selector: Selector, path: KeyPath, report: Report): void {
  const problem = Object.keys(selector).length === 0 ? undefined : selectorProblem(selector);
  if (problem !== undefined) report(path, "mapping.selector", problem, seeSelectors);
}

const seeSelectors = "give a selector such as css, xpath, json or label";

/** Keys that only make sense beside another one. */
function checkCompanions(source: Source | Condition, path: KeyPath, report: Report): void {
  checkSelector(source, path, report);
  const needs = [
    ["at", "column"],
    ["where", "lookup"],
    ["separator", "combine"],
    ["missing", "sum"],
    ["inputs", "derive"],
  ] as const;
  for (const [key, companion] of needs)
    if (source[key] !== undefined && source[companion] === undefined)
      report([...path, key], "mapping.source", `${key} belongs to ${companion}`, "remove it");
  const isOfSeveral =
    source.lookup !== undefined || source.cell !== undefined || documentOf(source) !== undefined;
  if (source.combine !== undefined && !isOfSeveral)
    report([...path, "combine"], "mapping.source", "there is one value only", "remove it");
  if (source.derive === undefined) return;
  const known: readonly string[] = derivations[source.derive].inputs;
  for (const input of Object.keys(source.inputs ?? {}))
    if (!known.includes(input))
      report(
        [...path, "inputs", input],
        "mapping.source",
        `${source.derive} has no input ${input}`,
        `its inputs are ${known.join(", ")}`,
      );
}
