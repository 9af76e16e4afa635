import { type Outcome, wholeNumber } from "../evaluate/datum.ts";

/** Named inputs of a derivation; texts are decoded already. */
export type Inputs = Readonly<Record<string, Outcome | undefined>>;

/** A whole number; undefined when missing or no number. */
export function numberInput(inputs: Inputs, name: string): number | undefined {
  const value = inputs[name];
  return value === undefined ? undefined : wholeNumber(value);
}

/** A text; undefined when missing or empty. */
export function textInput(inputs: Inputs, name: string): string | undefined {
  const value = inputs[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Items of a text that joins them with commas. */
export function listInput(inputs: Inputs, name: string): readonly string[] {
  return textInput(inputs, name)?.split(",") ?? [];
}
