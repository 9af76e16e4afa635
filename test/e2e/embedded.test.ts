import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { RpcOutcome } from "../../src/simulator/acs/acs-messages.ts";
import type { DeviceRecord } from "../../src/simulator/acs/device-record.ts";
import {
  inSequence,
  takeOverConnectionRequests,
  watchActively,
} from "../../src/simulator/acs/session-script.ts";
import { run, setUp } from "../support/command.ts";
import { type Daemon } from "../support/daemon.ts";
import { Site } from "../support/site.ts";
import { hasTr106Validator, reportLeftOut, validateTr106 } from "../support/validate-tr106.ts";
import { waitUntil } from "../support/wait-until.ts";

const server = "Device.ManagementServer.";
const services = "Device.Services.X_MFPGATE-ORG_MFP.";
/** A printer that is off is noticed after two polls, each of which waits for an answer. */
const patienceMs = 60_000;
const sysLocation = "1.3.6.1.2.1.1.6.0";

const sites: Site[] = [];
afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.stop()));
});

interface PrinterLine {
  readonly id: string;
  readonly host: string;
  readonly model: string;
  readonly serialNumber: string;
  readonly presentation: string;
  readonly presentationFrom: string;
  readonly reachability: string;
}

/** One box with embedded printers under an ACS that watches what the commands come to. */
class EmbeddedSite {
  readonly site: Site;
  readonly configFile: string;
  daemon: Daemon;

  private constructor(site: Site, configFile: string, daemon: Daemon) {
    this.site = site;
    this.configFile = configFile;
    this.daemon = daemon;
  }

  static async open(firstPrinter: string): Promise<EmbeddedSite> {
    const watched = /\.(CommandProcessed|EmbeddedDeviceNumberOfEntries|State)$/;
    const site = await Site.open({
      recordings: ["kyocera-ecosys-m6690cidn", "hp-color-laserjet-mfp-m4790dw"],
      firstPrinter,
      acs: {
        scripts: [
          inSequence(
            takeOverConnectionRequests(() => "connection-request-password"),
            watchActively((path) => watched.test(path)),
          ),
        ],
      },
    });
    sites.push(site);
    const configFile = site.configure({ presentation: { default: "embedded" } });
    return new EmbeddedSite(site, configFile, await site.start(configFile));
  }

  /** The proxier as the ACS knows it. */
  async proxier(): Promise<DeviceRecord> {
    return this.device("mfpgate");
  }

  /** A device that the ACS can ask for sessions. */
  async device(productClass: string): Promise<DeviceRecord> {
    return waitUntil(`${productClass} is under management`, () =>
      this.site.acs
        .devices()
        .find(
          ({ deviceId, connectionRequestCredentials, sessions }) =>
            deviceId.productClass === productClass &&
            connectionRequestCredentials !== undefined &&
            sessions.last()?.endedAtMs !== undefined,
        ),
    );
  }

  async printers(): Promise<readonly PrinterLine[]> {
    return (await this.daemon.get("/api/v1/printers")) as readonly PrinterLine[];
  }

  /** Inventory once all printers are presented. */
  async presented(count: number): Promise<readonly PrinterLine[]> {
    return waitUntil("all printers are adopted", async () => {
      const printers = await this.printers();
      return printers.length === count && printers;
    });
  }

  /** Runs an RPC in a session of its own, again as long as the session does not come about. */
  async rpc(
    record: DeviceRecord,
    request: Parameters<Site["acs"]["execute"]>[1],
  ): Promise<RpcOutcome> {
    return waitUntil(
      `${request.method} is answered`,
      async () => {
        const outcome = await this.site.acs.execute(record.id, request);
        return outcome.outcome !== "lost" && outcome;
      },
      patienceMs,
    );
  }

  async read(record: DeviceRecord, paths: readonly string[]): Promise<Record<string, string>> {
    const answer = await this.rpc(record, { method: "GetParameterValues", paths });
    if (answer.outcome !== "response" || !("parameters" in answer.message))
      throw new Error(`${paths.join()} cannot be read: ${JSON.stringify(answer)}`);
    return Object.fromEntries(answer.message.parameters.map(({ path, value }) => [path, value]));
  }

  async write(record: DeviceRecord, values: Record<string, string>): Promise<RpcOutcome> {
    const parameters = Object.entries(values).map(([path, value]) => ({
      path,
      value,
      type: "string",
    }));
    return this.rpc(record, { method: "SetParameterValues", parameters, parameterKey: "" });
  }

  async attribute(record: DeviceRecord, path: string): Promise<number | undefined> {
    const answer = await this.rpc(record, { method: "GetParameterAttributes", paths: [path] });
    if (answer.outcome !== "response" || !("attributes" in answer.message)) return undefined;
    return answer.message.attributes[0]?.notification;
  }

  /** Path (with dot) of the row of `table` whose column has a value. */
  async rowWhere(
    record: DeviceRecord,
    table: string,
    [column, value]: readonly [string, string],
  ): Promise<string> {
    return waitUntil(`${table} has a row with ${column} ${value}`, async () => {
      const values = await this.read(record, [table]);
      const found = Object.entries(values).find(
        ([path, text]) => path.endsWith(`.${column}`) && text === value,
      );
      return found?.[0].slice(0, -column.length);
    });
  }

  /** Standard output of a command that succeeds. */
  async command(...words: readonly string[]): Promise<string> {
    const result = await run([...words, "--config", this.configFile]);
    expect(result, words.join(" ")).toMatchObject({ code: 0 });
    return result.stdout;
  }

  /** Everything the ACS could take hold of: row numbers and what is in force for them. */
  async holds(proxier: DeviceRecord, table: string): Promise<Record<string, string>> {
    const values = await this.read(proxier, [table]);
    return Object.fromEntries(
      Object.entries(values).filter(([path]) =>
        /\.(ProxiedDeviceID|SerialNumber|Reference|Host|Description|PhysAddress)$/.test(path),
      ),
    );
  }
}

describe("embedded printers", () => {
  beforeAll(setUp);

  it("are rows of the proxier's model with all an ACS needs to find its way", async () => {
    const box = await EmbeddedSite.open("127.23.0.1");
    const [printer] = await box.presented(2);
    const proxier = await box.proxier();
    const id = printer?.id ?? "";
    const row = await box.rowWhere(proxier, `${server}EmbeddedDevice.`, ["ProxiedDeviceID", id]);
    const entry = await box.read(proxier, [row]);
    const reference = entry[`${row}Reference`] ?? "";
    expect(reference).toMatch(/^Device\.Services\.X_MFPGATE-ORG_MFP\.\d+$/);
    expect(entry[`${row}CommandProcessed`]).toBe("Success");
    expect(entry[`${row}LastSyncTime`]).toMatch(/^20\d\d-/);
    expect(entry[`${row}ProxyProtocol`]).toBe("X_MFPGATE-ORG_SNMP");

    const value = await box.read(proxier, [`${reference}.`]);
    expect(value[`${reference}.General.SerialNumber`]).toBe(printer?.serialNumber);
    expect(value[`${reference}.Proxy.Reachability`]).toBe("Online");
    expect(Object.keys(value).length).toBeGreaterThan(100);

    const host = entry[`${row}Host`] ?? "";
    const lan = await box.read(proxier, [`${host}.`]);
    expect(lan[`${host}.IPAddress`]).toBe(printer?.host);
    expect(lan[`${host}.Active`]).toBe("true");

    const model = entry[`${row}SupportedDataModel`] ?? "";
    const { [`${model}.URL`]: url = "" } = await box.read(proxier, [`${model}.`]);
    const response = await fetch(url);
    const document = await response.text();
    expect(response.status).toBe(200);
    expect(document).toContain('<model ref="X_MFPGATE-ORG_MFP:1.0">');
    if (hasTr106Validator) expect(validateTr106("dt.xml", document)).toMatchObject({ valid: true });
    else reportLeftOut("validity of an embedded printer's device type");

    const local = (await box.daemon.get(`/api/v1/printers/${id}/parameters`)) as object;
    expect(Object.keys(local).sort()).toEqual(Object.keys(value).sort());
    const location = `${reference}.General.SystemLocation`;
    await box.command("set", id, `${location}=cellar`);
    expect(await box.command("get", id, location)).toContain("cellar");
    expect(await box.command("explain", id, location)).toContain(sysLocation);
    expect(await box.command("printers", "show", id)).toContain("presentation embedded, by rule");

    const names = await box.rpc(proxier, {
      method: "GetParameterNames",
      path: services,
      nextLevel: true,
    });
    expect(names).toMatchObject({ outcome: "response" });
    expect(box.site.acs.violations()).toEqual([]);
  });

  it("take what is written while they are off when they are back, over a power cut of the box", async () => {
    const box = await EmbeddedSite.open("127.24.0.1");
    const [line] = await box.presented(2);
    const printer = box.site.printers.find(({ host }) => host === line?.host);
    const id = line?.id ?? "";
    const proxier = await box.proxier();
    const row = await box.rowWhere(proxier, `${server}EmbeddedDevice.`, ["ProxiedDeviceID", id]);
    const processed = `${row}CommandProcessed`;
    const { [`${row}Reference`]: reference = "" } = await box.read(proxier, [row]);
    const location = `${reference}.General.SystemLocation`;
    // The rows are known to the ACS now: from its next session on it watches them.
    await waitUntil("it is watched", async () => (await box.attribute(proxier, processed)) === 2);

    expect(await box.write(proxier, { [location]: "attic" })).toMatchObject({
      message: { status: 0 },
    });
    printer?.agent.power.off();
    await waitUntil(
      "the printer is known to be away",
      async () => (await box.printers()).find((p) => p.id === id)?.reachability === "Unreachable",
      patienceMs,
    );
    expect(await box.write(proxier, { [location]: "cellar" })).toMatchObject({
      message: { status: 1 },
    });
    expect(await box.read(proxier, [location, processed])).toEqual({
      [location]: "cellar",
      [processed]: "Pending",
    });

    await box.daemon.kill();
    box.daemon = await box.site.start(box.configFile);
    expect((await box.read(proxier, [location]))[location]).toBe("cellar");
    expect(["Pending", "Retrying"]).toContain((await box.read(proxier, [processed]))[processed]);

    const informsBefore = proxier.informCount;
    printer?.agent.power.on();
    await waitUntil("the ACS is told", () => proxier.value(processed) === "Success", patienceMs);
    expect(proxier.informCount).toBeGreaterThan(informsBefore);
    expect(proxier.events.all().map(({ eventCode }) => eventCode)).toContain("4 VALUE CHANGE");
    const found = printer?.agent.mib.get(sysLocation)?.value;
    expect(found instanceof Uint8Array && Buffer.from(found).toString()).toBe("cellar");
    expect(box.site.acs.violations()).toEqual([]);
  });

  it("become devices of their own and back, by operator and ACS, with all they had", async () => {
    const box = await EmbeddedSite.open("127.25.0.1");
    const [line] = await box.presented(2);
    const { id = "", model = "" } = line ?? {};
    const proxier = await box.proxier();
    const embedded = await box.rowWhere(proxier, `${server}EmbeddedDevice.`, [
      "ProxiedDeviceID",
      id,
    ]);
    const { [`${embedded}Reference`]: reference = "" } = await box.read(proxier, [embedded]);
    const state = `${reference}.General.State`;
    await box.read(proxier, [`${reference}.`]);
    await waitUntil(
      "its state is watched",
      async () => (await box.attribute(proxier, state)) === 2,
    );
    const before = await box.holds(proxier, `${reference}.`);
    const presentation = `${await box.rowWhere(proxier, `${server}X_MFPGATE-ORG_ProxiedDevice.`, ["ProxiedDeviceID", id])}Presentation`;

    await box.command("present", id, "virtual");
    const device = await box.device(model);
    expect(device.events.all().map(({ eventCode }) => eventCode)).toContain("0 BOOTSTRAP");
    expect(await box.read(proxier, [`${server}EmbeddedDevice.`])).not.toHaveProperty([
      `${embedded}Reference`,
    ]);
    const virtualRow = await box.rowWhere(proxier, `${server}VirtualDevice.`, [
      "SerialNumber",
      line?.serialNumber ?? "",
    ]);
    const own = `${services}1.General.State`;
    const attributes = [{ path: own, notification: 2 }];
    await box.rpc(device, { method: "SetParameterAttributes", attributes });
    expect((await box.read(proxier, [presentation]))[presentation]).toBe("Virtual");
    expect((await box.printers()).find((printer) => printer.id === id)).toMatchObject({
      presentation: "virtual",
      presentationFrom: "override",
    });

    expect(await box.write(proxier, { [presentation]: "Embedded" })).toMatchObject({
      message: { status: 0 },
    });
    expect(await box.holds(proxier, `${reference}.`)).toEqual(before);
    expect((await box.read(proxier, [`${embedded}Reference`]))[`${embedded}Reference`]).toBe(
      reference,
    );
    expect(await box.attribute(proxier, state)).toBe(2);
    expect(await box.read(proxier, [`${server}VirtualDevice.`])).toEqual({});

    await box.command("present", id, "virtual");
    await waitUntil("it answers again", async () => {
      const { outcome } = await box.site.acs.execute(device.id, {
        method: "GetParameterValues",
        paths: [own],
      });
      return outcome === "response";
    });
    expect(await box.attribute(device, own)).toBe(2);
    const bootstraps = device.events.all().filter(({ eventCode }) => eventCode === "0 BOOTSTRAP");
    expect(bootstraps).toHaveLength(1);
    expect(await box.read(proxier, [`${virtualRow}SerialNumber`])).toEqual({
      [`${virtualRow}SerialNumber`]: line?.serialNumber,
    });

    await box.command("present", id, "auto");
    expect((await box.printers()).find((printer) => printer.id === id)).toMatchObject({
      presentation: "embedded",
      presentationFrom: "rule",
    });
    expect(box.site.acs.violations()).toEqual([]);
  });
});
