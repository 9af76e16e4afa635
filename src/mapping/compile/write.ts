import type { ModelValue } from "../../model/definition.ts";
import { parameterAt } from "../../model/model.ts";
import { checkValue } from "../../model/values.ts";
import {
  type DeviceWrite,
  type SnmpValue,
  type SnmpWrite,
  snmpSyntax,
} from "../../southbound/driver.ts";
import { MappingError } from "../errors.ts";
import type { MappedAssignment, PlannedWrite } from "../evaluation.ts";
import type { Located } from "../format/resolve.ts";
import { compilePattern } from "../../shared/regex.ts";
import type { ActionEntry, ParameterEntry } from "../schema.ts";

type WriteEntry = NonNullable<ParameterEntry["write"]>;

/**
 * Compiles one write.
 *
 * @throws {MappingError} `mapping.not-writable` when the mapping has no write for the template, `mapping.bad-value`
 * when the value is not one the printer may be given
 */
export function compileWrite(
  writes: ReadonlyMap<string, Located<ParameterEntry>>,
  template: string,
  rowKey: string | undefined,
  value: ModelValue,
): SnmpWrite {
  const entry = writes.get(template)?.entry.write;
  if (entry === undefined)
    throw new MappingError(`${template} cannot be written on this printer`, "mapping.not-writable");
  const definition = parameterAt(template);
  const check = definition === undefined ? undefined : checkValue(definition, value);
  if (check?.ok === false) throw badValue(template, check.text);
  const problem = checkForDevice(entry.check, value);
  if (problem !== undefined) throw badValue(template, problem);
  return { oid: oidOf(entry, template, rowKey), value: encode(entry, template, value) };
}

function badValue(template: string, text: string): MappingError {
  return new MappingError(`${template}: ${text}`, "mapping.bad-value");
}

function oidOf(entry: WriteEntry, template: string, rowKey: string | undefined): string {
  if (entry.snmp !== undefined) return entry.snmp;
  const colon = rowKey?.indexOf(":") ?? -1;
  if (entry.column === undefined || rowKey === undefined || colon < 0)
    throw new MappingError(`${template} needs the row to be written`, "mapping.not-writable");
  return `${entry.column}.${rowKey.slice(colon + 1)}`;
}

function checkForDevice(check: WriteEntry["check"], value: ModelValue): string | undefined {
  const text = String(value);
  const octets = Buffer.byteLength(text, "utf8");
  if (check.maxOctets !== undefined && octets > check.maxOctets)
    return `longer than the ${check.maxOctets} octets the printer takes`;
  if (check.charset === "ascii" && !/^[\x20-\x7e]*$/.test(text))
    return "the printer takes ASCII only";
  if (check.minimum !== undefined && Number(value) < check.minimum) return `below ${check.minimum}`;
  if (check.maximum !== undefined && Number(value) > check.maximum) return `above ${check.maximum}`;
  if (check.oneOf !== undefined && !check.oneOf.includes(value))
    return `not one of ${check.oneOf.join(", ")}`;
  if (check.pattern === undefined) return undefined;
  const pattern = compilePattern(check.pattern);
  return typeof pattern !== "string" && pattern.test(text)
    ? undefined
    : `does not match ${check.pattern}`;
}

function encode(entry: WriteEntry, template: string, value: ModelValue): SnmpValue {
  const raw = rawFor(entry, template, value);
  switch (entry.syntax) {
    case "integer":
    case "gauge32": {
      const number = typeof raw === "boolean" ? (raw ? 1 : 2) : Number(raw);
      if (!Number.isInteger(number)) throw badValue(template, "not a whole number");
      return { syntax: snmpSyntax[entry.syntax], value: number };
    }
    case "octetString":
      return { syntax: snmpSyntax.octetString, value: new TextEncoder().encode(String(raw)) };
    case "objectIdentifier":
    case "ipAddress":
      return { syntax: snmpSyntax[entry.syntax], value: String(raw) };
  }
}

/** The printer's own value for a word, by the write's `values` read backwards. */
function rawFor(entry: WriteEntry, template: string, value: ModelValue): ModelValue {
  if (entry.values === undefined) return value;
  const found = Object.entries(entry.values).find(([, word]) => word === value);
  if (found === undefined) throw badValue(template, "the printer has no such setting");
  return found[0];
}

/** An action as a SET. */
export function actionWrite(action: ActionEntry | undefined): DeviceWrite | undefined {
  if (action === undefined) return undefined;
  const value =
    action.syntax === "integer"
      ? Number(action.value)
      : new TextEncoder().encode(String(action.value));
  const write = { oid: action.snmp, value: { syntax: snmpSyntax[action.syntax], value } };
  return { driver: "snmp", writes: [write] };
}

/** Compiles assignments into steps: all that goes by SNMP is one PDU. @throws {MappingError} as `compileWrite` */
export function planWrites(
  writes: ReadonlyMap<string, Located<ParameterEntry>>,
  assignments: readonly MappedAssignment[],
): readonly PlannedWrite[] {
  const sets = assignments.map(({ template, rowKey, value }) =>
    compileWrite(writes, template, rowKey, value),
  );
  if (sets.length === 0) return [];
  return [
    {
      covers: assignments.map((_, n) => n),
      write: { driver: "snmp", writes: sets },
      description: `SNMP SET ${sets.map(({ oid }) => oid).join(", ")}`,
      restarts: undefined,
      isUnreadable: false,
    },
  ];
}

/** Equal but for blanks and NULs at the end, which printers with fixed-length fields add or cut. */
export function isSameValue(a: ModelValue | undefined, b: ModelValue | undefined): boolean {
  if (typeof a !== "string" || typeof b !== "string") return a === b;
  return trimEnd(a) === trimEnd(b);
}

function trimEnd(text: string): string {
  return text.replace(/[\s\0]+$/, "");
}
