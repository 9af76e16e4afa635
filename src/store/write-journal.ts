import type { ModelValue } from "../model/definition.ts";
import type { Transactor } from "./group-commit.ts";
import { isModelValue, isModelValueOrNull, isRecord, parseStored } from "./json.ts";
import type { JournalRow } from "./kysely.ts";
import type { SecretBox } from "./secret-box.ts";

/** A write under way (`fleet/printer-store.ts`); equal structurally, checked in `ports.test.ts`. */
export interface JournalRecord {
  readonly id: string;
  readonly printerId: string;
  readonly startedAtMs: number;
  readonly who: "acs" | "cli" | "api";
  readonly phase: "writing" | "restarting" | "undoing" | "undoRestarting";
  readonly phaseAtMs: number;
  readonly writes: readonly JournalWrite[];
}

interface JournalWrite {
  readonly path: string;
  readonly before: ModelValue | undefined;
  readonly after: ModelValue;
  readonly isUnreadable?: boolean;
}

/** The journal of writes to printers. Each method resolves when it is on disk. */
export class WriteJournal {
  readonly #transactor: Transactor;
  readonly #secrets: SecretBox;

  constructor(transactor: Transactor, secrets: SecretBox) {
    this.#transactor = transactor;
    this.#secrets = secrets;
  }

  /** Records a write before its first byte goes out; the values are encrypted, they may be passwords. */
  open(entry: JournalRecord): Promise<void> {
    const row = this.#toRow(entry);
    return this.#transactor.transact(async (tx) => {
      await tx.insertInto("journal").values(row).execute();
    });
  }

  /** Notes how far a write is. */
  note(id: string, phase: JournalRecord["phase"], phaseAtMs: number): Promise<void> {
    return this.#transactor.transact(async (tx) => {
      const columns = { phase, phase_at_ms: phaseAtMs };
      await tx.updateTable("journal").set(columns).where("id", "=", id).execute();
    });
  }

  /** Removes a write whose outcome is known; one that could not be undone is kept for the operator. */
  close(id: string, outcome: "applied" | "undone" | "undoFailed"): Promise<void> {
    return this.#transactor.transact(async (tx) => {
      if (outcome === "undoFailed")
        await tx.updateTable("journal").set({ outcome }).where("id", "=", id).execute();
      else await tx.deleteFrom("journal").where("id", "=", id).execute();
    });
  }

  /** Writes without outcome, oldest first. */
  unfinished(): Promise<readonly JournalRecord[]> {
    return this.#transactor.transact(async (tx) => {
      const rows = await tx
        .selectFrom("journal")
        .selectAll()
        .where("outcome", "is", null)
        .orderBy("started_at_ms")
        .execute();
      return rows.map((row) => this.#fromRow(row));
    });
  }

  #toRow(entry: JournalRecord): JournalRow {
    const writes = entry.writes.map((write) => ({ ...write, before: write.before ?? null }));
    return {
      id: entry.id,
      printer: entry.printerId,
      started_at_ms: entry.startedAtMs,
      writes: this.#secrets.sealText(JSON.stringify(writes), journalPlace(entry.id)),
      outcome: null,
      who: entry.who,
      phase: entry.phase,
      phase_at_ms: entry.phaseAtMs,
    };
  }

  #fromRow(row: JournalRow): JournalRecord {
    const text = this.#secrets.openText(row.writes, journalPlace(row.id));
    const writes = parseStored(text, `journal ${row.id}`, isStoredWrites);
    return {
      id: row.id,
      printerId: row.printer,
      startedAtMs: row.started_at_ms,
      who: row.who,
      phase: row.phase,
      phaseAtMs: row.phase_at_ms,
      writes: writes.map((write) => ({ ...write, before: write.before ?? undefined })),
    };
  }
}

interface StoredWrite {
  readonly path: string;
  readonly before: ModelValue | null;
  readonly after: ModelValue;
  readonly isUnreadable?: boolean;
}

function isStoredWrites(value: unknown): value is readonly StoredWrite[] {
  return (
    Array.isArray(value) &&
    value.every(
      (item: unknown) =>
        isRecord(item) &&
        typeof item["path"] === "string" &&
        isModelValueOrNull(item["before"]) &&
        isModelValue(item["after"]) &&
        (item["isUnreadable"] === undefined || typeof item["isUnreadable"] === "boolean"),
    )
  );
}

function journalPlace(id: string): string {
  return `journal ${id}`;
}
