import type { UnavailableReason } from "../driver.ts";
import { SouthboundError } from "../errors.ts";

/**
 * What a document cannot be used for: `ews.too-big` (a cap of {@link extractLimits} is hit), `ews.malformed` (not of the
 * format it should have, or cut off), `ews.bad-selector`; for forms `ews.no-form`, `ews.no-field`, `ews.no-option`.
 */
export class ExtractError extends SouthboundError {
  override readonly name: string = "ExtractError";
}

/** A field of a form cannot be set so (`ews.no-option`). */
export class NoOptionError extends ExtractError {
  override readonly name = "NoOptionError";
  /** Which of the fields that were to be set, from 0. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(message, { code: "ews.no-option" });
    this.position = position;
  }
}

/** A cap is hit; `what` names it. */
export function tooBig(what: string, limit: number): ExtractError {
  return new ExtractError(`document has more than ${limit} ${what}`, { code: "ews.too-big" });
}

/** The document is not what it should be. */
export function malformed(message: string): ExtractError {
  return new ExtractError(message, { code: "ews.malformed" });
}

/** A selector cannot be read; the mapping linter should have said so before. */
export function badSelector(problem: string): ExtractError {
  return new ExtractError(problem, { code: "ews.bad-selector" });
}

/** What a document is to a mapping that cannot be used, by the code of its {@link ExtractError}. */
export function unusableReason(code: string): UnavailableReason {
  return code === "ews.too-big" ? "cut" : "malformed";
}
