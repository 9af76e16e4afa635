import { type MappingProblem } from "../errors.ts";
import { type ParsedFile, showPath } from "../format/parse-file.ts";
import type { KeyPath } from "../format/yaml-document.ts";
import type { ParameterEntry } from "../schema.ts";
import { mappingFileSchema } from "../schema.ts";
import { identitySchema, parameterSchema, tableSchema } from "../schema-parts.ts";

type Report = (
  severity: MappingProblem["severity"],
  path: KeyPath,
  code: string,
  message: string,
  remedy: string,
) => void;

/** Checks of one file beyond what makes it unusable: order of keys, evidence, one value read twice. */
export function lintFile(parsed: ParsedFile): readonly MappingProblem[] {
  const problems: MappingProblem[] = [];
  const report: Report = (severity, path, code, message, remedy) => {
    const line = parsed.lineOf(path);
    const { path: file } = parsed;
    problems.push({ severity, code, file, line, path: showPath(path), message, remedy });
  };
  lintKeyOrder(parsed, report);
  lintDuplicates(parsed, report);
  lintOmitted(parsed, report);
  if (parsed.file.verified === undefined)
    report("error", [], "mapping.unverified", "it has no evidence", "add verified");
  if (parsed.name.startsWith("vendor/") && parsed.file.match === undefined)
    report("error", [], "mapping.no-match", "no printer can get this file", "add match");
  return problems;
}

function lintKeyOrder(parsed: ParsedFile, report: Report): void {
  const check = (path: KeyPath, shape: object): void => {
    const wanted = Object.keys(shape);
    const keys = parsed.keysAt(path);
    const misplaced = keys.find(
      (key, n) => n > 0 && wanted.indexOf(key) < wanted.indexOf(keys[n - 1] ?? ""),
    );
    if (misplaced !== undefined)
      report(
        "error",
        [...path, misplaced],
        "mapping.key-order",
        "keys are out of order",
        `keep to ${wanted.join(", ")}`,
      );
  };
  const { file } = parsed;
  check([], mappingFileSchema.shape);
  if (file.identity !== undefined) check(["identity"], identitySchema.shape);
  for (const template of Object.keys(file.parameters ?? {}))
    check(["parameters", template], parameterSchema.shape);
  for (const [name, { parameters }] of Object.entries(file.tables ?? {})) {
    check(["tables", name], tableSchema.shape);
    for (const short of Object.keys(parameters ?? {}))
      check(["tables", name, "parameters", short], parameterSchema.shape);
  }
}

/** Two parameters that read the same OID in the same way give one value two names; usually one OID is a slip. */
function lintDuplicates({ file }: ParsedFile, report: Report): void {
  lintDuplicatesAmong(file.parameters ?? {}, ["parameters"], report);
  for (const [name, { parameters }] of Object.entries(file.tables ?? {}))
    lintDuplicatesAmong(parameters ?? {}, ["tables", name, "parameters"], report);
}

function lintDuplicatesAmong(
  parameters: Readonly<Record<string, ParameterEntry>>,
  path: KeyPath,
  report: Report,
): void {
  const seen = new Map<string, string>();
  for (const [name, { from, transform, values }] of Object.entries(parameters)) {
    const [first] = from ?? [];
    if (first === undefined || (first.snmp ?? first.column) === undefined) continue;
    const key = JSON.stringify([first, transform, values]);
    const other = seen.get(key);
    if (other !== undefined)
      report(
        "warning",
        [...path, name, "from"],
        "mapping.duplicate-oid",
        `reads what ${other} reads`,
        `correct the OID, or refer to it with { value: ${other} }`,
      );
    seen.set(key, name);
  }
}

function lintOmitted({ file }: ParsedFile, report: Report): void {
  for (const [n, { path }] of (file.omitted ?? []).entries())
    if (Object.keys(file.parameters ?? {}).includes(path))
      report(
        "error",
        ["omitted", n],
        "mapping.omitted",
        `${path} is both mapped and omitted`,
        "remove one of the two",
      );
}
