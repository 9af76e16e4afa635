import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadConfig } from "../../config/load.ts";
import { TransferError } from "../../cwmp/transfers/transfer-error.ts";
import { systemClock } from "../../shared/clock.ts";
import { BoxTarget } from "./box-target.ts";
import { confirmTrial, readTrial, resumeTrial, rollBack } from "./config-trial.ts";
import { LogFile, logFileName, logHalfBytes } from "./log-file.ts";

const text = `acs: { url: "https://acs.example.net/", username: box, password: acs-password-2 }\n`;

let folder: string;
let file: string;
let target: BoxTarget;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "mfpgate-box-"));
  file = join(folder, "config.yaml");
  writeFileSync(file, text);
  target = new BoxTarget({
    config: { ...(await loadConfig(file)), dataDir: folder },
    clock: systemClock,
    eventLines: () => Promise.resolve(["one", "two"]),
  });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function sent(content: string): Parameters<BoxTarget["apply"]>[0] {
  const path = join(folder, "sent");
  writeFileSync(path, content);
  return { path, fileType: "3 Vendor Configuration File", targetFileName: "", fileSize: 0 };
}

async function faultOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof TransferError ? `${error.faultCode} ${error.message}` : String(error);
}

/** The data directory of this test is not the one the file says; every configuration sent must say the same. */
const dataDir = (): string => `dataDir: "${folder}"\n`;

describe("Download to the box", () => {
  it("takes configurations of a sensible size and nothing else", () => {
    const refusal = (fileType: string, fileSize = 0) =>
      target.refusalOfDownload({ fileType, fileSize, targetFileName: "" })?.code;
    expect(refusal("3 Vendor Configuration File")).toBeUndefined();
    expect(refusal("3 Vendor Configuration File", 2 ** 21)).toBe(9004);
    expect(refusal("1 Firmware Upgrade Image")).toBe(9010);
  });

  it("puts a good configuration on trial, and judges by how the trial ends", async () => {
    const file1 = sent(text.replace("box", "other") + dataDir());
    expect(await target.judge(file1)).toBe("notApplied");
    expect(await target.apply(file1)).toEqual({ needsRestart: true });
    expect(await target.judge(file1)).toBe("waiting");
    await resumeTrial(file);
    const judging = target.judge(file1);
    await confirmTrial(file);
    expect(await judging).toBe("inForce");
    expect(readFileSync(file, "utf8")).toContain("username: other");
  });

  it("says 9018 when the trial ended badly", async () => {
    const file1 = sent(text.replace("box", "other") + dataDir());
    await target.apply(file1);
    await resumeTrial(file);
    await rollBack(file, "port in use");
    expect(await faultOf(target.judge(file1))).toMatch(/^9018 .*port in use/);
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  it("tells a mistake once that shows at several places", async () => {
    const fault = await faultOf(target.apply(sent("acs: {url: x\nfoo: [1,2")));
    expect(fault.match(/indentation/g)).toHaveLength(1);
    expect(fault).toMatch(/^9018 .*: configuration:2:1: the indentation/);
    const several = await faultOf(target.apply(sent(`${text}acs: {}\nfoo: [1,2\nb: "x`)));
    expect(several).toMatch(/:2:1: the key is there twice.*; configuration:.*quote/);
  });

  it("refuses what is no configuration, a secret that is not there, and another box", async () => {
    const refused = (content: string): Promise<string> => faultOf(target.apply(sent(content)));
    expect(await refused("[")).toMatch(/^9018/);
    expect(await refused(dataDir())).toMatch(/^9018 .*acs/);
    expect(await refused(`${text}dataDir: /elsewhere\n`)).toMatch(/^9001 .*dataDir/);
    expect(await refused(`${text}proxier: { serialNumber: "2" }\n${dataDir()}`)).toMatch(
      /^9001 .*proxier/,
    );
    expect(await refused(text.replace("acs-password-2", "${secret:acs.nothing}"))).toMatch(/^9018/);
    expect(await refused(`# ${"x".repeat(2 ** 20)}\n${text}`)).toMatch(/^9018/);
    expect(await readTrial(file)).toBeUndefined();
    expect(readFileSync(file, "utf8")).toBe(text);
  });
});

describe("Upload from the box", () => {
  it("gives exactly the files shown in VendorConfigFile and VendorLogFile", () => {
    const refusal = (fileType: string) => target.refusalOfUpload(fileType)?.code;
    for (const fileType of [
      "1 Vendor Configuration File",
      "2 Vendor Log File",
      "3 Vendor Configuration File 1",
      "4 Vendor Log File 1",
      "4 Vendor Log File 2",
    ])
      expect(refusal(fileType)).toBeUndefined();
    expect(refusal("3 Vendor Configuration File 2")).toBe(9003);
    expect(refusal("constructor")).toBe(9003);
  });

  it("leaves out secrets, and gives both halves of the log in order", async () => {
    const contentOf = async (fileType: string): Promise<string> =>
      readFileSync((await target.collect(fileType, folder)).path, "utf8");
    expect(await contentOf("3 Vendor Configuration File 1")).not.toContain("acs-password-2");
    expect(await contentOf("4 Vendor Log File 1")).toBe("one\ntwo\n");
    writeFileSync(join(folder, logFileName), "newer\n");
    expect(await contentOf("4 Vendor Log File 2")).toBe("newer\n");
    writeFileSync(join(folder, `${logFileName}.1`), "older acs-password-2\n");
    expect(await contentOf("4 Vendor Log File 2")).toBe("older [redacted]\nnewer\n");
  });
});

describe("log file", () => {
  it("keeps what was logged before the data directory was known, and never more than two halves", () => {
    const log = new LogFile();
    log.write("early\n");
    log.open(folder);
    const line = `${"x".repeat(1_023)}\n`;
    for (let written = 0; written < 5 * logHalfBytes; written += 1_024) log.write(line);
    log.close();
    const sizes = [logFileName, `${logFileName}.1`].map(
      (name) => readFileSync(join(folder, name)).length,
    );
    for (const size of sizes) expect(size).toBeLessThanOrEqual(logHalfBytes + line.length);
    const other = new LogFile();
    other.write("early\n");
    rmSync(join(folder, logFileName));
    other.open(folder);
    other.close();
    expect(readFileSync(join(folder, logFileName), "utf8")).toBe("early\n");
  });
});
