import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { DeviceRecord } from "../../src/simulator/acs/device-record.ts";
import { takeOverConnectionRequests } from "../../src/simulator/acs/session-script.ts";
import { TransferServer } from "../diagnostics/transfer-server.ts";
import { requireTools } from "../diagnostics/tools.ts";
import { run, setUp } from "../support/command.ts";
import { type ConfigOverrides, Site } from "../support/site.ts";
import { waitUntil } from "../support/wait-until.ts";

const printerTest = "Device.X_MFPGATE-ORG_PrinterTest.";
const ping = "Device.IP.Diagnostics.IPPing.";
const download = "Device.IP.Diagnostics.DownloadDiagnostics.";
const self = "Device.SelfTestDiagnostics.";
const complete = "8 DIAGNOSTICS COMPLETE";
const hasPing = await requireTools("ping");

const sites: Site[] = [];
afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.stop()));
});
beforeAll(setUp);

/** A box with one printer, and the box as the ACS knows it. */
async function openSite(firstPrinter: string, overrides: ConfigOverrides = {}) {
  const site = await Site.open({
    recordings: ["kyocera-ecosys-m6690cidn"],
    firstPrinter,
    acs: { scripts: [takeOverConnectionRequests(() => "connection-request-password")] },
  });
  sites.push(site);
  const configFile = site.configure(overrides);
  const daemon = await site.start(configFile);
  const record = await waitUntil("the box and its printer are under management", () => {
    const known = site.acs.devices().filter(({ sessions }) => sessions.last()?.endedAtMs);
    const box = known.find(({ deviceId }) => deviceId.productClass === "mfpgate");
    return known.length === 2 && box?.connectionRequestCredentials !== undefined && box;
  });
  const set = (object: string, values: Record<string, string>) =>
    waitUntil(`${object} is set`, async () => {
      const named = Object.entries(values).map(([name, value]) => [object + name, value]);
      const outcome = await site.acs.setParameterValues(
        record.id,
        Object.fromEntries(named) as Record<string, string>,
      );
      return outcome.outcome !== "lost" && outcome;
    });
  const get = (path: string) =>
    waitUntil(`${path} is read`, async () => {
      const outcome = await site.acs.getParameterValues(record.id, [path]);
      if (outcome.outcome !== "response" || !("parameters" in outcome.message)) return undefined;
      return new Map(
        outcome.message.parameters.map((one) => [one.path.slice(path.length), one.value]),
      );
    });
  /** Has the box run a test for the ACS; its parameters after event 8. */
  const runTest = async (object: string, values: Record<string, string>) => {
    await get(object); // the ACS sets values with the types it was told
    const before = reports(record);
    const outcome = await set(object, { ...values, DiagnosticsState: "Requested" });
    expect(outcome, JSON.stringify(outcome)).toMatchObject({ outcome: "response" });
    await waitUntil("the test was reported", () => reports(record) > before);
    return get(object);
  };
  return { site, daemon, record, configFile, set, get, runTest };
}

function reports({ sessions }: DeviceRecord): number {
  return sessions.all().filter(({ events }) => events.includes(complete)).length;
}

describe("diagnostics of the service", () => {
  it.skipIf(!hasPing)("look for a printer by its row and by its id, answering or not", async () => {
    const { site, daemon, set, runTest } = await openSite("127.29.1.1");
    const row = "Device.ManagementServer.VirtualDevice.1";
    const found = await runTest(printerTest, { Reference: row, Timeout: "1000" });
    expect(Object.fromEntries(found)).toMatchObject({
      DiagnosticsState: "Complete",
      Host: "127.29.1.1",
      PingStatus: "Success",
      SNMPStatus: "Success",
      EWSStatus: "Refused",
      EWSURL: "https://127.29.1.1:443/",
      EWSHTTPStatus: "0",
    });
    expect(Number(found.get("SNMPResponseTime"))).toBeGreaterThan(0);
    const [printer] = (await daemon.get("/api/v1/printers")) as { readonly id: string }[];
    site.printers[0]?.powerOff();
    const lost = await runTest(printerTest, { Reference: printer?.id ?? "" });
    expect(Object.fromEntries(lost)).toMatchObject({
      DiagnosticsState: "Complete",
      PingStatus: "Success",
      SNMPStatus: "Timeout",
      SNMPResponseTime: "0",
    });
    expect(await set(printerTest, { Reference: "nobody" })).toMatchObject({
      outcome: "fault",
      code: 9003,
      parameters: [{ path: `${printerTest}Reference`, code: 9007 }],
    });
  });

  it.skipIf(!hasPing)("ping over an interface of the box", async () => {
    const { get, set, runTest } = await openSite("127.29.2.1");
    const interfaces = await get("Device.IP.Interface.");
    const [name] =
      [...interfaces].find(([column, value]) => column.endsWith(".Name") && value === "lo") ?? [];
    const row = `Device.IP.Interface.${name?.split(".")[0] ?? "none"}`;
    const result = await runTest(ping, { Host: "127.0.0.1", Interface: row });
    expect(result.get("DiagnosticsState")).toBe("Complete");
    expect(result.get("SuccessCount")).toBe("3");
    const wrong = await set(ping, { Interface: "Device.IP.Interface.999" });
    expect(wrong).toMatchObject({ outcome: "fault", code: 9003 });
  });

  it("keep transfer tests off addresses of the box unless they are allowed by name", async () => {
    const files = await TransferServer.start();
    const url = { DownloadURL: files.url("/file/1000") };
    const usual = await openSite("127.29.3.1");
    const refused = await usual.runTest(download, url);
    expect(refused.get("DiagnosticsState")).toBe("Error_Other");
    expect(files.requests).toEqual([]);
    expect(usual.daemon.logged("address not allowed for transfers")).toBeDefined();
    const allowing = await openSite("127.29.4.1", { transfers: { allowHosts: ["127.0.0.1"] } });
    const allowed = await allowing.runTest(download, url);
    expect(allowed.get("DiagnosticsState")).toBe("Complete");
    expect(Number(allowed.get("TestBytesReceived"))).toBeGreaterThan(1000);
    await files.stop();
  });

  it("are run from the command line, without troubling the ACS", async () => {
    const { configFile, record } = await openSite("127.29.5.1");
    const sessions = record.sessions.all().length;
    const wanted = `${self}DiagnosticsState=Requested`;
    const set = await run(["set", "proxier", wanted, "--config", configFile]);
    expect(set.code).toBe(0);
    const results = await waitUntil("the self test is done", async () => {
      const { stdout } = await run(["get", "proxier", self, "--config", configFile]);
      return stdout.includes("Complete") && stdout;
    });
    expect(results).toContain("store: written and read back");
    expect(results).toContain("ACS: last session");
    expect(record.sessions.all()).toHaveLength(sessions);
  });
});
