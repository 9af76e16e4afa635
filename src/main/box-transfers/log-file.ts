import { closeSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { errorText } from "../../shared/errors.ts";

/** Name of the newer half in `dataDir`; the older one has `.1` behind it. */
export const logFileName = "mfpgate.log";

/** Bytes of each half; together they are `VendorLogFile.{i}.MaximumSize`. */
export const logHalfBytes = 2 * 1024 * 1024;

/** Lines kept until the data directory is known. */
const mostWaiting = 1_000;

/**
 * The log once more, in `dataDir`, for Upload `4 Vendor Log File`: two halves, the older of which is dropped when the newer
 * is full. Lines come redacted. A disk that refuses ends the copy, not the service.
 */
export class LogFile {
  #waiting: string[] = [];
  #path = "";
  #file: number | undefined;
  #size = 0;

  /** Begins to write; what was logged before comes first. */
  open(dataDir: string): void {
    this.close();
    this.#path = join(dataDir, logFileName);
    this.#attempt(() => {
      this.#file = openSync(this.#path, "a", 0o600);
      this.#size = fstatSync(this.#file).size;
    });
    for (const line of this.#waiting.splice(0)) this.write(line);
  }

  write(line: string): void {
    if (this.#file === undefined) {
      if (this.#path === "" && this.#waiting.length < mostWaiting) this.#waiting.push(line);
      return;
    }
    this.#attempt(() => {
      if (this.#size >= logHalfBytes) this.#turn();
      if (this.#file !== undefined) this.#size += writeSync(this.#file, line);
    });
  }

  /** Ends writing; lines that come later wait for the next {@link open}. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#path = "";
  }

  #turn(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    renameSync(this.#path, `${this.#path}.1`);
    this.#file = openSync(this.#path, "a", 0o600);
    this.#size = 0;
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#file = undefined;
      // Not by the logger: it would come back here.
      process.stderr.write(`mfpgate: ${this.#path} is not written any more: ${errorText(error)}\n`);
    }
  }
}
