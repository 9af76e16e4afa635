import { logger } from "../shared/log.ts";
import { StoreError } from "../store/errors.ts";
import type { PageMemory } from "./page-memory.ts";
import type { PrinterLink } from "./printer-link.ts";
import type { PrinterStore } from "./printer-store.ts";

const log = logger("fleet.remembered");

/** Whose memory, and where it is kept. */
export interface RememberedParts {
  readonly printerId: string;
  readonly store: Pick<PrinterStore, "saveMemory">;
  readonly link: PrinterLink;
  readonly pages: PageMemory;
  /** What the drivers had to remember, as saved last. */
  readonly kept: string | undefined;
}

/** What drivers and page memory learned of a printer, and what of it is on disk. */
export class Remembered {
  readonly #parts: RememberedParts;
  #kept: string | undefined;

  constructor(parts: RememberedParts) {
    this.#parts = parts;
    this.#kept = parts.kept;
  }

  /** Saves what is new, now or after the next conversation: what came of this one does not depend on it. */
  async saveIfPossible(): Promise<void> {
    try {
      await this.save();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      log.warn("what was learned is not saved yet", { device: this.#parts.printerId, error });
    }
  }

  /** Saves what is new. @throws {StoreError} */
  async save(): Promise<void> {
    const { printerId, store, link, pages } = this.#parts;
    if (pages.hasChanged) {
      await store.saveMemory(printerId, "pages", pages.text());
      pages.settle();
    }
    const { outcomes } = link;
    if (outcomes.isDue) {
      await store.saveMemory(printerId, "outcomes", outcomes.text());
      outcomes.settle();
    }
    if (!link.asksForPages) return;
    const { kept } = link;
    if (kept === this.#kept) return;
    await store.saveMemory(printerId, "drivers", kept);
    this.#kept = kept;
  }
}
