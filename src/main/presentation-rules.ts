import { type Config, type PresentAs, presentAsWords } from "../config/config.ts";
import { compileGlob } from "../mapping/glob.ts";
import type { Store } from "../store/store.ts";

/** What may be chosen for a printer; `auto` leaves it to the rules. */
export type PresentationChoice = PresentAs | "auto";

/** Decides by the rules of the configuration how the ACS sees a printer; the first rule that matches wins. */
export function presentAs(
  presentation: Config["presentation"],
  printer: { readonly manufacturer: string; readonly productClass: string },
): PresentAs {
  const rule = presentation.rules.find(
    ({ vendor, model }) =>
      (vendor === undefined || compileGlob(vendor).test(printer.manufacturer)) &&
      (model === undefined || compileGlob(model).test(printer.productClass)),
  );
  return rule?.as ?? presentation.default;
}

/** The word if it is a choice. */
export function parseChoice(word: string): PresentationChoice | undefined {
  return [...presentAsWords, "auto" as const].find((choice) => choice === word);
}

/** How each printer is to be shown: as the operator or the ACS chose, else as the rules say. Choices are on disk. */
export class PresentationChoices {
  readonly #rules: Config["presentation"];
  readonly #store: Store;
  readonly #choices: Map<string, PresentAs>;

  private constructor(
    rules: Config["presentation"],
    store: Store,
    choices: Map<string, PresentAs>,
  ) {
    this.#rules = rules;
    this.#store = store;
    this.#choices = choices;
  }

  static async load(rules: Config["presentation"], store: Store): Promise<PresentationChoices> {
    const choices = new Map<string, PresentAs>();
    for (const [printerId, word] of await store.presentation.choices()) {
      const choice = presentAsWords.find((candidate) => candidate === word);
      if (choice !== undefined) choices.set(printerId, choice);
    }
    return new PresentationChoices(rules, store, choices);
  }

  /** What was chosen for a printer. */
  chosen(printerId: string): PresentationChoice {
    return this.#choices.get(printerId) ?? "auto";
  }

  /** What follows from the choice and the rules. */
  of(printer: {
    readonly id: string;
    readonly identity: { readonly manufacturer: string; readonly productClass: string };
  }): PresentAs {
    return this.#choices.get(printer.id) ?? presentAs(this.#rules, printer.identity);
  }

  /** Keeps a choice; in force when it resolves. */
  async choose(printerId: string, choice: PresentationChoice): Promise<void> {
    await this.#store.presentation.choose(printerId, choice === "auto" ? undefined : choice);
    if (choice === "auto") this.#choices.delete(printerId);
    else this.#choices.set(printerId, choice);
  }

  /** Leaves every printer to the rules. Returns the ids of those somebody had chosen for. */
  async reset(): Promise<ReadonlySet<string>> {
    const chosen = new Set(this.#choices.keys());
    await Promise.all([...chosen].map((printerId) => this.choose(printerId, "auto")));
    return chosen;
  }

  /** The printer is gone for good, and what was kept about it on disk too. */
  forget(printerId: string): void {
    this.#choices.delete(printerId);
  }
}
