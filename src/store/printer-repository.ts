import type { ModelValue } from "../model/definition.ts";
import type { Transactor } from "./group-commit.ts";
import { isModelValue, parseStored } from "./json.ts";
import type { PrinterRow, Tx } from "./kysely.ts";

/** A printer as the fleet knows it (`fleet/printer-store.ts`); equal structurally, checked in `ports.test.ts`. */
export interface PrinterRecord {
  readonly id: string;
  readonly manufacturer: string;
  readonly oui: string;
  readonly productClass: string;
  readonly serialNumber: string;
  readonly macAddress: string | undefined;
  readonly host: string;
  /** UDP port of its agent; undefined: it has none. */
  readonly snmpPort: number | undefined;
  /** Where its web server was named. */
  readonly ews: { readonly port: number; readonly scheme: "http" | "https" } | undefined;
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

/** Tables whose rows name their printer by its id. */
const printerTables = [
  "snapshots",
  "freshness",
  "quarantine",
  "journal",
  "printer_memory",
] as const;

/** Printers and their quarantined values. */
export class PrinterRepository {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
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

  /** Adds or replaces a printer; `alongside` is done in the same transaction. */
  save(printer: PrinterRecord, alongside?: (tx: Tx) => Promise<void>): Promise<void> {
    const { id, ...columns } = toRow(printer);
    return this.#transactor.transact(async (tx) => {
      await alongside?.(tx);
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
      for (const table of printerTables)
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
    snmp_port: printer.snmpPort ?? null,
    ews_port: printer.ews?.port ?? null,
    ews_scheme: printer.ews?.scheme ?? null,
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
    snmpPort: row.snmp_port ?? undefined,
    ews:
      row.ews_port === null || row.ews_scheme === null
        ? undefined
        : { port: row.ews_port, scheme: row.ews_scheme },
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
