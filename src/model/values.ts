import type { ModelValue, ParameterDefinition, ParameterType } from "./definition.ts";

/** Why a value is refused: the wrong kind altogether, or a value its definition does not allow. */
export type ValueProblem = "type" | "range" | "enumeration" | "length";

/** Result of checking a value; `value` is canonical (dateTime in UTC without fraction, list without blanks). */
export type ValueCheck =
  | { readonly ok: true; readonly value: ModelValue }
  | { readonly ok: false; readonly problem: ValueProblem; readonly text: string };

/** TR-106 §3.2.1: time not known. */
export const unknownTime = "0001-01-01T00:00:00Z";

const integerBounds: Readonly<
  Record<Exclude<ParameterType, "string" | "boolean" | "dateTime">, readonly [number, number]>
> = {
  int: [-2_147_483_648, 2_147_483_647],
  unsignedInt: [0, 4_294_967_295],
  long: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  unsignedLong: [0, Number.MAX_SAFE_INTEGER],
};

/** Checks a value against its definition: type, range, words, length. Total: never throws. */
export function checkValue(definition: ParameterDefinition, value: ModelValue): ValueCheck {
  switch (definition.type) {
    case "boolean":
      return typeof value === "boolean" ? { ok: true, value } : wrongType("true or false", value);
    case "dateTime":
      return typeof value === "string" ? checkDateTime(value) : wrongType("a dateTime", value);
    case "string":
      return typeof value === "string" ? checkText(definition, value) : wrongType("text", value);
    default:
      return typeof value === "number"
        ? checkWhole(definition, definition.type, value)
        : wrongType("a whole number", value);
  }
}

/** Text of a value as it goes on the wire, unescaped. */
export function toWire(value: ModelValue, type: ParameterType): string {
  if (type === "boolean") return value === true ? "true" : "false";
  return typeof value === "string" ? value : value.toString();
}

/** Reads wire text as the definition's type and checks it. Blanks around anything but strings are not part of it. */
export function fromWire(text: string, definition: ParameterDefinition): ValueCheck {
  if (definition.type === "string") return checkText(definition, text);
  const trimmed = text.trim();
  if (definition.type === "dateTime") return checkDateTime(trimmed);
  if (definition.type === "boolean") {
    if (trimmed === "true" || trimmed === "1") return { ok: true, value: true };
    if (trimmed === "false" || trimmed === "0") return { ok: true, value: false };
    return wrongType("true, false, 1 or 0", text);
  }
  if (!/^[+-]?\d{1,20}$/.test(trimmed)) return wrongType("a whole number", text);
  return checkWhole(definition, definition.type, Number(trimmed));
}

/** Cuts text to the definition's length without splitting a character; printers' own texts may be longer than allowed. */
export function fitText(definition: ParameterDefinition, text: string): string {
  const limit = definition.maxLength;
  if (limit === undefined || text.length <= limit) return text;
  const characters = Array.from(text);
  return characters.length <= limit ? text : characters.slice(0, limit).join("");
}

/** An instant as the model writes it: ISO 8601, UTC, whole seconds. */
export function formatDateTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** An instant in UTC with six digits of fraction (`2008-04-09T15:01:05.123456Z`), as TR-143 wants it. */
export function formatMicroTime(epochUs: number): string {
  const seconds = Math.floor(epochUs / 1_000_000);
  const fraction = Math.floor(epochUs % 1_000_000)
    .toString()
    .padStart(6, "0");
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}

function wrongType(wanted: string, value: ModelValue): ValueCheck {
  return { ok: false, problem: "type", text: `${quote(value)} is not ${wanted}` };
}

function quote(value: ModelValue): string {
  const text = String(value);
  return `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
}

function checkWhole(
  definition: ParameterDefinition,
  type: keyof typeof integerBounds,
  value: number,
): ValueCheck {
  if (!Number.isInteger(value)) return wrongType("a whole number", value);
  const [lowest, highest] = integerBounds[type];
  const minimum = Math.max(lowest, definition.minimum ?? lowest);
  const maximum = Math.min(highest, definition.maximum ?? highest);
  if (value < minimum || value > maximum) {
    const text = `${value.toString()} is outside ${minimum.toString()} to ${maximum.toString()}`;
    return { ok: false, problem: "range", text };
  }
  return { ok: true, value: value === 0 ? 0 : value };
}

function checkText(definition: ParameterDefinition, text: string): ValueCheck {
  const value = definition.list === true ? canonicalList(text) : text;
  const words = definition.list === true ? listItems(value) : [value];
  const allowed = definition.enumeration;
  const stranger =
    allowed === undefined ? undefined : words.find((word) => !allowed.includes(word));
  if (allowed !== undefined && stranger !== undefined) {
    const problem = `${quote(stranger)} is not one of ${allowed.join(", ")}`;
    return { ok: false, problem: "enumeration", text: problem };
  }
  if (definition.maxLength !== undefined && characterCount(value) > definition.maxLength) {
    const problem = `longer than ${definition.maxLength.toString()} characters`;
    return { ok: false, problem: "length", text: problem };
  }
  return { ok: true, value };
}

function characterCount(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0xdc00 || code > 0xdfff) count += 1; // the second half of a pair is not counted
  }
  return count;
}

/** Items of a list value (TR-106 §3.2.3); the empty text is the empty list. */
function listItems(list: string): readonly string[] {
  return list === "" ? [] : list.split(",");
}

/** TR-106 §3.2.3: blanks around the comma are not part of the items. */
function canonicalList(text: string): string {
  const trimmed = text.trim();
  return trimmed === "" ? "" : trimmed.split(/\s*,\s*/).join(",");
}

const dateTimePattern =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})?$/;

/** Relative times (no zone, year below 1000: seconds since start, TR-106 §3.2.1) are kept as they are. */
function checkDateTime(text: string): ValueCheck {
  const parts = dateTimePattern.exec(text);
  if (parts === null) return wrongType("an ISO 8601 dateTime", text);
  const [, year = "", month = "", day = ""] = parts;
  const zone = parts[8];
  if (zone === undefined && Number(year) >= 1000) return wrongType("a dateTime with zone Z", text);
  const epochMs = Date.parse(zone === undefined ? `${text}Z` : text);
  if (Number.isNaN(epochMs) || !isDay(Number(year), Number(month), Number(day)))
    return wrongType("a date of the calendar", text);
  if (zone === undefined) return { ok: true, value: text };
  const utc = formatDateTime(epochMs);
  // An offset can push the ends of the calendar out of four digits; those texts are kept.
  return { ok: true, value: /^\d{4}-/.test(utc) ? utc : text };
}

/** Date.parse lets 31 April through as 1 May. */
function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
