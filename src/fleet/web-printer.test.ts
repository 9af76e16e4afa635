import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  FaultWorld,
  type FaultyPorts,
  type WorldOptions,
  printerId,
  wanted,
  writes,
} from "../../test/fleet/fault-world.ts";
import { FaultyPrinter } from "../../test/fleet/faulty-printer.ts";
import { TwoWayMapping } from "../../test/fleet/two-way-mapping.ts";
import type { Printer } from "./printer.ts";

let printer: FaultyPrinter;
let dataDir = "";
let world: FaultWorld;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "mfpgate-web-"));
  printer = new FaultyPrinter();
  Object.assign(printer.settings, { location: "Room 1", contact: "Bob", dns: "old", mail: "old" });
  await printer.start();
});

afterEach(async () => {
  await world.close();
  printer.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const timeoutMs = 400;

function both(): FaultyPorts {
  return { snmpPort: printer.snmpPort, ewsPort: printer.ewsPort, timeoutMs };
}

async function open(options: WorldOptions = {}, ports = both()): Promise<Printer> {
  world = await FaultWorld.open(dataDir, ports, options);
  await world.adopt(ports);
  return adopted();
}

function adopted(): Printer {
  const found = world.fleet.printer(printerId);
  if (found === undefined) throw new Error("not adopted");
  return found;
}

/** The service started anew on what is on disk. */
async function restart(options: WorldOptions = {}): Promise<void> {
  await world.close();
  world = await FaultWorld.open(dataDir, both(), options);
  await world.poll();
}

async function audited(): Promise<readonly string[]> {
  const rows = await world.store.audit.query(printerId);
  return [...new Set(rows.map(({ who, outcome }) => `${who} ${outcome}`))];
}

describe("a printer without an agent", () => {
  const mapping = new TwoWayMapping({ hasOnlyPages: true });
  const options = { mapping: () => mapping };
  const ports = (): FaultyPorts => ({
    snmpPort: undefined,
    ewsPort: printer.ewsPort,
    timeoutMs,
  });

  it("is adopted by what its pages tell, read and written", async () => {
    const found = await open(options, ports());
    expect(found.facts()).toMatchObject({ proxyProtocol: "X_MFPGATE-ORG_EWS" });
    expect(found.stored).toMatchObject({ snmpPort: undefined, ews: { port: printer.ewsPort } });
    expect(world.value("Network.DNS.PrimaryServer")).toBe("old");
    expect(await found.write(writes.slice(2), { who: "cli" })).toEqual({ outcome: "applied" });
    expect(printer.settings).toMatchObject({ dns: wanted.dns, mail: wanted.mail });
    expect(await audited()).toEqual(["cli applied"]);
    expect(await found.responseMs(AbortSignal.timeout(5_000))).toBeGreaterThanOrEqual(0);
  });

  it("is unreachable when its web server is silent, and online when that is back", async () => {
    const found = await open(options, ports());
    printer.isOn = false;
    await world.poll();
    await world.poll();
    expect(found.facts().reachability).toBe("Unreachable");
    await expect(found.responseMs(AbortSignal.timeout(5_000))).rejects.toThrow();
    printer.isOn = true;
    await world.poll();
    expect(found.facts().reachability).toBe("Online");
  });
});

describe("a page that is built in another way", () => {
  it("is not believed, over a restart of the service too, until the operator says that it is right", async () => {
    await open();
    printer.hasNewLayout = true;
    printer.settings.dns = "10.9.9.9";
    await world.poll();
    await world.poll();
    expect(world.value("Network.DNS.PrimaryServer")).toBe("old");
    const told = world.events.filter(({ kind }) => kind === "pageChanged");
    expect(told.map(({ text }) => text.split(" ")[0])).toEqual(["/dns", "/mail"]);
    expect(told[0]?.text).toMatch(/primary was at .*form.*, is at .*div\.new/);
    await restart();
    expect(world.value("Network.DNS.PrimaryServer")).toBe("old");
    expect(world.kinds()).not.toContain("pageChanged");
    expect(await adopted().acceptPages()).toBe(true);
    await world.poll();
    expect(world.value("Network.DNS.PrimaryServer")).toBe("10.9.9.9");
    expect(await adopted().acceptPages()).toBe(false);
  });

  it("is believed again with another version of the mapping: its author has seen it", async () => {
    let mapping = new TwoWayMapping();
    await open({ mapping: () => mapping });
    printer.hasNewLayout = true;
    printer.settings.dns = "10.9.9.9";
    await world.poll();
    expect(adopted().web?.distrustedPages).toEqual(["/dns", "/mail"]);
    mapping = new TwoWayMapping({ version: "2" });
    await world.poll();
    expect(world.value("Network.DNS.PrimaryServer")).toBe("10.9.9.9");
  });
});

describe("a write that restarts the printer", () => {
  const mapping = new TwoWayMapping({ restarts: "network" });
  const options = { mapping: () => mapping };

  it("is promised and told when the printer is back", async () => {
    const found = await open(options);
    const result = await found.write(writes, { who: "api" });
    if (result.outcome !== "pending") throw new Error(result.outcome);
    expect(result.reason).toContain("the network restarts");
    expect(world.kinds()).toContain("writePending");
    expect(await found.write(writes.slice(0, 1), { who: "acs" })).toMatchObject({
      outcome: "unreachable",
    });
    world.clock.skip(60_000);
    await world.poll();
    expect(await result.settled).toBe("applied");
    expect(await audited()).toEqual([
      "api pending",
      expect.stringContaining("acs refused: an earlier write"),
      "api applied",
    ]);
  });

  it("is ended by the next process when this one does not live to see it", async () => {
    const found = await open(options);
    await found.write(writes, { who: "acs" });
    printer.settings.mail = "old"; // it did not take
    await restart(options);
    expect(await world.store.printers.unfinishedJournal()).toHaveLength(1);
    world.clock.skip(600_000);
    await world.poll(); // takes it back, which restarts the network again
    world.clock.skip(600_000);
    await world.poll();
    expect(await world.store.printers.unfinishedJournal()).toEqual([]);
    expect(printer.settings).toEqual({
      ...{ location: "Room 1", contact: "Bob", dns: "old", mail: "old" },
    });
    expect((await audited()).at(-1)).toBe("acs undone");
  });
});

describe("a site that lets nothing be written", () => {
  it("says so where it is asked, and keeps the attempt in the audit", async () => {
    const policy = { readOnly: true, mayRestartAt: () => true as const };
    const found = await open({ policy });
    const [write] = writes;
    expect(found.snapshot().shape.writable).not.toContain(true);
    expect(found.whyReadOnly(write?.path ?? "")).toContain("writes.readOnly");
    expect(await found.write(writes, { who: "acs" })).toMatchObject({ outcome: "failed" });
    expect(printer.settings.location).toBe("Room 1");
    expect(await audited()).toEqual([expect.stringMatching(/^acs refused: .*writes\.readOnly/)]);
  });
});

describe("the preview of a write", () => {
  it("names steps, what they bring down, and the values now, and changes nothing", async () => {
    const mapping = new TwoWayMapping({ restarts: "printer" });
    const policy = { readOnly: false, mayRestartAt: () => "not before 22:00" };
    const found = await open({ mapping: () => mapping, policy });
    printer.settings.location = wanted.location;
    const preview = await found.planWrites(writes);
    expect(preview.steps.map(({ description, restarts }) => [description, restarts])).toEqual([
      ["SNMP SET", undefined],
      ["form /dns: primary", undefined],
      ["form /mail: server", "printer"],
    ]);
    expect(preview.steps[0]?.paths).toEqual([writes[1]?.path]);
    expect(preview.objections).toEqual([
      { path: writes[3]?.path, reason: "restarts the printer; not before 22:00" },
    ]);
    expect([...preview.before.values()]).toEqual([wanted.location, "Bob", "old", "old"]);
    expect(printer.settings).toMatchObject({ contact: "Bob", dns: "old", mail: "old" });
  });
});
