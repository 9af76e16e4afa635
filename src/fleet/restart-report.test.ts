import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  FleetBench,
  minuteMs,
  printerRecording,
  serviceRow,
} from "../../test/fleet/fleet-bench.ts";
import type { SnmpAgent } from "../simulator/snmp-agent.ts";
import type { Printer } from "./printer.ts";

const id = "0017c8-a1";
const location = `${serviceRow}General.SystemLocation`;

let bench: FleetBench;
beforeEach(() => {
  bench = new FleetBench();
});
afterEach(async () => {
  await bench.dispose();
});

function printer(): Printer {
  const found = bench.fleet.printer(id);
  if (found === undefined) throw new Error("the printer was not adopted");
  return found;
}

async function restart(agent: SnmpAgent): Promise<void> {
  agent.power.off();
  await bench.clock.advance(minuteMs);
  agent.power.on();
  await bench.clock.advance(1_000);
}

describe("reporting a restart of the printer", () => {
  it("does so when a write was the first to see it", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    await bench.start();
    await bench.discover(agent);
    let restarts = 0;
    printer().onRestart(() => restarts++);
    await restart(agent);
    expect((await printer().write([{ path: location, value: "Room 2" }])).outcome).toBe("applied");
    await bench.fleet.pollNow(id);
    expect(restarts).toBe(1);
    await bench.fleet.pollNow(id);
    expect(restarts).toBe(1);
  });

  it("does so again after a start when the process ended before it was written down", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    await bench.start();
    await bench.discover(agent);
    printer().onRestart(() => Promise.reject(new Error("no room on the disk")));
    await restart(agent);
    await bench.fleet.pollNow(id);
    await bench.stop();
    await bench.start();
    let restarts = 0;
    printer().onRestart(() => restarts++);
    await bench.fleet.pollNow(id);
    expect(restarts).toBe(1);
  });

  it("keeps the uptime for last, after everybody has been told", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    await bench.start();
    await bench.discover(agent);
    const known = async (): Promise<number | undefined> =>
      (await bench.store.printers.list())[0]?.upTime?.ticks;
    const before = await known();
    let whileTelling: number | undefined = -1;
    printer().onRestart(async () => {
      whileTelling = await known();
    });
    await restart(agent);
    await bench.fleet.pollNow(id);
    expect(whileTelling).toBe(before);
    expect(await known()).toBeLessThan(Number(before));
  });
});
