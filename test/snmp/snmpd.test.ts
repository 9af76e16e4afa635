import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/shared/clock.ts";
import {
  type SnmpAnswers,
  type SnmpSession,
  type SnmpV3Security,
  type SnmpValue,
  snmpSyntax,
} from "../../src/southbound/driver.ts";
import { AgentMemory } from "../../src/southbound/snmp/agent-memory.ts";
import { defaultReadLimits } from "../../src/southbound/snmp/conversation.ts";
import { type NetSnmpSecurity, NetSnmpTransport } from "../../src/southbound/snmp/net-snmp.ts";
import { openSnmpSession } from "../../src/southbound/snmp/open-session.ts";
import { RoundTrip } from "../../src/southbound/snmp/round-trip.ts";
import { TransportSession } from "../../src/southbound/snmp/session.ts";
import { type Snmpd, hasSnmpd, snmpdUser, snmpdUsers, startSnmpd } from "./snmpd.ts";

const host = "127.0.0.1";
const sysDescr = "1.3.6.1.2.1.1.1.0";
const sysObjectId = "1.3.6.1.2.1.1.2.0";
const sysLocation = "1.3.6.1.2.1.1.6.0";
const sysOrId = "1.3.6.1.2.1.1.9.1.2";
const extendOutput = "1.3.6.1.4.1.8072.1.3.2.3.1.1";
const extendResult = "1.3.6.1.4.1.8072.1.3.2.3.1.4";
const ifPhysAddress = "1.3.6.1.2.1.2.2.1.6";
const noTable = "1.3.6.1.2.1.43.11.1.1.9";
const plan = {
  scalars: [sysDescr, sysObjectId, "1.3.6.1.2.1.1.99.0"],
  columns: [sysOrId, extendOutput, extendResult, ifPhysAddress, noTable],
};

const isInstalled = hasSnmpd();

it.runIf(process.env["CI"] === "true")(
  "has Net-SNMP's snmpd in CI (apt-get install snmpd snmp)",
  () => {
    expect(isInstalled).toBe(true);
  },
);

const title = isInstalled ? "against Net-SNMP's agent" : "LEFT OUT: snmpd is not installed";

describe.skipIf(!isInstalled)(title, () => {
  let snmpd: Snmpd;
  const open: SnmpSession[] = [];
  beforeAll(async () => {
    snmpd = await startSnmpd();
  }, 30_000);
  afterAll(async () => {
    for (const session of open) session.close();
    await snmpd.stop();
  });

  function ours(security: NetSnmpSecurity, timeoutMs = 1_000): SnmpSession {
    const session = openSnmpSession({ host, port: snmpd.port, security, timeoutMs });
    open.push(session);
    return session;
  }

  function netSnmp(security: NetSnmpSecurity): SnmpSession {
    const { port } = snmpd;
    const roundTrip = new RoundTrip(1_000);
    const session = new TransportSession({
      host,
      transport: new NetSnmpTransport({
        host,
        port,
        security,
        retries: 1,
        roundTrip,
        clock: systemClock,
      }),
      memory: new AgentMemory(),
      limits: defaultReadLimits,
      clock: systemClock,
    });
    open.push(session);
    return session;
  }

  const v2c = { version: "2c", read: "public", write: "private" } as const;
  const v3 = { version: "3", v3: snmpdUser } as const;

  it("reads what Net-SNMP's own client reads", async () => {
    const answers = await ours(v2c).read(plan);
    for (const column of [sysOrId, extendOutput, extendResult])
      expect(printed(answers, column)).toEqual(walkByNetSnmp(snmpd.port, column));
    expect(printed(answers, extendOutput)).toHaveLength(30);
    expect(answers.snmp(sysObjectId)).toEqual({
      syntax: snmpSyntax.objectIdentifier,
      value: "1.3.6.1.4.1.8072.9999",
    });
    expect(answers.snmp("1.3.6.1.2.1.1.99.0")).toBe("noSuchObject");
    expect(answers.snmpColumn(noTable)).toEqual(new Map());
  });

  it.each([
    ["v1 of our codec", () => ours({ ...v2c, version: "1" })],
    ["v1 of the package", () => netSnmp({ ...v2c, version: "1" })],
    ["v2c of the package", () => netSnmp(v2c)],
    ...snmpdUsers.map(({ v3: user }): [string, () => SnmpSession] => [
      `v3 as ${user.user}`,
      () => ours({ version: "3", v3: user }),
    ]),
  ])("reads the same by %s as by v2c of our codec", async (_, openOther) => {
    const expected = await ours(v2c).read(plan);
    const answers = await openOther().read(plan);
    for (const oid of plan.scalars) expect(answers.snmp(oid)).toEqual(expected.snmp(oid));
    for (const column of plan.columns)
      expect(answers.snmpColumn(column)).toEqual(expected.snmpColumn(column));
  });

  it.each([
    ["v2c of our codec", () => ours(v2c)],
    ["v2c of the package", () => netSnmp(v2c)],
    ["v3 with SHA-256 and AES", () => ours(v3)],
  ])("sets by %s and reads it back", async (how, openOther) => {
    const session = openOther();
    for (const text of [`set by ${how}`, ""]) {
      const value = octets(text);
      await session.write([{ oid: sysLocation, value }]);
      const answers = await session.read({ scalars: [sysLocation], columns: [] });
      expect(answers.snmp(sysLocation)).toEqual(value);
    }
  });

  it.each([
    ["v2c of our codec", () => ours(v2c)],
    ["v3 with SHA-256 and AES", () => ours(v3)],
  ])("is told by %s why a SET is refused, and where", async (_, openOther) => {
    const writes = [
      { oid: sysLocation, value: octets("x") },
      { oid: sysObjectId, value: { syntax: snmpSyntax.objectIdentifier, value: "1.3.6.1.9" } },
    ];
    await expect(openOther().write(writes)).rejects.toMatchObject({
      code: "snmp.not-writable",
      oid: sysObjectId,
    });
  });

  it("is refused a SET with the read community", async () => {
    const refused = ours({ ...v2c, write: "public" }).write([
      { oid: sysLocation, value: octets("x") },
    ]);
    await expect(refused).rejects.toMatchObject({ code: "snmp.no-access" });
  });

  it.each<[string, SnmpV3Security]>([
    ["an unknown user", { ...snmpdUser, user: "nobody" }],
    [
      "a wrong authentication key",
      { ...snmpdUser, auth: { protocol: "sha256", key: "wrong-key-123" } },
    ],
    [
      "another authentication protocol",
      { ...snmpdUser, auth: { ...snmpdUser.auth, protocol: "sha" } },
    ],
    ["a wrong privacy key", { ...snmpdUser, privacy: { protocol: "aes", key: "wrong-key-123" } }],
  ])("tells %s from a printer that is off, at once", async (_, wrong) => {
    const startedAtMs = performance.now();
    const refused = ours({ version: "3", v3: wrong }, 100).read(plan);
    await expect(refused).rejects.toMatchObject({ code: "snmp.auth", retryable: false });
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  });

  it("ends in a time-out when no engine is there", async () => {
    const session = openSnmpSession({ host, port: 9, security: v3, timeoutMs: 50, retries: 1 });
    await expect(session.read(plan)).rejects.toMatchObject({ code: "snmp.timeout" });
  });
});

function octets(text: string): SnmpValue {
  return { syntax: snmpSyntax.octetString, value: Uint8Array.from(Buffer.from(text)) };
}

/** Rows as `snmpbulkwalk -OnQUt` prints them. */
function printed(answers: SnmpAnswers, column: string): string[] {
  const rows = answers.snmpColumn(column);
  if (typeof rows === "string") return [rows];
  return [...rows].map(([index, { value }]) => {
    if (value instanceof Uint8Array)
      return `.${column}.${index} = "${Buffer.from(value).toString()}"`;
    return `.${column}.${index} = ${typeof value === "string" ? `.${value}` : value}`;
  });
}

function walkByNetSnmp(port: number, column: string): string[] {
  const options = ["-v2c", "-cpublic", "-OnQUte", `${host}:${port}`, column];
  const output = execFileSync("snmpbulkwalk", options, { encoding: "utf8" });
  return output.trimEnd().split("\n");
}
