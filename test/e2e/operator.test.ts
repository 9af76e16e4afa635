import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { AuditLine, SetPlan } from "../../src/api/local-service.ts";
import { type CommandResult, run, setUp } from "../support/command.ts";
import { Site, type SiteOptions } from "../support/site.ts";
import { snmpText } from "../support/snmp-text.ts";
import { waitUntil } from "../support/wait-until.ts";

const service = "Device.Services.X_MFPGATE-ORG_MFP.1.";
const location = `${service}General.SystemLocation`;
const contact = `${service}General.OwnerContact`;
const serial = `${service}General.SerialNumber`;
const sysLocation = "1.3.6.1.2.1.1.6.0";
const oki = "008087-ak9dem0117a0";

beforeAll(setUp);

/** A site with one OKI printer, and what an operator at the box may type. */
async function openSite(
  options: Partial<SiteOptions> = {},
  overrides: object = {},
  prepare: (folder: string) => void = () => undefined,
) {
  const site = await Site.open({ recordings: ["oki-mc890"], ...options });
  prepare(site.folder);
  const config = site.configure({ ...overrides });
  const daemon = await site.start(config);
  await waitUntil("the printer is online", async () => {
    const printers = (await daemon.get("/api/v1/printers")) as readonly { reachability: string }[];
    return printers.some(({ reachability }) => reachability === "Online");
  });
  const [printer] = site.printers;
  if (printer === undefined) throw new Error("no printer");
  const ask = (...words: string[]): Promise<CommandResult> => run([...words, "--config", config]);
  const json = async (...words: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await ask(...words, "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return JSON.parse(stdout);
  };
  return { site, daemon, printer, ask, json };
}

/** One line for people that says why, and nothing else. */
function expectRefusal({ code, stdout, stderr }: CommandResult, exit: number, text: RegExp): void {
  expect(stderr).toMatch(/^mfpgate: [^\n]+\n$/);
  expect(stderr).toMatch(text);
  expect({ code, stdout }).toEqual({ code: exit, stdout: "" });
}

describe("an operator at the box", () => {
  let place: Awaited<ReturnType<typeof openSite>>;
  beforeAll(async () => {
    place = await openSite();
  });
  afterAll(() => place.site.stop());

  it("sees what a set would do before it is done, and nothing is touched", async () => {
    const { ask, json, printer } = place;
    const plan = (await json("set", oki, `${location}=Attic`, "--dry-run")) as SetPlan;
    expect(plan).toEqual({
      changes: [{ path: location, from: "Warehouse gate 4", to: "Attic" }],
      steps: [
        {
          driver: "snmp",
          description: expect.stringContaining(sysLocation) as unknown,
          paths: [location],
          restarts: null,
        },
      ],
      objections: [],
    });
    const { stdout } = await ask("set", oki, `${location}=Attic`, "--dry-run");
    expect(stdout).toMatch(/General\.SystemLocation +"Warehouse gate 4" +"Attic"$/m);
    expect(stdout).toMatch(/^1 +snmp +.*1\.3\.6\.1\.2\.1\.1\.6\.0/m);
    expect(stdout).toMatch(/^nothing was changed$/m);
    expect(await snmpText(printer, sysLocation)).toBe("Warehouse gate 4");
    expect(await json("audit", oki)).toEqual([]);
    const same = await ask("set", oki, `${location}=Warehouse gate 4`, "--dry-run");
    expect(same.stdout).toMatch(/^nothing to do: /m);
  });

  it("is told why a set would be refused, whatever is wrong with it", async () => {
    const { ask, json, printer } = place;
    const [readOnly, unknown, nobody, form] = await Promise.all([
      ask("set", oki, `${location}=Attic`, `${serial}=1`, "--dry-run"),
      ask("set", oki, "Device.Nonsense=1", "--dry-run"),
      ask("set", "nobody", `${location}=x`, "--dry-run"),
      ask("set", oki, location, "--dry-run"),
    ]);
    expectRefusal(readOnly, 1, /would be refused: .*General\.SerialNumber: 9008 /);
    expectRefusal(unknown, 1, /would be refused: Device\.Nonsense: 9005 /);
    expectRefusal(nobody, 1, /there is no nobody: see mfpgate printers/);
    expectRefusal(form, 2, /is not PATH=VALUE/);
    const told = await ask("set", oki, `${serial}=1`, "--dry-run", "--json");
    expect(told.code).toBe(1);
    expect(JSON.parse(told.stdout)).toMatchObject({ steps: [], objections: [{ code: 9008 }] });
    expect(await snmpText(printer, sysLocation)).toBe("Warehouse gate 4");
    expect(await json("audit")).toEqual([]);
  });

  it("sees who set what from what to what, secrets left out", async () => {
    const { ask, json, site, daemon } = place;
    await json("set", oki, `${location}=Room 1`);
    const refused = await ask("set", oki, `${location}=Room 2`, `${serial}=1`);
    expect(refused.code).toBe(1);
    await daemon.post(`/api/v1/printers/${oki}/parameters`, { [contact]: "Kim" });
    await json("set", "proxier", "Device.ManagementServer.Password=hush-hush");
    const device = site.acs.devices().find(({ deviceId }) => deviceId.manufacturer === "OKI");
    const parameters = [{ path: location, type: "string", value: "Room 3" }];
    const set = { method: "SetParameterValues", parameters, parameterKey: "" } as const;
    const answer = site.acs.queue(device?.id ?? "", set);
    await daemon.post(`/api/v1/printers/${oki}/inform`);
    expect((await answer).outcome).toBe("response");

    const lines = (await json("audit", oki)) as readonly AuditLine[];
    const brief = lines.map(({ who, path, from, to, outcome }) => [who, path, from, to, outcome]);
    expect(brief).toEqual([
      ["cli", location, "Warehouse gate 4", "Room 1", "applied"],
      ["cli", location, "Room 1", "Room 2", "refused: another value of the same write was refused"],
      ["cli", serial, "AK9DEM0117A0", "1", "refused: cannot be set on this device"],
      ["api", contact, expect.anything(), "Kim", "applied"],
      ["acs", location, "Room 1", "Room 3", "applied"],
    ]);
    const own = await ask("audit", "proxier");
    expect(own.stdout).toMatch(/cli +proxier .*applied +Device\.ManagementServer\.Password$/m);
    expect(own.stdout).not.toContain("hush-hush");
    expect(await json("audit", "--limit", "1")).toHaveLength(1);
    const [limit, word, nobody] = await Promise.all([
      ask("audit", "--limit", "0"),
      ask("audit", "--limit", "ten"),
      ask("audit", "nobody"),
    ]);
    expectRefusal(limit, 2, /--limit takes a whole number from 1 to 1000, not 0/);
    expectRefusal(word, 2, /--limit takes a whole number from 1 to 1000, not ten/);
    expectRefusal(nobody, 1, /there is no nobody/);
  });

  it("has the ACS asked for a file", async () => {
    const { ask, json } = place;
    expect(await json("request-download", "proxier", "3 Vendor Configuration File")).toEqual({
      answer: "taken",
    });
    const asked = await ask("request-download", oki, "1 Firmware Upgrade Image", "Version=2");
    expect(asked.stdout).toMatch(/^the ACS took the request/);
    const [nobody, form, long] = await Promise.all([
      ask("request-download", "nobody", "1 Firmware Upgrade Image"),
      ask("request-download", oki, "1 Firmware Upgrade Image", "Version"),
      ask("request-download", oki, "x".repeat(65)),
    ]);
    expectRefusal(nobody, 1, /there is no nobody/);
    expectRefusal(form, 2, /Version is not NAME=VALUE/);
    expectRefusal(long, 1, /file type is longer than 64 characters/);
  });

  it("is told when there are no changed pages to accept", async () => {
    const { ask } = place;
    const [none, nobody] = await Promise.all([
      ask("approve", oki, "--pages"),
      ask("approve", "nobody", "--pages"),
    ]);
    expectRefusal(none, 1, /no printer 008087-ak9dem0117a0 with web pages that changed/);
    expectRefusal(nobody, 1, /nobody/);
  });
});

describe("a site that lets nothing be written", () => {
  it("refuses ACS and operator alike, and says by which key", async () => {
    const { site, ask, printer } = await openSite({}, { writes: { readOnly: true } });
    onTestFinished(() => site.stop());
    const refused = await ask("set", oki, `${location}=Attic`);
    expectRefusal(refused, 1, /nothing was changed: .*writes\.readOnly/);
    const planned = await ask("set", oki, `${location}=Attic`, "--dry-run");
    expectRefusal(planned, 1, /would be refused: .*writes\.readOnly/);
    expect(await snmpText(printer, sysLocation)).toBe("Warehouse gate 4");
  });
});

/** A mapping folder of the site's own: its printer restarts when its place is set. */
function restartingOki(folder: string): void {
  mkdirSync(join(folder, "mine", "vendor", "mine"), { recursive: true });
  writeFileSync(join(folder, "mine", "vendor", "mine", "oki.yaml"), restarting);
}

describe("a setting that restarts the printer", () => {
  it("waits for a maintenance window, and the next one is named", async () => {
    // A window that is never open while this runs: the hour that begins in twelve.
    const hour = (new Date().getHours() + 12) % 24;
    const two = (value: number): string => String(value).padStart(2, "0");
    const window = `${two(hour)}:00-${two((hour + 1) % 24)}:00`;
    const { site, ask, json, printer } = await openSite(
      {},
      { mappings: ["./mine"], writes: { maintenanceWindows: [window] } },
      restartingOki,
    );
    onTestFinished(() => site.stop());
    expect(await json("printers", "show", oki)).toMatchObject({ mapping: "vendor/mine/oki" });
    const refused = await ask("set", oki, `${location}=Attic`);
    expectRefusal(
      refused,
      1,
      new RegExp(`restarts the network; the next maintenance window \\(${window}\\) begins`),
    );
    expect(await snmpText(printer, sysLocation)).toBe("Warehouse gate 4");
  });
});

describe("a setting that restarts the printer, at any time", () => {
  it("is promised at once, and the audit tells what came of it", async () => {
    const { site, ask, json, printer } = await openSite(
      {},
      { mappings: ["./mine"] },
      restartingOki,
    );
    onTestFinished(() => site.stop());
    const planned = await ask("set", oki, `${location}=Attic`, "--dry-run");
    expect(planned.stdout).toMatch(/^1 +snmp +.* \(restarts the network\)/m);
    const { code, stdout } = await ask("set", oki, `${location}=Attic`);
    expect(stdout).toMatch(/^not proven yet: sent; the network restarts, .*; see mfpgate audit\n$/);
    expect(code).toBe(0);
    const outcomes = await waitUntil(
      "it is known what came of it",
      async () => {
        const lines = (await json("audit", oki)) as readonly AuditLine[];
        return lines.length > 1 ? lines.map(({ outcome }) => outcome) : undefined;
      },
      60_000,
    );
    expect(outcomes).toEqual(["pending", "applied"]);
    expect(await snmpText(printer, sysLocation)).toBe("Attic");
  });
});

/** The same printer, whose network goes down when its place is set. */
const restarting = `mapping: mine/oki
title: OKI that restarts
extends: [base/printer]

verified:
  - { model: MC890, recording: oki-mc890 }

match:
  - sysDescr: "OKI OkiLAN 9480g Rev.00.31 *"

parameters:
  General.SystemLocation:
    from: [{ snmp: "1.3.6.1.2.1.1.6.0" }]
    poll: settings
    write:
      snmp: "1.3.6.1.2.1.1.6.0"
      syntax: octetString
      check: { maxOctets: 255, charset: utf-8 }
      verify: readBack
      restarts: network
`;

describe("an ACS that takes no requests for files", () => {
  it("is said to be one", async () => {
    const rpcMethods = ["Inform", "GetRPCMethods", "TransferComplete"];
    const { site, ask } = await openSite({ acs: { cpeRequests: { rpcMethods } } });
    onTestFinished(() => site.stop());
    await waitUntil("the ACS has told its methods", async () => {
      const { stderr } = await ask("request-download", "proxier", "1 Firmware Upgrade Image");
      return /does not take RequestDownload/.test(stderr);
    });
    const refused = await ask("request-download", oki, "1 Firmware Upgrade Image");
    expectRefusal(refused, 1, /the ACS (?:does not take RequestDownload|answered 8000)/);
  });
});
