import type { ModelValue, ParameterType } from "../model/definition.ts";
import { objectAt, parameterAt, toPath } from "../model/model.ts";
import { comparePaths, pollClasses } from "../model/snapshot.ts";
import type { RawAnswers, ReadPlan } from "../southbound/driver.ts";
import type { CompiledMapping, EvaluatedTable, MappingSet, PrinterIdentity } from "./evaluation.ts";
import { MappingError } from "./errors.ts";

/** One parameter as the ACS would see it on a virtual device. */
export interface CapturedParameter {
  readonly value: ModelValue;
  readonly type: ParameterType;
  /** Where it came from: `snmp 1.3.6.1.2.1.43.5.1.1.17.1`; `mfpgate` for what mfpgate adds itself. */
  readonly source: string;
}

/** What `mfpgate evaluate` prints. */
export interface CaptureEvaluation {
  readonly mapping: string;
  readonly identity: {
    readonly manufacturer: string;
    readonly oui: string;
    readonly productClass: string;
    readonly serialNumber: string;
  };
  /** By absolute path, in tree order. */
  readonly parameters: Readonly<Record<string, CapturedParameter>>;
}

/** Source of identity parts and row counts. */
const ownSource = "mfpgate";

/** Answers a plan from what was captured. */
export type ReadCapture = (plan: ReadPlan) => RawAnswers;

/** As {@link evaluateCapture}, of answers that hold whatever a mapping may ask for. */
export function evaluateAnswers(
  mappings: MappingSet,
  answers: RawAnswers,
  mappingName?: string,
): CaptureEvaluation {
  return evaluateCapture(mappings, () => answers, mappingName);
}

/**
 * Matches and maps a capture without a network. Rows are numbered from 1 in the printer's order.
 *
 * @param mappingName instead of the best match
 * @throws {MappingError} `mapping.unknown` when there is no mapping of that name
 */
export function evaluateCapture(
  mappings: MappingSet,
  read: ReadCapture,
  mappingName?: string,
): CaptureEvaluation {
  const mapping =
    mappingName === undefined
      ? mappings.select(read(mappings.identityProbe))
      : mappings.byName(mappingName);
  if (mapping === undefined)
    throw new MappingError(
      `there is no mapping ${String(mappingName)}; known are ${mappings.names.join(", ")}`,
      "mapping.unknown",
    );
  const answers = read(mapping.readPlan(pollClasses));
  const found = new Map<string, CapturedParameter>();
  collect(mapping, answers, found);
  const told = found.get(toPath("General.SerialNumber"))?.value;
  const identity = completeIdentity(mapping.identity(answers), told?.toString());
  for (const [name, value] of identityParameters(identity))
    found.set(`Device.DeviceInfo.${name}`, { value, type: "string", source: ownSource });
  const sorted = [...found].sort(([a], [b]) => comparePaths(a, b));
  return { mapping: mapping.selected.name, identity, parameters: Object.fromEntries(sorted) };
}

function collect(
  mapping: CompiledMapping,
  answers: RawAnswers,
  found: Map<string, CapturedParameter>,
): void {
  const { parameters, tables } = mapping.evaluate(answers, pollClasses, { provenance: true });
  const rows = new RowNumbers(tables);
  for (const { template, rowKey, value, provenance } of parameters) {
    const path = toPath(
      template,
      rowKey === undefined ? undefined : rows.numberOf(template, rowKey),
    );
    const type = parameterAt(template)?.type ?? "string";
    found.set(path, { value, type, source: provenance?.source ?? ownSource });
  }
  for (const { template, rowKeys } of tables) {
    const count = countTemplate(template);
    if (count !== undefined)
      found.set(toPath(count), { value: rowKeys.length, type: "unsignedInt", source: ownSource });
  }
}

/** `Supply.{i}.` → `SupplyNumberOfEntries`. */
function countTemplate(table: string): string | undefined {
  const name = objectAt(table)?.countedBy;
  return name === undefined ? undefined : table.replace(/[^.]+\.\{i\}\.$/, "") + name;
}

class RowNumbers {
  readonly #numbers = new Map<string, Map<string, number>>();

  constructor(tables: readonly EvaluatedTable[]) {
    for (const { template, rowKeys } of tables)
      this.#numbers.set(template, new Map(rowKeys.map((key, n) => [key, n + 1])));
  }

  /** Rows of a table that was not read completely are numbered as they turn up. */
  numberOf(template: string, rowKey: string): number {
    const table = template.slice(0, template.indexOf("{i}.") + "{i}.".length);
    let rows = this.#numbers.get(table);
    if (rows === undefined) this.#numbers.set(table, (rows = new Map<string, number>()));
    let number = rows.get(rowKey);
    if (number === undefined) rows.set(rowKey, (number = rows.size + 1));
    return number;
  }
}

/** Longest ProductClass and SerialNumber (TR-069a6 A.3.3.1 DeviceIdStruct). */
const longestIdentifier = 64;

/**
 * Fills what is missing as adoption does: serial from the MAC, generic names for the rest. A capture has no address to
 * stand in for a serial number; a placeholder (`told`) is better than nothing there.
 */
function completeIdentity(
  read: PrinterIdentity,
  told: string | undefined,
): CaptureEvaluation["identity"] {
  const mac = read.macAddress?.replaceAll(":", "").toUpperCase();
  return {
    manufacturer: cut(read.manufacturer) ?? "Unknown",
    oui: read.oui ?? mac?.slice(0, 6) ?? "",
    productClass: cut(read.productClass) ?? "Printer",
    serialNumber: cut(read.serialNumber) ?? mac ?? cut(told) ?? "",
  };
}

function cut(text: string | undefined): string | undefined {
  const trimmed = text?.trim().slice(0, longestIdentifier).trimEnd() ?? "";
  return trimmed === "" ? undefined : trimmed;
}

function identityParameters(
  identity: CaptureEvaluation["identity"],
): readonly (readonly [string, string])[] {
  return [
    ["Manufacturer", identity.manufacturer],
    ["ManufacturerOUI", identity.oui],
    ["ProductClass", identity.productClass],
    ["SerialNumber", identity.serialNumber],
  ];
}
