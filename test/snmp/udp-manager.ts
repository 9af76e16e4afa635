import { type RemoteInfo, type Socket, createSocket } from "node:dgram";
import { once } from "node:events";
import { type SnmpValue, snmpSyntax } from "../../src/southbound/driver.ts";
import {
  type BulkPdu,
  type StandardPdu,
  decodeMessage,
  encodeMessage,
  pduType,
} from "../../src/southbound/snmp/message.ts";
import type { Varbind } from "../../src/southbound/snmp/varbind-list.ts";

const nothing: SnmpValue = { syntax: snmpSyntax.null, value: "" };

/** The names of a read request, with NULL values. */
export function names(...oids: readonly string[]): Varbind[] {
  return oids.map((oid) => ({ oid, value: nothing }));
}

/** The smallest possible SNMP manager, to test agents without our own client: one request, the first datagram that comes back, no retries. */
export class UdpManager {
  readonly version: "1" | "2c";
  readonly community: string;
  readonly #port: number;
  readonly #socket: Socket = createSocket("udp4");
  #requestId = 100;
  /** Port the last datagram came from. */
  lastSourcePort = 0;

  constructor(port: number, options: { version?: "1" | "2c"; community?: string } = {}) {
    this.#port = port;
    this.version = options.version ?? "2c";
    this.community = options.community ?? "public";
  }

  get lastRequestId(): number {
    return this.#requestId - 1;
  }

  close(): void {
    this.#socket.close();
  }

  get(...oids: readonly string[]): Promise<StandardPdu | undefined> {
    return this.ask({ ...this.#standard(pduType.get), varbinds: names(...oids) });
  }

  getNext(...oids: readonly string[]): Promise<StandardPdu | undefined> {
    return this.ask({ ...this.#standard(pduType.getNext), varbinds: names(...oids) });
  }

  set(...varbinds: readonly Varbind[]): Promise<StandardPdu | undefined> {
    return this.ask({ ...this.#standard(pduType.set), varbinds });
  }

  getBulk(
    maxRepetitions: number,
    oids: readonly string[],
    nonRepeaters = 0,
  ): Promise<StandardPdu | undefined> {
    const requestId = this.#requestId++;
    const varbinds = names(...oids);
    return this.ask({ type: pduType.getBulk, requestId, nonRepeaters, maxRepetitions, varbinds });
  }

  /** The whole tree by GETBULK. */
  async walk(): Promise<Varbind[]> {
    const rows: Varbind[] = [];
    for (let from = "1.3"; ;) {
      const answer = await this.getBulk(40, [from]);
      const got = answer?.varbinds ?? [];
      rows.push(...got.filter(({ value }) => value.syntax !== snmpSyntax.endOfMibView));
      const last = got.at(-1);
      if (last === undefined || last.value.syntax === snmpSyntax.endOfMibView) return rows;
      from = last.oid;
    }
  }

  /** The decoded answer, or undefined when none came in time. */
  async ask(pdu: StandardPdu | BulkPdu, timeoutMs = 150): Promise<StandardPdu | undefined> {
    const { version, community } = this;
    const bytes = await this.exchange(encodeMessage({ version, community, pdu }), timeoutMs);
    if (bytes === undefined) return undefined;
    const answer = decodeMessage(bytes).pdu;
    return answer.type === pduType.response ? answer : undefined;
  }

  /** Sends octets and waits for a datagram. */
  async exchange(bytes: Uint8Array, timeoutMs = 150): Promise<Buffer | undefined> {
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = once(this.#socket, "message", { signal });
    this.#socket.send(bytes, this.#port, "127.0.0.1");
    try {
      const [datagram, source] = (await answer) as [Buffer, RemoteInfo];
      this.lastSourcePort = source.port;
      return datagram;
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  #standard<T extends StandardPdu["type"]>(
    type: T,
  ): { type: T; requestId: number; errorStatus: number; errorIndex: number } {
    return { type, requestId: this.#requestId++, errorStatus: 0, errorIndex: 0 };
  }
}
