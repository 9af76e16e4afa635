import type { Transactor } from "./group-commit.ts";
import type { Tx } from "./kysely.ts";
import type { SecretBox } from "./secret-box.ts";

/**
 * What is remembered: by the drivers (a pinned certificate, …), of how its pages are built, how somebody wants it to be
 * talked to, what came of that last.
 */
export type MemoryKind = "drivers" | "pages" | "interaction" | "outcomes";

/** By kind; what was never saved is absent. */
export type RememberedPrinter = Readonly<Partial<Record<MemoryKind, string>>>;

/** Texts remembered per printer for whoever can read them; encrypted, as some may let one in. */
export class PrinterMemory {
  readonly #transactor: Transactor;
  readonly #secrets: SecretBox;

  constructor(transactor: Transactor, secrets: SecretBox) {
    this.#transactor = transactor;
    this.#secrets = secrets;
  }

  /** Everything remembered of a printer. @throws {StoreError} `store.wrong-key` */
  load(printerId: string): Promise<RememberedPrinter> {
    return this.#transactor.transact(async (tx) => {
      const rows = await tx
        .selectFrom("printer_memory")
        .selectAll()
        .where("printer", "=", printerId)
        .execute();
      return Object.fromEntries(
        rows.map(({ kind, content }) => [
          kind,
          this.#secrets.openText(content, place(printerId, kind)),
        ]),
      );
    });
  }

  /** Replaces what was remembered; undefined forgets it. */
  save(printerId: string, kind: MemoryKind, text: string | undefined): Promise<void> {
    return this.#transactor.transact((tx) => this.saveIn(tx, printerId, kind, text));
  }

  /** The same in a transaction under way. */
  async saveIn(
    tx: Tx,
    printerId: string,
    kind: MemoryKind,
    text: string | undefined,
  ): Promise<void> {
    if (text === undefined) {
      await tx
        .deleteFrom("printer_memory")
        .where("printer", "=", printerId)
        .where("kind", "=", kind)
        .execute();
      return;
    }
    const content = this.#secrets.sealText(text, place(printerId, kind));
    await tx
      .insertInto("printer_memory")
      .values({ printer: printerId, kind, content })
      .onConflict((conflict) => conflict.columns(["printer", "kind"]).doUpdateSet({ content }))
      .execute();
  }
}

function place(printerId: string, kind: string): string {
  return `memory ${kind} of ${printerId}`;
}
