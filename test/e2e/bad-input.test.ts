import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { ServiceStatus } from "../../src/api/local-service.ts";
import type { FaultRule } from "../../src/simulator/acs/fault-injection.ts";
import type { DeviceRecord } from "../../src/simulator/acs/device-record.ts";
import {
  inSequence,
  readTree,
  takeOverConnectionRequests,
  watchActively,
} from "../../src/simulator/acs/session-script.ts";
import { startTestAcs } from "../../src/simulator/acs/test-acs.ts";
import { run, setUp } from "../support/command.ts";
import type { Daemon } from "../support/daemon.ts";
import { Site, type SiteOptions, freePort } from "../support/site.ts";
import { SmallDisk } from "../support/small-disk.ts";
import { waitUntil } from "../support/wait-until.ts";

const service = "Device.Services.X_MFPGATE-ORG_MFP.1.";
const kyocera = "kyocera-ecosys-m6690cidn";
const hp = "hp-color-laserjet-mfp-m4790dw";

let site: Site;
beforeAll(setUp);
afterEach(async () => {
  await site.stop();
});

async function open(recordings: readonly string[], options: Partial<SiteOptions> = {}) {
  site = await Site.open({ recordings, ...options });
  return site;
}

async function statusOf(daemon: Daemon): Promise<ServiceStatus> {
  return (await daemon.get("/api/v1/status")) as ServiceStatus;
}

/** Printers that answer, as the local API lists them. */
async function online(daemon: Daemon): Promise<readonly string[]> {
  const printers = (await daemon.get("/api/v1/printers")) as readonly {
    readonly manufacturer: string;
    readonly reachability: string;
  }[];
  return printers
    .filter(({ reachability }) => reachability === "Online")
    .map(({ manufacturer }) => manufacturer);
}

async function eventTexts(daemon: Daemon, kind: string): Promise<readonly string[]> {
  const events = (await daemon.get("/api/v1/events")) as readonly {
    readonly kind: string;
    readonly text: string;
  }[];
  return events.filter((event) => event.kind === kind).map(({ text }) => text);
}

describe("files that are wrong", () => {
  it("names every mistake of a configuration with file, line and remedy, and starts nothing", async () => {
    await open([]);
    const file = join(site.folder, "bad.yaml");
    const lines = [
      `acs: { url: "not a url" }`,
      `dataDir: ./data`,
      `polling:`,
      `  status: 100ms`,
      `discovery:`,
      `  snmp:`,
      `    range: ["192.0.2.0/24"]`,
    ];
    writeFileSync(file, lines.join("\n"));
    for (const words of [["run"], ["run", "--check"], ["run", "--json"]]) {
      const { code, stdout, stderr } = await run([...words, "--config", file]);
      expect(code).toBe(2);
      expect(stdout).toBe("");
      expect(stderr.trimEnd().split("\n")).toEqual([
        expect.stringMatching(/bad\.yaml:1:\d+: acs\.url: .+; .+/),
        expect.stringMatching(/bad\.yaml:4:\d+: polling\.status: .+; choose from 1s/),
        expect.stringMatching(/bad\.yaml:7:\d+: discovery\.snmp\.range: .+ did you mean ranges/),
      ]);
    }
    expect(readdirSync(site.folder)).toEqual(["bad.yaml"]);
  });

  it("names a mistake of a mapping with file, line and remedy, and starts nothing", async () => {
    await open([]);
    const folder = join(site.folder, "mappings/vendor/acme");
    mkdirSync(folder, { recursive: true });
    const mapping = [
      `mapping: vendor/acme/laser`,
      `title: Acme Laser`,
      `extends: [base/printer]`,
      `match: { sysObjectID: "1.3.6.1.4.1.99999.1" }`,
      `parameters:`,
      `  General.SystemName:`,
      `    from: [{ snmp: "1.3.6.1.2.1.1.5.x" }]`,
    ];
    writeFileSync(join(folder, "laser.yaml"), mapping.join("\n"));
    const file = site.configure({ mappings: ["./mappings"] });
    for (const words of [["run"], ["run", "--check"]]) {
      const { code, stderr } = await run([...words, "--config", file]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^mfpgate: .*laser\.yaml:7: .*General\.SystemName.*OID.*;.*\n$/);
    }
    expect(existsSync(join(site.folder, "data"))).toBe(false);
  });

  it("says so when there is no configuration", async () => {
    await open([]);
    const { code, stderr } = await run(["run"], { cwd: site.folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^mfpgate: config\.yaml.*cannot be read.*--config\n$/);
  });
});

describe("a box that is not as expected", () => {
  it.each([
    ["api", "api.listen"],
    ["connectionRequest", "connectionRequest.listen"],
  ])(
    "names the port of %s that somebody else has, and leaves nothing running",
    async (key, name) => {
      await open([]);
      const port = key === "api" ? site.apiPort : site.connectionRequestPort;
      const squatter = createServer();
      await new Promise<void>((resolve) => squatter.listen(port, "127.0.0.1", resolve));
      onTestFinished(() => {
        squatter.close();
      });
      const { code, stderr } = await run(["run", "--config", site.configure()]);
      expect(code).toBe(1);
      const last = stderr.trimEnd().split("\n").at(-1);
      expect(last).toMatch(/^mfpgate: cannot listen on 127\.0\.0\.1:\d+ \(.+\): .*EADDRINUSE/);
      expect(last).toContain(`:${port} (${name})`);
    },
  );

  it("refuses a data directory that another service has, which goes on", async () => {
    await open([kyocera]);
    const first = await site.start();
    const other = site.configure(
      {
        api: { listen: `127.0.0.1:${await freePort()}` },
        connectionRequest: { listen: `127.0.0.1:${await freePort()}` },
      },
      "other.yaml",
    );
    const { code, stderr } = await run(["run", "--config", other]);
    expect(code).toBe(1);
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(
      /^mfpgate: .*data: in use by another mfpgate \(process \d+\); stop it or choose another dataDir$/,
    );
    await waitUntil("the first has its printer", async () => (await online(first)).length === 1);
  });
});

describe("a full disk", () => {
  it("refuses what cannot be kept, serves what is known, and goes on when there is room", async () => {
    const takeOver = takeOverConnectionRequests(() => "connection-request-password");
    const watch = watchActively((path) => path === `${service}General.State`);
    await open([kyocera], { acs: { scripts: [inSequence(takeOver, readTree(), watch)] } });
    const disk = SmallDisk.mount();
    if (disk === undefined) return;
    onTestFinished(() => {
      disk.unmount();
    });
    const daemon = await site.start(site.configure({ dataDir: join(disk.path, "data") }));
    const { acs } = site;
    const [printer] = site.printers;
    const device = await acs.waitFor(() => finished(printerIn(site)), 20_000);
    const location = `${service}General.SystemLocation`;

    disk.fill();
    const refused = await acs.setParameterValues(device.id, { [location]: "Room 2" });
    expect(refused).toMatchObject({ outcome: "fault", code: 9002 });
    expect(daemon.log.find(({ level }) => level === "error")).toMatchObject({
      facility: "cwmp.rpc.dispatch",
      error: { code: "store.disk-full", message: expect.stringContaining("free space") as string },
    });
    const known = await acs.getParameterValues(device.id, [location]);
    expect(known).toMatchObject({ message: { parameters: [{ value: "Accounting, 2nd floor" }] } });
    printer?.jam();
    await waitUntil("the trouble is counted", async () => {
      return (await daemon.metric("mfpgate_events_total", 'kind="storeFailed"')) === 1;
    });

    disk.clear();
    await acs.waitFor(
      () => device.value(`${service}General.State`) === "Stopped" || undefined,
      15_000,
    );
    expect(await eventTexts(daemon, "storeRecovered")).toHaveLength(1);
    const set = await acs.setParameterValues(device.id, { [location]: "Room 3" });
    expect(set).toMatchObject({ outcome: "response", message: { status: 0 } });
    expect(await daemon.stop()).toMatchObject({ code: 0 });
  });
});

describe("an ACS that is not as expected", () => {
  it("is tried again while it cannot be reached, and told everything when it can", async () => {
    await open([kyocera]);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/acs`;
    const daemon = await site.start(site.configure({ acs: { url } }));
    await waitUntil("sessions fail", async () => (await statusOf(daemon)).acs.failures > 0);
    const { acs, ready } = await statusOf(daemon);
    expect(ready).toBe(true);
    expect(acs.lastError).toBe(
      `ACS ${url}: not reachable (ECONNREFUSED); check acs.url and the network`,
    );
    expect(daemon.logged("session failed", { code: "cwmp.acs-unreachable" })).toMatchObject({
      level: "warn",
      device: "proxier",
    });
    expect(
      await daemon.metric("mfpgate_errors_total", 'code="cwmp.acs-unreachable"'),
    ).toBeGreaterThan(0);
    await waitUntil("the printer is there", async () => (await online(daemon)).length === 1);

    const late = await startTestAcs({ port });
    onTestFinished(() => late.stop());
    const devices = await late.waitFor(
      () => (late.devices().length === 2 ? late.devices() : undefined),
      30_000,
    );
    for (const device of devices)
      expect(device.events.all().map(({ eventCode }) => eventCode)).toContain("0 BOOTSTRAP");
    const proxier = devices.find(({ deviceId }) => deviceId.serialNumber === "E2E");
    expect(proxier?.sessions.all()[0]?.retryCount).toBeGreaterThan(0);
    await waitUntil(
      "no error is left",
      async () => (await statusOf(daemon)).acs.lastError === null,
    );
  });

  const spoilt: readonly (readonly [string, FaultRule, string, RegExp])[] = [
    ["cuts its envelope off", { fault: { kind: "malformed" } }, "cwmp.malformed-xml", /./],
    [
      "answers the Inform with 10 MB",
      { fault: { kind: "huge", bytes: 10 * 1024 * 1024 } },
      "cwmp.response-too-large",
      /./,
    ],
    ["answers HTTP 500", { fault: { kind: "status", status: 500 } }, "cwmp.http-status", /500/],
    ["hangs up", { fault: { kind: "close" } }, "cwmp.acs-unreachable", /closed/],
    [
      "refuses the Inform",
      { fault: { kind: "acs-fault", code: 8003 } },
      "cwmp.inform-refused",
      /8003/,
    ],
    [
      "redirects for ever",
      { fault: { kind: "redirect", status: 307, location: "/acs" }, times: 20 },
      "cwmp.redirect-limit",
      /./,
    ],
  ];

  it("does no harm when its answers are wrong", async () => {
    await open([]);
    const daemon = await site.start();
    const { acs } = site;
    const device = await acs.waitFor(() => finished(acs.devices()[0]), 10_000);
    // The shortest retry wait there is, so that the test need not wait long.
    const quick = {
      "Device.ManagementServer.CWMPRetryMinimumWaitInterval": "1",
      "Device.ManagementServer.CWMPRetryIntervalMultiplier": "1000",
    };
    const parameters = Object.entries(quick).map(([path, value]) => ({
      path,
      value,
      type: "unsignedInt",
    }));
    const set = acs.queue(device.id, {
      method: "SetParameterValues",
      parameters,
      parameterKey: "",
    });
    await daemon.post("/api/v1/printers/proxier/inform");
    expect((await set).outcome).toBe("response");

    for (const [what, rule, code, text] of spoilt) {
      const withdraw = acs.inject({ on: "Inform", ...rule });
      const informs = device.informCount;
      await daemon.post("/api/v1/printers/proxier/inform");
      const line = await waitUntil(what, () => daemon.logged("session failed", { code }));
      expect(line, what).toMatchObject({ level: "warn", device: "proxier" });
      expect(line["reason"], what).toMatch(text);
      expect(await daemon.metric("mfpgate_errors_total", `code="${code}"`), what).toBe(1);
      expect((await statusOf(daemon)).acs.lastError, what).toBe(line["reason"]);
      withdraw();
      const recovered = await acs.waitFor(
        () => (device.informCount > informs ? finished(device) : undefined),
        10_000,
      );
      expect(recovered.sessions.last()?.retryCount, what).toBeGreaterThan(0);
      await waitUntil(what, async () => (await statusOf(daemon)).acs.lastError === null);
    }
    expect(acs.violations()).toEqual([]);
  });
});

describe("printers that are not as expected", () => {
  it("does not adopt one that refuses the community, and serves the others", async () => {
    await open([kyocera, hp]);
    const [locked, good] = site.printers;
    const discovery = {
      interval: "1h",
      static: [
        { host: locked?.host, snmp: { port: locked?.port, community: "not-the-right-one" } },
        { host: good?.host, snmp: { port: good?.port } },
      ],
    };
    const daemon = await site.start(site.configure({ discovery }));
    await waitUntil("the other one is there", async () => (await online(daemon)).length > 0);
    const line = await waitUntil("the silent one is named", () =>
      daemon.logged("configured printers did not answer"),
    );
    expect(line["hosts"]).toEqual([locked?.host]);
    expect(locked?.agent.counts.wrongCommunity).toBeGreaterThan(0);
    expect(await online(daemon)).toEqual(["HP"]);
    expect(daemon.command.stderr).not.toContain("not-the-right-one");
  });

  it("says so when the community of a known printer is taken away, and keeps its values", async () => {
    const takeOver = takeOverConnectionRequests(() => "connection-request-password");
    await open([kyocera], { acs: { scripts: [takeOver] } });
    const first = await site.start();
    const device = await site.acs.waitFor(() => finished(printerIn(site)), 20_000);
    await first.stop();

    const credentials = [{ snmp: { version: "2c", read: "another-community" } }];
    const daemon = await site.start(site.configure({ credentials }));
    const event = await waitUntil("the printer is given up", async () => {
      const texts = await eventTexts(daemon, "unreachable");
      return texts[0];
    });
    expect(event).toMatch(/no configured credential fits 127\.20\.0\.1; check credentials/);
    await waitUntil("the ACS may ask in vain", async () => {
      const { status } = await site.acs.connectionRequest(device.id);
      return status === 503;
    });
    expect(await daemon.metric("mfpgate_printers", 'reachability="Unreachable"')).toBe(1);
    const values = (await daemon.get("/api/v1/printers/0017c8-vdk0d01287/parameters")) as Readonly<
      Record<string, { readonly value: unknown }>
    >;
    expect(values["Device.DeviceInfo.SerialNumber"]?.value).toBe("VDK0D01287");
  });

  it("gives up one whose answers are cut off, and takes it back when they are whole", async () => {
    await open([kyocera]);
    const daemon = await site.start();
    const [printer] = site.printers;
    await waitUntil("it is there", async () => (await online(daemon)).length === 1);
    printer?.agent.misbehave({ truncateTo: 20 });
    await waitUntil(
      "it is given up",
      async () => (await eventTexts(daemon, "unreachable")).length === 1,
      60_000,
    );
    expect(daemon.logged("unreachable", { device: "0017c8-vdk0d01287" })).toBeDefined();
    expect(
      await daemon.metric("mfpgate_snmp_dropped_datagrams", 'reason="malformed"'),
    ).toBeGreaterThan(0);
    printer?.agent.misbehave({});
    await waitUntil("it is back", async () => (await online(daemon)).length === 1, 30_000);
    expect(await eventTexts(daemon, "online")).toHaveLength(1);
  });
});

/** A device whose latest session has ended well. */
function finished(device: DeviceRecord | undefined): DeviceRecord | undefined {
  const last = device?.sessions.last();
  return last?.endedAtMs !== undefined && last.problem === undefined ? device : undefined;
}

function printerIn({ acs }: Site): DeviceRecord | undefined {
  return acs.devices().find(({ deviceId }) => deviceId.productClass !== "mfpgate");
}
