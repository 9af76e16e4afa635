import { afterEach, describe, expect, it } from "vitest";
import { type ScriptedAgent, startScriptedAgent } from "../../test/snmp/scripted-agent.ts";
import { type WebHandler, WebPrinter } from "../../test/support/web-printer.ts";
import { systemClock } from "../shared/clock.ts";
import { openDeviceSession } from "./device-session.ts";
import type { DocumentRead } from "./documents.ts";
import {
  type DeviceAccess,
  type DeviceSession,
  type RawAnswers,
  type ReadPlan,
  snmpSyntax,
} from "./driver.ts";
import { EwsMemory } from "./ews/ews-memory.ts";
import { AgentMemory } from "./snmp/agent-memory.ts";
import { pduType } from "./snmp/message.ts";

const sysName = "1.3.6.1.2.1.1.5.0";
const sysContact = "1.3.6.1.2.1.1.4.0";
const recording = ["1.3.6.1.2.1.1.3.0|67|4711", `${sysContact}|4|nobody`, `${sysName}|4|mfp`].join(
  "\n",
);

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function startAgent(): Promise<ScriptedAgent> {
  const agent = await startScriptedAgent(recording);
  stops.push(() => {
    agent.close();
  });
  return agent;
}

async function startWeb(handler: WebHandler): Promise<WebPrinter> {
  const web = await WebPrinter.start(handler);
  stops.push(() => web.stop());
  return web;
}

function accessOf(
  agent?: { readonly port: number },
  web?: WebPrinter,
  timeoutMs = 5_000,
): DeviceAccess {
  const host = "127.0.0.1";
  const security = { version: "2c", read: "public", write: "private" } as const;
  return {
    host,
    ...(agent && { snmp: { host, port: agent.port, security, timeoutMs: 40, retries: 0 } }),
    ...(web && { ews: { ...web.access, timeoutMs } }),
  };
}

function open(access: DeviceAccess): DeviceSession {
  const memory = { snmp: new AgentMemory(), ews: new EwsMemory() };
  const session = openDeviceSession(access, { clock: systemClock, memory });
  stops.push(() => session.close());
  return session;
}

const extractions = [{ kind: "values", key: "title", selector: { title: true } }] as const;
const home: DocumentRead = { channel: "ews", name: "/", extractions };
const plan: ReadPlan = { scalars: [sysName], columns: [], documents: [home] };

function told(answers: RawAnswers): readonly unknown[] {
  const name = answers.snmp(sysName);
  const text = typeof name === "string" ? name : Buffer.from(name.value as Uint8Array).toString();
  return [text, answers.documents?.values("/", "title")];
}

const gone = async (): Promise<WebPrinter> => {
  const web = await startWeb(() => "");
  await web.stop();
  return web;
};

describe("a device session", () => {
  it("reads SNMP and web pages in one conversation", async () => {
    const web = await startWeb(() => "<title>printer</title>");
    expect(told(await open(accessOf(await startAgent(), web)).read(plan))).toEqual([
      "mfp",
      ["printer"],
    ]);
  });

  it("opens no web server when the plan has no pages", async () => {
    const web = await startWeb(() => "");
    const answers = await open(accessOf(await startAgent(), web)).read({ ...plan, documents: [] });
    expect([answers.documents, web.connections]).toEqual([undefined, 0]);
  });

  it("lacks the pages, no more, of a printer without a web server", async () => {
    expect(told(await open(accessOf(await startAgent())).read(plan))).toEqual([
      "mfp",
      "noSuchObject",
    ]);
  });

  it("lacks the objects, no more, of a printer without an agent", async () => {
    const web = await startWeb(() => "<title>printer</title>");
    expect(told(await open(accessOf(undefined, web)).read(plan))).toEqual([
      "noSuchObject",
      ["printer"],
    ]);
  });

  it("answers for documents of other protocols that they are not there", async () => {
    const web = await startWeb(() => "<title>printer</title>");
    const ipp: DocumentRead = { channel: "ipp", name: "printer", extractions };
    const answers = await open(accessOf(undefined, web)).read({ ...plan, documents: [ipp, home] });
    expect([told(answers)[1], answers.documents?.values("printer", "title")]).toEqual([
      ["printer"],
      "noSuchObject",
    ]);
    const without = await open(accessOf(await startAgent())).read({ ...plan, documents: [ipp] });
    expect(without.documents?.values("printer", "title")).toBe("noSuchObject");
  });

  it("goes without the pages of a web server that is silent while the agent answers", async () => {
    const agent = await startAgent();
    expect(told(await open(accessOf(agent, await gone())).read(plan))).toEqual(["mfp", "timeout"]);
    const mute = await startWeb(() => undefined);
    expect(told(await open(accessOf(agent, mute, 60)).read(plan))).toEqual(["mfp", "timeout"]);
  });

  it("rejects when nothing could be read", async () => {
    const web = await gone();
    const alone = open(accessOf(undefined, web)).read(plan);
    await expect(alone).rejects.toMatchObject({ code: "ews.unreachable" });
    const agent = await startAgent();
    const pagesOnly = open(accessOf(agent, web)).read({ ...plan, scalars: [] });
    await expect(pagesOnly).rejects.toMatchObject({ code: "ews.unreachable" });
    agent.misbehave = () => undefined;
    const answering = await startWeb(() => "<title>printer</title>");
    const silentAgent = open(accessOf(agent, answering)).read(plan);
    await expect(silentAgent).rejects.toMatchObject({
      code: expect.stringMatching(/^snmp\./) as string,
    });
  });

  it("writes by the driver a step names", async () => {
    const web = await startWeb(() => "ok");
    const agent = await startAgent();
    const session = open(accessOf(agent, web));
    const steps = [{ kind: "request", method: "POST", path: "/set" }] as const;
    await session.write({ driver: "ews", write: { steps, needsLogin: false, profile: undefined } });
    const value = { syntax: snmpSyntax.octetString, value: Buffer.from("somebody") };
    await session.write({ driver: "snmp", writes: [{ oid: sysContact, value }] });
    expect(agent.requests.map(({ pdu }) => pdu.type)).toEqual([pduType.set]);
    expect(web.asked).toEqual(["POST /set"]);
  });

  it("refuses what the access does not have", async () => {
    const web = await startWeb(() => "");
    const write = open(accessOf(undefined, web)).write({ driver: "snmp", writes: [] });
    await expect(write).rejects.toMatchObject({ code: "southbound.not-configured" });
  });

  it("can be used again after it was closed", async () => {
    const web = await startWeb(() => "<title>printer</title>");
    const session = open(accessOf(undefined, web));
    await session.read(plan);
    await session.close();
    expect(told(await session.read(plan))[1]).toEqual(["printer"]);
    expect(web.connections).toBe(2);
  });
});
