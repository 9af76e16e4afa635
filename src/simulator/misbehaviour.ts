import { snmpSyntax } from "../southbound/driver.ts";
import { type Pdu, pduType } from "../southbound/snmp/message.ts";
import type { MibReader } from "./mib-view.ts";

/** What real agents have been seen doing wrong; everything absent is done right. */
export interface Misbehaviour {
  /** Whether request `n` (0-based, counted since `misbehave`) gets no answer. */
  readonly drop?: (n: number) => boolean;
  /** Answers this much later. */
  readonly delayMs?: number;
  /** GetBulk is ignored, or answered with genErr (Brother, some JetDirect). */
  readonly noGetBulk?: "silent" | "genErr";
  /** A request for more names than this is answered with tooBig. */
  readonly maxNames?: number;
  /** Instance OIDs that make any GET naming them fail with genErr. */
  readonly failingOids?: readonly string[];
  /** The answer is cut after so many octets. */
  readonly truncateTo?: number;
  /** GetNext and GetBulk answer with the name that was asked. */
  readonly isNonIncreasing?: boolean;
  /** Below this column every GetNext finds one more row. */
  readonly endlessColumn?: string;
  /** The answer comes from another port. */
  readonly isFromWrongSource?: boolean;
  /** The answer carries another request-id (late answers, confused agents). */
  readonly hasWrongRequestId?: boolean;
}

/** A MIB as a misbehaving agent walks it. */
export function misbehavingReader(mib: MibReader, misbehaviour: Misbehaviour): MibReader {
  const { isNonIncreasing = false, endlessColumn } = misbehaviour;
  if (!isNonIncreasing && endlessColumn === undefined) return mib;
  return {
    get: (oid) => mib.get(oid),
    next(oid) {
      const next = mib.next(oid);
      if (isNonIncreasing) return next === undefined ? undefined : { oid, value: next.value };
      return endlessColumn === undefined ? next : (endlessRow(oid, endlessColumn) ?? next);
    },
  };
}

function endlessRow(oid: string, column: string): ReturnType<MibReader["next"]> {
  const isInside = oid === column || oid.startsWith(`${column}.`);
  if (!isInside) return undefined;
  const row = Number(oid.slice(column.length + 1).split(".")[0] ?? "0") + 1;
  return { oid: `${column}.${row}`, value: { syntax: snmpSyntax.integer, value: row } };
}

/** How a misbehaving agent refuses a request it could have answered. */
export function refusalOf(
  request: Pdu,
  misbehaviour: Misbehaviour,
): "silent" | "genErr" | "tooBig" | undefined {
  const { noGetBulk, maxNames, failingOids = [] } = misbehaviour;
  if (request.type === pduType.getBulk && noGetBulk !== undefined) return noGetBulk;
  if (maxNames !== undefined && request.varbinds.length > maxNames) return "tooBig";
  const fails = request.varbinds.some(({ oid }) => failingOids.includes(oid));
  return request.type === pduType.get && fails ? "genErr" : undefined;
}
