import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../shared/clock.ts";
import { ManualClock } from "../shared/manual-clock.ts";
import { Recording } from "../simulator/recording.ts";
import { SnmpAgent } from "../simulator/snmp-agent.ts";
import { openSnmpSession } from "../southbound/snmp/open-session.ts";
import { parseSnmprec } from "../southbound/snmp/snmprec.ts";
import type { Candidate } from "./candidate.ts";
import { Discovery, type DiscoveryConfig } from "./discovery.ts";

/** A device with nothing a sweep would call a printer. */
const recording = new Recording(
  "odd",
  parseSnmprec("1.3.6.1.2.1.1.1.0|4|Odd label printer").varbinds,
);
const credential = { key: "public", security: { version: "2c", read: "public" } } as const;

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop();
});

async function agent(): Promise<SnmpAgent> {
  const started = new SnmpAgent({ recording, clock: systemClock });
  await started.start();
  running.push(started);
  return started;
}

/** Hosts with ports that answer in HTTP. */
const webServers = new Set<string>();

function discovery(config: Partial<DiscoveryConfig>, clock: ManualClock | typeof systemClock) {
  const found: Candidate[] = [];
  const made = new Discovery(
    {
      intervalMs: 3_600_000,
      static: [],
      snmp: { ranges: [], exclude: [], port: 161, packetsPerSecond: 500 },
      credentials: [credential],
      ...config,
    },
    {
      clock,
      openSession: (access) => openSnmpSession({ ...access, timeoutMs: 100, retries: 0 }),
      askWebServer: ({ host, port }) => Promise.resolve(webServers.has(`${host}:${port}`)),
      resolve: (host) => Promise.resolve(host === "printer.example" ? "127.0.0.1" : undefined),
      onCandidate: (candidate) => found.push(candidate),
    },
  );
  running.push(made);
  return { made, found };
}

describe("discovery", () => {
  it("takes a host the operator named for a printer, whatever it answers, and resolves its name", async () => {
    const { port } = await agent();
    const { made, found } = discovery(
      { static: [{ host: "printer.example", snmp: { port } }] },
      systemClock,
    );
    await made.run();
    expect(found).toMatchObject([
      {
        access: { host: "127.0.0.1", snmp: { host: "127.0.0.1", port } },
        credential: "public",
        discoveredBy: "static",
        sysDescr: "Odd label printer",
      },
    ]);
    expect(made.status()).toMatchObject({ isRunning: false, found: 1 });
  });

  it("uses the credential of the entry instead of the configured ones", async () => {
    const { port } = await agent();
    const own = { key: "own", security: { version: "2c", read: "wrong" } } as const;
    const { made, found } = discovery(
      { static: [{ host: "printer.example", snmp: { port, credential: own } }] },
      systemClock,
    );
    await made.run();
    expect(found).toEqual([]);
  });

  it("goes on when a name does not resolve", async () => {
    const { port } = await agent();
    const { made, found } = discovery(
      {
        static: [
          { host: "gone.example", snmp: { port } },
          { host: "printer.example", snmp: { port } },
        ],
      },
      systemClock,
    );
    await made.run();
    expect(found).toHaveLength(1);
  });

  it("looks again for configured printers that were off, before the next run", async () => {
    const clock = new ManualClock();
    const started = await agent();
    started.power.off();
    const { made, found } = discovery(
      { static: [{ host: "printer.example", snmp: { port: started.port } }] },
      clock,
    );
    await made.run();
    expect(found).toEqual([]);
    started.power.on();
    await clock.advance(60_000);
    await expect.poll(() => found.length).toBe(1);
  });

  it("takes the web server the operator named when there is no agent, or none that answers", async () => {
    const { port } = await agent();
    webServers.add("127.0.0.1:8080");
    const ews = { port: 8080, scheme: "http" } as const;
    const { made, found } = discovery(
      {
        static: [
          { host: "printer.example", ews },
          { host: "printer.example", snmp: { port: 9 }, ews },
          { host: "printer.example", snmp: { port }, ews },
          { host: "printer.example", ews: { ...ews, port: 8081 } },
        ],
      },
      systemClock,
    );
    await made.run();
    const server = { host: "127.0.0.1", ...ews };
    expect(found.map(({ access }) => [access.snmp?.port, access.ews])).toEqual(
      expect.arrayContaining([
        [undefined, server],
        [undefined, server],
        [port, server],
      ]),
    );
    expect(found).toHaveLength(3);
  });

  it("names the range that is wrong", async () => {
    const { made } = discovery({}, systemClock);
    await expect(made.run(["10.0.0.0/40"])).rejects.toMatchObject({ code: "discovery.bad-range" });
    expect(made.status().isRunning).toBe(false);
  });
});
