import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { errorText } from "../../shared/errors.ts";
import { logger } from "../../shared/log.ts";

const log = logger("main.box-transfers.config-trial");

/** What became of a configuration that came by Download. */
export interface TrialRecord {
  /** Tells it from every other trial, of the same file as well. */
  readonly id: string;
  /** SHA-256 of the file as it was downloaded. */
  readonly source: string;
  /** SHA-256 of the configuration file on trial. */
  readonly content: string;
  readonly state: "trying" | "inForce" | "rollingBack" | "rolledBack";
  /** How often the service tried to start with it. */
  readonly starts: number;
  /** Why it was rolled back. */
  readonly reason: string;
}

/** A process that dies while it starts with a new configuration gets one more chance. */
const mostStarts = 2;

/**
 * Replaces the configuration file, keeping the one before as `FILE.previous`; the next start of the service is its trial.
 * Killed at any point, the file is either the old one or the new one, whole, and {@link resumeTrial} knows which.
 */
export async function putOnTrial(file: string, text: string, source: string): Promise<void> {
  const { mode } = await stat(file);
  await writeWhole(previousOf(file), await readFile(file), mode);
  const content = hashOf(text);
  const id = randomUUID();
  await writeRecord(file, { id, source, content, state: "trying", starts: 0, reason: "" });
  await writeWhole(file, text, mode);
}

/**
 * To be called before the configuration is read: counts the start of a configuration on trial, and takes one back that has
 * not come up often enough. True when the trial goes on.
 */
export async function resumeTrial(file: string): Promise<boolean> {
  const record = await readTrial(file);
  if (record?.state === "rollingBack") await putBack(file, record);
  if (record?.state !== "trying") return false;
  const content = await readFile(file);
  if (hashOf(content) !== record.content) {
    // Killed before the file was replaced, or somebody edited it since: there is nothing to try.
    await rm(recordOf(file), { force: true });
    return false;
  }
  if (record.starts >= mostStarts) {
    await rollBack(file, "the service ended while it started with it");
    return false;
  }
  await writeRecord(file, { ...record, starts: record.starts + 1 });
  return true;
}

/** The service runs with the configuration on trial. */
export async function confirmTrial(file: string): Promise<void> {
  const record = await readTrial(file);
  if (record?.state !== "trying") return;
  await writeRecord(file, { ...record, state: "inForce" });
  log.info("new configuration is in force", { file });
}

/** The configuration on trial did not come up: puts the one before back. */
export async function rollBack(file: string, reason: string): Promise<void> {
  const record = await readTrial(file);
  if (record?.state !== "trying") return;
  await putBack(file, { ...record, reason });
  log.error("new configuration does not come up, the one before is back", { file, reason });
}

async function putBack(file: string, record: TrialRecord): Promise<void> {
  await writeRecord(file, { ...record, state: "rollingBack" });
  const { mode } = await stat(file);
  await writeWhole(file, await readFile(previousOf(file)), mode);
  await writeRecord(file, { ...record, state: "rolledBack" });
}

/** The trial of the last configuration downloaded; undefined when there was none. */
export async function readTrial(file: string): Promise<TrialRecord | undefined> {
  const path = recordOf(file);
  if (!existsSync(path)) return undefined;
  try {
    const record: unknown = JSON.parse(await readFile(path, "utf8"));
    return isRecord(record) ? record : undefined;
  } catch (error) {
    log.warn("record of the last configuration cannot be read", { path, reason: errorText(error) });
    return undefined;
  }
}

/** SHA-256, hexadecimal. */
export function hashOf(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function previousOf(file: string): string {
  return `${file}.previous`;
}

function recordOf(file: string): string {
  return `${file}.trial`;
}

function writeRecord(file: string, record: TrialRecord): Promise<void> {
  return writeWhole(recordOf(file), JSON.stringify(record), 0o600);
}

/** Written beside, forced to disk and renamed, so that a power cut leaves the old content or the new. */
async function writeWhole(path: string, content: string | Buffer, mode: number): Promise<void> {
  const fresh = `${path}.new`;
  await writeFile(fresh, content, { mode: mode & 0o777, flush: true });
  await rename(fresh, path);
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const states: readonly unknown[] = [
  "trying",
  "inForce",
  "rollingBack",
  "rolledBack",
] satisfies TrialRecord["state"][];

function isRecord(value: unknown): value is TrialRecord {
  return (
    typeof value === "object" &&
    value !== null &&
    "id" in value &&
    typeof value.id === "string" &&
    "source" in value &&
    typeof value.source === "string" &&
    "content" in value &&
    typeof value.content === "string" &&
    "state" in value &&
    states.includes(value.state) &&
    "starts" in value &&
    typeof value.starts === "number" &&
    "reason" in value &&
    typeof value.reason === "string"
  );
}
