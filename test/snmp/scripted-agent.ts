import { type RemoteInfo, createSocket } from "node:dgram";
import { once } from "node:events";
import { snmpSyntax } from "../../src/southbound/driver.ts";
import {
  type CommunityMessage,
  type StandardPdu,
  decodeMessage,
  encodeMessage,
  pduType,
} from "../../src/southbound/snmp/message.ts";
import { compareEncodedOids, encodeOid } from "../../src/southbound/snmp/oid.ts";
import { type RecordedVarbind, parseSnmprec } from "../../src/southbound/snmp/snmprec.ts";
import type { Varbind } from "../../src/southbound/snmp/varbind-list.ts";

/** How an agent under test departs from the standard: returns what to send, several things, or nothing. */
export type Misbehave = (
  request: CommunityMessage,
  normal: CommunityMessage,
  from: RemoteInfo,
) => CommunityMessage | Uint8Array | readonly Uint8Array[] | undefined;

/** A v1/v2c agent on 127.0.0.1 that answers by RFC 3416 unless `misbehave` says otherwise. */
export interface ScriptedAgent {
  readonly port: number;
  /** Every request received, in order. */
  readonly requests: CommunityMessage[];
  misbehave: Misbehave;
  send(bytes: Uint8Array, to: RemoteInfo): void;
  close(): void;
}

/** Starts an agent over a recording. */
export async function startScriptedAgent(
  snmprec: string,
  misbehave: Misbehave = (_, normal) => normal,
): Promise<ScriptedAgent> {
  const { varbinds } = parseSnmprec(snmprec);
  const socket = createSocket("udp4");
  const agent: ScriptedAgent = {
    port: 0,
    requests: [],
    misbehave,
    send: (bytes, to) => {
      socket.send(bytes, to.port, to.address);
    },
    close: () => socket.close(),
  };
  socket.on("message", (bytes, from) => {
    const request = decodeMessage(bytes);
    agent.requests.push(request);
    const sent = agent.misbehave(request, answer(request, varbinds), from);
    if (sent === undefined) return;
    const parts = Array.isArray(sent) ? (sent as Uint8Array[]) : [sent as Uint8Array];
    for (const part of parts)
      agent.send(part instanceof Uint8Array ? part : encodeMessage(part), from);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return Object.assign(agent, { port: socket.address().port });
}

/** The Response with this error. */
export function refuse(
  request: CommunityMessage,
  errorStatus: number,
  errorIndex: number,
): CommunityMessage {
  return respond(request, request.pdu.varbinds, { errorStatus, errorIndex });
}

/** The Response with these varbinds. */
export function respond(
  request: CommunityMessage,
  varbinds: readonly Varbind[],
  error: Pick<StandardPdu, "errorStatus" | "errorIndex"> = { errorStatus: 0, errorIndex: 0 },
): CommunityMessage {
  if (request.pdu.type === pduType.trapV1) throw new Error("a trap is not answered");
  const { requestId } = request.pdu;
  return { ...request, pdu: { type: pduType.response, requestId, ...error, varbinds } };
}

function answer(request: CommunityMessage, mib: readonly RecordedVarbind[]): CommunityMessage {
  const { pdu } = request;
  const isV1 = request.version === "1";
  const asked = pdu.varbinds.map(({ oid }) => oid);
  if (pdu.type === pduType.set) return respond(request, pdu.varbinds);
  if (pdu.type === pduType.getBulk) return respond(request, repeat(mib, asked, pdu.maxRepetitions));
  const found = asked.map((oid) => (pdu.type === pduType.get ? get(mib, oid) : next(mib, oid)));
  const missing = found.findIndex(({ value }) => value.syntax >= 0x80);
  return isV1 && missing >= 0 ? refuse(request, 2, missing + 1) : respond(request, found);
}

function get(mib: readonly RecordedVarbind[], oid: string): Varbind {
  const found = mib.find((varbind) => varbind.oid === oid);
  return found ?? { oid, value: { syntax: snmpSyntax.noSuchObject, value: "" } };
}

function next(mib: readonly RecordedVarbind[], oid: string): Varbind {
  const encoded = encodeOid(oid);
  const found = mib.find((varbind) => compareEncodedOids(varbind.encodedOid, encoded) > 0);
  return found ?? { oid, value: { syntax: snmpSyntax.endOfMibView, value: "" } };
}

function repeat(
  mib: readonly RecordedVarbind[],
  asked: readonly string[],
  repetitions: number,
): Varbind[] {
  const varbinds: Varbind[] = [];
  let row = asked.map((oid): Varbind => next(mib, oid));
  for (let n = 0; n < repetitions && varbinds.length < 500; n++) {
    varbinds.push(...row);
    row = row.map(({ oid }) => next(mib, oid));
  }
  return varbinds;
}
