import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeEnvelope } from "../../src/cwmp/soap/decode.ts";
import type { DeviceRecord } from "../../src/simulator/acs/device-record.ts";
import { operatorScript } from "../../src/simulator/acs/session-script.ts";
import { run, setUp } from "../support/command.ts";
import type { Daemon } from "../support/daemon.ts";
import { Site } from "../support/site.ts";
import { waitUntil } from "../support/wait-until.ts";

const managementServer = "Device.ManagementServer.";
const kyocera = "0017c8-vdk0d01287";

/** One secret for each place where one can come from. None is part of another. */
const secrets = {
  readCommunity: "canary-read-5b1f",
  writeCommunity: "canary-write-92ac",
  wrongCommunity: "canary-wrong-77d0",
  v3AuthKey: "canary-v3-auth-11e8",
  v3PrivacyKey: "canary-v3-priv-c4a2",
  ewsPassword: "canary-ews-31b7",
  acsPassword: "canary-acs-60fd",
  connectionRequestPassword: "canary-request-8e09",
  connectionRequestPasswordOfAcs: "canary-request-of-acs-d3f5",
  passwordOfOperator: "canary-operator-0a4e",
  passwordTooLong: `canary-too-long-${"x".repeat(300)}`,
  apiToken: "canary-api-token-b26c",
} as const;
const acsUser = "box-1";

/** As it is, and as it goes into an Authorization header. */
const traces: readonly (readonly [name: string, text: string])[] = [
  ...Object.entries(secrets),
  ["acsPassword in base64", Buffer.from(`${acsUser}:${secrets.acsPassword}`).toString("base64")],
];

describe("secrets", () => {
  let site: Site;
  let daemon: Daemon;
  let printer: DeviceRecord;
  let proxier: DeviceRecord;
  let config: string;

  /** A run that uses every secret, well and in vain, with everything logged that can be. */
  beforeAll(async () => {
    setUp();
    site = await openSite();
    config = configure(site);
    daemon = await site.start(config);
    [printer, proxier] = await site.acs.waitFor(() => takenOver(site), 30_000);
    const location = "Device.Services.X_MFPGATE-ORG_MFP.1.General.SystemLocation";
    const written = await site.acs.setParameterValues(printer.id, { [location]: "Room 2" });
    expect(written.outcome).toBe("response");
    const refused = await site.acs.setParameterValues(proxier.id, {
      [`${managementServer}Password`]: secrets.passwordTooLong,
    });
    expect(refused.outcome).toBe("fault");
    site.acs.inject({ fault: { kind: "malformed" }, on: "Inform" });
    await daemon.post("/api/v1/printers/proxier/inform");
    await waitUntil("a session fails", () => daemon.logged("session failed"));
  }, 90_000);
  afterAll(() => site.stop());

  /** @throws naming the secret and the place where it was found */
  function expectNoSecret(where: string, text: string): void {
    expect(text.length, `${where} is empty`).toBeGreaterThan(0);
    const found = traces.filter(([, secret]) => text.includes(secret)).map(([name]) => name);
    expect(found, where).toEqual([]);
  }

  it("are not shown by the command line", async () => {
    const password = `${managementServer}Password=${secrets.passwordOfOperator}`;
    const commands = [
      ["set", "proxier", password, "--dry-run", "--json"],
      ["set", "proxier", password],
      ["audit", "--json"],
      ["status", "--json"],
      ["printers", "show", kyocera, "--json"],
      ["get", kyocera, "--json"],
      ["get", "proxier", "--json"],
      ["explain", kyocera, `${managementServer}ConnectionRequestPassword`],
      ["events", "--limit", "1000", "--json"],
      ["run", "--check", "--json"],
    ];
    for (const words of commands) {
      const { code, stdout, stderr } = await run([...words, "--config", config]);
      expect(code, `${words.join(" ")}: ${stderr}`).toBe(0);
      expectNoSecret(words.slice(0, 2).join(" "), stdout + stderr);
    }
  });

  it("are not shown by the local API", async () => {
    const paths = [
      "/api/v1/status",
      "/api/v1/sessions",
      "/api/v1/printers",
      `/api/v1/printers/${kyocera}/parameters`,
      "/api/v1/printers/proxier/parameters",
      "/api/v1/events?limit=1000",
      "/metrics",
      "/openapi.json",
      "/",
    ];
    const headers = { Authorization: `Bearer ${secrets.apiToken}` };
    for (const path of paths) {
      const response = await fetch(daemon.apiUrl + path, { headers });
      expect(response.status, path).toBe(200);
      expectNoSecret(path, await response.text());
    }
  });

  it("go over the wire only where the ACS sets them", () => {
    const said = site.envelopes().filter(({ from, text }) => {
      return from === "cpe" || decodeEnvelope(text).message.method !== "SetParameterValues";
    });
    expect(said.length).toBeGreaterThan(10);
    for (const { from, text } of said) expectNoSecret(`envelope of ${from}`, text);
  });

  it("are in no line of the log, not even at level trace", () => {
    expect(daemon.log.map(({ level }) => level)).toContain("debug");
    expectNoSecret("log", daemon.command.stderr);
  });

  it("are in no file of the data directory but the token's own", async () => {
    await daemon.stop();
    const folder = join(site.folder, "data");
    const files = readdirSync(folder, { recursive: true, withFileTypes: true });
    const contents = new Map(
      files
        .filter((file) => file.isFile())
        .map(({ name, parentPath }) => [name, readFileSync(join(parentPath, name), "latin1")]),
    );
    expect(contents.get("mfpgate.log"), "the log is kept").toContain("service runs");
    expect(contents.get("mfpgate.db"), "texts are found in the database").toContain("VDK0D01287");
    expect(contents.get("api-token")).toBe(`${secrets.apiToken}\n`);
    contents.delete("api-token");
    for (const [name, text] of contents) if (text !== "") expectNoSecret(name, text);
    expectNoSecret("log of the end", daemon.command.stderr);
  });
});

function openSite(): Promise<Site> {
  const newPassword = (): string => secrets.connectionRequestPasswordOfAcs;
  return Site.open({
    recordings: ["kyocera-ecosys-m6690cidn"],
    isCaptured: true,
    apiToken: secrets.apiToken,
    printers: { community: { read: secrets.readCommunity, write: secrets.writeCommunity } },
    acs: {
      auth: { scheme: "basic", username: acsUser, password: secrets.acsPassword },
      scripts: [operatorScript({ periodicInformS: 3_600, newPassword })],
    },
  });
}

/** Credentials of all kinds; the printer takes the last one. */
function configure(site: Site): string {
  const { acs, connectionRequestPort } = site;
  return site.configure({
    acs: { url: acs.url, username: acsUser, password: secrets.acsPassword, periodicInform: "1h" },
    connectionRequest: {
      listen: `127.0.0.1:${connectionRequestPort}`,
      password: secrets.connectionRequestPassword,
    },
    credentials: [
      { ews: { username: "admin", password: secrets.ewsPassword } },
      { snmp: { version: "2c", read: secrets.wrongCommunity } },
      {
        snmp: {
          version: "3",
          user: "monitor",
          auth: { protocol: "sha256", key: secrets.v3AuthKey },
          privacy: { protocol: "aes", key: secrets.v3PrivacyKey },
        },
      },
      { snmp: { version: "2c", read: secrets.readCommunity, write: secrets.writeCommunity } },
    ],
    log: { level: "trace", format: "json" },
  });
}

/** Printer and proxier, once the ACS has taken both over. */
function takenOver({ acs }: Site): [DeviceRecord, DeviceRecord] | undefined {
  const [first, second] = acs
    .devices()
    .filter(({ rpcs }) => rpcs.all().some(({ method }) => method === "SetParameterAttributes"))
    .sort((a, b) => a.deviceId.manufacturer.localeCompare(b.deviceId.manufacturer));
  if (first === undefined || second === undefined) return undefined;
  return first.deviceId.productClass === "mfpgate" ? [second, first] : [first, second];
}
