import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of 8 MB, which only root may have. */
export class SmallDisk {
  readonly path: string;
  #fillers: string[] = [];

  private constructor(path: string) {
    this.path = path;
  }

  /** Mounts one; undefined, and said on standard error, where that is not allowed. */
  static mount(): SmallDisk | undefined {
    const path = mkdtempSync(join(tmpdir(), "mfpgate-disk-"));
    try {
      const options = ["-t", "tmpfs", "-o", "size=8m", "tmpfs", path];
      execFileSync("mount", options, { stdio: "pipe" });
      return new SmallDisk(path);
    } catch (error) {
      rmSync(path, { recursive: true });
      process.stderr.write(`left out: service on a full disk (${String(error)})\n`);
      return undefined;
    }
  }

  /** Fills it to the last block. */
  fill(): void {
    for (const size of [1_000_000, 100_000, 4_096]) while (this.#write(size));
  }

  /** Makes room again. */
  clear(): void {
    for (const filler of this.#fillers.splice(0)) rmSync(filler, { force: true });
  }

  unmount(): void {
    execFileSync("umount", ["--lazy", this.path]);
    rmSync(this.path, { recursive: true });
  }

  #write(size: number): boolean {
    const filler = join(this.path, `filler-${this.#fillers.length}`);
    this.#fillers.push(filler);
    try {
      writeFileSync(filler, Buffer.alloc(size));
      return true;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
      return false;
    }
  }
}
