import { randomBytes } from "node:crypto";
import type { RemoteInfo } from "node:dgram";
import type { Clock } from "../shared/clock.ts";
import { logger } from "../shared/log.ts";
import { type SnmpV3Security, type SnmpValue, snmpSyntax } from "../southbound/driver.ts";
import { SnmpDecodeError } from "../southbound/snmp/errors.ts";
import {
  type Pdu,
  type StandardPdu,
  decodeMessage,
  encodeMessage,
  messageVersion,
} from "../southbound/snmp/message.ts";
import { UsmEngine } from "../southbound/snmp/usm-engine.ts";
import type { Varbind } from "../southbound/snmp/varbind-list.ts";
import { type PduContext, answerPdu, encodeFitting, errorAnswer } from "./agent-pdu.ts";
import { AgentPower } from "./agent-power.ts";
import { MibView } from "./mib-view.ts";
import { type Misbehaviour, misbehavingReader, refusalOf } from "./misbehaviour.ts";
import type { Recording } from "./recording.ts";
import { UdpEndpoint } from "./udp-endpoint.ts";
import { type WritableObject, prtGeneralReset, usualWritableObjects } from "./writable-objects.ts";

const log = logger("simulator.snmp-agent");

/** What one simulated agent is. Only `recording` and `clock` are needed. */
export interface SnmpAgentOptions {
  readonly recording: Recording;
  readonly clock: Clock;
  /** Defaults to 127.0.0.1; any 127.x.y.z is of this host on Linux. */
  readonly host?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly versions?: readonly ("1" | "2c" | "3")[];
  /** `public` by default. */
  readonly readCommunity?: string;
  /** Allows SET as well; `private` by default, may equal `readCommunity`. */
  readonly writeCommunity?: string;
  readonly v3Users?: readonly SnmpV3Security[];
  /** SNMPv3 contexts besides the default one (RFC 3411 §3.3.1), such as HP's `Jetdirect`. */
  readonly contexts?: ReadonlyMap<string, Recording>;
  /** Read communities that select a context (RFC 3584 §5.2). */
  readonly communityContexts?: ReadonlyMap<string, string>;
  readonly writable?: readonly WritableObject[];
  /** Octets of the largest answer; 8192 by default. */
  readonly maxMessageSize?: number;
  /** Silence after a reset by prtGeneralReset; 5 s by default. */
  readonly restartMs?: number;
}

/** Counts of what an agent received, for tests and the status page. */
export interface AgentCounts {
  received: number;
  answered: number;
  wrongCommunity: number;
  malformed: number;
}

const defaultMaxMessageSize = 8_192;
const defaultRestartMs = 5_000;
/** RFC 3411 SnmpEngineID, format 5 (octets) under the example enterprise 32473 of RFC 5612. */
const engineIdPrefix = Buffer.from("80007ed905", "hex");

/** A printer's SNMP agent replaying a recording over one UDP socket: v1, v2c and v3, reads and SET. */
export class SnmpAgent {
  readonly counts: AgentCounts = { received: 0, answered: 0, wrongCommunity: 0, malformed: 0 };
  /** The default context. Change it to change the printer. */
  readonly mib: MibView;
  readonly power: AgentPower;
  readonly host: string;
  readonly #options: SnmpAgentOptions;
  readonly #contexts: ReadonlyMap<string, MibView>;
  readonly #usm: UsmEngine;
  #endpoint: UdpEndpoint | undefined;
  #misbehaviour: Misbehaviour = {};
  #requests = 0;

  /** @throws {SnmpEncodeError} when a v3 pass phrase is too short */
  constructor(options: SnmpAgentOptions) {
    const { clock, recording, contexts = new Map<string, Recording>(), v3Users = [] } = options;
    this.#options = options;
    this.host = options.host ?? "127.0.0.1";
    this.mib = new MibView(recording);
    const others = [...contexts].map(([name, other]) => [name, new MibView(other)] as const);
    this.#contexts = new Map([["", this.mib], ...others]);
    const engineId = Buffer.concat([engineIdPrefix, randomBytes(8)]);
    this.#usm = new UsmEngine({ engineId, users: v3Users, clock });
    this.power = new AgentPower(clock, () => {
      this.#usm.reboot();
    });
    for (const mib of this.#contexts.values()) this.power.drive(mib);
  }

  /** @throws {CaptureError} when the address cannot be bound */
  async start(): Promise<void> {
    const address = { host: this.host, port: this.#options.port ?? 0 };
    this.#endpoint = await UdpEndpoint.bind(address, (bytes, peer) => {
      this.#receive(bytes, peer);
    });
  }

  async stop(): Promise<void> {
    this.power.off();
    await this.#endpoint?.close();
    this.#endpoint = undefined;
  }

  /** The bound port; 0 before `start`. */
  get port(): number {
    return this.#endpoint?.port ?? 0;
  }

  /** Replaces all misbehaviour; `{}` makes the agent behave. */
  misbehave(misbehaviour: Misbehaviour): void {
    this.#misbehaviour = misbehaviour;
    this.#requests = 0;
  }

  #receive(bytes: Uint8Array, peer: RemoteInfo): void {
    if (!this.power.isOn) return;
    this.counts.received++;
    const { drop, delayMs } = this.#misbehaviour;
    if (drop?.(this.#requests++) === true) return;
    const answer = this.#tryAnswer(bytes);
    if (answer === undefined) return;
    if (delayMs === undefined) this.#send(answer, peer);
    else
      this.#options.clock.after(delayMs, () => {
        this.#send(answer, peer);
      });
  }

  #send(bytes: Uint8Array, peer: RemoteInfo): void {
    const { truncateTo = bytes.length, isFromWrongSource = false } = this.#misbehaviour;
    this.counts.answered++;
    const sent = bytes.subarray(0, truncateTo);
    if (isFromWrongSource) this.#endpoint?.sendFromElsewhere(sent, peer);
    else this.#endpoint?.send(sent, peer);
  }

  #tryAnswer(bytes: Uint8Array): Uint8Array | undefined {
    try {
      const version = messageVersion(bytes);
      return version === 3 ? this.#answerV3(bytes) : this.#answerCommunity(bytes);
    } catch (error) {
      if (!(error instanceof SnmpDecodeError)) throw error;
      this.counts.malformed++;
      log.debug("malformed request", { device: this.mib.recording.name, error });
      return undefined;
    }
  }

  #answerCommunity(bytes: Uint8Array): Uint8Array | undefined {
    const { version, community, pdu } = decodeMessage(bytes);
    if (!this.#speaks(version)) return undefined;
    const access = this.#accessOf(community);
    if (access === undefined) {
      this.counts.wrongCommunity++;
      return undefined;
    }
    return this.#answer(pdu, access.mib, {
      version,
      mayWrite: access.mayWrite,
      maxSize: this.#maxMessageSize(),
      encode: (answer) => encodeMessage({ version, community, pdu: answer }),
    });
  }

  #answerV3(bytes: Uint8Array): Uint8Array | undefined {
    if (!this.#speaks("3")) return undefined;
    const request = this.#usm.receive(bytes);
    if (request.kind === "refused") return request.bytes;
    const mib = this.#contexts.get(request.scoped.contextName);
    if (mib === undefined) return this.#usm.refuseAccepted(request, "unknownContexts");
    return this.#answer(request.scoped.pdu, mib, {
      version: "3",
      mayWrite: true,
      maxSize: Math.min(this.#maxMessageSize(), request.header.maxSize),
      encode: (answer) => this.#usm.encodeResponse(request, answer),
    });
  }

  #answer(
    request: Pdu,
    mib: MibView,
    options: Pick<PduContext, "version" | "mayWrite"> & {
      readonly maxSize: number;
      readonly encode: (pdu: StandardPdu) => Uint8Array;
    },
  ): Uint8Array | undefined {
    const pdu = this.#decide(request, mib, options);
    if (pdu === undefined) return undefined;
    const requestId = pdu.requestId + (this.#misbehaviour.hasWrongRequestId === true ? 1 : 0);
    return encodeFitting(request, { ...pdu, requestId }, options);
  }

  #decide(
    request: Pdu,
    mib: MibView,
    { version, mayWrite }: Pick<PduContext, "version" | "mayWrite">,
  ): StandardPdu | undefined {
    const refusal = refusalOf(request, this.#misbehaviour);
    if (refusal === "silent" || !("requestId" in request)) return undefined;
    if (refusal !== undefined) return errorAnswer(request, refusal, refusal === "genErr" ? 1 : 0);
    const answer = answerPdu(request, {
      mib: misbehavingReader(mib, this.#misbehaviour),
      version,
      mayWrite,
      writable: this.#options.writable ?? usualWritableObjects,
    });
    for (const write of answer?.writes ?? []) this.#store(mib, write);
    return answer?.pdu;
  }

  #store(mib: MibView, { oid, value }: Varbind): void {
    const isReset = oid.startsWith(`${prtGeneralReset.object}.`);
    if (!isReset) {
      mib.set(oid, value);
      return;
    }
    if (value.value === prtGeneralReset.notResetting) return;
    mib.set(oid, notResetting);
    // The answer to this SET is still sent: only the next requests find the agent silent.
    this.power.restart(this.#options.restartMs ?? defaultRestartMs);
  }

  #accessOf(community: string): { mib: MibView; mayWrite: boolean } | undefined {
    const {
      readCommunity = "public",
      writeCommunity = "private",
      communityContexts,
    } = this.#options;
    const context = communityContexts?.get(community);
    const mib = context === undefined ? undefined : this.#contexts.get(context);
    if (mib !== undefined) return { mib, mayWrite: false };
    if (community === writeCommunity) return { mib: this.mib, mayWrite: true };
    return community === readCommunity ? { mib: this.mib, mayWrite: false } : undefined;
  }

  #speaks(version: "1" | "2c" | "3"): boolean {
    return this.#options.versions?.includes(version) ?? true;
  }

  #maxMessageSize(): number {
    return this.#options.maxMessageSize ?? defaultMaxMessageSize;
  }
}

const notResetting: SnmpValue = {
  syntax: snmpSyntax.integer,
  value: prtGeneralReset.notResetting,
};
