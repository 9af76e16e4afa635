import type { CwmpType } from "../cwmp/parameter-tree.ts";

const numericTypes: ReadonlySet<CwmpType> = new Set(["int", "unsignedInt", "long", "unsignedLong"]);

/** Wire text as JSON has it: booleans and whole numbers as such. Text that is no number stays what it is. */
export function typedValue(type: CwmpType, value: string): string | number | boolean {
  if (type === "boolean") return value === "true" || value === "1";
  const number = Number(value);
  return numericTypes.has(type) && Number.isFinite(number) ? number : value;
}
