import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { CancelTimer, Clock } from "../../shared/clock.ts";
import { logger } from "../../shared/log.ts";
import { isAbsence, readBytes } from "../text-file.ts";
import { parseAssignmentLease } from "./assignment-lease.ts";
import { parseDhclientLease } from "./dhclient-lease.ts";
import { type Lease, type RawLease, leaseOf } from "./lease.ts";
import { parseMessageLease } from "./message-lease.ts";

const log = logger("system.dhcp.lease-watch");

/** How often the files are looked at; they are small and few. */
const lookEveryMs = 5_000;
const mostFiles = 32;

/** All leases together: what the newest tells, completed by older ones. */
export type Leases = Lease;

/** Follows the lease files of the machine's DHCP clients. */
export class LeaseWatch {
  readonly #clock: Clock;
  readonly #patterns: readonly string[];
  readonly #listeners = new Set<() => void>();
  #leases: Leases = { acs: {}, addresses: [], nameServers: [] };
  #cancel: CancelTimer | undefined;

  /** @param patterns absolute paths; `*` in the file name stands for any characters */
  constructor(clock: Clock, patterns: readonly string[]) {
    this.#clock = clock;
    this.#patterns = patterns;
  }

  get leases(): Leases {
    return this.#leases;
  }

  /** Looks for the first time, then every few seconds. */
  async start(): Promise<void> {
    await this.look();
    if (this.#patterns.length > 0) this.#wait();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Called after the leases changed. Returns the unsubscribe function. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads the files; a file that cannot be read is logged and left out. */
  async look(): Promise<void> {
    const found = await Promise.all(this.#patterns.map(filesOf));
    const newest = found.flat().sort((left, right) => right.changedAtMs - left.changedAtMs);
    const leases = await Promise.all(newest.slice(0, mostFiles).map(({ path }) => readLease(path)));
    const next = together(leases.flatMap((lease) => lease ?? []));
    if (JSON.stringify(next) === JSON.stringify(this.#leases)) return;
    this.#leases = next;
    for (const listener of this.#listeners) listener();
  }

  #wait(): void {
    this.#cancel = this.#clock.after(lookEveryMs, () => {
      this.#wait();
      this.look().catch((error: unknown) => {
        log.error("lease files could not be read", { error });
      });
    });
  }
}

/** Reads one lease file in any of the forms known; undefined when it is none. */
async function readLease(path: string): Promise<Lease | undefined> {
  const bytes = await readBytes(path);
  const raw = bytes === undefined ? undefined : parseLease(bytes);
  return raw === undefined ? undefined : leaseOf(raw);
}

/** The form of a file shows in its content. */
export function parseLease(bytes: Buffer): RawLease | undefined {
  const text = bytes.toString("utf8");
  return parseMessageLease(bytes) ?? parseDhclientLease(text) ?? parseAssignmentLease(text);
}

/** Newest first: what it tells wins. */
function together(leases: readonly Lease[]): Leases {
  return {
    acs: [...leases].reverse().reduce((known, { acs }) => ({ ...known, ...acs }), {}),
    addresses: [...new Set(leases.flatMap(({ addresses }) => addresses))],
    nameServers: [...new Set(leases.flatMap(({ nameServers }) => nameServers))],
  };
}

interface FoundFile {
  readonly path: string;
  readonly changedAtMs: number;
}

async function filesOf(pattern: string): Promise<readonly FoundFile[]> {
  const folder = dirname(pattern);
  const name = basename(pattern);
  const names = name.includes("*") ? await namesIn(folder, name) : [name];
  const found = await Promise.all(names.map((one) => fileAt(join(folder, one))));
  return found.flatMap((file) => file ?? []);
}

async function namesIn(folder: string, pattern: string): Promise<readonly string[]> {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const form = new RegExp(`^${parts.join(".*")}$`);
  try {
    return (await readdir(folder)).filter((name) => form.test(name)).slice(0, mostFiles);
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}

async function fileAt(path: string): Promise<FoundFile | undefined> {
  try {
    const { mtimeMs, isFile } = await stat(path).then((found) => ({
      mtimeMs: found.mtimeMs,
      isFile: found.isFile(),
    }));
    return isFile ? { path, changedAtMs: mtimeMs } : undefined;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}
