import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SimpleMapping } from "../../test/fleet/simple-mapping.ts";
import {
  FleetBench,
  candidateFor,
  minuteMs,
  printerRecording,
  serviceRow,
} from "../../test/fleet/fleet-bench.ts";
import { snmpSyntax } from "../southbound/driver.ts";
import { StoreError } from "../store/errors.ts";
import type { PrinterChange } from "./printer.ts";

const id = "0017c8-a1";
const impressions = "1.3.6.1.2.1.43.10.2.1.4.1.1";
const location = `${serviceRow}General.SystemLocation`;
const contact = `${serviceRow}General.OwnerContact`;
const text = (value: string) => ({
  syntax: snmpSyntax.octetString,
  value: new TextEncoder().encode(value),
});
const counter = (value: number) => ({ syntax: snmpSyntax.counter32, value });

let bench: FleetBench;
beforeEach(() => {
  bench = new FleetBench();
});
afterEach(async () => {
  await bench.dispose();
});

describe("adopting printers", () => {
  it("presents a new printer with its values, after it is on disk", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    const fleet = await bench.start();
    const announced: string[] = [];
    fleet.onAdopted((printer) => {
      announced.push(`${printer.id} ${printer.snapshot().values.length > 0 ? "full" : "empty"}`);
    });
    await bench.discover(agent);
    expect(announced).toEqual([`${id} full`]);
    expect((await bench.store.printers.list()).map((stored) => stored.id)).toEqual([id]);
    expect(fleet.printer(id)?.identity).toEqual({
      manufacturer: "Acme",
      oui: "0017C8",
      productClass: "Acme Laser 500",
      serialNumber: "A1",
    });
    expect(fleet.printer(id)?.facts()).toMatchObject({
      host: "127.0.0.1",
      reachability: "Online",
      mapping: "test/simple",
      discoveredBy: "snmp",
    });
    expect(bench.value(id, "Counters.Impressions")).toBe(1_000);
    expect(bench.value(id, "Supply.1.CurrentLevel")).toBe(80);
    expect(bench.value(id, "Supply.2.CurrentLevel")).toBe(-3);
    expect(bench.value(id, "SupplyNumberOfEntries")).toBe(2);
    expect(bench.value(id, "AlertNumberOfEntries")).toBe(0);
  });

  it("adopts a printer with two addresses once", async () => {
    const recording = printerRecording("A1");
    const agents = [await bench.agent(recording), await bench.agent(recording)];
    const fleet = await bench.start();
    for (const agent of agents) fleet.offer(candidateFor(agent));
    await fleet.settled();
    expect(fleet.inventory()).toHaveLength(1);
  });

  it("tells two printers with one serial number by their MAC", async () => {
    const fleet = await bench.start();
    await bench.discover(await bench.agent(printerRecording("0000", "01")));
    await bench.discover(await bench.agent(printerRecording("0000", "02")));
    expect(fleet.printers().map((printer) => printer.identity.serialNumber)).toEqual([
      "0000",
      "0017C8000002",
    ]);
  });

  it("finds a printer again that moved, without adopting it anew", async () => {
    const recording = printerRecording("A1");
    const before = await bench.agent(recording);
    const fleet = await bench.start();
    await bench.discover(before);
    await before.stop();
    const after = await bench.agent(recording, { host: "127.0.0.9" });
    await bench.discover(after);
    expect(fleet.printers()).toHaveLength(1);
    expect(fleet.printer(id)?.facts().host).toBe("127.0.0.9");
    expect(bench.kinds()).toContain("moved");
    await fleet.pollNow(id);
    expect(fleet.printer(id)?.facts().reachability).toBe("Online");
  });

  it("waits for approval where configured, then presents", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    const fleet = await bench.start({ approval: "manual" });
    await bench.discover(agent);
    expect(fleet.printers()).toEqual([]);
    expect(fleet.status().printers.pending).toBe(1);
    await bench.stop();
    const restarted = await bench.start({ approval: "manual" });
    expect(restarted.printers()).toEqual([]);
    expect(await restarted.approve(id)).toBe(true);
    expect(restarted.printers().map((printer) => printer.id)).toEqual([id]);
    expect(bench.value(id, "Counters.Impressions")).toBe(1_000);
  });

  it("leaves a retired printer alone until it is approved again", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    const fleet = await bench.start();
    await bench.discover(agent);
    const retired: string[] = [];
    fleet.onRetired((printer) => retired.push(printer.id));
    expect(await fleet.retire(id)).toBe(true);
    await bench.discover(agent);
    await bench.stop();
    const restarted = await bench.start();
    expect(retired).toEqual([id]);
    expect(restarted.printers()).toEqual([]);
    expect(restarted.printer(id)?.facts().reachability).toBe("Retired");
    const received = agent.counts.received;
    await bench.clock.advance(10 * minuteMs);
    expect(agent.counts.received).toBe(received);
  });

  it("refuses what has neither serial number nor MAC, and says why", async () => {
    const agent = await bench.agent(printerRecording("", "01"));
    agent.mib.remove("1.3.6.1.2.1.2.2.1.6.1");
    const fleet = await bench.start();
    await bench.discover(agent);
    expect(fleet.inventory()).toEqual([]);
    expect(bench.events).toMatchObject([{ kind: "adoptionRefused", device: "127.0.0.1" }]);
  });
});

describe("polling", () => {
  it("tells listeners what changed and nothing else", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    const fleet = await bench.start();
    await bench.discover(agent);
    const changes: PrinterChange[] = [];
    fleet.printer(id)?.onChange((change) => changes.push(change));
    await fleet.pollNow(id);
    expect(changes).toEqual([]);
    agent.mib.set("1.3.6.1.2.1.43.11.1.1.9.1.1", { syntax: snmpSyntax.integer, value: 79 });
    await fleet.pollNow(id);
    const path = `${serviceRow}Supply.1.CurrentLevel`;
    expect(changes).toEqual([{ values: [{ path, before: 80, after: 79 }], facts: false }]);
  });

  it("lets rows come and go, and never gives a number to another row", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    const fleet = await bench.start();
    await bench.discover(agent);
    const alert = (index: number): string => `1.3.6.1.2.1.43.18.1.1.8.1.${index}`;
    agent.mib.set(alert(7), text("Jam"));
    await fleet.pollNow(id, ["status"]);
    expect(bench.value(id, "Alert.1.Description")).toBe("Jam");
    expect(bench.value(id, "AlertNumberOfEntries")).toBe(1);
    agent.mib.remove(alert(7));
    await fleet.pollNow(id, ["status"]);
    expect(bench.value(id, "Alert.1.Description")).toBeUndefined();
    expect(bench.value(id, "AlertNumberOfEntries")).toBe(0);
    agent.mib.set(alert(8), text("Door open"));
    await fleet.pollNow(id, ["status"]);
    expect(bench.value(id, "Alert.2.Description")).toBe("Door open");
    expect(bench.value(id, "Supply.1.CurrentLevel")).toBe(80);
  });

  it("keeps old values and their age while the printer is silent, and calls it unreachable after two polls", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    const fleet = await bench.start();
    await bench.discover(agent);
    const readAtMs = fleet.printer(id)?.snapshot().readAtMs.status;
    agent.power.off();
    await bench.clock.advance(minuteMs);
    await fleet.pollNow(id);
    expect(fleet.printer(id)?.facts().reachability).toBe("Online");
    await fleet.pollNow(id);
    expect(fleet.printer(id)?.facts().reachability).toBe("Unreachable");
    expect(bench.value(id, "Supply.1.CurrentLevel")).toBe(80);
    expect(fleet.printer(id)?.snapshot().readAtMs.status).toBe(readAtMs);
    expect(bench.kinds().filter((kind) => kind === "unreachable")).toHaveLength(1);
    agent.power.on();
    await fleet.pollNow(id);
    expect(fleet.printer(id)?.facts().reachability).toBe("Online");
    expect(bench.kinds()).toContain("online");
  });

  it("notices a restart by the uptime", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    const fleet = await bench.start();
    await bench.discover(agent);
    let restarts = 0;
    fleet.printer(id)?.onRestart(() => restarts++);
    await bench.clock.advance(minuteMs);
    await fleet.pollNow(id);
    expect(restarts).toBe(0);
    agent.power.off();
    await bench.clock.advance(minuteMs);
    agent.power.on();
    await bench.clock.advance(1_000);
    await fleet.pollNow(id);
    expect(restarts).toBe(1);
    await fleet.pollNow(id);
    expect(restarts).toBe(1);
  });

  it("does not believe another machine that got the printer's address", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    const { host, port } = agent;
    const fleet = await bench.start();
    await bench.discover(agent);
    await agent.stop();
    const other = printerRecording("B2", "77");
    const stranger = await bench.agent(other, { host, port });
    stranger.mib.set("1.3.6.1.2.1.1.3.0", { syntax: snmpSyntax.timeTicks, value: 500 });
    stranger.mib.set(impressions, counter(1_234));
    await bench.clock.advance(minuteMs);
    await fleet.pollNow(id);
    expect(bench.value(id, "Counters.Impressions")).toBe(1_000);
    expect(fleet.printer(id)?.facts().reachability).toBe("Unreachable");
    expect(bench.kinds()).toContain("stranger");
    await bench.discover(stranger);
    expect(fleet.printer("0017c8-b2")?.facts().reachability).toBe("Online");
  });

  it("holds an impossible counter back, over a restart of the service, until it is sane again", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    await bench.start();
    await bench.discover(agent);
    agent.mib.set(impressions, counter(0));
    await bench.clock.advance(minuteMs);
    await bench.fleet.pollNow(id);
    expect(bench.value(id, "Counters.Impressions")).toBe(1_000);
    expect(bench.kinds()).toContain("counterQuarantined");
    await bench.stop();
    await bench.start();
    expect(bench.fleet.status().quarantined).toBe(1);
    await bench.fleet.pollNow(id);
    expect(bench.value(id, "Counters.Impressions")).toBe(1_000);
    agent.mib.set(impressions, counter(1_000));
    await bench.fleet.pollNow(id);
    expect(bench.fleet.status().quarantined).toBe(0);
    expect(bench.kinds().filter((kind) => kind === "counterQuarantined")).toHaveLength(1);
    expect(bench.kinds()).toContain("counterReleased");
  });

  it("takes a counter's new level when the operator says so", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    const fleet = await bench.start();
    await bench.discover(agent);
    agent.mib.set(impressions, counter(10));
    await fleet.pollNow(id);
    const path = `${serviceRow}Counters.Impressions`;
    expect(await fleet.acceptCounter(id, path)).toBe(true);
    expect(bench.value(id, "Counters.Impressions")).toBe(10);
    await fleet.pollNow(id);
    expect(bench.value(id, "Counters.Impressions")).toBe(10);
    expect(await fleet.acceptCounter(id, path)).toBe(false);
  });

  it("reads on demand what is older than its class, and gives up at the deadline", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    const fleet = await bench.start({ concurrency: 0 }); // nothing is read but on demand
    await bench.discover(agent);
    const refresh = async (deadlineMs: number): Promise<unknown> => {
      await fleet.printer(id)?.refresh([location], bench.clock.nowMs() + deadlineMs);
      return bench.value(id, "General.SystemLocation");
    };
    agent.mib.set("1.3.6.1.2.1.1.6.0", text("Room 3"));
    expect(await refresh(5_000)).toBe("Room 1");
    await bench.clock.advance(61 * minuteMs);
    expect(await refresh(5_000)).toBe("Room 3");
    await bench.clock.advance(61 * minuteMs);
    agent.mib.set("1.3.6.1.2.1.1.6.0", text("Room 4"));
    agent.misbehave({ delayMs: 60_000 });
    const late = refresh(50);
    await bench.clock.advance(50);
    expect(await late).toBe("Room 3");
  });

  it("takes in changed mapping files at once", async () => {
    bench.useMapping(new SimpleMapping("1", ["General.SystemName", "Supply.{i}.Description"]));
    const agent = await bench.agent(printerRecording("A1"));
    const fleet = await bench.start();
    await bench.discover(agent);
    expect(bench.value(id, "General.SystemName")).toBeUndefined();
    bench.useMapping(new SimpleMapping("2"));
    await fleet.reloadMappings();
    expect(bench.value(id, "General.SystemName")).toBe("printer");
    expect(bench.value(id, "Supply.2.Description")).toBe("Waste Box");
    expect(fleet.printer(id)?.facts().mappingVersion).toBe("2");
  });

  it("goes on with a full disk, says so once, and catches up when there is room again", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    await bench.start();
    await bench.discover(agent);
    await bench.stop();
    let isFull = true;
    const full = (): Promise<void> =>
      Promise.reject(new StoreError("store.disk-full", "no space left"));
    const fleet = await bench.start();
    const { store } = bench;
    const { saveSnapshot } = store.printers;
    Object.assign(store.printers, {
      saveSnapshot: (...args: Parameters<typeof saveSnapshot>) =>
        isFull ? full() : saveSnapshot.apply(store.printers, args),
    });
    agent.mib.set(impressions, counter(1_010));
    await fleet.pollNow(id);
    await fleet.pollNow(id);
    expect(bench.value(id, "Counters.Impressions")).toBe(1_000);
    expect(bench.kinds().filter((kind) => kind === "storeFailed")).toHaveLength(1);
    isFull = false;
    await fleet.pollNow(id);
    expect(bench.value(id, "Counters.Impressions")).toBe(1_010);
    expect(bench.kinds()).toContain("storeRecovered");
  });
});

describe("writing and acting", () => {
  it("says what came of a write though its values and what was learned cannot be saved", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    const fleet = await bench.start();
    await bench.discover(agent);
    const full = () => Promise.reject(new StoreError("store.disk-full", "no space left"));
    Object.assign(bench.store.printers, { saveSnapshot: full, saveMemory: full });
    const result = await fleet.printer(id)?.write([{ path: location, value: "Room 7" }]);
    expect(result?.outcome).toBe("applied");
  });

  it("sets values on the printer and shows them at once", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    const fleet = await bench.start();
    await bench.discover(agent);
    const result = await fleet.printer(id)?.write([
      { path: location, value: "Room 2" },
      { path: contact, value: "Ann" },
    ]);
    expect(result).toEqual({ outcome: "applied" });
    expect(bench.value(id, "General.SystemLocation")).toBe("Room 2");
    expect(agent.mib.get("1.3.6.1.2.1.1.4.0")?.value).toEqual(text("Ann").value);
    expect(await bench.store.printers.unfinishedJournal()).toEqual([]);
  });

  it("writes nothing when one value is not allowed", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    const fleet = await bench.start();
    await bench.discover(agent);
    const path = `${serviceRow}Supply.1.CurrentLevel`;
    const result = await fleet.printer(id)?.write([
      { path: location, value: "Room 2" },
      { path, value: 5 },
    ]);
    expect(result).toMatchObject({ outcome: "failed", failures: [{ path }] });
    expect(bench.value(id, "General.SystemLocation")).toBe("Room 1");
  });

  it("does not call anything writable without a write community", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    const fleet = await bench.start();
    await bench.discover(agent, "public");
    const printer = fleet.printer(id);
    const result = await printer?.write([{ path: location, value: "Room 2" }]);
    expect(result?.outcome).toBe("failed");
    expect(printer?.snapshot().shape.writable).not.toContain(true);
    expect(printer?.reboot).toBeUndefined();
    expect(printer?.whyReadOnly(location)).toMatch(/no credential .* has a write community$/);
    expect(printer?.whyReadOnly(location.replace("SystemLocation", "State"))).toBeUndefined();
  });

  it("says that a silent printer is unreachable", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    const fleet = await bench.start();
    await bench.discover(agent);
    agent.power.off();
    const result = await fleet.printer(id)?.write([{ path: location, value: "Room 2" }]);
    expect(result?.outcome).toBe("unreachable");
  });

  it("undoes at the next contact what a crash left half-written", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    await bench.start();
    await bench.discover(agent);
    await bench.store.printers.openJournal({
      id: "j1",
      printerId: id,
      startedAtMs: bench.clock.nowMs(),
      who: "acs",
      phase: "writing",
      phaseAtMs: bench.clock.nowMs(),
      writes: [
        { path: location, before: "Room 1", after: "Room 2" },
        { path: contact, before: "Bob", after: "Ann" },
      ],
    });
    agent.mib.set("1.3.6.1.2.1.1.6.0", text("Room 2"));
    await bench.stop();
    const fleet = await bench.start();
    await fleet.pollNow(id, ["status"]);
    expect(agent.mib.get("1.3.6.1.2.1.1.6.0")?.value).toEqual(text("Room 1").value);
    expect(await bench.store.printers.unfinishedJournal()).toEqual([]);
    expect(bench.value(id, "General.SystemLocation")).toBe("Room 1");
  });

  it("restarts a printer", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    const fleet = await bench.start();
    await bench.discover(agent);
    await fleet.printer(id)?.reboot?.();
    expect(agent.power.isOn).toBe(false);
  });

  it("explains where a value comes from", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    const fleet = await bench.start();
    await bench.discover(agent);
    const path = `${serviceRow}Supply.2.CurrentLevel`;
    expect(await fleet.explain(id, path)).toMatchObject({
      path,
      value: -3,
      provenance: { source: "snmp 1.3.6.1.2.1.43.11.1.1.9.1.4", raw: "-3" },
      quarantined: undefined,
    });
    expect(await fleet.explain(id, "Device.Nothing")).toBeUndefined();
  });
});
