import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../shared/clock.ts";
import { ManualClock } from "../shared/manual-clock.ts";
import { type SnmpValue, snmpSyntax } from "../southbound/driver.ts";
import { errorStatusName } from "../southbound/snmp/message.ts";
import { parseSnmprec } from "../southbound/snmp/snmprec.ts";
import { Recording } from "./recording.ts";
import { SnmpAgent, type SnmpAgentOptions } from "./snmp-agent.ts";
import { UdpManager } from "../../test/snmp/udp-manager.ts";

const location = "1.3.6.1.2.1.1.6.0";
const upTime = "1.3.6.1.2.1.1.3.0";
const reset = "1.3.6.1.2.1.43.5.1.1.3.1";
const serial = "1.3.6.1.2.1.43.5.1.1.17.1";
const counter64 = "1.3.6.1.2.1.31.1.1.1.6.1";
const column = "1.3.6.1.2.1.43.11.1.1.9.1";

const recording = new Recording(
  "test-printer",
  parseSnmprec(
    [
      "1.3.6.1.2.1.1.1.0|4|Test printer",
      `${upTime}|67|1000`,
      `${location}|4|Hall`,
      `${counter64}|70|5`,
      `${reset}|2|3`,
      `${serial}|4|DEM01`,
      "1.3.6.1.2.1.43.10.2.1.5.1.1|65|40",
      ...Array.from({ length: 60 }, (_, n) => `${column}.${n + 1}|2|${n + 1}`),
    ].join("\n"),
  ).varbinds,
);

const text = (value: string): SnmpValue => ({
  syntax: snmpSyntax.octetString,
  value: new TextEncoder().encode(value),
});
const whole = (value: number): SnmpValue => ({ syntax: snmpSyntax.integer, value });

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(options: Partial<SnmpAgentOptions> = {}) {
  const agent = new SnmpAgent({ recording, clock: systemClock, ...options });
  await agent.start();
  closers.push(() => agent.stop());
  const manager = (version: "1" | "2c" = "2c", community = "public"): UdpManager => {
    const created = new UdpManager(agent.port, { version, community });
    closers.push(() => {
      created.close();
    });
    return created;
  };
  return { agent, manager, reader: manager(), writer: manager("2c", "private") };
}

describe("reading", () => {
  it("answers v2c with exceptions for what is missing, besides the values there are", async () => {
    const { reader } = await start();
    const answer = await reader.get(location, "1.3.6.1.2.1.43.5.1.1.17.9", "1.3.6.1.2.1.99.0");
    expect(answer?.varbinds.map(({ value }) => value.syntax)).toEqual([
      snmpSyntax.octetString,
      snmpSyntax.noSuchInstance,
      snmpSyntax.noSuchObject,
    ]);
  });

  it("fails a whole v1 GET with noSuchName and the position of the missing name", async () => {
    const { manager } = await start();
    const answer = await manager("1").get(location, "1.3.6.1.2.1.99.0");
    expect(answer).toMatchObject({ errorStatus: 2, errorIndex: 2 });
    expect(answer?.varbinds[0]?.value.syntax).toBe(snmpSyntax.null);
  });

  it("ends a walk with endOfMibView in v2c and noSuchName in v1, which never sees a Counter64", async () => {
    const { manager, reader } = await start();
    expect((await reader.getNext(`${column}.60`))?.varbinds[0]?.value.syntax).toBe(0x82);
    expect(await manager("1").getNext(`${column}.60`)).toMatchObject({ errorStatus: 2 });
    expect((await reader.getNext(location))?.varbinds[0]?.oid).toBe(counter64);
    expect((await manager("1").getNext(location))?.varbinds[0]?.oid).toBe(reset);
  });

  it("interleaves bulk repetitions after the non-repeaters", async () => {
    const { reader } = await start();
    const answer = await reader.getBulk(2, ["1.3.6.1.2.1.1.5", column, `${column}.30`], 1);
    expect(answer?.varbinds.map(({ oid }) => oid)).toEqual([
      location,
      `${column}.1`,
      `${column}.31`,
      `${column}.2`,
      `${column}.32`,
    ]);
  });

  it("cuts a bulk answer to the message size and calls anything else too big", async () => {
    const { reader, manager } = await start({ maxMessageSize: 484 });
    const bulk = await reader.getBulk(60, [column]);
    expect(bulk?.errorStatus).toBe(0);
    expect(bulk?.varbinds.length).toBeGreaterThan(10);
    expect(bulk?.varbinds.length).toBeLessThan(30);
    const many = Array.from({ length: 40 }, (_, n) => `${column}.${n + 1}`);
    expect(await reader.get(...many)).toMatchObject({ errorStatus: 1, varbinds: [] });
    expect((await manager("1").get(...many))?.varbinds).toHaveLength(40);
  });

  it("serves the whole recording in order", async () => {
    const { reader } = await start();
    const rows = await reader.walk();
    expect(rows.map(({ oid }) => oid)).toEqual(recording.varbinds.map(({ oid }) => oid));
  });
});

describe("access", () => {
  it("is silent to a wrong community and counts it", async () => {
    const { agent, manager } = await start();
    expect(await manager("2c", "wrong").get(location)).toBeUndefined();
    expect(agent.counts.wrongCommunity).toBe(1);
  });

  it("is silent to versions it does not speak and to bytes that are no SNMP", async () => {
    const { agent, manager, reader } = await start({ versions: ["1"] });
    expect(await reader.get(location)).toBeUndefined();
    expect(await reader.exchange(Buffer.from("hello"))).toBeUndefined();
    expect(agent.counts.malformed).toBe(1);
    expect(await manager("1").get(location)).toMatchObject({ errorStatus: 0 });
  });

  it("shows another context to the community that selects it", async () => {
    const other = new Recording("card", parseSnmprec(`${location}|4|Card`).varbinds);
    const { manager } = await start({
      contexts: new Map([["Jetdirect", other]]),
      communityContexts: new Map([["card", "Jetdirect"]]),
    });
    const answer = await manager("2c", "card").get(location);
    expect(answer?.varbinds[0]?.value).toEqual(text("Card"));
  });
});

describe("SET", () => {
  it("is remembered", async () => {
    const { reader, writer } = await start();
    expect(await writer.set({ oid: location, value: text("Roof") })).toMatchObject({
      errorStatus: 0,
    });
    expect((await reader.get(location))?.varbinds[0]?.value).toEqual(text("Roof"));
  });

  it.each([
    ["noAccess", "noSuchName", "public", location, text("x")],
    ["notWritable", "noSuchName", "private", serial, text("x")],
    ["noCreation", "noSuchName", "private", "1.3.6.1.2.1.1.4.0", text("x")],
    ["wrongType", "badValue", "private", location, whole(1)],
    ["wrongLength", "badValue", "private", location, text("x".repeat(256))],
    ["wrongValue", "badValue", "private", reset, whole(9)],
  ] as const)("is refused with %s, in v1 %s", async (status, statusV1, community, oid, value) => {
    const { manager } = await start();
    const answers = [
      await manager("2c", community).set({ oid, value }),
      await manager("1", community).set({ oid, value }),
    ];
    expect(answers.map((answer) => errorStatusName(answer?.errorStatus ?? 0))).toEqual([
      status,
      statusV1,
    ]);
  });

  it("changes nothing when one of its assignments is refused", async () => {
    const { reader, writer } = await start();
    const answer = await writer.set(
      { oid: location, value: text("Roof") },
      { oid: serial, value: text("FAKE") },
    );
    expect(answer).toMatchObject({ errorStatus: 17, errorIndex: 2 });
    expect((await reader.get(location))?.varbinds[0]?.value).toEqual(text("Hall"));
  });
});

describe("uptime and power", () => {
  it("lets uptime advance with the clock from the recorded value", async () => {
    const clock = new ManualClock();
    const { reader } = await start({ clock });
    await clock.advance(2_500);
    expect((await reader.get(upTime))?.varbinds[0]?.value.value).toBe(1_250);
  });

  it("answers a power-cycle reset, falls silent, and comes back with uptime and power-on count at 0", async () => {
    const clock = new ManualClock();
    const { agent, reader, writer } = await start({ clock, restartMs: 3_000 });
    expect(await writer.set({ oid: reset, value: whole(4) })).toMatchObject({ errorStatus: 0 });
    expect(await reader.get(upTime)).toBeUndefined();
    await clock.advance(3_500);
    const answer = await reader.get(upTime, reset, "1.3.6.1.2.1.43.10.2.1.5.1.1");
    expect(answer?.varbinds.map(({ value }) => value.value)).toEqual([50, 3, 0]);
    expect(agent.power.isOn).toBe(true);
  });

  it("keeps what was SET over a power cut", async () => {
    const { agent, reader, writer } = await start();
    await writer.set({ oid: location, value: text("Roof") });
    agent.power.off();
    expect(await reader.get(location)).toBeUndefined();
    agent.power.on();
    expect((await reader.get(location))?.varbinds[0]?.value).toEqual(text("Roof"));
  });
});

describe("misbehaviour", () => {
  it("drops, truncates, garbles and delays as told, and stops when told", async () => {
    const { agent, reader } = await start();
    agent.misbehave({ drop: (n) => n % 2 === 0 });
    expect(await reader.get(location)).toBeUndefined();
    expect(await reader.get(location)).toBeDefined();
    agent.misbehave({ truncateTo: 10 });
    await expect(reader.get(location)).rejects.toThrow();
    agent.misbehave({ hasWrongRequestId: true });
    expect((await reader.get(location))?.requestId).toBe(reader.lastRequestId + 1);
    agent.misbehave({ delayMs: 60 });
    const before = performance.now();
    await reader.get(location);
    expect(performance.now() - before).toBeGreaterThan(50);
    agent.misbehave({});
    expect(await reader.get(location)).toBeDefined();
  });

  it("refuses GetBulk, many names or single names as some makers do", async () => {
    const { agent, reader } = await start();
    agent.misbehave({ noGetBulk: "silent" });
    expect(await reader.getBulk(5, [column])).toBeUndefined();
    agent.misbehave({ noGetBulk: "genErr", maxNames: 1, failingOids: [serial] });
    expect(await reader.getBulk(5, [column])).toMatchObject({ errorStatus: 5 });
    expect(await reader.get(location, upTime)).toMatchObject({ errorStatus: 1 });
    expect(await reader.get(serial)).toMatchObject({ errorStatus: 5 });
    expect(await reader.get(location)).toMatchObject({ errorStatus: 0 });
  });

  it("walks in circles or without end", async () => {
    const { agent, reader } = await start();
    agent.misbehave({ isNonIncreasing: true });
    expect((await reader.getNext(location))?.varbinds[0]?.oid).toBe(location);
    agent.misbehave({ endlessColumn: column });
    const answer = await reader.getBulk(3, [`${column}.9000`]);
    expect(answer?.varbinds.map(({ oid }) => oid)).toEqual([
      `${column}.9001`,
      `${column}.9002`,
      `${column}.9003`,
    ]);
  });

  it("answers from another port", async () => {
    const { agent, reader } = await start();
    agent.misbehave({ isFromWrongSource: true });
    expect(await reader.get(location)).toBeDefined();
    expect(reader.lastSourcePort).not.toBe(agent.port);
    agent.misbehave({});
    await reader.get(location);
    expect(reader.lastSourcePort).toBe(agent.port);
  });
});
