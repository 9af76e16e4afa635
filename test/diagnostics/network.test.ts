import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runPing } from "../../src/diagnostics/ping.ts";
import { runTraceRoute } from "../../src/diagnostics/trace-route.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { SmallNetwork, runTests } from "./small-network.ts";
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

  it("reaches a host behind the router, and lists the hops to it", () => {
    const [pinged, route] = network.run(
      ["ping", { host: "203.0.113.3", interfaceName: "a0" }],
      ["traceroute", { host: "203.0.113.3", tries: 2 }],
    );
    expect(pinged).toMatchObject({
      outcome: "complete",
      sourceAddress: "198.51.100.1",
      succeeded: 1,
    });
    expect(route).toMatchObject({
      outcome: "complete",
      responseMs: expect.any(Number) as number,
      hops: [
        {
          host: "198.51.100.2",
          hostAddress: "",
          errorCode: 0,
          timesMs: [expect.any(Number), expect.any(Number)],
        },
        {
          host: "203.0.113.3",
          hostAddress: "",
          errorCode: 3,
          timesMs: [expect.any(Number), expect.any(Number)],
        },
      ],
    });
  });

  it("tells hosts that cannot be reached, and how far the way went", () => {
    const noRoute = { outcome: "failed", reason: "NoRouteToHost" };
    const [unknown, unknownRoute, noNeighbour, tooFar, behindRouter] = network.run(
      ["ping", { host: "192.0.2.1" }],
      ["traceroute", { host: "192.0.2.1" }],
      ["ping", { host: "198.51.100.77" }], // nobody answers the ARP request
      ["traceroute", { host: "203.0.113.3", maxHops: 1 }],
      ["traceroute", { host: "203.0.113.77", tries: 1 }],
    );
    expect([unknown, unknownRoute, noNeighbour]).toEqual([noRoute, noRoute, noRoute]);
    expect(tooFar).toMatchObject({
      outcome: "failed",
      reason: "MaxHopCountExceeded",
      hops: [{ host: "198.51.100.2" }],
    });
    // While the router still looks for the host it may let a probe go unanswered, which makes a hop without a name.
    expect(behindRouter).toMatchObject(noRoute);
    const { hops } = behindRouter as { readonly hops: readonly { readonly host: string }[] };
    const named = hops.filter(({ host }) => host !== "");
    expect(named).toMatchObject([
      { host: "198.51.100.2", errorCode: 0 },
      { host: "198.51.100.2", errorCode: 1 },
    ]);
  });

  it("does not take silence for an answer", () => {
    network.set(network.printer, "icmp_echo_ignore_all", 1);
    const [silent] = network.run(["ping", { host: "203.0.113.3", timeoutMs: 200 }]);
    expect(silent).toMatchObject({ outcome: "complete", succeeded: 0, failed: 1, averageUs: 0 });
  });

  it("takes programs that are not installed for a fault of the box", () => {
    const hide = 'for p in ping traceroute; do mount --bind /dev/null "$(command -v $p)"; done';
    const prefix = ["unshare", "-m", "sh", "-c", `${hide}; exec "$@"`, "sh"] as const;
    const internal = { outcome: "failed", reason: "Internal" };
    const host = { host: "127.0.0.1" };
    const results = runTests(prefix, [
      ["ping", host],
      ["traceroute", host],
    ]);
    expect(results).toEqual([internal, internal]);
  });
});
