import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../shared/clock.ts";
import { Recording } from "../simulator/recording.ts";
import { SnmpAgent, type SnmpAgentOptions } from "../simulator/snmp-agent.ts";
import type { SnmpV3Security } from "../southbound/driver.ts";
import { openSnmpSession } from "../southbound/snmp/open-session.ts";
import { parseSnmprec } from "../southbound/snmp/snmprec.ts";
import type { Candidate } from "./candidate.ts";
import { type DiscoveryCredential, Refusals } from "./credentials.ts";
import { type SweepOptions, sweep } from "./snmp-sweep.ts";

const system = (descr: string): string[] => [
  `1.3.6.1.2.1.1.1.0|4|${descr}`,
  "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999.1",
];
const hrPrinter = "1.3.6.1.2.1.25.3.5.1.1.1|2|3";
const kinds = {
  /** Printer-MIB, nothing after it: a v1 agent fails the combined question. */
  printer: [...system("Acme Laser"), "1.3.6.1.2.1.43.5.1.1.17.1|4|A1"],
  printServer: [...system("Acme Net"), hrPrinter, "1.3.6.1.4.1.683.1.5.0|4|9"],
  switch: [...system("Acme Switch"), "1.3.6.1.2.1.17.1.1.0|4|x", "1.3.6.1.4.1.9.1.0|2|1"],
  computer: [
    ...system("Windows"),
    "1.3.6.1.2.1.25.3.2.1.2.1|6|1.3.6.1.2.1.25.3.1.5",
    hrPrinter,
    "1.3.6.1.2.1.25.4.2.1.1.4|2|4",
    "1.3.6.1.4.1.311.1.0|2|1",
  ],
} as const;

const running: SnmpAgent[] = [];
afterEach(async () => {
  for (const agent of running.splice(0)) await agent.stop();
});

/** Agents on one port, on loopback addresses of their own. */
async function lan(
  agents: readonly (Partial<SnmpAgentOptions> & { host: string; kind: keyof typeof kinds })[],
): Promise<number> {
  let port = 0;
  for (const { kind, ...options } of agents) {
    const recording = new Recording(kind, parseSnmprec(kinds[kind].join("\n")).varbinds);
    const agent = new SnmpAgent({ recording, clock: systemClock, port, ...options });
    await agent.start();
    running.push(agent);
    port = agent.port;
  }
  return port;
}

const community = (read: string, version: "1" | "2c" = "2c"): DiscoveryCredential => ({
  key: `${version} ${read}`,
  security: { version, read },
});

async function run(port: number, options: Partial<SweepOptions> = {}) {
  const found: Candidate[] = [];
  const report = await sweep({
    ranges: ["127.77.0.0/28"],
    port,
    packetsPerSecond: 2_000,
    credentials: [community("public")],
    openSession: openSnmpSession,
    clock: systemClock,
    answerWaitMs: 200,
    onCandidate: (candidate) => found.push(candidate),
    ...options,
  });
  const hosts = found.map(({ access }) => access.host).sort();
  return { report, found, hosts };
}

describe("SNMP sweep", () => {
  it("finds printers and print servers, and no other devices", async () => {
    const port = await lan([
      { host: "127.77.0.2", kind: "printer" },
      { host: "127.77.0.3", kind: "switch" },
      { host: "127.77.0.4", kind: "computer" },
      { host: "127.77.0.5", kind: "printServer" },
    ]);
    const { hosts, found, report } = await run(port);
    expect(hosts).toEqual(["127.77.0.2", "127.77.0.5"]);
    expect(report).toMatchObject({ addresses: 14, answered: 4, found: 2 });
    expect(found.find(({ access }) => access.host === "127.77.0.2")).toMatchObject({
      credential: "2c public",
      discoveredBy: "snmp",
      sysDescr: "Acme Laser",
      sysObjectId: "1.3.6.1.4.1.99999.1",
    });
  });

  it("recognises SNMPv1 printers although their agent fails a question for one missing name", async () => {
    const port = await lan([
      { host: "127.77.0.2", kind: "printer", versions: ["1"] },
      { host: "127.77.0.4", kind: "computer", versions: ["1"] },
    ]);
    expect((await run(port, { credentials: [community("public", "1")] })).hosts).toEqual([
      "127.77.0.2",
    ]);
  });

  it("tries the next credential on silent hosts only, and says which one worked", async () => {
    const port = await lan([
      { host: "127.77.0.2", kind: "printer" },
      { host: "127.77.0.3", kind: "printer", readCommunity: "secret" },
    ]);
    const { found } = await run(port, { credentials: [community("public"), community("secret")] });
    const worked = found.map(({ access, credential }) => `${access.host} ${credential}`).sort();
    expect(worked).toEqual(["127.77.0.2 2c public", "127.77.0.3 2c secret"]);
  });

  it("asks again where the first packet was lost", async () => {
    const port = await lan([{ host: "127.77.0.2", kind: "printer" }]);
    running[0]?.misbehave({ drop: (request) => request === 0 });
    expect((await run(port)).hosts).toEqual(["127.77.0.2"]);
  });

  it("asks neither excluded hosts nor those a credential is not for", async () => {
    const port = await lan([
      { host: "127.77.0.2", kind: "printer" },
      { host: "127.77.0.3", kind: "printer" },
      { host: "127.77.0.4", kind: "printer" },
    ]);
    const credentials = [{ ...community("public"), ranges: ["127.77.0.0/30"] }];
    const { hosts } = await run(port, { exclude: ["127.77.0.2"], credentials });
    expect(hosts).toEqual(["127.77.0.3"]);
    expect(running[0]?.counts.received).toBe(0);
    expect(running[2]?.counts.received).toBe(0);
  });

  it("finds SNMPv3 printers by their engine and opens them with the user that fits", async () => {
    const v3 = (user: string, key: string): SnmpV3Security => ({
      user,
      auth: { protocol: "sha256", key },
    });
    const user = (key: string): DiscoveryCredential => ({
      key,
      security: { version: "3", v3: v3("admin", key) },
    });
    const port = await lan([
      {
        host: "127.77.0.2",
        kind: "printer",
        versions: ["3"],
        v3Users: [v3("admin", "rightright")],
      },
      { host: "127.77.0.3", kind: "switch", versions: ["3"], v3Users: [v3("admin", "rightright")] },
    ]);
    const refusals = new Refusals();
    const wrong = user("wrongwrong");
    const credentials = [wrong, user("rightright")];
    const { found } = await run(port, { ranges: ["127.77.0.0/29"], credentials, refusals });
    expect(found.map(({ access, credential }) => `${access.host} ${credential}`)).toEqual([
      "127.77.0.2 rightright",
    ]);
    expect(refusals.count("127.77.0.2", wrong)).toBe(1);
    await run(port, { ranges: ["127.77.0.0/29"], credentials, refusals });
    expect(refusals.count("127.77.0.2", wrong)).toBe(1);
  });

  it("reports progress and ends at once when aborted", async () => {
    const port = await lan([{ host: "127.77.0.2", kind: "printer" }]);
    const abort = new AbortController();
    const seen: number[] = [];
    const { report } = await run(port, {
      ranges: ["127.77.0.0/20"],
      packetsPerSecond: 1_000,
      signal: abort.signal,
      onProgress: ({ sent, total }) => {
        seen.push(sent);
        expect(total).toBeGreaterThanOrEqual(sent);
        if (sent > 100) abort.abort();
      },
    });
    expect(seen.length).toBeGreaterThan(1);
    expect(report.durationMs).toBeLessThan(1_500);
    expect(report.sent).toBeLessThan(2_000);
  });
});
