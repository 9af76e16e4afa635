import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readCapture } from "./capture.ts";
import { CaptureError } from "./recording.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "capture-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const manifest = (content: unknown): Promise<void> =>
  writeFile(join(folder, "manifest.json"), JSON.stringify(content));

describe("readCapture", () => {
  it("takes a .snmprec file as a capture of one part", async () => {
    const file = join(folder, "a.snmprec");
    await writeFile(file, "");
    expect((await readCapture(file)).parts).toEqual([{ kind: "snmprec", file }]);
  });

  it("lists the parts a manifest names", async () => {
    await manifest({
      schema: "capture-manifest/1",
      vendor: "Acme",
      files: [
        { file: "walk.snmprec" },
        { file: "status.xml", urlPath: "/status.xml", method: "GET" },
        { file: "answer.bin", kind: "ipp" },
      ],
    });
    expect(await readCapture(folder)).toEqual({
      path: folder,
      vendor: "Acme",
      parts: [
        { kind: "snmprec", file: join(folder, "walk.snmprec") },
        { kind: "xml", file: join(folder, "status.xml"), urlPath: "/status.xml", method: "GET" },
        { kind: "ipp", file: join(folder, "answer.bin") },
      ],
    });
  });

  it.each([
    [{ schema: "capture-manifest/9", files: [] }, "schema"],
    [{ schema: "capture-manifest/1" }, "files"],
    [{ schema: "capture-manifest/1", files: [{ name: "x" }] }, "file"],
    [{ schema: "capture-manifest/1", files: [{ file: "../../etc/passwd" }] }, "outside"],
  ])("refuses a manifest that is wrong", async (content, message) => {
    await manifest(content);
    await expect(readCapture(folder)).rejects.toThrow(CaptureError);
    await expect(readCapture(folder)).rejects.toThrow(message);
  });

  it("refuses folders without a manifest, other files and paths that are not there", async () => {
    await expect(readCapture(folder)).rejects.toThrow("manifest.json");
    await writeFile(join(folder, "a.txt"), "");
    await expect(readCapture(join(folder, "a.txt"))).rejects.toThrow(CaptureError);
    await expect(readCapture(join(folder, "none"))).rejects.toThrow(CaptureError);
  });
});
