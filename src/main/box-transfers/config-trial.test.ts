import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { confirmTrial, putOnTrial, readTrial, resumeTrial, rollBack } from "./config-trial.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mfpgate-trial-"));
  file = join(folder, "config.yaml");
  writeFileSync(file, "old", { mode: 0o640 });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function content(name = "config.yaml"): string {
  return readFileSync(join(folder, name), "utf8");
}

function editRecord(change: Readonly<Record<string, unknown>>): void {
  const record = JSON.parse(content("config.yaml.trial")) as Record<string, unknown>;
  writeFileSync(join(folder, "config.yaml.trial"), JSON.stringify({ ...record, ...change }));
}

describe("configuration on trial", () => {
  it("is in place at once, with the one before and the file's mode kept", async () => {
    await putOnTrial(file, "new", "source");
    expect([content(), content("config.yaml.previous")]).toEqual(["new", "old"]);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(await readTrial(file)).toMatchObject({ state: "trying", starts: 0, source: "source" });
  });

  it("stays when the service came up with it", async () => {
    await putOnTrial(file, "new", "source");
    expect(await resumeTrial(file)).toBe(true);
    await confirmTrial(file);
    expect(await resumeTrial(file)).toBe(false);
    expect(content()).toBe("new");
    expect(await readTrial(file)).toMatchObject({ state: "inForce", starts: 1 });
  });

  it("is taken back with a reason, once", async () => {
    await putOnTrial(file, "new", "source");
    await resumeTrial(file);
    await rollBack(file, "port in use");
    expect(content()).toBe("old");
    expect(await readTrial(file)).toMatchObject({ state: "rolledBack", reason: "port in use" });
    writeFileSync(file, "by the operator");
    await rollBack(file, "again");
    expect(await resumeTrial(file)).toBe(false);
    expect(content()).toBe("by the operator");
  });

  it("is taken back when the process died twice while it started", async () => {
    await putOnTrial(file, "new", "source");
    expect(await resumeTrial(file)).toBe(true);
    expect(await resumeTrial(file)).toBe(true);
    expect(await resumeTrial(file)).toBe(false);
    expect(content()).toBe("old");
    expect(await readTrial(file)).toMatchObject({ state: "rolledBack" });
  });

  it("is no trial when the process died before the file was replaced", async () => {
    await putOnTrial(file, "new", "source");
    writeFileSync(file, "old");
    expect(await resumeTrial(file)).toBe(false);
    expect(await readTrial(file)).toBeUndefined();
    expect(content()).toBe("old");
  });

  it("is taken back to the end when the process died in the middle of that", async () => {
    await putOnTrial(file, "new", "source");
    await resumeTrial(file);
    editRecord({ state: "rollingBack", reason: "port in use" });
    expect(await resumeTrial(file)).toBe(false);
    expect(content()).toBe("old");
    expect(await readTrial(file)).toMatchObject({ state: "rolledBack", reason: "port in use" });
  });

  it("is nothing without a record, or with one that cannot be read", async () => {
    expect(await resumeTrial(file)).toBe(false);
    writeFileSync(join(folder, "config.yaml.trial"), "{");
    expect(await resumeTrial(file)).toBe(false);
    expect(content()).toBe("old");
    expect(existsSync(join(folder, "config.yaml.previous"))).toBe(false);
  });
});
