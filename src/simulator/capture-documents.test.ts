import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeIpp } from "../southbound/ipp/message.ts";
import { readCapture } from "./capture.ts";
import { capturedBanners, capturedDocuments, type CapturedDocument } from "./capture-documents.ts";
import { CaptureError } from "./recording.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "capture-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** An entry of the manifest with the content of its file. */
interface TestFile {
  readonly file: string;
  readonly content: string | Uint8Array;
  readonly [key: string]: string | Uint8Array;
}

/** Writes a capture of `files`, each with its content, and reads its documents. */
async function documents(
  platform: string,
  ...files: readonly TestFile[]
): Promise<readonly CapturedDocument[]> {
  await write(platform, files);
  return capturedDocuments(await readCapture(folder));
}

async function write(platform: string, files: readonly TestFile[]): Promise<void> {
  for (const { file, content } of files) await writeFile(join(folder, file), content);
  const listed = files.map((entry) => ({ ...entry, content: undefined }));
  const manifest = { schema: "capture-manifest/1", platform, files: listed };
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
}

const parsed = ({ raw }: CapturedDocument): unknown =>
  JSON.parse(Buffer.from(raw.bytes).toString());
const named = (all: readonly CapturedDocument[]): readonly string[] =>
  all.map(({ channel, name }) => `${channel} ${name}`);

const nothing = {
  version: { major: 2, minor: 0 },
  code: 0,
  requestId: 1,
  groups: [],
  data: new Uint8Array(),
};

describe("capturedDocuments", () => {
  it("gives pages by their path as they are, the first of several answers, and no error pages", async () => {
    const found = await documents(
      "somebody's web pages",
      {
        file: "a.html",
        urlPath: "/a.htm",
        contentType: "text/html; charset=x (guessed)",
        content: "A",
      },
      { file: "b.html", urlPath: "/a.htm", method: "POST", content: "B" },
      { file: "c.xml", urlPath: "/eSCL/ScannerStatus", contentType: "text/xml", content: "<a/>" },
      { file: "e.html", urlPath: "(any unknown path)", content: "E" },
    );
    expect(named(found)).toEqual(["ews /a.htm", "ews /eSCL/ScannerStatus"]);
    expect(found[0]?.raw).toMatchObject({
      contentType: "text/html; charset=x",
      path: "/a.htm",
      status: 200,
    });
    expect(Buffer.from(found[0]?.raw.bytes ?? []).toString()).toBe("A");
  });

  it("decodes IPP, and knows printer attributes from jobs", async () => {
    const content = encodeIpp(nothing);
    const found = await documents(
      "IPP",
      { file: "p.bin", urlPath: "/ipp/print", operation: "Get-Printer-Attributes", content },
      { file: "j.bin", urlPath: "/ipp/print", operation: "Get-Jobs", content },
    );
    expect(named(found)).toEqual(["ipp printer-attributes", "ipp jobs"]);
    expect(found[0] && parsed(found[0])).toMatchObject({ statusName: "successful-ok" });
  });

  it("names PJL answers by their command", async () => {
    const found = await documents(
      "PJL",
      { file: "a.txt", command: "@PJL INFO CONFIG", content: "MEMORY=1\r\n\f" },
      { file: "b.txt", content: '@PJL INFO ID\r\n"A"\r\n\f@PJL INFO STATUS\r\nCODE=1\r\n\f' },
    );
    expect(named(found)).toEqual(["pjl INFO CONFIG", "pjl INFO ID", "pjl INFO STATUS"]);
    expect(found[0] && parsed(found[0])).toMatchObject({ values: { MEMORY: "1" } });
  });

  it("knows announcements, device metadata and greetings", async () => {
    const record = '{"service":"_ipp._tcp","txt":["rp=ipp/print"]}';
    expect(named(await documents("DNS-SD _ipp._tcp", { file: "r.json", content: record }))).toEqual(
      ["mdns txt"],
    );
    const other = '{"service":"_scanner._tcp","txt":[]}';
    expect(named(await documents("mDNS", { file: "r.json", content: other }))).toEqual([
      "mdns txt _scanner._tcp",
    ]);
    const raw = '{"service":"_pdl-datastream._tcp","txt":["ty=Acme"]}';
    expect(named(await documents("mDNS", { file: "r.json", content: raw }))).toEqual([
      "mdns txt _pdl-datastream._tcp",
      "mdns txt",
    ]);
    const soap = { contentType: "application/soap+xml", urlPath: "(WSD device endpoint)" };
    expect(
      named(await documents("WS-Discovery", { file: "g.xml", ...soap, content: "<e/>" })),
    ).toEqual(["wsd metadata"]);
    expect(named(await documents("FTP greeting", { file: "g.txt", content: "220 x" }))).toEqual([
      "banner ftp",
    ]);
  });

  it("believes the kind of a part before all else, and leaves recordings to SNMP", async () => {
    const found = await documents(
      "everything of one printer",
      { file: "walk.snmprec", content: "" },
      { file: "x.json", kind: "mdns", content: '{"txt":[]}' },
      { file: "x.txt", kind: "pjl", content: '@PJL INFO ID\n"A"\n' },
    );
    expect(named(found)).toEqual(["mdns txt", "pjl INFO ID"]);
  });

  it("names the file that is not what it is said to be, or is not there", async () => {
    const broken = documents("IPP", { file: "p.bin", operation: "Get-Jobs", content: "x" });
    await expect(broken).rejects.toThrow(/p\.bin is no ipp document/);
    await write("IPP", []);
    const missing = { schema: "capture-manifest/1", files: [{ file: "n.bin", kind: "ipp" }] };
    await writeFile(join(folder, "manifest.json"), JSON.stringify(missing));
    await expect(capturedDocuments(await readCapture(folder))).rejects.toThrow(CaptureError);
  });
});

describe("capturedBanners", () => {
  it.each([
    ["FTP greeting", '["JD FTP Server Ready"]', ["JD FTP Server Ready"]],
    ["PJL INFO ID", '["HP LaserJet 9", 3]', ["HP LaserJet 9"]],
    ["DNS-SD _ipp._tcp", '{"txt":[]}', undefined],
  ])("of %s", async (platform, content, texts) => {
    await write(platform, [{ file: "examples.json", content }]);
    const found = await capturedBanners(await readCapture(folder));
    expect(found).toEqual(texts && { texts, platform });
  });
});
