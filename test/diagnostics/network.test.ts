import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runPing } from "../../src/diagnostics/ping.ts";
import { runTraceRoute } from "../../src/diagnostics/trace-route.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { SmallNetwork } from "./small-network.ts";
import { mayMakeNamespaces, requireTools } from "./tools.ts";

const hasPrograms = await requireTools("ping", "traceroute", "ip");
const never = new AbortController().signal;
const ping = {
  host: "127.0.0.1",
  version: "Any",
  repetitions: 1,
  timeoutMs: 1000,
  blockSize: 32,
  dscp: 0,
  clock: systemClock,
} as const;
const trace = { ...ping, tries: 3, maxHops: 30 };

describe.skipIf(!hasPrograms)("ping and traceroute on this host", () => {
  it("pings, counts and measures in microseconds", async () => {
    const result = await runPing({ ...ping, repetitions: 3, dscp: 46 }, never);
    expect(result).toMatchObject({
      outcome: "complete",
      sourceAddress: "127.0.0.1",
      succeeded: 3,
      failed: 0,
    });
    if (result.outcome !== "complete") return;
    expect(result.minimumUs).toBeGreaterThan(0);
    expect(result.minimumUs).toBeLessThanOrEqual(result.averageUs);
    expect(result.averageUs).toBeLessThanOrEqual(result.maximumUs);
  });

  it("measures with blocks too small for a time stamp", async () => {
    const result = await runPing({ ...ping, blockSize: 1 }, never);
    expect(result).toMatchObject({ outcome: "complete", succeeded: 1 });
  });

  it("tells a name that has no address", async () => {
    const host = "no-such-host.invalid";
    const failed = { outcome: "failed", reason: "CannotResolveHostName" };
    expect(await runPing({ ...ping, host }, never)).toEqual(failed);
    expect(await runTraceRoute({ ...trace, host }, never)).toEqual(failed);
    expect(await runPing({ ...ping, version: "IPv6" }, never)).toEqual(failed);
  });

  it("never takes a host for an option of the program", async () => {
    for (const host of ["-h", "--help", "127.0.0.1 -f", "$(id)", ""])
      expect(await runPing({ ...ping, host }, never)).toEqual({
        outcome: "failed",
        reason: "CannotResolveHostName",
      });
  });

  it("reports what ping refuses to do as an error", async () => {
    const result = await runPing({ ...ping, interfaceName: "nosuch0" }, never);
    expect(result).toEqual({ outcome: "failed", reason: "Other" });
  });

  it("finds the route to itself", async () => {
    const result = await runTraceRoute(trace, never);
    expect(result).toMatchObject({ outcome: "complete", sourceAddress: "127.0.0.1" });
    if (result.outcome !== "complete") return;
    expect(result.responseMs).toBeGreaterThanOrEqual(1);
    expect(result.hops).toHaveLength(1);
    expect(result.hops[0]?.timesMs).toHaveLength(3);
    expect(result.hops[0]?.errorCode).toBe(3);
  });
});

describe.skipIf(!hasPrograms || !mayMakeNamespaces())("ping and traceroute over a router", () => {
  let network: SmallNetwork;
  beforeAll(() => {
    network = new SmallNetwork();
  });
  afterAll(() => {
    network.remove();
  });

  it("reaches a host behind the router", () => {
    expect(network.run("ping", { host: "203.0.113.3", interfaceName: "a0" })).toMatchObject({
      outcome: "complete",
      sourceAddress: "198.51.100.1",
      succeeded: 1,
    });
  });

  it("tells a host without a route from one that is silent", () => {
    const noRoute = { outcome: "failed", reason: "NoRouteToHost" };
    expect(network.run("ping", { host: "192.0.2.1" })).toEqual(noRoute);
    expect(network.run("traceroute", { host: "192.0.2.1" })).toEqual(noRoute);
    // Nobody answers the ARP request; the box says so only after three seconds.
    expect(network.run("ping", { host: "198.51.100.77", timeoutMs: 4000 })).toEqual(noRoute);
    expect(network.run("ping", { host: "198.51.100.77", timeoutMs: 200 })).toMatchObject({
      outcome: "complete",
      succeeded: 0,
      failed: 1,
      averageUs: 0,
    });
  });

  it("lists the hops of a route", () => {
    const result = network.run("traceroute", { host: "203.0.113.3", tries: 2 });
    expect(result).toMatchObject({
      outcome: "complete",
      responseMs: 1,
      hops: [
        { host: "198.51.100.2", hostAddress: "", errorCode: 0, timesMs: [1, 1] },
        { host: "203.0.113.3", hostAddress: "", errorCode: 3, timesMs: [1, 1] },
      ],
    });
  });

  it("says that the route is longer than allowed, and how far it came", () => {
    expect(network.run("traceroute", { host: "203.0.113.3", maxHops: 1 })).toMatchObject({
      outcome: "failed",
      reason: "MaxHopCountExceeded",
      hops: [{ host: "198.51.100.2" }],
    });
  });

  it("says that a router knows no way further", () => {
    const result = network.run("traceroute", { host: "203.0.113.77", timeoutMs: 4000, tries: 1 });
    expect(result).toMatchObject({
      outcome: "failed",
      reason: "NoRouteToHost",
      hops: [
        { host: "198.51.100.2", errorCode: 0 },
        { host: "198.51.100.2", errorCode: 1 },
      ],
    });
  });
});
