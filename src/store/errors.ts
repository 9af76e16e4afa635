import { ProxierError, errorText, systemCode } from "../shared/errors.ts";

/** What can go wrong with the data directory; stable, part of the operator's documentation. */
export type StoreErrorCode =
  | "store.disk-full"
  | "store.read-only"
  | "store.corrupt"
  | "store.locked"
  | "store.newer"
  | "store.wrong-key"
  | "store.missing-key"
  | "store.not-accessible"
  | "store.io"
  | "store.overloaded"
  | "store.closed"
  | "store.failed";

/** Codes where the same call may succeed later by itself or after the operator made room. */
const retryableCodes: ReadonlySet<StoreErrorCode> = new Set([
  "store.disk-full",
  "store.locked",
  "store.io",
  "store.overloaded",
]);

/** Failure of the store. The message names the file and what to do about it. */
export class StoreError extends ProxierError {
  override readonly name = "StoreError";
  declare readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, { code, retryable: retryableCodes.has(code), cause });
  }
}

/** SQLite result codes (sqlite.org/rescode.html) and errno names by prefix, the longer ones first. */
const causes: readonly { prefix: string; code: StoreErrorCode; remedy: string }[] = [
  { prefix: "SQLITE_FULL", code: "store.disk-full", remedy: "free space on that file system" },
  // SQLite reports a full tmpfs or quota this way when it cannot grow the shared-memory file.
  { prefix: "SQLITE_IOERR_SHM", code: "store.disk-full", remedy: "free space there" },
  { prefix: "SQLITE_READONLY", code: "store.read-only", remedy: "make it writable for this user" },
  {
    prefix: "SQLITE_CORRUPT",
    code: "store.corrupt",
    remedy: "stop the service and restore the latest backup of dataDir",
  },
  {
    prefix: "SQLITE_NOTADB",
    code: "store.corrupt",
    remedy: "it is not a mfpgate database; move it away or restore a backup of dataDir",
  },
  { prefix: "SQLITE_BUSY", code: "store.locked", remedy: "close the program that holds it open" },
  { prefix: "SQLITE_LOCKED", code: "store.locked", remedy: "close the program that holds it open" },
  { prefix: "SQLITE_IOERR", code: "store.io", remedy: "check the disk" },
  {
    prefix: "SQLITE_CANTOPEN",
    code: "store.not-accessible",
    remedy: "check that it exists and this user may read and write it",
  },
  { prefix: "ENOSPC", code: "store.disk-full", remedy: "free space on that file system" },
  { prefix: "EDQUOT", code: "store.disk-full", remedy: "free space or raise the quota" },
  { prefix: "EROFS", code: "store.read-only", remedy: "mount it writable" },
  { prefix: "EACCES", code: "store.not-accessible", remedy: "let this user read and write it" },
  { prefix: "EPERM", code: "store.not-accessible", remedy: "let this user read and write it" },
  { prefix: "ENOTDIR", code: "store.not-accessible", remedy: "dataDir must be a directory" },
  { prefix: "ENOENT", code: "store.not-accessible", remedy: "name a place where it can be made" },
  { prefix: "EEXIST", code: "store.not-accessible", remedy: "dataDir must be a directory" },
];

/**
 * Turns anything thrown by SQLite or the file system into a `StoreError` naming `file`; errors of our own pass through.
 */
export function asStoreError(error: unknown, file: string): ProxierError {
  if (error instanceof ProxierError) return error;
  const nativeCode = systemCode(error);
  const known = causes.find(({ prefix }) => nativeCode.startsWith(prefix));
  if (known === undefined)
    return new StoreError("store.failed", `${file}: ${errorText(error)}`, error);
  return new StoreError(known.code, `${file}: ${errorText(error)}; ${known.remedy}`, error);
}
