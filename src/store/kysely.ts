import { CompiledQuery, Kysely, SqliteDialect } from "kysely";
import type { SqliteFile } from "./sqlite-file.ts";

/** Columns of every table, as `migrations.ts` creates them. `…_ms` are epoch milliseconds, `…_json` JSON text. */
export interface Tables {
  /** Small values of the service itself; `sealed` = 1: the value is encrypted (`secret-box.ts`). */
  settings: { name: string; value: string; sealed: number };
  endpoint_events: EndpointEventRow;
  endpoint_attributes: {
    endpoint: string;
    path: string;
    notification: number;
    access_list_json: string;
  };
  endpoint_pending: { endpoint: string; path: string };
  endpoint_reported: { endpoint: string; path: string; value: string };
  endpoint_settings: { endpoint: string; name: string; value: string; sealed: number };
  transfers: TransferRow;
  printers: PrinterRow;
  instances: { owner: string; kind: string; row_key: string; instance: number };
  /** Next instance number never used; outlives the rows, so that numbers are not reused. */
  instance_marks: { owner: string; kind: string; next: number };
  /** Dictionary of printer ids and paths for the tables that grow. */
  names: { id: number; name: string };
  /** `content` and `values` are packed JSON (`packed-json.ts`). */
  shapes: { id: string; content: Buffer };
  snapshots: { printer: string; shape: string; values: Buffer; digest: Buffer };
  /** When each poll class was last read; apart from `snapshots` because it changes with every poll. */
  freshness: { printer: string; read_at_json: string };
  history: { printer: number; path: number; at_ms: number; value_json: string };
  meter_readings: { printer: number; seq: number; content: string; hash: Buffer };
  meter_days: { printer: number; seq: number; content: string; hash: Buffer };
  meter_heads: { printer: number; seq: number; hash: Buffer; day_seq: number; day_hash: Buffer };
  quarantine: {
    printer: string;
    path: string;
    accepted_json: string;
    rejected_json: string;
    reason: string;
    since_ms: number;
  };
  /** `content` is encrypted: it may hold what lets one in. */
  printer_memory: { printer: string; kind: string; content: string };
  journal: JournalRow;
  events: EventRow;
  audit: AuditRow;
  /** How a printer is shown where somebody chose it. */
  presentation_choices: { printer: string; choice: string };
  /** `content` is encrypted: it may carry passwords. */
  pending_commands: { printer: string; content: string };
  migrations: { version: number; name: string; applied_at_ms: number };
}

/** An event not yet acknowledged by the ACS. */
export interface EndpointEventRow {
  /** null lets the database give the next number. */
  id: number | null;
  endpoint: string;
  event_code: string;
  command_key: string;
}

/** A file transfer that is not over. */
export interface TransferRow {
  id: number | null;
  endpoint: string;
  /** What was ordered, encrypted: it carries a password and perhaps a secret URL. */
  request: string;
  progress_json: string;
}

/** A printer; absent facts are null. */
export interface PrinterRow {
  id: string;
  manufacturer: string;
  oui: string;
  product_class: string;
  serial_number: string;
  mac_address: string | null;
  host: string;
  snmp_port: number | null;
  ews_port: number | null;
  ews_scheme: "http" | "https" | null;
  credential: string | null;
  mapping: string;
  discovered_by: string;
  state: "pending" | "active" | "retired";
  /** 1: it did not answer when last asked. */
  is_unreachable: number;
  last_contact_ms: number | null;
  adopted_at_ms: number;
  up_time_ticks: number | null;
  up_time_at_ms: number | null;
}

/** A write that is under way or could not be undone. */
export interface JournalRow {
  id: string;
  printer: string;
  started_at_ms: number;
  /** The writes, encrypted: they may carry passwords. */
  writes: string;
  outcome: string | null;
  who: "acs" | "cli" | "api";
  /** How far it is, and since when. */
  phase: "writing" | "restarting" | "undoing" | "undoRestarting";
  phase_at_ms: number;
}

/** An operations event. */
export interface EventRow {
  id: number | null;
  at_ms: number;
  device: string | null;
  kind: string;
  text: string;
  details_json: string;
}

/** One value somebody set. */
export interface AuditRow {
  id: number | null;
  at_ms: number;
  who: string;
  device: string;
  path: string;
  before_json: string;
  after_json: string;
  outcome: string;
}

/** The query builder. */
export type Db = Kysely<Tables>;
/** The connection while a transaction is open on it. */
export type Tx = Kysely<Tables>;

/** The query builder over one SQLite connection. */
export function createDb(file: SqliteFile): Db {
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: file }) });
}

/**
 * Runs `work` in a transaction. Kysely's own would try a ROLLBACK after a failed COMMIT and report only that this failed
 * too: on a full disk SQLite has then rolled back by itself.
 *
 * @param isOpen whether the connection is inside a transaction
 */
export function inTransaction<Result>(
  db: Db,
  isOpen: () => boolean,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  return db.connection().execute(async (tx) => {
    await run(tx, "BEGIN");
    try {
      const result = await work(tx);
      await run(tx, "COMMIT");
      return result;
    } catch (error) {
      if (isOpen()) await run(tx, "ROLLBACK");
      throw error;
    }
  });
}

/**
 * Runs fixed SQL without building it anew: for statements executed thousands of times a second. The caller knows the
 * row type from the SQL.
 */
export async function run<Row>(
  tx: Tx,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const { rows } = await tx.executeQuery<Row>(CompiledQuery.raw(sql, [...parameters]));
  return rows;
}
