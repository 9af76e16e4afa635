import type { SnmpValue, UnavailableReason } from "../driver.ts";
import { SnmpDecodeError } from "./errors.ts";
import { decodeResponse, encodeRequest, pduType } from "./message.ts";
import { internOid } from "./oid.ts";
import { valueAt } from "./read-scalars.ts";
import { nullValue } from "./value.ts";

/** One GET datagram of a sweep: no session, no memory, no retransmission. */
export interface Probe {
  readonly community: string;
  readonly version: "1" | "2c";
  readonly oids: readonly string[];
  readonly requestId: number;
}

/** What a probed address answered. */
export interface ProbeAnswer {
  readonly requestId: number;
  /** RFC 3416 §3, 0 = noError; v1 agents lacking one OID answer 2 (noSuchName) and no values. */
  readonly errorStatus: number;
  /** Values by dotted OID, as the agent named them. */
  readonly values: ReadonlyMap<string, SnmpValue | UnavailableReason>;
}

/** The request of a probe; the sender keeps request-id and address to match the answer. */
export function encodeProbe({ oids, ...head }: Probe): Uint8Array {
  const varbinds = oids.map((oid) => ({ oid: internOid(oid), value: nullValue }));
  return encodeRequest({ ...head, type: pduType.get, varbinds });
}

/** The answer in a datagram, or undefined when it is none: anything may arrive at an open port. */
export function decodeProbeAnswer(bytes: Uint8Array): ProbeAnswer | undefined {
  try {
    const { requestId, errorStatus, varbinds } = decodeResponse(bytes);
    const values = new Map<string, SnmpValue | UnavailableReason>();
    if (errorStatus === 0)
      for (let n = 0; n < varbinds.count; n++) values.set(varbinds.oid(n), valueAt(varbinds, n));
    return { requestId, errorStatus, values };
  } catch (error) {
    if (error instanceof SnmpDecodeError) return undefined;
    throw error;
  }
}
