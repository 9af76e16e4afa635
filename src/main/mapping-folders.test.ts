import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../shared/clock.ts";
import { MappingFolders, mappingFolders, shippedMappings } from "./mapping-folders.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mfpgate-mappings-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const title = (text: string): string =>
  `mapping: acme/laser\ntitle: ${text}\nextends: [base/printer]\n` +
  `verified: [{ source: "made for this test" }]\nmatch: { sysDescr: "Acme Laser*" }\n`;

describe("mapping folders", () => {
  it("does without ./mappings as long as there is none, and loads it once there is", async () => {
    const own = join(folder, "mappings");
    expect(mappingFolders([own])).toEqual([shippedMappings]);
    await mkdir(own);
    expect(mappingFolders([own])).toEqual([shippedMappings, own]);
  });

  it("reports any other folder that does not exist", async () => {
    const missing = join(folder, "printers");
    await expect(MappingFolders.load(mappingFolders([missing]), systemClock)).rejects.toThrow(
      missing,
    );
  });

  it("puts an edited file in force, and keeps the last good one when the edit is broken", async () => {
    const file = join(folder, "vendor", "acme", "laser.yaml");
    await mkdir(join(folder, "vendor", "acme"), { recursive: true });
    await writeFile(file, title("First"));
    const folders = await MappingFolders.load(mappingFolders([folder]), systemClock);
    const titleNow = (): string | undefined =>
      folders.current.byName("vendor/acme/laser")?.selected.title;
    expect(titleNow()).toBe("First");
    const reloaded = new Promise<void>((resolve) => {
      folders.watch(resolve);
    });
    await writeFile(file, title("Second"));
    await reloaded;
    expect(titleNow()).toBe("Second");
    await writeFile(file, "mapping: [");
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(titleNow()).toBe("Second");
    folders.stop();
  });
});
