import type { ModelValue } from "../model/definition.ts";
import type { Transactor } from "./group-commit.ts";
import { isModelValue, isModelValueOrNull, isRecord, parseStored } from "./json.ts";
import type { PrinterRow } from "./kysely.ts";
import type { SecretBox } from "./secret-box.ts";

/** A printer as the fleet knows it (`fleet/printer-store.ts`); equal structurally, checked in `ports.test.ts`. */
export interface PrinterRecord {
  readonly id: string;
  readonly manufacturer: string;
  readonly oui: string;
  readonly productClass: string;
  readonly serialNumber: string;
  readonly macAddress: string | undefined;
  readonly host: string;
  readonly snmpPort: number;
  readonly credential: string | undefined;
  readonly mapping: string;
  readonly discoveredBy: string;
  readonly state: "pending" | "active" | "retired";
  /** It did not answer when last asked; kept, so that a restart of the service does not call it online. */
  readonly isUnreachable: boolean;
  readonly lastContactMs: number | undefined;
  readonly adoptedAtMs: number;
  readonly upTime: { readonly ticks: number; readonly atMs: number } | undefined;
}

/** A value held back, and the one shown instead. */
export interface Quarantined {
  readonly path: string;
  readonly accepted: ModelValue;
  readonly rejected: ModelValue;
  readonly reason: string;
  readonly sinceMs: number;
}

/** A write under way. */
export interface JournalRecord {
  readonly id: string;
  readonly printerId: string;
  readonly startedAtMs: number;
  readonly writes: readonly JournalWrite[];
}

interface JournalWrite {
  readonly path: string;
  readonly before: ModelValue | undefined;
  readonly after: ModelValue;
}

/** Printers, their quarantined values and the journal of writes. */
export class PrinterRepository {
  readonly #transactor: Transactor;
  readonly #secrets: SecretBox;

  constructor(transactor: Transactor, secrets: SecretBox) {
    this.#transactor = transactor;
    this.#secrets = secrets;
  }

  /** All printers in the order of adoption. */
  list(): Promise<readonly PrinterRecord[]> {
    return this.#transactor.transact(async (tx) => {
      const rows = await tx
        .selectFrom("printers")
        .selectAll()
        .orderBy("adopted_at_ms")
        .orderBy("id")
        .execute();
      return rows.map(fromRow);
    });
  }

  /** Adds or replaces a printer. */
  save(printer: PrinterRecord): Promise<void> {
    const { id, ...columns } = toRow(printer);
    return this.#transactor.transact(async (tx) => {
      await tx
        .insertInto("printers")
        .values({ id, ...columns })
        .onConflict((conflict) => conflict.column("id").doUpdateSet(columns))
        .execute();
    });
  }

  /** Forgets a printer and all that was kept of it, except which instance numbers were used. */
  remove(printerId: string): Promise<void> {
    return this.#transactor.transact(async (tx) => {
      await tx.deleteFrom("printers").where("id", "=", printerId).execute();
      await tx.deleteFrom("instances").where("owner", "=", printerId).execute();
      for (const table of ["snapshots", "freshness", "quarantine", "journal"] as const)
        await tx.deleteFrom(table).where("printer", "=", printerId).execute();
      const name = await tx
        .selectFrom("names")
        .select("id")
        .where("name", "=", printerId)
        .executeTakeFirst();
      if (name === undefined) return;
      for (const table of ["history", "meter_readings", "meter_days", "meter_heads"] as const)
        await tx.deleteFrom(table).where("printer", "=", name.id).execute();
    });
  }

  quarantine(printerId: string): Promise<readonly Quarantined[]> {
    return this.#transactor.transact(async (tx) => {
      const rows = await tx
        .selectFrom("quarantine")
        .selectAll()
        .where("printer", "=", printerId)
        .orderBy("path")
        .execute();
      return rows.map((row) => ({
        path: row.path,
        accepted: parseStored(row.accepted_json, `quarantine of ${row.path}`, isModelValue),
        rejected: parseStored(row.rejected_json, `quarantine of ${row.path}`, isModelValue),
        reason: row.reason,
        sinceMs: row.since_ms,
      }));
    });
  }

  /** Replaces the quarantine list of a printer. */
  saveQuarantine(printerId: string, values: readonly Quarantined[]): Promise<void> {
    const rows = values.map((value) => ({
      printer: printerId,
      path: value.path,
      accepted_json: JSON.stringify(value.accepted),
      rejected_json: JSON.stringify(value.rejected),
      reason: value.reason,
      since_ms: value.sinceMs,
    }));
    return this.#transactor.transact(async (tx) => {
      await tx.deleteFrom("quarantine").where("printer", "=", printerId).execute();
      for (const row of rows) await tx.insertInto("quarantine").values(row).execute();
    });
  }

  /** Records a write before its first byte goes out; the values are encrypted, they may be passwords. */
  openJournal(entry: JournalRecord): Promise<void> {
    const writes = entry.writes.map(({ path, before, after }) => ({
      path,
      before: before ?? null,
      after,
    }));
    const sealed = this.#secrets.sealText(JSON.stringify(writes), journalPlace(entry.id));
    return this.#transactor.transact(async (tx) => {
      await tx
        .insertInto("journal")
        .values({
          id: entry.id,
          printer: entry.printerId,
          started_at_ms: entry.startedAtMs,
          writes: sealed,
          outcome: null,
        })
        .execute();
    });
  }

  /** Removes a write whose outcome is known; one that could not be undone is kept for the operator. */
  closeJournal(id: string, outcome: "applied" | "undone" | "undoFailed"): Promise<void> {
    return this.#transactor.transact(async (tx) => {
      if (outcome === "undoFailed")
        await tx.updateTable("journal").set({ outcome }).where("id", "=", id).execute();
      else await tx.deleteFrom("journal").where("id", "=", id).execute();
    });
  }

  /** Writes without outcome, oldest first. */
  unfinishedJournal(): Promise<readonly JournalRecord[]> {
    return this.#transactor.transact(async (tx) => {
      const rows = await tx
        .selectFrom("journal")
        .selectAll()
        .where("outcome", "is", null)
        .orderBy("started_at_ms")
        .execute();
      return rows.map((row) => ({
        id: row.id,
        printerId: row.printer,
        startedAtMs: row.started_at_ms,
        writes: this.#openWrites(row.writes, row.id),
      }));
    });
  }

  #openWrites(sealed: string, id: string): readonly JournalWrite[] {
    const text = this.#secrets.openText(sealed, journalPlace(id));
    return parseStored(text, `journal ${id}`, isStoredWrites).map(({ path, before, after }) => ({
      path,
      before: before ?? undefined,
      after,
    }));
  }
}

interface StoredWrite {
  readonly path: string;
  readonly before: ModelValue | null;
  readonly after: ModelValue;
}

function isStoredWrites(value: unknown): value is readonly StoredWrite[] {
  return (
    Array.isArray(value) &&
    value.every(
      (item: unknown) =>
        isRecord(item) &&
        typeof item["path"] === "string" &&
        isModelValueOrNull(item["before"]) &&
        isModelValue(item["after"]),
    )
  );
}

function journalPlace(id: string): string {
  return `journal ${id}`;
}

function toRow(printer: PrinterRecord): PrinterRow {
  return {
    id: printer.id,
    manufacturer: printer.manufacturer,
    oui: printer.oui,
    product_class: printer.productClass,
    serial_number: printer.serialNumber,
    mac_address: printer.macAddress ?? null,
    host: printer.host,
    snmp_port: printer.snmpPort,
    credential: printer.credential ?? null,
    mapping: printer.mapping,
    discovered_by: printer.discoveredBy,
    state: printer.state,
    is_unreachable: printer.isUnreachable ? 1 : 0,
    last_contact_ms: printer.lastContactMs ?? null,
    adopted_at_ms: printer.adoptedAtMs,
    up_time_ticks: printer.upTime?.ticks ?? null,
    up_time_at_ms: printer.upTime?.atMs ?? null,
  };
}

function fromRow(row: PrinterRow): PrinterRecord {
  return {
    id: row.id,
    manufacturer: row.manufacturer,
    oui: row.oui,
    productClass: row.product_class,
    serialNumber: row.serial_number,
    macAddress: row.mac_address ?? undefined,
    host: row.host,
    snmpPort: row.snmp_port,
    credential: row.credential ?? undefined,
    mapping: row.mapping,
    discoveredBy: row.discovered_by,
    state: row.state,
    isUnreachable: row.is_unreachable === 1,
    lastContactMs: row.last_contact_ms ?? undefined,
    adoptedAtMs: row.adopted_at_ms,
    upTime:
      row.up_time_ticks === null || row.up_time_at_ms === null
        ? undefined
        : { ticks: row.up_time_ticks, atMs: row.up_time_at_ms },
  };
}
