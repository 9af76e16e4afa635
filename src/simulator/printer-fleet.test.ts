import { readdirSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../shared/clock.ts";
import { ManualClock } from "../shared/manual-clock.ts";
import {
  type SimulatedFleet,
  type SimulatedPrintersOptions,
  loopbackAddresses,
  startSimulatedPrinters,
} from "./printer-fleet.ts";
import { mibObject, readNumber, readOctets } from "./printer-mib.ts";
import { CaptureError } from "./recording.ts";
import {
  type Scenario,
  ScenarioError,
  demoScenario,
  parseScenario,
  runScenario,
} from "./scenario.ts";
import { UdpManager } from "../../test/snmp/udp-manager.ts";

const folder = new URL("../../recordings/", import.meta.url).pathname;
const recordings = readdirSync(folder)
  .filter((file) => file.endsWith(".snmprec"))
  .map((file) => folder + file);
const dell = `${folder}dell-s5890dn.snmprec`;
const hp = `${folder}hp-color-laserjet-mfp-m4790dw.snmprec`;

let fleet: SimulatedFleet | undefined;
afterEach(async () => {
  await fleet?.stop();
  fleet = undefined;
});

async function start(options: Partial<SimulatedPrintersOptions>): Promise<SimulatedFleet> {
  fleet = await startSimulatedPrinters({ recordings: [dell], clock: systemClock, ...options });
  return fleet;
}

function text(octets: Uint8Array | undefined): string {
  return Buffer.from(octets ?? []).toString("latin1");
}

describe("startSimulatedPrinters", () => {
  it("has 300 printers answering within two seconds", async () => {
    const before = performance.now();
    const { printers } = await start({ recordings, count: 300 });
    const last = printers.at(-1);
    const manager = new UdpManager(last?.port ?? 0);
    expect(await manager.get(mibObject.sysUpTime)).toMatchObject({ errorStatus: 0 });
    manager.close();
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(new Set(printers.map(({ name }) => name)).size).toBe(300);
    expect(new Set(printers.map(({ port }) => port)).size).toBe(300);
  });

  it("gives every copy its own serial number and MAC, also inside other strings", async () => {
    const { printers } = await start({ recordings: [hp], count: 40 });
    const seen = (oid: string): Set<string> =>
      new Set(printers.map(({ agent }) => text(readOctets(agent.mib, oid))));
    const serials = seen("1.3.6.1.2.1.43.5.1.1.17.1");
    expect(serials.size).toBe(40);
    expect(seen("1.3.6.1.2.1.2.2.1.6.1").size).toBe(40);
    expect(seen("1.3.6.1.2.1.1.5.0").size).toBe(40);
    const copy = printers[1]?.agent.mib;
    if (copy === undefined) throw new Error("no copy");
    expect(text(readOctets(copy, "1.3.6.1.2.1.1.1.0"))).toContain("SN:VNDEM0Z001,");
    const pml = readOctets(copy, "1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.3.0");
    expect(text(pml)).toBe("\u0001\u0015VNDEM0Z001");
  });

  it("listens on loopback addresses of one port", async () => {
    const probe = await start({});
    const port = probe.printers[0]?.port ?? 0;
    await probe.stop();
    const addresses = loopbackAddresses(300, port, "127.10.0.250").slice(0, 8);
    expect(addresses.at(-1)).toEqual({ host: "127.10.1.1", port });
    const { printers } = await start({ count: 8, addresses });
    expect(printers.map(({ host }) => host)).toEqual(addresses.map(({ host }) => host));
  });

  it("starts nothing when one address is taken, and names it", async () => {
    const { printers } = await start({});
    const taken = printers[0]?.port ?? 0;
    const addresses = [
      { host: "127.0.0.1", port: 0 },
      { host: "127.0.0.1", port: taken },
    ];
    const second = startSimulatedPrinters({
      recordings: [dell],
      count: 2,
      addresses,
      clock: systemClock,
    });
    await expect(second).rejects.toThrow(CaptureError);
    await expect(second).rejects.toThrow(String(taken));
  });

  it("refuses what it cannot replay", async () => {
    await expect(start({ recordings: [`${folder}none.snmprec`] })).rejects.toThrow(CaptureError);
    await expect(start({ recordings: [] })).rejects.toThrow(CaptureError);
    await expect(start({ count: 10_001 })).rejects.toThrow(CaptureError);
  });
});

describe("scenarios", () => {
  const scenario: Scenario = {
    name: "test",
    steps: [
      { atMs: 1_000, everyMs: 1_000, printers: "all", action: { type: "print", pages: 2 } },
      { atMs: 2_500, printers: ["dell-s5890dn"], action: { type: "jam" } },
      { atMs: 4_500, printers: ["dell-s5890dn"], action: { type: "clearJam" } },
      { atMs: 4_600, printers: "all", action: { type: "relocate", location: "Cellar" } },
      { atMs: 5_500, printers: "all", action: { type: "powerOff" } },
    ],
  };

  it("run by the clock; a printer that is jammed or off prints nothing", async () => {
    const clock = new ManualClock();
    const { printers } = await start({ clock });
    const [printer] = printers;
    if (printer === undefined) throw new Error("no printer");
    const lifeCount = (): number =>
      (readNumber(printer.agent.mib, `${mibObject.prtMarkerLifeCount}.1.1`) ?? 0) - 402_117;
    const stop = runScenario(scenario, printers, clock);
    await clock.advance(2_100);
    expect(lifeCount()).toBe(4);
    await clock.advance(2_200);
    expect(printer.ageing.isStopped).toBe(true);
    expect(lifeCount()).toBe(4);
    await clock.advance(900);
    expect(lifeCount()).toBe(6);
    expect(text(readOctets(printer.agent.mib, mibObject.sysLocation))).toBe("Cellar");
    await clock.advance(1_000);
    expect(printer.isOn).toBe(false);
    printer.powerOn();
    stop();
    await clock.advance(5_000);
    expect(lifeCount()).toBe(6);
  });

  it("come from data: what is written as JSON is what runs", () => {
    for (const good of [scenario, demoScenario])
      expect(parseScenario(JSON.parse(JSON.stringify(good)))).toEqual(good);
  });

  it.each([
    [[], "object"],
    [{ name: "x" }, "steps"],
    [{ name: "x", steps: [{ atMs: -1 }] }, 'step 1: "atMs"'],
    [{ name: "x", steps: [{ atMs: 0, printers: 3 }] }, 'step 1: "printers"'],
    [{ name: "x", steps: [{ atMs: 0, printers: "all", action: { type: "fly" } }] }, "one of print"],
    [{ name: "x", steps: [{ atMs: 0, printers: "all", action: { type: "print" } }] }, "complete"],
  ])("are refused when malformed, naming the step", (source, message) => {
    expect(() => parseScenario(source)).toThrow(ScenarioError);
    expect(() => parseScenario(source)).toThrow(message);
  });

  it("are refused when they name a printer that is not there", async () => {
    const { printers } = await start({});
    expect(() => runScenario(demoScenario, printers, systemClock)).toThrow(/kyocera/);
  });
});
