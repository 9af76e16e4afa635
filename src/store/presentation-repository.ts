import type { ModelValue } from "../model/definition.ts";
import type { Transactor } from "./group-commit.ts";
import { isModelValue, isRecord, isStrings, parseStored } from "./json.ts";
import { run } from "./kysely.ts";
import type { SecretBox } from "./secret-box.ts";

/** Row types as the presentation states them (`presentation/embedded/command-record.ts`); equal structurally. */
export interface StoredCommand {
  readonly id: number;
  readonly writes: readonly { readonly path: string; readonly value: ModelValue }[];
  readonly who?: "acs" | "cli" | "api";
  readonly acceptedAtMs: number;
  readonly attempts: number;
  readonly refusals: number;
  readonly lastError: string;
}

/** What is still to be done on one printer, and what failed. */
export interface StoredCommands {
  readonly commands: readonly StoredCommand[];
  readonly failures: readonly string[];
}

/** How printers are shown where somebody chose it, and what was promised for printers that were away. */
export class PresentationRepository {
  readonly #transactor: Transactor;
  readonly #secrets: SecretBox;

  constructor(transactor: Transactor, secrets: SecretBox) {
    this.#transactor = transactor;
    this.#secrets = secrets;
  }

  /** Choices by printer id; printers left to the rules have none. */
  choices(): Promise<ReadonlyMap<string, string>> {
    return this.#transactor.transact(async (tx) => {
      const rows = await tx.selectFrom("presentation_choices").selectAll().execute();
      return new Map(rows.map(({ printer, choice }) => [printer, choice]));
    });
  }

  /** Keeps the choice for a printer; undefined leaves it to the rules. */
  choose(printerId: string, choice: string | undefined): Promise<void> {
    return this.#transactor.transact(async (tx) => {
      await run(tx, "DELETE FROM presentation_choices WHERE printer = ?", [printerId]);
      if (choice !== undefined)
        await tx
          .insertInto("presentation_choices")
          .values({ printer: printerId, choice })
          .execute();
    });
  }

  /** Everything still to be done, by printer id. */
  commands(): Promise<ReadonlyMap<string, StoredCommands>> {
    return this.#transactor.transact(async (tx) => {
      const rows = await tx.selectFrom("pending_commands").selectAll().execute();
      return new Map(rows.map(({ printer, content }) => [printer, this.#open(printer, content)]));
    });
  }

  /** Replaces what is kept for a printer. The values are encrypted, they may be passwords. */
  save(printerId: string, record: StoredCommands): Promise<void> {
    const isEmpty = record.commands.length === 0 && record.failures.length === 0;
    const content = isEmpty
      ? undefined
      : this.#secrets.sealText(JSON.stringify(record), place(printerId));
    return this.#transactor.transact(async (tx) => {
      await run(tx, "DELETE FROM pending_commands WHERE printer = ?", [printerId]);
      if (content !== undefined)
        await tx.insertInto("pending_commands").values({ printer: printerId, content }).execute();
    });
  }

  /** Forgets a printer that is gone for good. */
  async remove(printerId: string): Promise<void> {
    await Promise.all([
      this.choose(printerId, undefined),
      this.save(printerId, { commands: [], failures: [] }),
    ]);
  }

  #open(printerId: string, content: string): StoredCommands {
    const text = this.#secrets.openText(content, place(printerId));
    return parseStored(text, `commands of ${printerId}`, isStoredCommands);
  }
}

function place(printerId: string): string {
  return `commands ${printerId}`;
}

function isStoredCommands(value: unknown): value is StoredCommands {
  return (
    isRecord(value) &&
    isStrings(value["failures"]) &&
    Array.isArray(value["commands"]) &&
    value["commands"].every(isStoredCommand)
  );
}

function isStoredCommand(value: unknown): value is StoredCommand {
  if (!isRecord(value)) return false;
  const { writes, lastError } = value;
  const numbers = [value["id"], value["acceptedAtMs"], value["attempts"], value["refusals"]];
  return (
    numbers.every((number) => typeof number === "number") &&
    typeof lastError === "string" &&
    [undefined, "acs", "cli", "api"].some((who) => who === value["who"]) &&
    Array.isArray(writes) &&
    writes.every(
      (write: unknown) =>
        isRecord(write) && typeof write["path"] === "string" && isModelValue(write["value"]),
    )
  );
}
