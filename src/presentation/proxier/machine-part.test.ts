import { describe, expect, it } from "vitest";
import {
  MemoryMachine,
  MemoryRowNumbers,
  smallMachine,
} from "../../../test/support/memory-machine.ts";
import { comparePaths } from "../../model/snapshot.ts";
import { ManualClock } from "../../shared/manual-clock.ts";
import { machinePart } from "./machine-part.ts";
import type { LeaseView } from "./machine-view.ts";

const noLease: LeaseView = { addresses: [], nameServers: [] };

async function openPart(lease: LeaseView = noLease) {
  const machine = new MemoryMachine();
  const part = await machinePart({
    machine,
    clock: new ManualClock(),
    numbers: new MemoryRowNumbers(),
    lease: () => lease,
    localTime: (atMs) => `local time of ${atMs}`,
  });
  return { machine, part, value: (path: string) => part.get(path)?.value };
}

describe("the machine in the proxier's model", () => {
  it("has unique nodes in tree order, every parameter readable with its type, none writable", async () => {
    const { part } = await openPart();
    const paths = part.nodes().map(({ path }) => path);
    expect([...paths].sort(comparePaths)).toEqual(paths);
    expect(new Set(paths).size).toBe(paths.length);
    for (const { path, type, writable } of part.nodes()) {
      expect(part.get(path)?.type).toBe(type);
      expect(writable).toBe(false);
    }
  });

  it("counts the rows of every table", async () => {
    const { part, value } = await openPart();
    const paths = part.nodes().map(({ path }) => path);
    const tables = new Set(paths.flatMap((path) => /^(.*\.)\d+\.$/.exec(path)?.[1] ?? []));
    expect(tables.size).toBeGreaterThan(8);
    for (const table of tables) {
      const rows = paths.filter(
        (path) => path.startsWith(table) && /^\d+\.$/.test(path.slice(table.length)),
      );
      expect(value(`${table.slice(0, -1)}NumberOfEntries`), table).toBe(rows.length.toString());
    }
  });

  it("stacks the IP interface on the link and the link on the port", async () => {
    const { value } = await openPart();
    const stack = "Device.InterfaceStack.";
    expect(value("Device.InterfaceStackNumberOfEntries")).toBe("2");
    expect(value(`${stack}1.HigherLayer`)).toBe("Device.IP.Interface.1");
    expect(value(`${stack}1.LowerLayer`)).toBe("Device.Ethernet.Link.1");
    expect(value(`${stack}2.LowerLayer`)).toBe("Device.Ethernet.Interface.1");
    expect(value("Device.IP.Interface.1.LowerLayers")).toBe("Device.Ethernet.Link.1");
    expect(value("Device.IP.Interface.2.LowerLayers")).toBe("");
  });

  it("keeps within the bounds of the model: the MTU of loopback, words for processors", async () => {
    const { value } = await openPart();
    expect(value("Device.IP.Interface.2.MaxMTUSize")).toBe("65535");
    expect(value("Device.DeviceInfo.Processor.2.Architecture")).toBe("arm");
  });

  it("says how an address came only when that is known", async () => {
    const path = "Device.IP.Interface.1.IPv4Address.1.AddressingType";
    expect((await openPart()).value(path)).toBeUndefined();
    const leased = { addresses: ["192.0.2.2"], nameServers: ["192.0.2.53"] };
    const { value } = await openPart(leased);
    expect(value(path)).toBe("DHCP");
    expect(value("Device.DNS.Client.Server.1.Type")).toBe("DHCP");
    expect((await openPart({ ...leased, addresses: ["192.0.2.3"] })).value(path)).toBe("Static");
  });

  it("leaves out what the machine does not tell", async () => {
    const { machine, part, value } = await openPart();
    machine.next = {
      ...smallMachine,
      isTimeSynchronized: undefined,
      timeServers: [],
      cpuPercent: undefined,
    };
    await part.refresh?.(["Device.Time."], 0);
    const paths = part.nodes().map(({ path }) => path);
    expect(paths).not.toContain("Device.Time.Status");
    expect(paths).not.toContain("Device.Time.NTPServer1");
    expect(paths).not.toContain("Device.DeviceInfo.ProcessStatus.CPUUsage");
    expect(value("Device.Time.CurrentLocalTime")).toBe(
      `local time of ${new ManualClock().nowMs()}`,
    );
  });

  it("reads the machine only for paths of its own", async () => {
    const { machine, part } = await openPart();
    await part.refresh?.(["Device.DeviceInfo.SerialNumber"], 0);
    expect(machine.refreshes).toBe(0);
    await part.refresh?.(["Device.DeviceInfo.MemoryStatus.Free"], 0);
    expect(machine.refreshes).toBe(1);
  });

  it("tells of values that changed and rows that came or went, and keeps the node list otherwise", async () => {
    const { machine, part } = await openPart();
    const nodes = part.nodes();
    const told: string[] = [];
    part.onChange?.((paths) => told.push(...paths));
    machine.next = { ...smallMachine, memory: { totalKiB: 948_012, freeKiB: 1 } };
    await part.refresh?.(["Device."], 0);
    expect(told).toEqual(["Device.DeviceInfo.MemoryStatus.Free"]);
    expect(part.nodes()).toBe(nodes);
    machine.next = { ...machine.next, processes: smallMachine.processes.slice(1) };
    await part.refresh?.(["Device."], 0);
    expect(told).toContain("Device.DeviceInfo.ProcessStatus.Process.1.PID");
    expect(told).toContain("Device.DeviceInfo.ProcessStatus.ProcessNumberOfEntries");
    expect(part.nodes()).not.toBe(nodes);
  });
});
