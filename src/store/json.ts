import type { ModelValue } from "../model/definition.ts";
import { StoreError } from "./errors.ts";

/** Reads JSON the store wrote itself; `where` is for the message. @throws {StoreError} `store.corrupt` */
export function parseStored<Value>(
  text: string,
  where: string,
  check: (value: unknown) => value is Value,
): Value {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new StoreError("store.corrupt", `${where} is not readable; restore a backup`, error);
  }
  if (!check(value))
    throw new StoreError(
      "store.corrupt",
      `${where} is not what this version writes; restore a backup`,
    );
  return value;
}

/** A value of the model. */
export function isModelValue(value: unknown): value is ModelValue {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** A value that may be absent; absence is `null` in JSON. */
export function isModelValueOrNull(value: unknown): value is ModelValue | null {
  return value === null || isModelValue(value);
}

/** The values of a snapshot. */
export function isModelValues(value: unknown): value is readonly ModelValue[] {
  return Array.isArray(value) && value.every(isModelValue);
}

/** A list of texts. */
export function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** Numbers by name. */
export function isNumberRecord(value: unknown): value is Readonly<Record<string, number>> {
  return isRecord(value) && Object.values(value).every((item) => typeof item === "number");
}

/** An object that is no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
