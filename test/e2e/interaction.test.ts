import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeviceRecord } from "../../src/simulator/acs/device-record.ts";
import { inSequence, takeOverConnectionRequests } from "../../src/simulator/acs/session-script.ts";
import { ewsStyles } from "../../src/simulator/ews/styles.ts";
import type { SimulatedPrinter } from "../../src/simulator/printer-fleet.ts";
import { run, setUp } from "../support/command.ts";
import type { Daemon } from "../support/daemon.ts";
import { Site } from "../support/site.ts";
import { waitUntil } from "../support/wait-until.ts";

const service = "Device.Services.X_MFPGATE-ORG_MFP.1.";
const recording = "brother-mfc-l8990cdw";
const account = { username: "admin", password: "pages-of-the-printer" };
const dnsServer = "Network.DNS.PrimaryServer";
const patienceMs = 60_000;

/** A printer with an agent and web pages as a virtual device of the test ACS; its password is configured. */
async function openSite(firstPrinter: string): Promise<Site> {
  const takeOver = takeOverConnectionRequests(() => "connection-request-password");
  return Site.open({
    recordings: [recording],
    firstPrinter,
    acs: { scripts: [inSequence(takeOver)] },
    printers: { web: { styleOf: () => ewsStyles.brother, credential: account } },
  });
}

function configure(site: Site, presentation = "virtual"): string {
  return site.configure({
    discovery: {
      interval: "1h",
      static: site.printers.map(({ host, port, web }) => ({
        host,
        snmp: { port },
        ews: { port: web?.port, scheme: "http" },
      })),
    },
    credentials: [{ snmp: { version: "2c", read: "public", write: "private" } }, { ews: account }],
    presentation: { default: presentation },
  });
}

describe("how mfpgate talks to a printer, set by the ACS", () => {
  let site: Site;
  let daemon: Daemon;
  let printer: SimulatedPrinter;
  let device: DeviceRecord;

  beforeAll(async () => {
    setUp();
    site = await openSite("127.41.0.1");
    daemon = await site.start(configure(site));
    const [first] = site.printers;
    if (first === undefined) throw new Error("no printer");
    printer = first;
    device = await waitUntil("the printer is a device of the ACS", () => virtualDevice(site));
  }, 120_000);
  afterAll(() => site.stop());

  async function read(path: string): Promise<Readonly<Record<string, string>>> {
    const outcome = await site.acs.getParameterValues(device.id, [service + path]);
    if (outcome.outcome !== "response" || !("parameters" in outcome.message)) return {};
    return Object.fromEntries(
      outcome.message.parameters.map(({ path: full, value }) => [
        full.slice(service.length),
        value,
      ]),
    );
  }

  const interaction = async (name: string): Promise<string | undefined> =>
    (await read(`Interaction.${name}`))[`Interaction.${name}`];

  /** Waited for at the box: an ACS that asks as often as this is turned away. */
  const becomes = (name: string, value: unknown): Promise<void> =>
    knownToBe(daemon, `Interaction.${name}`, value);

  async function set(values: Readonly<Record<string, string>>): Promise<unknown> {
    const full = Object.entries(values).map(([name, value]) => [service + name, value]);
    const outcome = await site.acs.setParameterValues(
      device.id,
      Object.fromEntries(full) as Readonly<Record<string, string>>,
    );
    if (outcome.outcome === "response" && "status" in outcome.message)
      return outcome.message.status;
    if (outcome.outcome !== "fault") return outcome;
    return outcome.parameters.map(({ path, code }) => [path.slice(service.length), code]);
  }

  it("reads as configured, secrets empty", async () => {
    await becomes("EWS.Status", "OK");
    expect(await read("Interaction.")).toMatchObject({
      "Interaction.PollInterval": "1",
      "Interaction.SNMP.Enable": "true",
      "Interaction.SNMP.Address": printer.host,
      "Interaction.SNMP.Port": String(printer.port),
      "Interaction.SNMP.Version": "v2c",
      "Interaction.SNMP.ReadCommunity": "",
      "Interaction.SNMP.Status": "OK",
      "Interaction.EWS.Enable": "true",
      "Interaction.EWS.URL": `http://${printer.host}:${printer.web?.port ?? 0}/`,
      "Interaction.EWS.Username": account.username,
      "Interaction.EWS.Password": "",
      "Interaction.EWS.AuthMethod": "Form",
      "Interaction.EWS.VerifyCertificate": "false",
    });
    const settings = await read("Network.DNS.");
    expect(settings[dnsServer]).toBe(printer.web?.settings.get(dnsServer));
  });

  it("tells a refused password, does not try it again, and reads on with the right one", async () => {
    const logins = () =>
      (printer.web?.requests ?? []).filter(({ request: { method } }) => method === "POST").length;
    expect(await set({ "Interaction.EWS.Password": "wrong-one" })).toBe(0);
    await becomes("EWS.Status", "AuthError");
    expect(await interaction("EWS.Status")).toBe("AuthError");
    const lines = (await daemon.get("/api/v1/events")) as readonly { readonly kind: string }[];
    expect(lines.map(({ kind }) => kind)).toContain("passwordRefused");
    const tried = logins();
    await read("Network.DNS.");
    await read("Settings.");
    expect(logins()).toBe(tried);
    printer.web?.settings.set(dnsServer, "192.0.2.53");
    expect(await set({ "Interaction.EWS.Password": account.password })).toBe(0);
    await becomes("EWS.Status", "OK");
    await knownToBe(daemon, dnsServer, "192.0.2.53");
    expect(await read(dnsServer)).toEqual({ [dnsServer]: "192.0.2.53" });
    expect(await interaction("EWS.Status")).toBe("OK");
  });

  it("leaves the pages alone that are switched off", async () => {
    expect(await set({ "Interaction.EWS.Enable": "false" })).toBe(0);
    await becomes("EWS.Status", "Disabled");
    const asked = printer.web?.requests.length;
    await read("Settings.");
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(printer.web?.requests.length).toBe(asked);
    expect(await interaction("SNMP.Status")).toBe("OK");
    expect(await set({ "Interaction.EWS.Enable": "true" })).toBe(0);
    await becomes("EWS.Status", "OK");
  });

  it("follows a read community, which outlives kill -9 right after the answer", async () => {
    expect(
      await set({
        "Interaction.SNMP.ReadCommunity": "other-community",
        "Interaction.PollInterval": "2",
      }),
    ).toBe(0);
    await daemon.kill();
    daemon = await site.start(configure(site));
    // A device whose printer does not answer takes no connection requests: it is put right on the box.
    await knownToBe(daemon, "Interaction.SNMP.Status", "Timeout");
    await knownToBe(daemon, "Interaction.PollInterval", 2);
    expect(printer.agent.counts.wrongCommunity).toBeGreaterThan(0);
    const config = ["--config", configure(site)];
    const id = await idOfPrinter(daemon);
    const { stdout } = await run(["printers", "show", id, ...config]);
    expect(stdout).toContain("EWS.Password, SNMP.ReadCommunity, PollInterval");
    const community = `${service}Interaction.SNMP.ReadCommunity=public`;
    expect(await run(["set", id, community, ...config])).toMatchObject({ code: 0 });
    await becomes("SNMP.Status", "OK");
  });

  it("is all or nothing with settings of the printer", async () => {
    const location = (await read("General."))["General.SystemLocation"];
    const values = {
      "General.SystemLocation": "Hall 7",
      "Interaction.EWS.URL": "http://198.51.100.1/",
    };
    expect(await set(values)).toEqual([["Interaction.EWS.URL", 9007]]);
    expect((await read("General."))["General.SystemLocation"]).toBe(location);
    expect(await set({ ...values, "Interaction.EWS.URL": "" })).toBe(0);
    expect((await read("General."))["General.SystemLocation"]).toBe("Hall 7");
  });

  it("is noted down without secrets", async () => {
    const { stdout } = await run(["audit", "--config", configure(site)]);
    expect(stdout).toContain("Interaction.EWS.Password");
    expect(stdout).not.toMatch(/wrong-one|pages-of-the-printer|other-community/);
  });
});

describe("how mfpgate talks to an embedded printer", () => {
  it("is put right by the ACS while the printer does not answer for it", async () => {
    setUp();
    const site = await openSite("127.42.0.1");
    try {
      const daemon = await site.start(configure(site, "embedded"));
      const box = await waitUntil("the box is managed", () => site.acs.devices().find(isManaged));
      const community = `${service}Interaction.SNMP.ReadCommunity`;
      const set = (value: string) => site.acs.setParameterValues(box.id, { [community]: value });
      const done = { outcome: "response", message: { status: 0 } };
      await knownToBe(daemon, "Interaction.SNMP.Status", "OK");
      expect(await set("other-community")).toMatchObject(done);
      await knownToBe(daemon, "Interaction.SNMP.Status", "Timeout");
      expect(await set("public")).toMatchObject(done);
      await knownToBe(daemon, "Interaction.SNMP.Status", "OK");
      expect(site.acs.violations()).toEqual([]);
    } finally {
      await site.stop();
    }
  });
});

async function idOfPrinter(daemon: Daemon): Promise<string> {
  const [printer] = (await daemon.get("/api/v1/printers")) as readonly { readonly id: string }[];
  return printer?.id ?? "";
}

/** Waits until the box itself knows this of its printer. */
async function knownToBe(daemon: Daemon, name: string, value: unknown): Promise<void> {
  const path = service + name;
  await waitUntil(
    `${name} is ${String(value)}`,
    async () => {
      const url = `/api/v1/printers/${await idOfPrinter(daemon)}/parameters`;
      const all = (await daemon.get(url)) as Readonly<Record<string, { readonly value: unknown }>>;
      return all[path]?.value === value;
    },
    patienceMs,
  );
}

/** The ACS can ask it for sessions. */
function isManaged({ connectionRequestCredentials, sessions }: DeviceRecord): boolean {
  return connectionRequestCredentials !== undefined && sessions.last()?.endedAtMs !== undefined;
}

/** The device that is not the box, once the ACS can ask it for sessions. */
function virtualDevice({ acs }: Site): DeviceRecord | undefined {
  return acs
    .devices()
    .find((device) => device.deviceId.productClass !== "mfpgate" && isManaged(device));
}
