import { createHash } from "node:crypto";
import { ProxierError } from "../../shared/errors.ts";

/** A file for CPEs to fetch, or one that a CPE brought. */
export interface ShelvedFile {
  readonly bytes: Buffer;
  /** Validator of HTTP, quotes included. */
  readonly etag: string;
}

/** How a transfer is spoilt. */
export type FileFault =
  | { readonly kind: "status"; readonly status: number }
  /** Hangs up after so many bytes of the file. */
  | { readonly kind: "cut"; readonly afterBytes: number }
  /** Says nothing and keeps the connection. */
  | { readonly kind: "stall" };

/** One request for a file, as the CPE made it. */
export interface FileRequest {
  readonly method: string;
  readonly name: string;
  /** The `Range` header; undefined for the whole file. */
  readonly range: string | undefined;
  readonly status: number;
}

/** A file that is too large, one too many, or has no name. */
export class FileShelfError extends ProxierError {
  override readonly name = "FileShelfError";

  constructor(message: string) {
    super(message, { code: "simulator.file-shelf" });
  }
}

const mostFiles = 64;
/** All files together. */
const mostBytes = 256 * 1024 * 1024;
const mostRequests = 1_000;
const namePattern = /^[\w.-]{1,100}$/;

/** The files of the test ACS, in memory: it serves them for Download and keeps what Upload brings. */
export class FileShelf {
  readonly #origin: () => string;
  readonly #files = new Map<string, ShelvedFile>();
  readonly #faults: { readonly name: string; readonly fault: FileFault; left: number }[] = [];
  readonly #requests: FileRequest[] = [];

  /** @param origin of the server, known once it listens */
  constructor(origin: () => string) {
    this.#origin = origin;
  }

  /** Puts a file there, in place of one of the same name. @throws {FileShelfError} */
  put(name: string, content: Buffer | string): void {
    const bytes = Buffer.from(content);
    if (!namePattern.test(name)) throw new FileShelfError(`"${name}" is no file name`);
    const isNew = !this.#files.has(name);
    if (isNew && this.#files.size >= mostFiles) throw new FileShelfError("too many files");
    if (this.#bytesWithout(name) + bytes.length > mostBytes) {
      throw new FileShelfError("the files together are too large");
    }
    const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 32);
    this.#files.set(name, { bytes, etag: `"${digest}"` });
  }

  get(name: string): ShelvedFile | undefined {
    return this.#files.get(name);
  }

  /** Names of all files. */
  names(): readonly string[] {
    return [...this.#files.keys()].sort();
  }

  /** Where a CPE fetches or brings the file. */
  url(name: string): string {
    return `${this.#origin()}/files/${name}`;
  }

  /** Spoils the next transfers of a file. */
  spoil(name: string, fault: FileFault, times = 1): void {
    if (this.#faults.length >= mostFiles) throw new FileShelfError("too many faults");
    this.#faults.push({ name, fault, left: times });
  }

  /** The fault of this transfer, if any; counts it as done. */
  takeFault(name: string): FileFault | undefined {
    const index = this.#faults.findIndex((entry) => entry.name === name);
    const entry = this.#faults[index];
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.#faults.splice(index, 1);
    return entry.fault;
  }

  /** What CPEs asked for, oldest first. */
  requests(): readonly FileRequest[] {
    return this.#requests;
  }

  /** Notes a request; the oldest are forgotten. */
  note(request: FileRequest): void {
    if (this.#requests.length >= mostRequests) this.#requests.shift();
    this.#requests.push(request);
  }

  #bytesWithout(name: string): number {
    let total = 0;
    for (const [other, { bytes }] of this.#files) if (other !== name) total += bytes.length;
    return total;
  }
}
