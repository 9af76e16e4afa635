import { createSocket } from "node:dgram";
import { afterEach, describe, expect, it } from "vitest";
import { rows, text } from "../../../test/snmp/answer-text.ts";
import {
  type Misbehave,
  type ScriptedAgent,
  refuse,
  respond,
  startScriptedAgent,
} from "../../../test/snmp/scripted-agent.ts";
import { systemClock } from "../../shared/clock.ts";
import { type SnmpAnswers, type SnmpSession, snmpSyntax } from "../driver.ts";
import { SnmpAbortedError, SnmpDecodeError, SnmpTimeoutError, SnmpWriteError } from "./errors.ts";
import { encodeMessage, pduType } from "./message.ts";
import { type SnmpSessionOptions, openSnmpSession } from "./open-session.ts";
import { UdpSockets } from "./udp-sockets.ts";
import type { Varbind } from "./varbind-list.ts";

const sysDescr = "1.3.6.1.2.1.1.1.0";
const sysName = "1.3.6.1.2.1.1.5.0";
const supplyName = "1.3.6.1.2.1.43.11.1.1.6";
const supplyLevel = "1.3.6.1.2.1.43.11.1.1.9";
const alertCode = "1.3.6.1.2.1.43.18.1.1.7";
const supplies = Array.from({ length: 40 }, (_, n) => n + 1);
const printer = [
  `${sysDescr}|4|Acme Laser`,
  "1.3.6.1.2.1.1.3.0|67|4711",
  `${sysName}|4|mfp`,
  ...supplies.map((n) => `${supplyName}.1.${n}|4|supply ${n}`),
  ...supplies.map((n) => `${supplyLevel}.1.${n}|2|${n}`),
  "1.3.6.1.2.1.43.17.6.1.5.1.1|2|1",
].join("\n");
const plan = { scalars: [sysDescr, sysName], columns: [supplyName, supplyLevel, alertCode] };

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

async function startAgent(misbehave?: Misbehave, snmprec = printer): Promise<ScriptedAgent> {
  const agent = await startScriptedAgent(snmprec, misbehave);
  open.push(agent);
  return agent;
}

/** A session with short time-outs; the agent is on this machine. */
function openSession(
  agent: { readonly port: number },
  version: "1" | "2c" = "2c",
  options: SnmpSessionOptions = {},
): SnmpSession {
  const security = { version, read: "public", write: "private" } as const;
  const session = openSnmpSession(
    { host: "127.0.0.1", port: agent.port, security, timeoutMs: 40, retries: 1 },
    options,
  );
  open.push(session);
  return session;
}

function openSockets(): UdpSockets {
  const sockets = new UdpSockets();
  open.push(sockets);
  return sockets;
}

const allLevels = supplies.map((n) => `1.${n}=${n}`);

/** What a healthy read of `plan` gives. */
function expectComplete(answers: SnmpAnswers): void {
  expect(text(answers.snmp(sysDescr))).toBe("Acme Laser");
  expect(text(answers.snmp(sysName))).toBe("mfp");
  expect(rows(answers, supplyLevel)).toEqual(allLevels);
  expect(rows(answers, supplyName)).toEqual(supplies.map((n) => `1.${n}=supply ${n}`));
  expect(rows(answers, alertCode)).toEqual([]);
}

function count(agent: ScriptedAgent, type: number): number {
  return agent.requests.filter(({ pdu }) => pdu.type === type).length;
}

describe("a session", () => {
  it.each(["1", "2c"] as const)("reads scalars and columns over v%s", async (version) => {
    const agent = await startAgent();
    const answers = await openSession(agent, version).read(plan);
    expectComplete(answers);
    expect(count(agent, pduType.getBulk) > 0).toBe(version === "2c");
  });

  it("says notRead for what the plan did not name, noSuchObject for what is absent", async () => {
    const absent = "1.3.6.1.2.1.1.99.0";
    const answers = await openSession(await startAgent()).read({ scalars: [absent], columns: [] });
    expect(answers.snmp(absent)).toBe("noSuchObject");
    expect(answers.snmp(sysDescr)).toBe("notRead");
    expect(answers.snmpColumn(supplyLevel)).toBe("notRead");
  });

  it("asks for about 30 names a GET and learns how long tables are", async () => {
    const agent = await startAgent();
    const session = openSession(agent);
    const scalars = supplies.map((n) => `${supplyLevel}.1.${n}`);
    await session.read({ scalars, columns: [] });
    expect(agent.requests.map(({ pdu }) => pdu.varbinds.length)).toEqual([30, 10]);
    await session.read({ scalars: [], columns: [supplyName, supplyLevel] });
    const first = count(agent, pduType.getBulk);
    await session.read({ scalars: [], columns: [supplyName, supplyLevel] });
    expect(count(agent, pduType.getBulk) - first).toBeLessThan(first);
  });

  it("does not lose 30 OIDs of a v1 GET to one that is absent, nor asks for it again", async () => {
    const agent = await startAgent();
    const session = openSession(agent, "1");
    const absent = "1.3.6.1.2.1.1.99.0";
    const scalars = [sysDescr, absent, sysName];
    for (const requests of [2, 3]) {
      const answers = await session.read({ scalars, columns: [] });
      expect(answers.snmp(absent)).toBe("noSuchObject");
      expect(text(answers.snmp(sysName))).toBe("mfp");
      expect(agent.requests).toHaveLength(requests);
    }
  });

  it("halves requests that are too big", async () => {
    const agent = await startAgent((request, normal) =>
      normal.pdu.varbinds.length > 12 ? refuse(request, 1, 0) : normal,
    );
    const scalars = supplies.map((n) => `${supplyLevel}.1.${n}`);
    const answers = await openSession(agent).read({
      ...plan,
      scalars: [...plan.scalars, ...scalars],
    });
    expectComplete(answers);
    expect(scalars.map((oid) => text(answers.snmp(oid)))).toEqual(supplies.map(String));
  });

  it("finds the OID that silences its agent and leaves it alone from then on", async () => {
    const agent = await startAgent((request, normal) =>
      request.pdu.varbinds.some(({ oid }) => oid === sysName) ? undefined : normal,
    );
    const session = openSession(agent);
    const scalars = [...supplies.slice(0, 20).map((n) => `${supplyLevel}.1.${n}`), sysName];
    const answers = await session.read({ scalars, columns: [] });
    expect(answers.snmp(sysName)).toBe("timeout");
    expect(text(answers.snmp(`${supplyLevel}.1.7`))).toBe("7");
    const before = agent.requests.length;
    expect((await session.read({ scalars, columns: [] })).snmp(sysName)).toBe("refused");
    expect(agent.requests.length - before).toBe(1);
  });

  it("finds the OID that gives genErr without saying which", async () => {
    const agent = await startAgent((request, normal) =>
      request.pdu.varbinds.some(({ oid }) => oid === sysName) ? refuse(request, 5, 0) : normal,
    );
    const answers = await openSession(agent).read({ ...plan, columns: [] });
    expect(answers.snmp(sysName)).toBe("refused");
    expect(text(answers.snmp(sysDescr))).toBe("Acme Laser");
  });

  it("gives one malformed value up, not its neighbours", async () => {
    const agent = await startAgent(
      undefined,
      `${sysDescr}|4|x\n1.3.6.1.2.1.31.1.1.1.6.1|70|9007199254740991`,
    );
    agent.misbehave = (_, normal) => {
      const bytes = encodeMessage(normal);
      const counter = Buffer.from(bytes).indexOf(Buffer.of(0x46, 7));
      if (counter >= 0) bytes[counter] = 0x47;
      return bytes;
    };
    const answers = await openSession(agent).read({
      scalars: [sysDescr, "1.3.6.1.2.1.31.1.1.1.6.1"],
      columns: [],
    });
    expect(answers.snmp("1.3.6.1.2.1.31.1.1.1.6.1")).toBe("malformed");
    expect(text(answers.snmp(sysDescr))).toBe("x");
  });
});

describe("a walk", () => {
  it.each<[string, Misbehave]>([
    ["never answers GETBULK", (_, normal) => normal],
    ["refuses GETBULK", (request) => refuse(request, 5, 0)],
    ["answers GETBULK with nothing", (request) => respond(request, [])],
    ["answers GETBULK with an echo", (request) => respond(request, request.pdu.varbinds)],
    ["cuts GETBULK answers off", (_, normal) => encodeMessage(normal).subarray(0, 60)],
  ])("goes on with GETNEXT when the agent %s, and remembers", async (how, onBulk) => {
    const agent = await startAgent((request, normal, from) => {
      if (request.pdu.type !== pduType.getBulk) return normal;
      return how.startsWith("never") ? undefined : onBulk(request, normal, from);
    });
    const session = openSession(agent);
    expectComplete(await session.read(plan));
    const bulk = count(agent, pduType.getBulk);
    expectComplete(await session.read(plan));
    expect(count(agent, pduType.getBulk)).toBe(bulk);
  });

  it("ends at rows the agent repeats, keeping them", async () => {
    const agent = await startAgent((request, normal) => {
      const last = `${supplyLevel}.1.40`;
      const isLooping = request.pdu.varbinds.some(({ oid }) => oid === last);
      const value = { syntax: snmpSyntax.integer, value: 1 };
      if (!isLooping) return normal;
      return respond(request, [{ oid: `${supplyLevel}.1.1`, value }]);
    });
    const answers = await openSession(agent).read({ scalars: [], columns: [supplyLevel] });
    expect(rows(answers, supplyLevel)).toEqual(allLevels);
  });

  it("is cut where OIDs go backward to rows never seen", async () => {
    const row = (n: number): Varbind => ({
      oid: `${supplyLevel}.1.${n}`,
      value: { syntax: snmpSyntax.integer, value: n },
    });
    const agent = await startAgent((request, normal) => {
      const [first] = request.pdu.varbinds;
      if (first?.oid.startsWith(supplyLevel) !== true) return normal;
      return respond(request, first.oid === supplyLevel ? [row(9)] : [row(4)]);
    });
    const session = openSession(agent);
    const answers = await session.read({ scalars: [], columns: [supplyLevel] });
    expect(answers.snmpColumn(supplyLevel)).toBe("cut");
    const others = await session.read({ scalars: [], columns: [supplyName] });
    expect(rows(others, supplyName)).toHaveLength(40);
  });

  it("of a table without end stops at the row cap, and other columns are read", async () => {
    const agent = await startAgent((request, normal) => {
      const [first] = request.pdu.varbinds;
      if (first?.oid.startsWith(alertCode) !== true) return normal;
      const start = Number(first.oid.slice(alertCode.length + 3)) || 0;
      const value = { syntax: snmpSyntax.integer, value: 1 };
      const endless = Array.from({ length: 10 }, (_, n) => ({
        oid: `${alertCode}.1.${start + n + 1}`,
        value,
      }));
      return respond(request, endless);
    });
    const session = openSession(agent, "2c", { limits: { maxRowsPerColumn: 100 } });
    const answers = await session.read({ scalars: [], columns: [alertCode] });
    expect(answers.snmpColumn(alertCode)).toBe("cut");
    expect(rows(await session.read({ scalars: [], columns: [supplyLevel] }), supplyLevel)).toEqual(
      allLevels,
    );
  });

  it("stops at the byte cap and keeps what was complete by then", async () => {
    const agent = await startAgent();
    const session = openSession(agent, "2c", { limits: { maxBytes: 200 } });
    const answers = await session.read(plan);
    expect(text(answers.snmp(sysDescr))).toBe("Acme Laser");
    expect(answers.snmpColumn(supplyName)).toBe("cut");
  });

  it("stops at the time cap", async () => {
    let nowMs = 0;
    const clock = { ...systemClock, nowMs: () => (nowMs += 10_000) };
    const answers = await openSession(await startAgent(), "2c", { clock }).read(plan);
    expect(text(answers.snmp(sysDescr))).toBe("Acme Laser");
    expect(answers.snmpColumn(alertCode)).toBe("cut");
  });

  it("finds the lone row that only GET answers", async () => {
    const agent = await startAgent(undefined, `${sysDescr}|4|Pantum`);
    agent.misbehave = (request, normal) =>
      request.pdu.type === pduType.get
        ? respond(
            request,
            request.pdu.varbinds.map(({ oid }, n) =>
              oid === `${supplyLevel}.1`
                ? { oid, value: { syntax: snmpSyntax.integer, value: 55 } }
                : (normal.pdu.varbinds[n] ?? {
                    oid,
                    value: { syntax: snmpSyntax.null, value: "" },
                  }),
            ),
          )
        : normal;
    const session = openSession(agent);
    for (const requests of [2, 2]) {
      const before = agent.requests.length;
      const answers = await session.read({ scalars: [], columns: [supplyLevel, alertCode] });
      expect(rows(answers, supplyLevel)).toEqual(["1=55"]);
      expect(rows(answers, alertCode)).toEqual([]);
      expect(agent.requests.length - before).toBe(requests);
    }
  });

  it("falls back to GET of likely rows when the agent answers nothing else", async () => {
    const agent = await startAgent((request, normal) =>
      request.pdu.type === pduType.get ? normal : undefined,
    );
    const answers = await openSession(agent).read({ scalars: [sysDescr], columns: [supplyLevel] });
    expect(rows(answers, supplyLevel)).toEqual(allLevels.slice(0, 8));
  });
});

describe("answers", () => {
  it("from another port are dropped and counted", async () => {
    const other = createSocket("udp4");
    open.push(other);
    const sockets = openSockets();
    const agent = await startAgent((_, normal, from) => {
      other.send(encodeMessage(normal), from.port, from.address);
      return undefined;
    });
    const session = openSession(agent, "2c", { sockets });
    await expect(session.read(plan)).rejects.toBeInstanceOf(SnmpTimeoutError);
    expect(sockets.counts.droppedOtherAddress).toBeGreaterThan(0);
  });

  it("with another request-id are dropped and counted", async () => {
    const sockets = openSockets();
    const agent = await startAgent((_, normal) => {
      if (normal.pdu.type === pduType.trapV1) return undefined;
      const forged = { ...normal, pdu: { ...normal.pdu, requestId: normal.pdu.requestId ^ 1 } };
      return [encodeMessage(forged), encodeMessage(normal)];
    });
    expectComplete(await openSession(agent, "2c", { sockets }).read(plan));
    expect(sockets.counts.droppedUnknown).toBeGreaterThan(0);
  });

  it("that come late, to the first of two attempts, still count", async () => {
    let isFirst = true;
    const agent = await startAgent((_, normal, from) => {
      if (!isFirst) return undefined;
      isFirst = false;
      setTimeout(() => {
        agent.send(encodeMessage(normal), from);
      }, 60);
      return undefined;
    });
    const answers = await openSession(agent).read({ scalars: [sysDescr], columns: [] });
    expect(text(answers.snmp(sysDescr))).toBe("Acme Laser");
  });

  it("lost once are asked for again", async () => {
    const lost = new Set<number>();
    const agent = await startAgent((request, normal) => {
      if (request.pdu.type === pduType.trapV1 || lost.has(request.pdu.requestId)) return normal;
      lost.add(request.pdu.requestId);
      return undefined;
    });
    expectComplete(await openSession(agent).read(plan));
  });
});

describe("a read that brings nothing", () => {
  it("rejects with a retryable time-out when nobody answers", async () => {
    const agent = await startAgent(() => undefined);
    await expect(openSession(agent).read(plan)).rejects.toMatchObject({
      code: "snmp.timeout",
      retryable: true,
    });
  });

  it("rejects as malformed when only garbage comes, before long", async () => {
    const agent = await startAgent(() => Uint8Array.of(0x30, 0x82, 1));
    const scalars = supplies.map((n) => `${supplyLevel}.1.${n}`);
    const reading = openSession(agent).read({ ...plan, scalars });
    await expect(reading).rejects.toBeInstanceOf(SnmpDecodeError);
    expect(agent.requests.length).toBeLessThan(10);
  });

  it("rejects at once when aborted or closed", async () => {
    const agent = await startAgent(() => undefined);
    const abort = new AbortController();
    const session = openSession(agent);
    const reading = session.read(plan, abort.signal);
    setImmediate(() => {
      abort.abort();
    });
    await expect(reading).rejects.toBeInstanceOf(SnmpAbortedError);
    const closing = session.read(plan);
    setImmediate(() => {
      session.close();
    });
    await expect(closing).rejects.toBeInstanceOf(SnmpAbortedError);
    await expect(session.read(plan)).rejects.toBeInstanceOf(SnmpAbortedError);
  });

  it("rejects when the host name does not resolve", async () => {
    const session = openSnmpSession({
      host: "printer.invalid",
      port: 161,
      security: { version: "2c", read: "public" },
    });
    await expect(session.read(plan)).rejects.toMatchObject({ code: "snmp.unreachable" });
  });
});

describe("a printer that stops answering half-way", () => {
  it("keeps what was read and gives the rest as timeout", async () => {
    let answered = 0;
    const agent = await startAgent((_, normal) => (answered++ < 1 ? normal : undefined));
    const answers = await openSession(agent).read(plan);
    expect(text(answers.snmp(sysDescr))).toBe("Acme Laser");
    expect(answers.snmpColumn(supplyLevel)).toBe("timeout");
  });
});

describe("a write", () => {
  const newName = {
    oid: sysName,
    value: { syntax: snmpSyntax.octetString, value: Uint8Array.from(Buffer.from("new")) },
  };

  it("is one SET with the write community", async () => {
    const agent = await startAgent();
    await openSession(agent).write([newName]);
    expect(agent.requests).toMatchObject([
      { community: "private", pdu: { type: pduType.set, varbinds: [newName] } },
    ]);
  });

  it.each([
    [17, "snmp.not-writable"],
    [10, "snmp.wrong-value"],
    [6, "snmp.no-access"],
    [4, "snmp.read-only"],
    [2, "snmp.no-such-name"],
    [3, "snmp.bad-value"],
  ])("refused with status %i rejects with %s and the OID", async (status, code) => {
    const agent = await startAgent((request) => refuse(request, status, 1));
    const refused = openSession(agent).write([newName]);
    await expect(refused).rejects.toBeInstanceOf(SnmpWriteError);
    await expect(refused).rejects.toMatchObject({ code, oid: sysName });
  });

  it("is not repeated when its answer is lost", async () => {
    const agent = await startAgent(() => undefined);
    await expect(openSession(agent).write([newName])).rejects.toBeInstanceOf(SnmpTimeoutError);
    expect(agent.requests).toHaveLength(1);
  });

  it("without a write community names what to configure", async () => {
    const agent = await startAgent();
    const security = { version: "2c", read: "public" } as const;
    const session = openSnmpSession({ host: "127.0.0.1", port: agent.port, security });
    const refused = session.write([newName]);
    await expect(refused).rejects.toMatchObject({ code: "snmp.no-write-access" });
    await expect(refused).rejects.toThrow(/snmp\.write/);
    expect(agent.requests).toHaveLength(0);
  });
});
