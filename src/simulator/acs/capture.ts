import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { logger } from "../../shared/log.ts";

const log = logger("simulator.acs.capture");

/** Files of one run; a forgotten capture must not fill the disk. */
const mostFiles = 20_000;

/** Writes every envelope to a file of its own, numbered in the order of the wire, for validation against the XSDs. */
export class EnvelopeCapture {
  readonly #folder: string;
  readonly #pending = new Set<Promise<void>>();
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Notes one message; empty ones leave no file. */
  add(direction: "cpe" | "acs", method: string, body: string): void {
    if (body === "" || this.#count >= mostFiles) return;
    this.#count += 1;
    const number = String(this.#count).padStart(5, "0");
    const name = `${number}-${direction}-${method.replace(/[^A-Za-z]/g, "").slice(0, 40)}.xml`;
    const writing = this.#write(name, body).catch((error: unknown) => {
      log.error("capture failed", { folder: this.#folder, error });
    });
    this.#pending.add(writing);
    void writing.finally(() => this.#pending.delete(writing));
  }

  /** Resolves when everything noted so far is on disk. */
  async flush(): Promise<void> {
    await Promise.all(this.#pending);
  }

  async #write(name: string, body: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await writeFile(join(this.#folder, name), body, "utf8");
  }
}
