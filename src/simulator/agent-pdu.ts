import { type SnmpValue, snmpSyntax } from "../southbound/driver.ts";
import {
  type BulkPdu,
  type ErrorStatusName,
  type Pdu,
  type StandardPdu,
  errorStatusNumber,
  pduType,
} from "../southbound/snmp/message.ts";
import type { Varbind } from "../southbound/snmp/varbind-list.ts";
import type { MibReader } from "./mib-view.ts";
import { type WritableObject, writeObjection } from "./writable-objects.ts";

/** Cap on the varbinds of one answer, whatever max-repetitions asks; the message size cuts first as a rule. */
const maxAnswerVarbinds = 1_000;

/** How one request is to be answered. */
export interface PduContext {
  readonly mib: MibReader;
  readonly version: "1" | "2c" | "3";
  readonly mayWrite: boolean;
  readonly writable: readonly WritableObject[];
}

/** The answer, and what the agent has to store if it is a granted SET. */
export interface PduAnswer {
  readonly pdu: StandardPdu;
  readonly writes: readonly Varbind[];
}

/** Answers a request (RFC 3416 §4.2, with the v1 habits of RFC 3584 §4); undefined for PDUs agents do not answer. */
export function answerPdu(request: Pdu, context: PduContext): PduAnswer | undefined {
  switch (request.type) {
    case pduType.get:
      return answerReads(request, context, get);
    case pduType.getNext:
      return answerReads(request, context, getNext);
    case pduType.getBulk:
      return context.version === "1" ? undefined : answerBulk(request, context);
    case pduType.set:
      return answerSet(request, context);
    case pduType.response:
    case pduType.inform:
    case pduType.report:
    case pduType.trapV1:
    case pduType.trapV2:
      return undefined;
  }
}

/** An error answer: the request's own varbinds, status and 1-based position. */
export function errorAnswer(
  request: Pick<StandardPdu, "requestId" | "varbinds">,
  status: ErrorStatusName,
  errorIndex: number,
): StandardPdu {
  const { requestId, varbinds } = request;
  const errorStatus = errorStatusNumber(status);
  return { type: pduType.response, requestId, errorStatus, errorIndex, varbinds };
}

type Read = (oid: string, context: PduContext) => Varbind;

function answerReads(request: StandardPdu, context: PduContext, read: Read): PduAnswer {
  const varbinds = request.varbinds.map(({ oid }) => read(oid, context));
  // v1 has no exceptions: the first missing name fails the whole request (RFC 1157 §4.1.2).
  const missing =
    context.version === "1" ? varbinds.findIndex(({ value }) => isException(value)) : -1;
  const pdu =
    missing >= 0 ? errorAnswer(request, "noSuchName", missing + 1) : answer(request, varbinds);
  return { pdu, writes: [] };
}

function get(oid: string, { mib, version }: PduContext): Varbind {
  const value = mib.get(oid);
  if (value !== undefined && isSpeakable(value, version)) return { oid, value };
  // noSuchObject when not even a sibling instance exists (RFC 3416 §4.2.1)
  const object = oid.slice(0, oid.lastIndexOf(".") + 1);
  const hasSibling = mib.next(object.slice(0, -1))?.oid.startsWith(object) ?? false;
  const syntax = hasSibling ? snmpSyntax.noSuchInstance : snmpSyntax.noSuchObject;
  return { oid, value: { syntax, value: "" } };
}

function getNext(oid: string, { mib, version }: PduContext): Varbind {
  let next = mib.next(oid);
  while (next !== undefined && !isSpeakable(next.value, version)) next = mib.next(next.oid);
  return next ?? { oid, value: { syntax: snmpSyntax.endOfMibView, value: "" } };
}

/** v1 does not know Counter64 and skips it (RFC 3584 §4.2.2.1). */
function isSpeakable(value: SnmpValue, version: PduContext["version"]): boolean {
  return version !== "1" || value.syntax !== snmpSyntax.counter64;
}

function isException({ syntax }: SnmpValue): boolean {
  return (
    syntax === snmpSyntax.noSuchObject ||
    syntax === snmpSyntax.noSuchInstance ||
    syntax === snmpSyntax.endOfMibView
  );
}

/** RFC 3416 §4.2.3; repetitions end early once every name is past the end. */
function answerBulk(request: BulkPdu, context: PduContext): PduAnswer {
  const once = Math.max(0, Math.min(request.nonRepeaters, request.varbinds.length));
  const varbinds = request.varbinds.slice(0, once).map(({ oid }) => getNext(oid, context));
  let names = request.varbinds.slice(once).map(({ oid }) => oid);
  for (let repetition = 0; repetition < request.maxRepetitions; repetition++) {
    if (names.length === 0 || varbinds.length + names.length > maxAnswerVarbinds) break;
    const row = names.map((oid) => getNext(oid, context));
    varbinds.push(...row);
    if (row.every(({ value }) => isException(value))) break;
    names = row.map(({ oid }) => oid);
  }
  return { pdu: answer(request, varbinds), writes: [] };
}

function answerSet(request: StandardPdu, context: PduContext): PduAnswer {
  for (const [n, varbind] of request.varbinds.entries()) {
    const objection = context.mayWrite
      ? writeObjection(varbind, context.mib.get(varbind.oid), context.writable)
      : "noAccess";
    if (objection === undefined) continue;
    const status = context.version === "1" ? asVersion1(objection) : objection;
    return { pdu: errorAnswer(request, status, n + 1), writes: [] };
  }
  return { pdu: answer(request, request.varbinds), writes: request.varbinds };
}

/** RFC 3584 §4.4. */
function asVersion1(status: ErrorStatusName): ErrorStatusName {
  switch (status) {
    case "wrongType":
    case "wrongLength":
    case "wrongValue":
      return "badValue";
    case "noAccess":
    case "notWritable":
    case "noCreation":
      return "noSuchName";
    default:
      return "genErr";
  }
}

function answer(
  request: { readonly requestId: number },
  varbinds: readonly Varbind[],
): StandardPdu {
  const { requestId } = request;
  return { type: pduType.response, requestId, errorStatus: 0, errorIndex: 0, varbinds };
}

/**
 * Encodes an answer into at most `maxSize` octets: a bulk answer loses varbinds from its end (RFC 3416 §4.2.3), any
 * other becomes tooBig (v1 keeps the request's varbinds, v2 none).
 */
export function encodeFitting(
  request: Pdu,
  pdu: StandardPdu,
  options: {
    readonly maxSize: number;
    readonly version: PduContext["version"];
    readonly encode: (pdu: StandardPdu) => Uint8Array;
  },
): Uint8Array {
  let bytes = options.encode(pdu);
  if (bytes.length <= options.maxSize) return bytes;
  if (request.type !== pduType.getBulk) {
    const varbinds = options.version === "1" ? request.varbinds : [];
    return options.encode({ ...errorAnswer(pdu, "tooBig", 0), varbinds });
  }
  for (let kept = pdu.varbinds.length; bytes.length > options.maxSize && kept > 0;) {
    kept = Math.min(kept - 1, Math.floor((kept * options.maxSize) / bytes.length));
    bytes = options.encode({ ...pdu, varbinds: pdu.varbinds.slice(0, kept) });
  }
  return bytes;
}
