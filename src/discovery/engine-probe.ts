import { SnmpDecodeError } from "../southbound/snmp/errors.ts";
import { encodeScopedPdu, pduType } from "../southbound/snmp/message.ts";
import { decodeV3Message, encodeV3Message } from "../southbound/snmp/usm.ts";
import type { Probe } from "./community-probe.ts";

/** Largest message we take, RFC 3412 §6 msgMaxSize. */
const maxSize = 65_507;
const nothing = new Uint8Array();

/** SNMPv3 engine discovery (RFC 3414 §4): every v3 agent reports its engine to anybody, without a user. */
export class EngineProbe implements Probe {
  readonly bytes: Uint8Array;
  readonly isWaiting = false;
  readonly #messageId: number;
  readonly #onAgent: (address: number) => void;

  constructor(messageId: number, onAgent: (address: number) => void) {
    this.#messageId = messageId;
    this.#onAgent = onAgent;
    this.bytes = encodeV3Message({
      header: {
        messageId,
        maxSize,
        isReportable: true,
        engineId: nothing,
        engineBoots: 0,
        engineTime: 0,
        user: "",
      },
      keys: {},
      salt: nothing,
      scopedPdu: encodeScopedPdu({
        contextEngineId: nothing,
        contextName: "",
        pdu: {
          type: pduType.get,
          requestId: messageId,
          errorStatus: 0,
          errorIndex: 0,
          varbinds: [],
        },
      }),
    });
  }

  receive(bytes: Uint8Array, address: number): void {
    try {
      if (decodeV3Message(bytes).header.messageId === this.#messageId) this.#onAgent(address);
    } catch (error) {
      if (!(error instanceof SnmpDecodeError)) throw error; // anything may arrive at an open port
    }
  }

  conclude(): void {
    // An agent has answered or it has not: nothing is left open.
  }
}
