import type { ModelValue } from "../../model/definition.ts";
import { parameterAt } from "../../model/model.ts";
import { checkValue } from "../../model/values.ts";
import { MappingError } from "../errors.ts";
import type { MappedAssignment } from "../evaluation.ts";
import type { Located } from "../format/resolve.ts";
import { compilePattern } from "../../shared/regex.ts";
import type { CompleteParameter, WriteEntry } from "../schema.ts";

/** Entries that have a write, by template. */
export type Writes = ReadonlyMap<string, Located<CompleteParameter>>;

/** An assignment whose value the model and the printer allow, in the printer's own spelling. */
export interface CheckedAssignment extends MappedAssignment {
  readonly entry: WriteEntry;
  /** Value as the printer spells it. */
  readonly raw: ModelValue;
  /** Key of the row without the name of its row set; undefined outside tables. */
  readonly row: string | undefined;
}

/**
 * Checks one assignment before anything is sent.
 *
 * @throws {MappingError} `mapping.not-writable` when the mapping has no write for the template, `mapping.bad-value`
 * when the value is not one the printer may be given
 */
export function checkAssignment(writes: Writes, assignment: MappedAssignment): CheckedAssignment {
  const { template, rowKey, value } = assignment;
  const entry = writes.get(template)?.entry.write;
  if (entry === undefined)
    throw new MappingError(`${template} cannot be written on this printer`, "mapping.not-writable");
  const definition = parameterAt(template);
  const check = definition === undefined ? undefined : checkValue(definition, value);
  if (check?.ok === false) throw badValue(check.text);
  const problem = checkForDevice(entry.check, value);
  if (problem !== undefined) throw badValue(problem);
  const colon = rowKey?.indexOf(":") ?? -1;
  const row = colon < 0 ? undefined : rowKey?.slice(colon + 1);
  return { ...assignment, entry, raw: rawFor(entry, value), row };
}

/** The error for a value the printer may not be given; who reports it names the parameter. */
export function badValue(text: string): MappingError {
  return new MappingError(text, "mapping.bad-value");
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

/** The printer's own value for a word, by the write's `values` read backwards. */
function rawFor(entry: WriteEntry, value: ModelValue): ModelValue {
  if (entry.values === undefined) return value;
  const found = Object.entries(entry.values).find(([, word]) => word === value);
  if (found === undefined) throw badValue("the printer has no such setting");
  return found[0];
}

/** Equal but for blanks and NULs at the end, which printers with fixed-length fields add or cut. */
export function isSameValue(a: ModelValue | undefined, b: ModelValue | undefined): boolean {
  if (typeof a !== "string" || typeof b !== "string") return a === b;
  return trimEnd(a) === trimEnd(b);
}

function trimEnd(text: string): string {
  return text.replace(/[\s\0]+$/, "");
}
