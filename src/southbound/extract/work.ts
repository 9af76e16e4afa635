import { tooBig } from "./extract-error.ts";
import { extractLimits } from "./limits.ts";

/** Counts the steps matching takes, so that no page and no selector, however built, takes long. */
export class Work {
  #left: number = extractLimits.work;

  /** @throws {ExtractError} `ews.too-big` when the budget is used up */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw tooBig("steps of matching", extractLimits.work);
  }
}
