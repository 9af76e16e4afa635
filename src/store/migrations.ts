import { StoreError } from "./errors.ts";
import type { SqliteFile } from "./sqlite-file.ts";

/** One numbered step of the schema. Published steps are never edited, only followed by new ones. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** All steps, ascending without gaps. */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    name: "first schema",
    sql: `
      CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL, sealed INTEGER NOT NULL) WITHOUT ROWID;

      CREATE TABLE endpoint_events (
        id INTEGER PRIMARY KEY AUTOINCREMENT, endpoint TEXT NOT NULL, event_code TEXT NOT NULL, command_key TEXT NOT NULL);
      CREATE INDEX endpoint_events_by_endpoint ON endpoint_events (endpoint);
      CREATE TABLE endpoint_attributes (
        endpoint TEXT NOT NULL, path TEXT NOT NULL, notification INTEGER NOT NULL, access_list_json TEXT NOT NULL,
        PRIMARY KEY (endpoint, path)) WITHOUT ROWID;
      CREATE TABLE endpoint_pending (
        endpoint TEXT NOT NULL, path TEXT NOT NULL, PRIMARY KEY (endpoint, path)) WITHOUT ROWID;
      CREATE TABLE endpoint_reported (
        endpoint TEXT NOT NULL, path TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (endpoint, path)) WITHOUT ROWID;
      CREATE TABLE endpoint_settings (
        endpoint TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, sealed INTEGER NOT NULL,
        PRIMARY KEY (endpoint, name)) WITHOUT ROWID;

      CREATE TABLE printers (
        id TEXT PRIMARY KEY, manufacturer TEXT NOT NULL, oui TEXT NOT NULL, product_class TEXT NOT NULL,
        serial_number TEXT NOT NULL, mac_address TEXT, host TEXT NOT NULL, snmp_port INTEGER NOT NULL, credential TEXT,
        mapping TEXT NOT NULL, discovered_by TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'retired')), last_contact_ms INTEGER,
        adopted_at_ms INTEGER NOT NULL, up_time_ticks INTEGER, up_time_at_ms INTEGER) WITHOUT ROWID;
      CREATE TABLE instances (
        owner TEXT NOT NULL, kind TEXT NOT NULL, row_key TEXT NOT NULL, instance INTEGER NOT NULL,
        PRIMARY KEY (owner, kind, row_key), UNIQUE (owner, kind, instance)) WITHOUT ROWID;
      CREATE TABLE instance_marks (
        owner TEXT NOT NULL, kind TEXT NOT NULL, next INTEGER NOT NULL, PRIMARY KEY (owner, kind)) WITHOUT ROWID;

      CREATE TABLE names (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE);
      CREATE TABLE shapes (id TEXT PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID;
      CREATE TABLE snapshots (
        printer TEXT PRIMARY KEY, shape TEXT NOT NULL REFERENCES shapes (id), "values" BLOB NOT NULL, digest BLOB NOT NULL);
      CREATE INDEX snapshots_by_shape ON snapshots (shape);
      CREATE TABLE freshness (printer TEXT PRIMARY KEY, read_at_json TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE history (
        printer INTEGER NOT NULL REFERENCES names (id), path INTEGER NOT NULL REFERENCES names (id),
        at_ms INTEGER NOT NULL, value_json TEXT NOT NULL, PRIMARY KEY (printer, path, at_ms)) WITHOUT ROWID;

      -- With rowids: rows of a kilobyte would each take an overflow page in a table without.
      CREATE TABLE meter_readings (
        printer INTEGER NOT NULL REFERENCES names (id), seq INTEGER NOT NULL, content TEXT NOT NULL, hash BLOB NOT NULL,
        PRIMARY KEY (printer, seq));
      CREATE TABLE meter_days (
        printer INTEGER NOT NULL REFERENCES names (id), seq INTEGER NOT NULL, content TEXT NOT NULL, hash BLOB NOT NULL,
        PRIMARY KEY (printer, seq));
      CREATE TABLE meter_heads (
        printer INTEGER PRIMARY KEY REFERENCES names (id), seq INTEGER NOT NULL, hash BLOB NOT NULL,
        day_seq INTEGER NOT NULL, day_hash BLOB NOT NULL);

      CREATE TABLE quarantine (
        printer TEXT NOT NULL, path TEXT NOT NULL, accepted_json TEXT NOT NULL, rejected_json TEXT NOT NULL,
        reason TEXT NOT NULL, since_ms INTEGER NOT NULL, PRIMARY KEY (printer, path)) WITHOUT ROWID;
      CREATE TABLE journal (
        id TEXT PRIMARY KEY, printer TEXT NOT NULL, started_at_ms INTEGER NOT NULL, writes TEXT NOT NULL, outcome TEXT);
      CREATE INDEX journal_unfinished ON journal (started_at_ms) WHERE outcome IS NULL;

      CREATE TABLE events (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, device TEXT, kind TEXT NOT NULL,
        text TEXT NOT NULL, details_json TEXT NOT NULL);
      CREATE INDEX events_by_device ON events (device, id);
      CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, who TEXT NOT NULL, device TEXT NOT NULL,
        path TEXT NOT NULL, before_json TEXT NOT NULL, after_json TEXT NOT NULL, outcome TEXT NOT NULL);
      CREATE INDEX audit_by_device ON audit (device, id);
    `,
  },
  {
    version: 2,
    name: "file transfers",
    sql: `
      -- AUTOINCREMENT: a number used again would give a new transfer the file of an old one.
      CREATE TABLE transfers (
        id INTEGER PRIMARY KEY AUTOINCREMENT, endpoint TEXT NOT NULL, request TEXT NOT NULL, progress_json TEXT NOT NULL);
    `,
  },
  {
    version: 3,
    name: "how printers are shown, commands for printers that are away",
    sql: `
      CREATE TABLE presentation_choices (printer TEXT PRIMARY KEY, choice TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE pending_commands (printer TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID;
    `,
  },
  {
    version: 4,
    name: "printers that were off when the service ended",
    sql: "ALTER TABLE printers ADD COLUMN is_unreachable INTEGER NOT NULL DEFAULT 0",
  },
  {
    version: 5,
    name: "printers with a web server, what is remembered of a printer, phases of a write",
    sql: `
      -- Made anew, as a printer need not have an agent any more: SQLite cannot drop NOT NULL.
      CREATE TABLE printers_with_web (
        id TEXT PRIMARY KEY, manufacturer TEXT NOT NULL, oui TEXT NOT NULL, product_class TEXT NOT NULL,
        serial_number TEXT NOT NULL, mac_address TEXT, host TEXT NOT NULL, snmp_port INTEGER, ews_port INTEGER,
        ews_scheme TEXT CHECK (ews_scheme IN ('http', 'https')), credential TEXT,
        mapping TEXT NOT NULL, discovered_by TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'retired')),
        is_unreachable INTEGER NOT NULL DEFAULT 0, last_contact_ms INTEGER,
        adopted_at_ms INTEGER NOT NULL, up_time_ticks INTEGER, up_time_at_ms INTEGER) WITHOUT ROWID;
      INSERT INTO printers_with_web
        SELECT id, manufacturer, oui, product_class, serial_number, mac_address, host, snmp_port, NULL, NULL, credential,
          mapping, discovered_by, state, is_unreachable, last_contact_ms, adopted_at_ms, up_time_ticks, up_time_at_ms
        FROM printers;
      DROP TABLE printers;
      ALTER TABLE printers_with_web RENAME TO printers;

      CREATE TABLE printer_memory (
        printer TEXT NOT NULL, kind TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (printer, kind)) WITHOUT ROWID;

      ALTER TABLE journal ADD COLUMN who TEXT NOT NULL DEFAULT 'acs';
      ALTER TABLE journal ADD COLUMN phase TEXT NOT NULL DEFAULT 'writing';
      ALTER TABLE journal ADD COLUMN phase_at_ms INTEGER NOT NULL DEFAULT 0;
    `,
  },
];

/**
 * Brings the schema up to the newest step, each step in a transaction of its own.
 *
 * @throws {StoreError} `store.newer` when the database was written by a newer mfpgate
 */
export function migrate(
  file: SqliteFile,
  path: string,
  nowMs: number,
  steps: readonly Migration[] = migrations,
): void {
  file.exec(
    "CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at_ms INTEGER NOT NULL)",
  );
  const current = currentVersion(file);
  const newest = steps.at(-1)?.version ?? 0;
  if (current > newest)
    throw new StoreError(
      "store.newer",
      `${path}: written by a newer mfpgate (schema ${current}, this one knows ${newest}); ` +
        "update mfpgate or restore a backup made by this version",
    );
  for (const step of steps) if (step.version > current) apply(file, step, nowMs);
}

function currentVersion(file: SqliteFile): number {
  const [row] = file.prepare("SELECT max(version) AS version FROM migrations").all([]);
  const version =
    typeof row === "object" && row !== null && "version" in row ? row.version : undefined;
  return typeof version === "number" ? version : 0;
}

function apply(file: SqliteFile, step: Migration, nowMs: number): void {
  file.exec("BEGIN IMMEDIATE");
  try {
    file.exec(step.sql);
    file
      .prepare("INSERT INTO migrations (version, name, applied_at_ms) VALUES (?, ?, ?)")
      .run([step.version, step.name, nowMs]);
    file.exec("COMMIT");
  } catch (error) {
    // A full disk rolls back by itself; then there is nothing left to undo.
    if (file.inTransaction()) file.exec("ROLLBACK");
    throw error;
  }
}
