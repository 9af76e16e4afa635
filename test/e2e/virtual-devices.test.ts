import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { TestAcs } from "../../src/simulator/acs/acs-port.ts";
import type { DeviceRecord } from "../../src/simulator/acs/device-record.ts";
import {
  type SessionScript,
  inSequence,
  takeOverConnectionRequests,
} from "../../src/simulator/acs/session-script.ts";
import { startTestAcs } from "../../src/simulator/acs/test-acs.ts";
import { setUp } from "../support/command.ts";
import { Site } from "../support/site.ts";
import { waitUntil } from "../support/wait-until.ts";

const patienceMs = 60_000;
const server = "Device.ManagementServer.";

const sites: Site[] = [];
const acss: TestAcs[] = [];
afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.stop()));
  await Promise.all(acss.splice(0).map((acs) => acs.stop()));
});

/** Holds the first session of every device until `count` devices have one open. */
function meetAtFirst(count: number): SessionScript {
  const present = new Set<string>();
  let open = (): void => undefined;
  const met = new Promise<void>((resolve) => {
    open = resolve;
  });
  return async ({ device }) => {
    present.add(device.id);
    if (present.size >= count) open();
    await met;
  };
}

async function openSite(firstPrinter: string, scripts: readonly SessionScript[]): Promise<Site> {
  const takeOver = takeOverConnectionRequests(() => "connection-request-password");
  const site = await Site.open({
    recordings: ["kyocera-ecosys-m6690cidn", "hp-color-laserjet-mfp-m4790dw"],
    firstPrinter,
    acs: { scripts: [inSequence(...scripts, takeOver)] },
  });
  sites.push(site);
  return site;
}

/** The virtual devices once the ACS can ask them for sessions. */
async function managed(site: Site): Promise<readonly [DeviceRecord, DeviceRecord]> {
  return waitUntil("both printers are managed", () => {
    const [first, second] = site.acs
      .devices()
      .filter(
        ({ deviceId, connectionRequestCredentials, sessions }) =>
          deviceId.productClass !== "mfpgate" &&
          connectionRequestCredentials !== undefined &&
          sessions.last()?.endedAtMs !== undefined,
      );
    return first !== undefined && second !== undefined && ([first, second] as const);
  });
}

describe("virtual devices", () => {
  beforeAll(setUp);

  it("have sessions side by side", async () => {
    // Three sessions that each wait for the others: one after another they would never end.
    const site = await openSite("127.26.0.1", [meetAtFirst(3)]);
    await site.start();
    const devices = await managed(site);
    for (const { sessions } of devices) expect(sessions.all()[0]?.problem).toBeUndefined();
    expect(site.acs.violations()).toEqual([]);
  });

  it("have an ACS, credentials and methods of their own", async () => {
    const site = await openSite("127.27.0.1", []);
    const [readOnly, readWrite] = site.printers;
    const only = (host = "") => ({ match: { ranges: [`${host}/32`] } });
    const credentials = [
      { ...only(readOnly?.host), snmp: { read: "public" } },
      { ...only(readWrite?.host), snmp: { read: "public", write: "private" } },
    ];
    await site.start(site.configure({ credentials }));
    const devices = await managed(site);
    const methods = await Promise.all(
      devices.map(async ({ id }) => {
        const answer = await site.acs.execute(id, { method: "GetRPCMethods" });
        return answer.outcome === "response" && "methods" in answer.message
          ? answer.message.methods.includes("Reboot")
          : undefined;
      }),
    );
    expect([...methods].sort()).toEqual([false, true]);

    const auth = { username: "one", password: "device-secret" };
    const second = await startTestAcs({ auth: { scheme: "digest", ...auth } });
    acss.push(second);
    const [moved, stayed] = devices;
    const informs = stayed.informCount;
    const values = {
      [`${server}URL`]: second.url,
      [`${server}Username`]: auth.username,
      [`${server}Password`]: auth.password,
    };
    expect(await site.acs.setParameterValues(moved.id, values)).toMatchObject({
      outcome: "response",
    });
    const there = await waitUntil("it informs its own ACS", () => second.device(moved.id));
    await waitUntil("that session ends", () => there.sessions.last()?.endedAtMs !== undefined);
    expect(there.sessions.last()?.events).toContain("0 BOOTSTRAP");
    expect(second.devices()).toHaveLength(1);
    expect((await site.acs.connectionRequest(stayed.id)).problem).toBeUndefined();
    expect(stayed.informCount).toBeGreaterThan(informs);
    expect(stayed.sessions.last()?.events).not.toContain("0 BOOTSTRAP");
    expect([...site.acs.violations(), ...second.violations()]).toEqual([]);
  });

  it("answer a connection request with 503 while their printer is off, each for itself", async () => {
    const site = await openSite("127.28.0.1", []);
    const daemon = await site.start();
    const devices = await managed(site);
    const [printer] = site.printers;
    printer?.agent.power.off();
    const lines = async () =>
      (await daemon.get("/api/v1/printers")) as readonly {
        readonly host: string;
        readonly serialNumber: string;
        readonly reachability: string;
      }[];
    const gone = await waitUntil(
      "the printer is known to be away",
      async () => (await lines()).find(({ reachability }) => reachability === "Unreachable"),
      patienceMs,
    );
    for (const { id, deviceId } of devices) {
      const { status } = await site.acs.connectionRequest(id);
      const isGone = deviceId.serialNumber === gone.serialNumber;
      expect([200, 204, 503].includes(status)).toBe(true);
      expect(status === 503, id).toBe(isGone);
    }
    printer?.agent.power.on();
    await waitUntil(
      "it is reachable again",
      async () => {
        const [first, second] = devices;
        const both = [first, second].map(({ id }) => site.acs.connectionRequest(id));
        return (await Promise.all(both)).every(({ problem }) => problem === undefined);
      },
      patienceMs,
    );
  });
});
