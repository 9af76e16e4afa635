import type { pduType } from "./message.ts";
import type { VarbindList, VarbindToWrite } from "./varbind-list.ts";

/** One PDU to an agent. */
export interface TransportRequest {
  readonly type:
    typeof pduType.get | typeof pduType.getNext | typeof pduType.getBulk | typeof pduType.set;
  /** Values are NULL but for a Set. */
  readonly varbinds: readonly VarbindToWrite[];
  /** GetBulk only; non-repeaters is always 0. */
  readonly maxRepetitions?: number;
  /** Attempts after the first; the configured number when absent. */
  readonly retries?: number;
}

/** The agent's answer to one PDU; an error-status is an answer. */
export interface TransportReply {
  /** RFC 3416 §3, 0 = noError. */
  readonly errorStatus: number;
  /** 1-based position, 0 = none. */
  readonly errorIndex: number;
  readonly varbinds: VarbindList;
}

/**
 * Carries single PDUs to one agent: knows security, retransmission and time-outs, nothing of batches or walks.
 * Rejects with `SnmpTimeoutError`, `SnmpDecodeError` (only malformed answers came), `SnmpUnreachableError`,
 * `SnmpAuthError`, `SnmpAbortedError`.
 */
export interface SnmpTransport {
  readonly version: "1" | "2c" | "3";
  exchange(request: TransportRequest, signal?: AbortSignal): Promise<TransportReply>;
  close(): void;
}
