import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { ManualClock } from "../shared/manual-clock.ts";
import { MachineMonitor } from "./machine-monitor.ts";
import { machineReader } from "./read-machine.ts";

describe("the machine this runs on", () => {
  it("is read as far as it tells, without an exception", async () => {
    const machine = await machineReader(tmpdir())();
    expect(machine.memory.totalKiB).toBeGreaterThan(machine.memory.freeKiB);
    expect(machine.persistent?.totalKiB).toBeGreaterThan(0);
    expect(machine.processes.map(({ pid }) => pid)).toContain(process.pid);
    expect(machine.interfaces.some(({ isLoopback }) => isLoopback)).toBe(true);
  });
});

describe("the monitor", () => {
  async function open() {
    const clock = new ManualClock();
    const real = await machineReader(tmpdir())();
    let readings = 0;
    let failure: Error | undefined;
    const monitor = await MachineMonitor.open(clock, () => {
      readings += 1;
      if (failure !== undefined) return Promise.reject(failure);
      const processorTime = { busy: 100 * readings, total: 400 * readings };
      return Promise.resolve({ ...real, hostName: `reading ${readings}`, processorTime });
    });
    return {
      clock,
      monitor,
      readings: () => readings,
      fail: (error: Error | undefined) => {
        failure = error;
      },
    };
  }

  it("reads at most once a second, and once for all who ask together", async () => {
    const { clock, monitor, readings } = await open();
    await monitor.refresh();
    expect(readings()).toBe(1);
    await clock.advance(1_000);
    await Promise.all([monitor.refresh(), monitor.refresh()]);
    expect([readings(), monitor.state.hostName]).toEqual([2, "reading 2"]);
    expect(monitor.state.cpuPercent).toBe(25);
  });

  it("looks every minute by itself until it is stopped", async () => {
    const { clock, monitor, readings } = await open();
    let told = 0;
    monitor.onChange(() => (told += 1));
    monitor.start();
    await clock.advance(60_000);
    await clock.advance(60_000);
    expect([readings(), told]).toEqual([3, 2]);
    monitor.stop();
    await clock.advance(120_000);
    expect(readings()).toBe(3);
  });

  it("keeps the last reading when the next one fails", async () => {
    const { clock, monitor, fail } = await open();
    fail(new Error("no /proc"));
    await clock.advance(2_000);
    await monitor.refresh();
    expect(monitor.state.hostName).toBe("reading 1");
    fail(undefined);
    await monitor.refresh();
    expect(monitor.state.hostName).toBe("reading 3");
  });
});
