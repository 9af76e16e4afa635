import {
  type RawAnswers,
  type SnmpValue,
  type UnavailableReason,
  snmpSyntax,
} from "../../src/southbound/driver.ts";
import type { CompiledMapping, Evaluation } from "../../src/mapping/evaluation.ts";
import {
  type MappingText,
  type ParsedFile,
  parseMappingFile,
} from "../../src/mapping/format/parse-file.ts";
import { checkFile } from "../../src/mapping/check/check-file.ts";
import { problemsError } from "../../src/mapping/errors.ts";
import { createMappingSet } from "../../src/mapping/mapping-set.ts";
import { pollClasses } from "../../src/model/snapshot.ts";

/** A value as a test writes it: numbers are INTEGER, texts octets, bytes octets; other syntaxes in full. */
export type TestValue = number | string | Uint8Array | SnmpValue;

/** Answers of an imaginary printer: instance OID → value, or why it does not answer. */
export class TestAnswers implements RawAnswers {
  readonly readAtMs = Date.UTC(2025, 5, 1, 12);
  readonly #values: ReadonlyMap<string, SnmpValue>;
  readonly #failing: ReadonlyMap<string, UnavailableReason>;

  constructor(
    values: Readonly<Record<string, TestValue>>,
    failing: Readonly<Record<string, UnavailableReason>> = {},
  ) {
    this.#values = new Map(Object.entries(values).map(([oid, value]) => [oid, toSnmp(value)]));
    this.#failing = new Map(Object.entries(failing));
  }

  snmp(oid: string): SnmpValue | UnavailableReason {
    return this.#values.get(oid) ?? this.#failing.get(oid) ?? "noSuchObject";
  }

  snmpColumn(oid: string): ReadonlyMap<string, SnmpValue> | UnavailableReason {
    const reason = this.#failing.get(oid);
    if (reason !== undefined) return reason;
    return new Map(
      [...this.#values]
        .filter(([instance]) => instance.startsWith(`${oid}.`))
        .map(([instance, value]) => [instance.slice(oid.length + 1), value]),
    );
  }
}

function toSnmp(value: TestValue): SnmpValue {
  if (typeof value === "number") return { syntax: snmpSyntax.integer, value };
  if (typeof value === "string")
    return { syntax: snmpSyntax.octetString, value: new TextEncoder().encode(value) };
  return value instanceof Uint8Array ? { syntax: snmpSyntax.octetString, value } : value;
}

/** An OBJECT IDENTIFIER value. */
export function oidValue(value: string): SnmpValue {
  return { syntax: snmpSyntax.objectIdentifier, value };
}

/** Files by name from `name → YAML below the first two keys`. @throws {MappingError} as the loader would */
export function parseFiles(
  bodies: Readonly<Record<string, string>>,
): ReadonlyMap<string, ParsedFile> {
  return new Map(
    Object.entries(bodies).map(([name, body]) => [name, parseOne(textOf(name, body))]),
  );
}

/** A file's text with `mapping`, `title` and, if it lacks it, evidence in front. */
export function textOf(name: string, body: string): MappingText {
  const head = `mapping: ${name.replace(/^vendor\//, "")}\ntitle: Test\n`;
  return { name, path: `mappings/${name}.yaml`, text: head + body };
}

function parseOne(text: MappingText): ParsedFile {
  const result = parseMappingFile(text);
  if (!result.ok) throw problemsError(result.problems);
  const problems = checkFile(result.parsed);
  if (problems.length > 0) throw problemsError(problems);
  return result.parsed;
}

/** A mapping whose base is `body` and nothing else. */
export function mappingOf(body: string): CompiledMapping {
  const mapping = createMappingSet(parseFiles({ "base/printer": body })).byName("base");
  if (mapping === undefined) throw new Error("no base mapping");
  return mapping;
}

/** Values by template, with the row key behind rows' templates: `Supply.{i}.Type a:1.1`. */
export function valuesOf(evaluation: Evaluation): Record<string, unknown> {
  return Object.fromEntries(
    evaluation.parameters.map(({ template, rowKey, value }) => [
      rowKey === undefined ? template : `${template} ${rowKey}`,
      value,
    ]),
  );
}

/** Evaluates everything a body maps. */
export function evaluateBody(
  body: string,
  values: Readonly<Record<string, TestValue>>,
  failing: Readonly<Record<string, UnavailableReason>> = {},
): Record<string, unknown> {
  return valuesOf(mappingOf(body).evaluate(new TestAnswers(values, failing), pollClasses));
}
