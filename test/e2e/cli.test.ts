import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { takeOverConnectionRequests } from "../../src/simulator/acs/session-script.ts";
import { Command, type CommandResult, projectRoot, run, setUp } from "../support/command.ts";
import type { Daemon } from "../support/daemon.ts";
import { Site, freePort } from "../support/site.ts";
import { snmpText } from "../support/snmp-text.ts";
import { waitUntil } from "../support/wait-until.ts";

const service = "Device.Services.X_MFPGATE-ORG_MFP.1.";
const location = `${service}General.SystemLocation`;
const sysLocation = "1.3.6.1.2.1.1.6.0";
const kyocera = "0017c8-vdk0d01287";
const hp = "3cd92b-vndem00417";
const oki = "008087-ak9dem0117a0";
const recording = (name: string): string => join(projectRoot, "recordings", `${name}.snmprec`);

beforeAll(setUp);

/** What every failure has: this exit code, nothing on standard output, one line for people. */
function expectRefusal({ code, stdout, stderr }: CommandResult, exit: number, text: RegExp): void {
  expect(stderr).toMatch(/^mfpgate: [^\n]+\n$/);
  expect(stderr).toMatch(text);
  expect(stdout).toBe("");
  expect(code).toBe(exit);
}

type Refusal = readonly [words: readonly string[], exit: number, text: RegExp];

/** Several at once: most of the time of a command is its start. */
async function expectRefusals(
  ask: (...words: string[]) => Promise<CommandResult>,
  ...refusals: readonly Refusal[]
): Promise<void> {
  const results = await Promise.all(refusals.map(([words]) => ask(...words)));
  refusals.forEach(([, exit, text], index) => {
    const result = results[index];
    if (result !== undefined) expectRefusal(result, exit, text);
  });
}

describe("commands beside a running service", () => {
  let site: Site;
  let daemon: Daemon;
  let config: string;

  const ask = (...words: string[]): Promise<CommandResult> => run([...words, "--config", config]);
  /** Standard output of a command that ends well. */
  async function text(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await ask(...words);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    return stdout;
  }
  const json = async (...words: string[]): Promise<unknown> =>
    JSON.parse(await text(...words, "--json"));

  beforeAll(async () => {
    site = await Site.open({
      recordings: ["kyocera-ecosys-m6690cidn", "hp-color-laserjet-mfp-m4790dw", "oki-mc890"],
      acs: { scripts: [takeOverConnectionRequests(() => "connection-request-password")] },
    });
    const hosts = site.printers.map(({ host, port }) => ({ host, snmp: { port } }));
    config = site.configure({ discovery: { interval: "1h", approval: "manual", static: hosts } });
    daemon = await site.start(config);
    await waitUntil("three printers wait", async () => {
      const printers = (await daemon.get("/api/v1/printers")) as readonly unknown[];
      return printers.length === 3;
    });
  });
  afterAll(() => site.stop());

  it("run --check tells that all is right, and changes nothing of the running service", async () => {
    expect(await text("run", "--check")).toMatch(
      /^configuration and \d+ mapping files are right\n$/,
    );
    expect(await json("run", "--check")).toMatchObject({ ok: true });
  });

  it("status shows service, ACS and printers", async () => {
    const table = await text("status");
    expect(table).toMatch(/^Service +0\.\d+\.\d+, running since 2\d{3}-/m);
    expect(table).toMatch(new RegExp(`^ACS +${site.acs.url}$`, "m"));
    expect(table).toMatch(/^Printers +.*\d Pending/m);
    expect(await json("status")).toMatchObject({
      ready: true,
      acs: { url: site.acs.url, failures: 0, lastError: null },
    });
  });

  it("approve lets in who waits, and nobody else", async () => {
    expect(await json("printers")).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: kyocera, reachability: "Pending" })]),
    );
    expect(await text("approve", kyocera)).toBe(`${kyocera} approved\n`);
    expect(await json("approve", hp)).toEqual({ done: true });
    await waitUntil("both are in the ACS", () => site.acs.devices().length === 3);
    await expectRefusals(
      ask,
      [["approve", kyocera], 1, /0017c8-vdk0d01287/],
      [["approve", "nobody"], 1, /nobody/],
    );
  });

  it("printers lists them, and shows one with supplies, trays, counters and alerts", async () => {
    const table = await text("printers");
    expect(table).toMatch(
      /^0017c8-vdk0d01287 +Kyocera +ECOSYS M6690cidn +VDK0D01287 +127\.20\.0\.1 +virtual +Online/m,
    );
    expect(table).toMatch(/^008087-ak9dem0117a0 .* Pending/m);
    const one = await text("printers", "show", kyocera);
    for (const title of ["Supplies", "Markers", "Counters", "Input trays", "Covers", "Alerts"])
      expect(one).toMatch(new RegExp(`^${title}`, "m"));
    expect(one).toMatch(/^1 +TK-5390C +Toner +Cyan +9100 +13000 +70 +OK$/m);
    expect(await json("printers", "show", kyocera)).toMatchObject({
      serialNumber: "VDK0D01287",
      parameters: { [`${service}Supply.1.CurrentLevel`]: { value: 9_100, stale: false } },
    });
    await expectRefusals(
      ask,
      [["printers", "show", "nobody"], 1, /nobody/],
      [["printers", "shwo"], 2, /see mfpgate printers --help/],
    );
  });

  it("get reads a parameter, a part of the tree, and the box itself", async () => {
    expect(await text("get", kyocera, location)).toMatch(/ Accounting, 2nd floor +string\n$/);
    const general = (await json("get", kyocera, `${service}General.`)) as object;
    expect(general).toMatchObject({
      [location]: { value: "Accounting, 2nd floor", type: "string", writable: true, stale: false },
      [`${service}General.SerialNumber`]: { value: "VDK0D01287", writable: false },
    });
    expect(await text("get", "proxier", "Device.DeviceInfo.SerialNumber")).toMatch(/ E2E +string/);
    await expectRefusals(
      ask,
      [["get", kyocera, "Device.Nonsense"], 1, /Device\.Nonsense/],
      [["get", "nobody"], 1, /nobody/],
      [["get"], 2, /missing required argument 'id'/],
    );
  });

  it("set writes to the printer, all or nothing", async () => {
    const contact = `${service}General.OwnerContact`;
    const [printer] = site.printers;
    if (printer === undefined) throw new Error("no printer");
    expect(await text("set", kyocera, `${location}=Room 1`, `${contact}=a=b`)).toBe(
      "applied and read back\n",
    );
    expect(await snmpText(printer, sysLocation)).toBe("Room 1");
    expect(await snmpText(printer, "1.3.6.1.2.1.1.4.0")).toBe("a=b");
    expect(await json("set", kyocera, `${location}=Room 2`)).toEqual({ outcome: "applied" });

    const readOnly = `${service}General.SerialNumber=1`;
    const refused = await ask("set", kyocera, `${location}=Room 3`, readOnly);
    expectRefusal(refused, 1, /nothing was changed: .*General\.SerialNumber: 9008 /);
    expect(await snmpText(printer, sysLocation)).toBe("Room 2");
    const told = await ask("set", kyocera, readOnly, "--json");
    expect(told.code).toBe(1);
    expect(JSON.parse(told.stdout)).toMatchObject({ outcome: "refused", faults: [{ code: 9008 }] });
    await expectRefusals(
      ask,
      [["set", kyocera, "nonsense"], 2, /nonsense is not PATH=VALUE/],
      [["set", kyocera, "Device.X=1"], 1, /Device\.X: 9005 /],
    );
  });

  it("explain says where a value comes from", async () => {
    const path = `${service}Supply.1.CurrentLevel`;
    const table = await text("explain", kyocera, path);
    expect(table).toMatch(/^Value +9100$/m);
    expect(table).toMatch(/^Source +snmp 1\.3\.6\.1\.2\.1\.43\.11\.1\.1\.9/m);
    expect(table).toMatch(/^Defined at +\S+\.yaml:\d+$/m);
    expect(await json("explain", kyocera, path)).toMatchObject({ path, value: 9_100, raw: "9100" });
    expectRefusal(await ask("explain", kyocera, "Device.X"), 1, /Device\.X/);
  });

  it("discover searches now", async () => {
    const table = await text("discover");
    expect(table).toMatch(/^0 addresses probed, 3 printers answered$/m);
    expect(table).toMatch(/^127\.20\.0\.2 +HP ETHERNET MULTI-ENVIRONMENT.* known$/m);
    expect(await json("discover", "--range", "127.20.9.0/30")).toEqual({ probed: 2, found: [] });
    expectRefusal(await ask("discover", "--range", "nonsense"), 2, /"nonsense" is not .* range/);
  });

  it("inform starts a session", async () => {
    const device = site.acs.devices().find(({ deviceId }) => deviceId.manufacturer === "Kyocera");
    const before = device?.informCount ?? 0;
    expect(await text("inform", kyocera)).toBe(`session of ${kyocera} requested\n`);
    await waitUntil("it informs", () => (device?.informCount ?? 0) > before);
    expect(await json("inform", "proxier")).toEqual({ done: true });
    expectRefusal(await ask("inform", "nobody"), 1, /nobody/);
  });

  it("events tells what happened, newest first", async () => {
    const table = await text("events");
    expect(table).toMatch(/^When +Device +Kind +What\n/);
    expect(table).toMatch(/0017c8-vdk0d01287 +approved +approved by the operator/);
    expect(table).toMatch(/008087-ak9dem0117a0 +awaitingApproval +OKI MC890 AK9DEM0117A0/);
    expect(await json("events", "--limit", "2")).toHaveLength(2);
    expectRefusal(await ask("events", "--limit", "0"), 2, /--limit takes 1 to 1000/);
  });

  it("retire takes a printer out, approve takes it in again", async () => {
    expect(await text("retire", hp)).toBe(`${hp} retired\n`);
    expect(await text("printers")).toMatch(/^3cd92b-vndem00417 .* Retired/m);
    await expectRefusals(
      ask,
      [["get", hp, location], 1, /3cd92b-vndem00417/],
      [["retire", hp], 1, /3cd92b-vndem00417/],
    );
    expect(await json("approve", hp)).toEqual({ done: true });
    await waitUntil("it is back", async () =>
      /^3cd92b-vndem00417 .* Online/m.test(await text("printers")),
    );
    expect(await json("retire", oki)).toEqual({ done: true });
  });

  it("says what is wrong when the daemon cannot be asked", async () => {
    await expectRefusals(
      ask,
      [["status", "--token", "wrong"], 1, /bearer token is missing or wrong/],
      [["status", "--api", "nonsense"], 2, /--api takes an address/],
    );
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const unreachable = [["status"], ["printers"], ["get", kyocera], ["events", "--json"]];
    await expectRefusals(
      (...words) => ask(...words, "--api", nobody),
      ...unreachable.map((words) => [words, 3, /no daemon answers at .*mfpgate run/] as const),
    );
    expectRefusal(
      await run(["status", "--config", "/nowhere.yaml"]),
      2,
      /nowhere\.yaml: cannot be read/,
    );
  });
});

describe("commands without a service", () => {
  async function json(...words: string[]): Promise<unknown> {
    const { code, stdout, stderr } = await run([...words, "--json"]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    return JSON.parse(stdout);
  }

  it("evaluate maps captures, one JSON object a line", async () => {
    const table = await run(["evaluate", recording("oki-mc890")]);
    expect(table.stdout).toMatch(/^OKI \(008087\) MC890, serial number AK9DEM0117A0$/m);
    const both = await run([
      "evaluate",
      recording("oki-mc890"),
      recording("zebra-zd690"),
      "--json",
    ]);
    const [first, second] = both.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(first).toMatchObject({
      mapping: "vendor/oki/printer",
      identity: { manufacturer: "OKI", oui: "008087", productClass: "MC890" },
      parameters: { [location]: { value: "Warehouse gate 4", type: "string" } },
    });
    expect(second).toMatchObject({ identity: { serialNumber: "D9J241700412" } });
    const plain = await json("evaluate", recording("oki-mc890"), "--mapping", "base");
    expect(plain).toMatchObject({ mapping: "base" });
    await expectRefusals(
      (...words) => run(words),
      [["evaluate", "nothing.snmprec"], 2, /nothing\.snmprec cannot be read/],
      [["evaluate", "package.json"], 2, /neither a \.snmprec file nor/],
      [["evaluate", recording("oki-mc890"), "--mapping", "nonsense"], 2, /no mapping nonsense/],
    );
  });

  it("mapping lint and mapping test find nothing wrong with what is shipped", async () => {
    const [lint, test, lintJson, testJson] = await Promise.all([
      run(["mapping", "lint"]),
      run(["mapping", "test"]),
      json("mapping", "lint"),
      json("mapping", "test"),
    ]);
    expect(lint).toMatchObject({ code: 0, stderr: "" });
    expect(lint.stdout).toMatch(/^\d+ mapping files, 0 errors, 0 warnings\n$/);
    expect(test).toMatchObject({ code: 0, stderr: "" });
    expect(test.stdout).toMatch(/^12 recordings compared, 0 differences\n$/);
    expect(lintJson).toMatchObject({ problems: [] });
    expect(testJson).toMatchObject({ recordings: 12, problems: [] });
    await expectRefusals(
      (...words) => run(words),
      [["mapping", "lint", "/nowhere"], 2, /\/nowhere/],
      [["mapping", "tset"], 2, /tset/],
    );
  });

  it("simulate replays a recording until it is told to stop", async () => {
    const command = new Command(["simulate", recording("oki-mc890"), "--count", "2", "--json"]);
    const line = await waitUntil("it tells its printers", () => /^.*\n/.exec(command.stdout)?.[0]);
    const printers = JSON.parse(line) as readonly { name: string; host: string; port: number }[];
    expect(printers.map(({ name }) => name)).toEqual(["oki-mc890", "oki-mc890-2"]);
    for (const printer of printers)
      expect(await snmpText(printer, sysLocation)).toBe("Warehouse gate 4");
    expect(await command.end("SIGINT")).toMatchObject({ code: 0, stderr: "" });
    expectRefusal(
      await run(["simulate", recording("oki-mc890"), "--port", "x"]),
      2,
      /--port takes/,
    );
    expectRefusal(await run(["simulate"]), 2, /missing required argument/);
  });

  it("simulate runs a scenario, and names a step that is wrong", async () => {
    const site = await Site.open({ recordings: [] });
    onTestFinished(() => site.stop());
    const file = join(site.folder, "scenario.yaml");
    const step = { atMs: 0, printers: "all", action: { type: "relocate", location: "Elsewhere" } };
    writeFileSync(file, JSON.stringify({ name: "move", steps: [step] }));
    const words = ["simulate", recording("oki-mc890"), "--scenario", file, "--json"];
    const command = new Command(words);
    onTestFinished(async () => {
      await command.end("SIGKILL");
    });
    const line = await waitUntil("it tells its printer", () => /^.*\n/.exec(command.stdout)?.[0]);
    const [printer] = JSON.parse(line) as readonly { host: string; port: number }[];
    if (printer === undefined) throw new Error("no printer");
    await waitUntil("it moves", async () => (await snmpText(printer, sysLocation)) === "Elsewhere");
    writeFileSync(file, JSON.stringify({ name: "move", steps: [{ ...step, atMs: -1 }] }));
    const refused = await run(words);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(/^mfpgate: .*step 1: "atMs"[^\n]*\n$/);
  });

  it("acs serves a test ACS until it is told to stop", async () => {
    const command = new Command(["acs", "--port", "0", "--json"]);
    const line = await waitUntil("it tells its page", () => /^.*\n/.exec(command.stdout)?.[0]);
    const { page } = JSON.parse(line) as { readonly page: string };
    expect(await (await fetch(`${page}api/devices`)).json()).toEqual([]);
    expect(await command.end("SIGTERM")).toMatchObject({ code: 0, stderr: "" });
    expectRefusal(await run(["acs", "--port", "99999"]), 2, /--port takes a whole number/);

    const squatter = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => squatter.listen(port, "127.0.0.1", resolve));
    onTestFinished(() => {
      squatter.close();
    });
    expectRefusal(await run(["acs", "--port", String(port)]), 1, /cannot listen on .*EADDRINUSE/);
  });

  it("answers nonsense with one line", async () => {
    await expectRefusals(
      (...words) => run(words),
      [["nonsense"], 2, /unknown command 'nonsense'/],
      [["status", "--nonsense"], 2, /unknown option '--nonsense'/],
      [["demo", "--printers", "0"], 2, /--printers takes a whole number/],
    );
  });
});
