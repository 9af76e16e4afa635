import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ManualClock } from "../../src/shared/manual-clock.ts";
import { type Store, openStore } from "../../src/store/store.ts";
import { temporaryDir } from "./temporary-store.ts";

/** Mounts a file system of 2 MB, which only root may; undefined when this machine does not allow it. */
function smallFileSystem(): string | undefined {
  const dir = temporaryDir();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", dir], { stdio: "ignore" });
  } catch (error) {
    process.stdout.write(`left out: store on a full file system (mount: ${String(error)})\n`);
    return undefined;
  }
  onTestFinished(() => {
    execFileSync("umount", ["--lazy", dir]);
  });
  return dir;
}

function addEvent(store: Store, commandKey: string): Promise<readonly number[]> {
  return store.endpoints.commit("e", { addEvents: [{ eventCode: "1 BOOT", commandKey }] });
}

async function eventKeys(store: Store): Promise<readonly string[]> {
  return (await store.endpoints.load("e")).events.map(({ commandKey }) => commandKey);
}

/** Fills the file system to the last byte. */
function fillUp(path: string): void {
  for (const size of [1_000_000, 100_000, 4_096])
    for (let count = 0; ; count++)
      try {
        writeFileSync(`${path}.${size}.${count}`, Buffer.alloc(size));
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
        break;
      }
}

describe("a full file system", () => {
  it("fails commits with store.disk-full, keeps what was there, and takes commits again when there is room", async (context) => {
    const dir = smallFileSystem();
    if (dir === undefined) {
      context.skip();
      return;
    }
    const options = { dataDir: join(dir, "data"), clock: new ManualClock() };
    const store = await openStore(options);
    await addEvent(store, "before");
    fillUp(join(dir, "filler"));
    const failures: unknown[] = [];
    for (let count = 0; count < 500 && failures.length < 3; count++)
      await store.endpoints
        .commit(`filler ${count}`, { setReported: new Map([["p", "x".repeat(20_000)]]) })
        .catch((error: unknown) => failures.push(error));
    expect(failures).toHaveLength(3);
    for (const error of failures)
      expect(error).toMatchObject({ code: "store.disk-full", retryable: true });
    expect(await eventKeys(store)).toEqual(["before"]);

    execFileSync("sh", ["-c", `rm -f "${dir}"/filler.*`]);
    await addEvent(store, "after");
    await store.close();
    const again = await openStore(options);
    expect(await eventKeys(again)).toEqual(["before", "after"]);
    await again.close();
  });

  it("refuses to open a store where there is no room for one, leaving no lock", async (context) => {
    const dir = smallFileSystem();
    if (dir === undefined) {
      context.skip();
      return;
    }
    fillUp(join(dir, "filler"));
    const options = { dataDir: join(dir, "data"), clock: new ManualClock() };
    await expect(openStore(options)).rejects.toMatchObject({ code: "store.disk-full" });
    execFileSync("sh", ["-c", `rm -f "${dir}"/filler.*`]);
    rmSync(options.dataDir, { recursive: true, force: true });
    await (await openStore(options)).close();
  });
});
