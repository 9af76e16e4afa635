import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FleetBench, minuteMs, printerRecording } from "../../test/fleet/fleet-bench.ts";
import type { ModelValue } from "../model/definition.ts";
import { toPath } from "../model/model.ts";
import type { SnmpAgent } from "../simulator/snmp-agent.ts";
import type { Printer } from "./printer.ts";

const id = "0017c8-a1";
const location = toPath("General.SystemLocation");

let bench: FleetBench;
let agent: SnmpAgent;
beforeEach(async () => {
  bench = new FleetBench();
  agent = await bench.agent(printerRecording("A1"));
});
afterEach(async () => {
  await bench.dispose();
});

function printer(): Printer {
  const found = bench.fleet.printer(id);
  if (found === undefined) throw new Error("not adopted");
  return found;
}

async function adopted(): Promise<Printer> {
  await bench.start();
  await bench.discover(agent);
  return printer();
}

const writesOf = (values: Readonly<Record<string, ModelValue>>) =>
  Object.entries(values).map(([name, value]) => ({ path: toPath(`Interaction.${name}`), value }));

async function set(values: Readonly<Record<string, ModelValue>>): Promise<void> {
  const result = await printer().interaction.set(writesOf(values), { who: "acs" });
  expect(result).toMatchObject({ outcome: "applied" });
}

const get = (name: string) => printer().interaction.get(`Interaction.${name}`);
const reachability = () => printer().facts().reachability;

/** Two polls: one lost datagram is no outage. */
async function pollTwice(): Promise<void> {
  await bench.fleet.pollNow(id);
  await bench.fleet.pollNow(id);
}

describe("how a printer is talked to", () => {
  it("reads as configured where nobody set it, secrets empty", async () => {
    await adopted();
    const values = Object.fromEntries(
      ["PollInterval", "SNMP.Enable", "SNMP.Address", "SNMP.Port", "SNMP.Version"]
        .concat(["SNMP.ReadCommunity", "SNMP.AuthProtocol", "SNMP.Timeout", "SNMP.Status"])
        .concat(["EWS.Enable", "EWS.AuthMethod", "EWS.Password", "EWS.Status"])
        .map((name) => [name, get(name)]),
    );
    expect(values).toEqual({
      PollInterval: 60,
      "SNMP.Enable": true,
      "SNMP.Address": "127.0.0.1",
      "SNMP.Port": agent.port,
      "SNMP.Version": "v2c",
      "SNMP.ReadCommunity": "",
      "SNMP.AuthProtocol": "None",
      "SNMP.Timeout": 2,
      "SNMP.Status": "OK",
      "EWS.Enable": true,
      "EWS.AuthMethod": "None",
      "EWS.Password": "",
      "EWS.Status": "Disabled",
    });
    expect(get("SNMP.LastSuccess")).toBe(
      new Date(bench.clock.nowMs()).toISOString().replace(".000", ""),
    );
    expect(get("IPP.Enable")).toBeUndefined();
  });

  it("changes with the next conversation, which follows at once", async () => {
    await adopted();
    await set({ "SNMP.ReadCommunity": "wrong" });
    await pollTwice();
    expect(reachability()).toBe("Unreachable");
    expect(get("SNMP.Status")).toBe("Timeout");
    expect(agent.counts.wrongCommunity).toBeGreaterThan(0);
    await set({ "SNMP.ReadCommunity": "public" });
    await expect.poll(reachability).toBe("Online");
    expect(get("SNMP.Status")).toBe("OK");
    expect(bench.kinds().filter((kind) => kind === "interactionChanged")).toHaveLength(2);
  });

  it("is on disk when it is set, and in force in the next process", async () => {
    const found = await adopted();
    await set({ "SNMP.ReadCommunity": "wrong", PollInterval: 300, "EWS.Enable": false });
    expect(found.interaction.overridden).toEqual([
      "SNMP.ReadCommunity",
      "PollInterval",
      "EWS.Enable",
    ]);
    await bench.stop();
    await bench.start();
    expect(get("PollInterval")).toBe(300);
    expect(get("EWS.Enable")).toBe(false);
    await pollTwice();
    expect(reachability()).toBe("Unreachable");
    await set({ "SNMP.ReadCommunity": "" });
    await expect.poll(reachability).toBe("Online");
    await printer().interaction.reset();
    expect(printer().interaction.overridden).toEqual([]);
    expect(get("PollInterval")).toBe(60);
  });

  it("is kept sealed, and goes with the printer", async () => {
    await adopted();
    await set({ "EWS.Password": "hunter-2-secret" });
    const { printers } = bench.store;
    expect((await printers.loadMemory(id)).interaction).toContain("hunter-2-secret");
    await bench.fleet.remove(id);
    expect(await printers.loadMemory(id)).toEqual({});
  });

  it("stays as it was when it cannot be stored", async () => {
    await adopted();
    vi.spyOn(bench.store.printers, "saveInteraction").mockRejectedValueOnce(new Error("full"));
    const wish = writesOf({ "SNMP.Address": "127.0.0.9", "SNMP.Port": 1 });
    await expect(printer().interaction.set(wish, { who: "acs" })).rejects.toThrow("full");
    expect([get("SNMP.Address"), get("SNMP.Port")]).toEqual(["127.0.0.1", agent.port]);
    await set({ "SNMP.Retries": 1 });
    expect(get("SNMP.Retries")).toBe(1);
  });

  it("decides what may be written: a community for it makes settings writable", async () => {
    await bench.start();
    await bench.discover(agent, "public");
    const found = printer();
    const isWritable = () => {
      const { shape } = found.snapshot();
      return shape.writable[shape.indexOf.get(location) ?? -1];
    };
    expect(isWritable()).toBe(false);
    await set({ "SNMP.WriteCommunity": "private" });
    await bench.fleet.pollNow(id);
    expect(isWritable()).toBe(true);
    const write = [{ path: location, value: "Room 2" }];
    expect(await found.write(write)).toEqual({ outcome: "applied" });
    await set({ "SNMP.Enable": false });
    expect(found.whyReadOnly(location)).toContain("Interaction.SNMP.Enable");
  });

  it("speaks SNMPv3 when that is set, and tells keys that are wrong from silence", async () => {
    const auth = { protocol: "sha", key: "auth-phrase" } as const;
    agent = await bench.agent(printerRecording("A1"), { v3Users: [{ user: "ops", auth }] });
    await adopted();
    await set({ "SNMP.Port": agent.port });
    const v3 = { "SNMP.Version": "v3", "SNMP.SecurityName": "ops", "SNMP.AuthProtocol": "SHA" };
    const wrong = await printer().interaction.set(writesOf(v3), { who: "acs" });
    expect(wrong).toMatchObject({
      outcome: "failed",
      failures: [{ reason: expect.stringContaining("AuthPassword") as unknown }],
    });
    await set({ ...v3, "SNMP.AuthPassword": "not-the-phrase" });
    await pollTwice();
    expect(get("SNMP.Status")).toBe("AuthError");
    await set({ "SNMP.AuthPassword": "auth-phrase" });
    await expect.poll(() => get("SNMP.Status")).toBe("OK");
    expect([get("SNMP.Version"), get("SNMP.SecurityName"), get("SNMP.AuthProtocol")]).toEqual([
      "v3",
      "ops",
      "SHA",
    ]);
  });

  it("leaves an agent alone that is switched off, and keeps the mapping for its return", async () => {
    await adopted();
    await set({ "SNMP.Enable": false, "EWS.Enable": false });
    await pollTwice();
    const { received } = agent.counts;
    await bench.clock.advance(10 * minuteMs);
    await pollTwice();
    expect(agent.counts.received).toBe(received);
    expect([get("SNMP.Enable"), get("SNMP.Status"), reachability()]).toEqual([
      false,
      "Disabled",
      "Unreachable",
    ]);
    await set({ "SNMP.Enable": true });
    await expect.poll(reachability).toBe("Online");
    expect(bench.value(id, "Supply.1.CurrentLevel")).toBe(80);
    expect(printer().facts().mapping).toBe("test/simple");
  });

  it("follows its own poll interval, over a restart too", async () => {
    await adopted();
    await set({ PollInterval: 5 });
    const polls = async (): Promise<number> => {
      const { received } = agent.counts;
      for (let second = 0; second < 20; second++) {
        await bench.clock.advance(1_000);
        await expect.poll(() => bench.fleet.status().polling.running).toBe(0);
      }
      return agent.counts.received - received;
    };
    expect(await polls()).toBeGreaterThanOrEqual(3);
    await set({ PollInterval: 3_600 });
    await polls(); // what was due before
    expect(await polls()).toBe(0);
    await bench.stop();
    await bench.start();
    expect(printer().periodsMs.status).toBe(3_600_000);
  });
});

describe("the address of a printer", () => {
  it("is where it is asked from now on", async () => {
    await adopted();
    const moved = await bench.agent(printerRecording("A1"), {
      host: "127.0.0.9",
      port: agent.port,
    });
    await agent.stop();
    await set({ "SNMP.Address": "127.0.0.9" });
    await expect.poll(() => moved.counts.received).toBeGreaterThan(0);
    await bench.fleet.pollNow(id);
    expect([reachability(), printer().facts().host]).toEqual(["Online", "127.0.0.9"]);
    expect(bench.events).toContainEqual(
      expect.objectContaining({
        kind: "moved",
        text: expect.stringContaining("127.0.0.9") as unknown,
      }),
    );
    await bench.stop();
    await bench.start();
    expect(get("SNMP.Address")).toBe("127.0.0.9");
  });

  it("does not make another machine the printer, which is said also of one that was away", async () => {
    await adopted();
    const stranger = await bench.agent(printerRecording("B2", "02"), {
      host: "127.0.0.9",
      port: agent.port,
    });
    await agent.stop();
    await pollTwice();
    expect(reachability()).toBe("Unreachable");
    await set({ "SNMP.Address": "127.0.0.9" });
    await expect.poll(() => bench.kinds()).toContain("stranger");
    expect(stranger.counts.answered).toBeGreaterThan(0);
    expect([reachability(), get("SNMP.Status")]).toEqual(["Unreachable", "Timeout"]);
    expect(bench.value(id, "General.SerialNumber")).toBe("A1");
  });

  it("is put back with everything else", async () => {
    await adopted();
    const writes = writesOf({ "SNMP.Address": "127.0.0.9", "SNMP.Retries": 0 });
    const result = await printer().interaction.set(writes, { who: "cli" });
    if (result.outcome !== "applied") throw new Error(result.outcome);
    await result.undo();
    expect([get("SNMP.Address"), get("SNMP.Retries")]).toEqual(["127.0.0.1", 2]);
    await bench.fleet.pollNow(id);
    expect(reachability()).toBe("Online");
    const outcomes = (await bench.store.audit.query(id)).map(({ who, outcome }) => [who, outcome]);
    expect(outcomes).toEqual([
      ["cli", "applied"],
      ["cli", "applied"],
      ["cli", "undone"],
      ["cli", "undone"],
    ]);
  });
});

describe("what is refused", () => {
  it("is named with the reason, and noted down without secrets", async () => {
    await adopted();
    const refusals: readonly (readonly [Readonly<Record<string, ModelValue>>, RegExp])[] = [
      [{ "SNMP.Address": "http://192.0.2.1/" }, /no host/],
      [{ "EWS.URL": "http://198.51.100.1/" }, /another host than the printer's, 127\.0\.0\.1/],
      [{ "EWS.URL": "ftp://127.0.0.1/" }, /http:/],
      [{ "EWS.URL": "http://me:secret@127.0.0.1/" }, /scheme, host and port only/],
      [{ "EWS.URL": "http://127.0.0.1/admin" }, /scheme, host and port only/],
      [{ "EWS.AuthMethod": "Basic" }, /no login but None/],
      [{ "SNMP.AuthPassword": "short" }, /shorter than 8/],
      [{ "SNMP.Version": "v3" }, /SecurityName/],
    ];
    for (const [values, reason] of refusals) {
      const result = await printer().interaction.set(writesOf(values), { who: "api" });
      if (result.outcome !== "failed") throw new Error(JSON.stringify(values));
      expect(result.failures[0]?.reason).toMatch(reason);
    }
    expect(printer().interaction.overridden).toEqual([]);
    const rows = await bench.store.audit.query(id);
    expect(rows).toHaveLength(refusals.length);
    expect(rows.every(({ outcome }) => outcome.startsWith("refused: "))).toBe(true);
    const passPhrase = rows.find(({ path }) => path.endsWith("AuthPassword"));
    expect(passPhrase).toMatchObject({ before: undefined, after: "[redacted]" });
  });

  it("takes nothing of the rest along", async () => {
    await adopted();
    const writes = writesOf({ "SNMP.Port": 1, "EWS.URL": "http://198.51.100.1/" });
    const result = await printer().interaction.set(writes, { who: "acs" });
    expect(result).toMatchObject({ outcome: "failed", failures: [{ path: writes[1]?.path }] });
    expect(get("SNMP.Port")).toBe(agent.port);
  });

  it("knows the host of the same request", async () => {
    await adopted();
    await set({ "SNMP.Address": "127.0.0.9", "EWS.URL": "http://127.0.0.9:8080" });
    expect(get("EWS.URL")).toBe("http://127.0.0.9:8080");
  });
});
