import type { Datum, Outcome } from "../evaluate/datum.ts";

/** What a transform may know besides the value. */
export interface TransformContext {
  /** Text of octets, decoded with the printer's character set. */
  text(value: Datum): string;
  readonly readAtMs: number;
  /** Hundredths of a second since the printer started, when it was read. */
  readonly upTimeTicks: number | undefined;
}

/** One step: value in, value (or a reason for none) out. Never throws, whatever a printer sends. */
export type Transform = (value: Datum, context: TransformContext) => Outcome;

/** Kind of argument a transform takes; `none` ones are named by their name alone. */
export type ArgumentKind = "none" | "text" | "number" | "values" | "replacement" | "brotherRecord";

/** A transform as mapping files know it. */
export interface TransformDefinition {
  readonly argument: ArgumentKind;
  /** One sentence for `docs/mapping-reference.md`. */
  readonly description: string;
}
