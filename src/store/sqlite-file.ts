import Database from "better-sqlite3";

/** The part of a SQLite connection the store uses. */
export interface SqliteFile {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): void;
  pragma(source: string): unknown;
  readonly inTransaction: () => boolean;
  close(): void;
}

/** A compiled statement. */
export interface SqliteStatement {
  readonly reader: boolean;
  all(parameters: readonly unknown[]): unknown[];
  run(parameters: readonly unknown[]): {
    changes: number | bigint;
    lastInsertRowid: number | bigint;
  };
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>;
}

/** How to open the file. */
export interface SqliteFileOptions {
  /** How long another connection (a backup, `sqlite3`) may hold the file before a statement fails. */
  readonly busyTimeoutMs: number;
  /** The file is never grown beyond this; undefined = as large as the disk. */
  readonly maxBytes?: number | undefined;
}

/** Statements kept compiled; the store uses about 80 different ones. */
const preparedLimit = 300;

/**
 * Opens `path` for reading and writing: write-ahead log, every commit synced, foreign keys enforced.
 * The file must exist (its mode is the caller's business). Errors are SQLite's own, see `asStoreError`.
 */
export function openSqliteFile(path: string, options: SqliteFileOptions): SqliteFile {
  const database = new Database(path, { fileMustExist: true, timeout: options.busyTimeoutMs });
  try {
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = FULL");
    database.pragma("foreign_keys = ON");
    if (options.maxBytes !== undefined) limitSize(database, options.maxBytes);
  } catch (error) {
    database.close();
    throw error;
  }
  const prepared = new Map<string, Database.Statement>();
  return {
    prepare(sql) {
      const known = prepared.get(sql);
      if (known !== undefined) return known;
      if (prepared.size >= preparedLimit) prepared.clear();
      const statement = database.prepare(sql);
      prepared.set(sql, statement);
      return statement;
    },
    exec: (sql) => void database.exec(sql),
    pragma: (source) => database.pragma(source, { simple: true }),
    inTransaction: () => database.inTransaction,
    close: () => void database.close(),
  };
}

/**
 * Takes the exclusive lock that makes a data directory one process's own. The kernel drops it when the process dies,
 * however that happens, so there are no stale locks and no guessing by process id.
 *
 * @returns the function that gives the lock back, or undefined when another connection holds it
 */
export function takeFileLock(path: string): (() => void) | undefined {
  const database = new Database(path, { fileMustExist: true, timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY"))
      return undefined;
    throw error;
  }
  return () => {
    database.close();
  };
}

function limitSize(database: Database.Database, maxBytes: number): void {
  const pageBytes = Number(database.pragma("page_size", { simple: true }));
  database.pragma(`max_page_count = ${Math.floor(maxBytes / pageBytes)}`);
}
