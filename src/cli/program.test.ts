import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { runCli } from "./program.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Runs a command in this process; what it writes is kept from the terminal. */
async function mfpgate(...words: readonly string[]): Promise<{ exit: number; errors: string }> {
  let errors = "";
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    errors += String(text);
    return true;
  });
  return { exit: await runCli(words), errors };
}

async function temporaryFile(name: string, content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "mfpgate-cli-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

describe("a mistake on the command line", () => {
  it.each([
    [
      ["run", "--chek"],
      /^mfpgate: unknown option '--chek', did you mean --check\?; see mfpgate run --help\n$/,
    ],
    [["nonsense"], /^mfpgate: unknown command 'nonsense'; see mfpgate --help\n$/],
    [
      ["mapping", "lint", "--recordings"],
      /^mfpgate: option .* argument missing; see mfpgate mapping lint --help\n$/,
    ],
    [
      ["status", "--api", "box", "--token", "t"],
      /^mfpgate: --api takes an address such as .*, not box\n$/,
    ],
    [
      ["status", "--api", "http://127.0.0.1:1", "--token", "two\nlines"],
      /^mfpgate: --token takes printable ASCII characters, on one line\n$/,
    ],
    [
      ["audit", "--limit", "1001"],
      /^mfpgate: --limit takes a whole number from 1 to 1000, not 1001\n$/,
    ],
    [
      ["request-download", "proxier", "1 Firmware Upgrade Image", "Version"],
      /^mfpgate: Version is not NAME=VALUE\n$/,
    ],
    [
      ["request-download", "proxier"],
      /^mfpgate: missing required argument 'filetype'; see mfpgate request-download --help\n$/,
    ],
    [["set", "proxier", "--dry-run", "A.B"], /^mfpgate: A\.B is not PATH=VALUE\n$/],
    [["set", "proxier", "A.B=1", "A.B=2"], /^mfpgate: A\.B is given twice; give it one value\n$/],
    [
      ["simulate", "recordings/oki-mc890.snmprec", "--port", "65535", "--count", "2"],
      /^mfpgate: no port for simulated printer 2: begin lower than 65535\n$/,
    ],
    [
      ["evaluate", "/nowhere/a.snmprec"],
      /^mfpgate: capture \/nowhere\/a.snmprec cannot be read: .*\n$/,
    ],
    [
      ["simulate", "--scenario", "/nowhere", "x"],
      /^mfpgate: --scenario \/nowhere cannot be read: .*\n$/,
    ],
  ])("is one line that names it: %j", async (words, line) => {
    expect(await mfpgate(...words)).toEqual({
      exit: 2,
      errors: expect.stringMatching(line) as unknown,
    });
  });
});

describe("evaluate", () => {
  it("names file and line of what is no recording, without its control characters", async () => {
    const file = await temporaryFile("a.snmprec", "\u001b[2Jhello\n");
    const { exit, errors } = await mfpgate("evaluate", file);
    expect({ exit, errors }).toEqual({
      exit: 2,
      errors: `mfpgate: recording ${file}, line 1: "?[2Jhello" is not OID|TAG|VALUE\n`,
    });
  });

  it("makes no printer out of an empty recording", async () => {
    const file = await temporaryFile("a.snmprec", "# nothing\n");
    expect((await mfpgate("evaluate", file)).errors).toBe(
      `mfpgate: recording ${file} holds no values\n`,
    );
  });
});

describe("run --check", () => {
  it("tells what is valid but has no effect", async () => {
    const text = "acs: { url: http://a }\ndiscovery: { mdns: true }\n";
    const file = await temporaryFile("config.yaml", text);
    const written = vi.spyOn(process.stdout, "write");
    const { exit } = await mfpgate("run", "--check", "--config", file);
    expect(exit).toBe(0);
    expect(written.mock.calls.join("")).toContain(
      `warning: ${file}:2:20: discovery.mdns: has no effect in this version`,
    );
  });
});

describe("a folder without any mapping file", () => {
  const warning = "holds no mapping file; name the folder that holds your .yaml files, or leave it";

  it.each(["lint", "run --check"])("is warned of by %s", async (command) => {
    const text = "acs: { url: http://a }\nmappings: [.]\ndiscovery: {}\n";
    const file = await temporaryFile("config.yml", text);
    const folder = dirname(file);
    const written = vi.spyOn(process.stdout, "write");
    const { exit } =
      command === "lint"
        ? await mfpgate("mapping", "lint", folder)
        : await mfpgate("run", "--check", "--config", file);
    expect(exit).toBe(0);
    expect(written.mock.calls.join("")).toContain(`warning: ${folder}: ${warning}`);
  });
});

describe("a command for the daemon", () => {
  it("says so when something else answers", async () => {
    const server = createServer((_request, response) => response.end("<html>"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { exit, errors } = await mfpgate("status", "--api", api, "--token", "t");
    expect(exit).toBe(3);
    expect(errors).toContain(`what answers at ${api} is not mfpgate`);
  });
});
