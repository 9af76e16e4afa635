import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseZoneRule } from "./zone-rule.ts";
import { parseMeminfo } from "./memory.ts";
import { describeInterface, parseInterfaceCounters } from "./network-interfaces.ts";
import { parseTimeServers } from "./network-time.ts";
import { parseProcess, withDescendants } from "./processes.ts";
import { countProcessors, parseProcessorTime, usagePercent } from "./processor.ts";
import { parseNameServers } from "./resolver.ts";
import { defaultRoute, parseRoutes } from "./routes.ts";

function fixture(name: string): Buffer {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url));
}

function text(name: string): string {
  return fixture(name).toString("utf8");
}

describe("memory", () => {
  it("counts what programs can still have as free", () => {
    expect(parseMeminfo(text("meminfo"))).toEqual({ totalKiB: 948_012, freeKiB: 612_340 });
  });

  it("is unknown, not zero, when the text is something else", () => {
    expect(parseMeminfo("MemTotal: many\n")).toBeUndefined();
  });
});

describe("processors", () => {
  it("are busy by what is neither idle nor waiting, guests not counted twice", () => {
    const time = parseProcessorTime(text("stat"));
    expect(time).toEqual({ busy: 1_500, total: 10_000 });
  });

  it("have their usage between two readings", () => {
    const before = { busy: 100, total: 1_000 };
    expect(usagePercent({ busy: 150, total: 1_200 }, before)).toBe(25);
    expect(usagePercent(before, before)).toBeUndefined();
    expect(usagePercent({ busy: 50, total: 200 })).toBe(25);
  });

  it("are counted in the forms of x86 and ARM", () => {
    expect(countProcessors(text("cpuinfo-arm"))).toBe(4);
    expect(countProcessors("processor\t: 0\nmodel name\t: X\n\nprocessor\t: 1\n")).toBe(2);
  });
});

describe("processes", () => {
  it("keep a name with blanks and parentheses", () => {
    expect(parseProcess(text("pid-stat"))).toEqual({
      pid: 4211,
      parentPid: 1,
      command: "tmux: (server) x",
      sizeKiB: 5_859 * 4,
      priority: 20,
      cpuTimeMs: 53_210,
      state: "Uninterruptible",
    });
  });

  it("are this one and what it started, however deep", () => {
    const all = [
      [1, 0],
      [20, 10],
      [10, 1],
      [30, 20],
      [40, 1],
    ].map(([pid = 0, parentPid = 0]) => ({
      pid,
      parentPid,
      command: "x",
      sizeKiB: 0,
      priority: 20,
      cpuTimeMs: 0,
      state: "Sleeping" as const,
    }));
    expect(withDescendants(all, 10).map(({ pid }) => pid)).toEqual([20, 10, 30]);
  });

  it("are left out when the text was cut off", () => {
    expect(parseProcess("4211 (tm")).toBeUndefined();
  });
});

describe("interfaces", () => {
  it("have counters by their name, also where the number touches the colon", () => {
    const counters = parseInterfaceCounters(text("net-dev"));
    expect([...counters.keys()]).toEqual(["lo", "eth0", "wlan0"]);
    expect(counters.get("eth0")).toMatchObject({
      bytesReceived: "18446744073709551615",
      packetsSent: "70227",
      errorsReceived: "3",
      multicastReceived: "9",
    });
  });

  it("are wires by hardware type, not by name", () => {
    const describeIt = (files: Record<string, string>, isVirtual = false) =>
      describeInterface("enp1s0", { files, addresses: [], counters: undefined, isVirtual });
    const wire = describeIt({
      type: "1\n",
      flags: "0x1003\n",
      operstate: "up\n",
      address: "00:11:22:aa:bb:cc\n",
      speed: "-1\n",
    });
    expect(wire).toMatchObject({ isEthernet: true, isEnabled: true, status: "Up" });
    expect(wire.macAddress).toBe("00:11:22:AA:BB:CC");
    expect(wire.speedMbps).toBeUndefined();
    expect(describeIt({ type: "1" }, true).isEthernet).toBe(false);
    const loopback = describeIt({ type: "772", flags: "0x9", operstate: "unknown" });
    expect(loopback).toMatchObject({ isLoopback: true, status: "Up" });
    expect(loopback.macAddress).toBeUndefined();
  });
});

describe("routes", () => {
  it("are read from words in the machine's byte order, without those that are down", () => {
    const routes = parseRoutes(text("net-route"));
    expect(routes).toHaveLength(3);
    expect(routes[2]).toEqual({
      interfaceName: "eth0",
      destination: "192.0.2.0",
      mask: "255.255.255.0",
      gateway: "",
      metric: 0,
    });
  });

  it("prefer the default route with the smallest metric", () => {
    expect(defaultRoute(parseRoutes(text("net-route")))?.gateway).toBe("192.0.2.1");
    expect(defaultRoute([])).toBeUndefined();
  });
});

describe("the resolver", () => {
  it("has its servers in order, without comments, scopes and duplicates", () => {
    expect(parseNameServers(text("resolv.conf"))).toEqual([
      "192.0.2.53",
      "fe80::1",
      "2001:db8::53",
    ]);
  });
});

describe("the clock", () => {
  it("has the rule of the zone", () => {
    expect(parseZoneRule(fixture("localtime-berlin"))).toBe("CET-1CEST,M3.5.0,M10.5.0/3");
    expect(parseZoneRule(Buffer.from("no zone\n"))).toBeUndefined();
  });

  it("knows the servers of chrony and of systemd-timesyncd", () => {
    expect(parseTimeServers(text("chrony.conf"))).toEqual(["2.debian.pool.ntp.org", "192.0.2.123"]);
    expect(parseTimeServers("[Time]\n#NTP=\nNTP=a.example b.example\nFallbackNTP=c\n")).toEqual([
      "a.example",
      "b.example",
    ]);
  });
});

it("no parser throws, whatever it is given", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const any = Buffer.from(bytes).toString("latin1");
      parseMeminfo(any);
      parseProcessorTime(any);
      parseProcess(any);
      parseInterfaceCounters(any);
      parseRoutes(any);
      parseNameServers(any);
      parseTimeServers(any);
      parseZoneRule(Buffer.from(`TZif2${any}\n`));
    }),
  );
});
