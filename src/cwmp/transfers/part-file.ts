import { type FileHandle, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { Writable } from "node:stream";
import type { TransferError } from "./transfer-error.ts";

/** Bytes after which what arrived is forced to disk, so that a kill costs no more than this. */
const flushEveryBytes = 4 * 1024 * 1024;

/** What is known of a file that is not complete yet. */
interface ResumeNote {
  /** Bytes that are safely on disk. */
  readonly size: number;
  /** ETag or date of what they are part of, for `If-Range`. */
  readonly validator: string;
}

/**
 * Files that are open, and when each is closed. An attempt that was ended may still be closing its file when the next one
 * begins: after a restart of the service within the process, or of an endpoint.
 */
const inUse = new Map<string, Promise<void>>();

/** How a part file is bounded and watched. */
export interface PartFileOptions {
  readonly maxBytes: number;
  /** What to say of a file beyond that. */
  readonly tooLarge: () => TransferError;
  /** Called with the length of every piece that arrived. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * A file on its way here. What arrived survives a kill: beside the file lies a note of how many bytes are safely on disk
 * and which version of the remote file they belong to; without a note the file begins anew.
 */
export class PartFile {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #options: PartFileOptions;
  #size: number;
  #flushed: number;
  #validator: string | undefined;
  #refusal: TransferError | undefined;
  #release: () => void = () => undefined;

  private constructor(path: string, file: FileHandle, options: PartFileOptions, note: ResumeNote) {
    this.path = path;
    this.#file = file;
    this.#options = options;
    this.#size = note.size;
    this.#flushed = note.size;
    this.#validator = note.validator === "" ? undefined : note.validator;
  }

  /** Opens or creates the file once nobody else has it open; what is not known to be on disk is cut off. */
  static async open(path: string, options: PartFileOptions): Promise<PartFile> {
    for (let other = inUse.get(path); other !== undefined; other = inUse.get(path)) await other;
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = () => {
        inUse.delete(path);
        resolve();
      };
    });
    inUse.set(path, released);
    try {
      const part = await PartFile.#openAlone(path, options);
      part.#release = release;
      return part;
    } catch (error) {
      release();
      throw error;
    }
  }

  static async #openAlone(path: string, options: PartFileOptions): Promise<PartFile> {
    const file = await open(path, "a+", 0o600);
    try {
      const { size } = await file.stat();
      const known = await readNote(path);
      const note = known !== undefined && known.size <= size ? known : { size: 0, validator: "" };
      await file.truncate(note.size);
      return new PartFile(path, file, options, note);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Deletes a part file with its note. Harmless when there is none. */
  static async remove(path: string): Promise<void> {
    await rm(path, { force: true });
    await rm(notePath(path), { force: true });
    await rm(`${notePath(path)}.new`, { force: true });
  }

  /** Bytes here. */
  get size(): number {
    return this.#size;
  }

  /** What the bytes here are part of; undefined when they cannot be continued. */
  get validator(): string | undefined {
    return this.#size > 0 ? this.#validator : undefined;
  }

  /** Why {@link append} took no more; libraries between it and the caller lose what it threw. */
  get refusal(): TransferError | undefined {
    return this.#refusal;
  }

  /** Throws away what is here; what follows is part of `validator`. */
  async begin(validator: string | undefined): Promise<void> {
    await this.#file.truncate(0);
    this.#size = 0;
    this.#flushed = 0;
    this.#validator = validator;
    await rm(notePath(this.path), { force: true });
  }

  /** @throws {TransferError} beyond the largest size */
  async append(bytes: Uint8Array): Promise<void> {
    this.#options.onBytes(bytes.length);
    if (this.#size + bytes.length > this.#options.maxBytes) {
      this.#refusal = this.#options.tooLarge();
      throw this.#refusal;
    }
    await this.#file.appendFile(bytes);
    this.#size += bytes.length;
    if (this.#size - this.#flushed >= flushEveryBytes) await this.flush();
  }

  /** The file as a stream to write to; ending it does not close the file. */
  writable(): Writable {
    return new Writable({
      write: (bytes: Buffer, _encoding, done) => {
        this.append(bytes).then(() => {
          done();
        }, done);
      },
    });
  }

  /** Forces everything to disk and notes how much that is. */
  async flush(): Promise<void> {
    await this.#file.datasync();
    this.#flushed = this.#size;
    if (this.#validator === undefined) return;
    const note: ResumeNote = { size: this.#size, validator: this.#validator };
    const fresh = `${notePath(this.path)}.new`;
    await writeFile(fresh, JSON.stringify(note), { mode: 0o600, flush: true });
    await rename(fresh, notePath(this.path));
  }

  /** Forces everything to disk and closes the file. */
  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#file.close().finally(this.#release);
    }
  }
}

function notePath(path: string): string {
  return `${path}.resume`;
}

async function readNote(path: string): Promise<ResumeNote | undefined> {
  try {
    const note: unknown = JSON.parse(await readFile(notePath(path), "utf8"));
    return isNote(note) ? note : undefined;
  } catch (error) {
    // Missing or cut short by a power cut: the file begins anew.
    if (error instanceof SyntaxError || isMissing(error)) return undefined;
    throw error;
  }
}

function isNote(value: unknown): value is ResumeNote {
  return (
    typeof value === "object" &&
    value !== null &&
    "size" in value &&
    Number.isSafeInteger(value.size) &&
    "validator" in value &&
    typeof value.validator === "string"
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
