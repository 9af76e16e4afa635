import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { StoreError, asStoreError } from "./errors.ts";
import { SecretBox } from "./secret-box.ts";
import { takeFileLock } from "./sqlite-file.ts";

/** A data directory that belongs to this process until `release`. */
export interface DataDir {
  readonly databasePath: string;
  readonly secrets: SecretBox;
  release(): void;
}

const privateFile = 0o600;

/**
 * Creates `path` (0700) with an empty database file and a key file (0600 both) as needed and locks it.
 *
 * @throws {StoreError} `store.locked` naming the process that has it, `store.missing-key`, `store.not-accessible`,
 * `store.read-only`, `store.disk-full`
 */
export function claimDataDir(path: string): DataDir {
  try {
    createFolder(path);
    const release = lock(path);
    try {
      return { ...openFiles(path), release };
    } catch (error) {
      release();
      throw error;
    }
  } catch (error) {
    throw asStoreError(error, `dataDir ${path}`);
  }
}

/**
 * Creates the folder and what is missing above it. Node's own `recursive` never returns where the file system answers
 * ENOENT to mkdir although the parent exists (/proc).
 */
function createFolder(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) createFolder(parent);
  mkdirSync(path, { mode: 0o700 });
}

function lock(path: string): () => void {
  const lockPath = join(path, "mfpgate.lock");
  const pidPath = join(path, "mfpgate.pid");
  createIfMissing(lockPath);
  const release = takeFileLock(lockPath);
  if (release === undefined)
    throw new StoreError(
      "store.locked",
      `${path}: in use by another mfpgate${holder(pidPath)}; stop it or choose another dataDir`,
    );
  try {
    writeFileSync(pidPath, `${process.pid}\n`, { mode: privateFile });
  } catch (error) {
    release();
    throw error;
  }
  return release;
}

/** The process that has the lock, as it told itself; may be missing in the moment it starts. */
function holder(pidPath: string): string {
  if (!existsSync(pidPath)) return "";
  const pid = readFileSync(pidPath, "utf8").trim();
  return pid === "" ? "" : ` (process ${pid})`;
}

function openFiles(path: string): Omit<DataDir, "release"> {
  const databasePath = join(path, "mfpgate.db");
  const keyPath = join(path, "mfpgate.key");
  if (!existsSync(keyPath)) {
    if (existsSync(databasePath)) throw missingKey(databasePath, keyPath);
    createKey(keyPath);
  }
  const secrets = new SecretBox(readFileSync(keyPath));
  createIfMissing(databasePath);
  return { databasePath, secrets };
}

/** Written beside and renamed, so that a power cut leaves a whole key or none. */
function createKey(keyPath: string): void {
  const temporaryPath = `${keyPath}.new`;
  writeFileSync(temporaryPath, SecretBox.newKey(), { mode: privateFile, flush: true });
  renameSync(temporaryPath, keyPath);
}

function missingKey(databasePath: string, keyPath: string): StoreError {
  return new StoreError(
    "store.missing-key",
    `${keyPath}: missing, but the secrets in ${databasePath} are encrypted with it; restore it from the backup ` +
      "(or remove both to start empty)",
  );
}

/** Creates an empty file only its owner can read; SQLite gives the same mode to the files it puts beside. */
function createIfMissing(path: string): void {
  closeSync(openSync(path, "a", privateFile));
}
