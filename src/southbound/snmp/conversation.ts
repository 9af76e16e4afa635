import type { Clock } from "../../shared/clock.ts";
import type { AgentMemory } from "./agent-memory.ts";
import {
  SnmpDecodeError,
  type SnmpError,
  SnmpTimeoutError,
  SnmpUnreachableError,
} from "./errors.ts";
import { pduType } from "./message.ts";
import { internOid } from "./oid.ts";
import type { SnmpTransport, TransportReply, TransportRequest } from "./transport.ts";
import { nullValue } from "./value.ts";

/** What one read may cost. Whatever is not read by then is answered `cut`. */
export interface ReadLimits {
  readonly maxRowsPerColumn: number;
  /** Octets of varbinds received. */
  readonly maxBytes: number;
  readonly maxDurationMs: number;
}

/** Far above what printers have; reached by agents that never end. */
export const defaultReadLimits: ReadLimits = {
  maxRowsPerColumn: 2_000,
  maxBytes: 2 * 1024 * 1024,
  maxDurationMs: 60_000,
};

/**
 * What came of one PDU. `silent`: the agent answers other requests but not this one; `garbled`: only malformed answers;
 * `cut`: not sent, the read has cost enough; `gone`: the agent answers nothing any more.
 */
export type Outcome =
  | { readonly kind: "reply"; readonly reply: TransportReply }
  | { readonly kind: "silent" | "garbled" | "cut" | "gone" };

/** What a conversation needs. */
export interface ConversationOptions {
  readonly transport: SnmpTransport;
  readonly memory: AgentMemory;
  readonly limits: ReadLimits;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

/** Any agent answers this one (RFC 3418), if only with an error. */
const sysUpTime = "1.3.6.1.2.1.1.3.0";

/** Halving 30 names comes down to one in five steps; an agent garbled beyond that is taken for gone. */
const mostGarbledInARow = 6;

/**
 * One read of one printer: sends its PDUs one after another, counts what they cost, and tells a printer that does not
 * like a request from one that is gone.
 */
export class Conversation {
  readonly memory: AgentMemory;
  readonly limits: ReadLimits;
  readonly version: SnmpTransport["version"];
  readonly startedAtMs: number;
  /** Whether any answer came. */
  hasReply = false;
  /** The last failure, for the caller when nothing could be read. */
  lastError: SnmpError | undefined;
  readonly #options: ConversationOptions;
  #bytes = 0;
  #isGone = false;
  #garbledInARow = 0;

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.memory = options.memory;
    this.limits = options.limits;
    this.version = options.transport.version;
    this.startedAtMs = options.clock.nowMs();
  }

  nowMs(): number {
    return this.#options.clock.nowMs();
  }

  /** Sends one PDU. Rejects only when going on is pointless: aborted, unreachable, wrong user. */
  async send(request: TransportRequest): Promise<Outcome> {
    if (this.#isGone) return { kind: "gone" };
    if (this.#isTooDear()) return { kind: "cut" };
    const outcome = await this.#exchange(request);
    this.#garbledInARow = outcome.kind === "garbled" ? this.#garbledInARow + 1 : 0;
    const isHopeless =
      outcome.kind === "silent"
        ? !(await this.#isAlive())
        : this.#garbledInARow >= mostGarbledInARow;
    if (!isHopeless) return outcome;
    this.#isGone = true;
    return { kind: "gone" };
  }

  async #exchange(request: TransportRequest): Promise<Outcome> {
    const { transport, signal } = this.#options;
    try {
      const reply = await transport.exchange(request, signal);
      this.hasReply = true;
      this.#bytes += reply.varbinds.byteLength;
      return { kind: "reply", reply };
    } catch (error) {
      if (error instanceof SnmpTimeoutError) return this.#failed("silent", error);
      if (error instanceof SnmpDecodeError) return this.#failed("garbled", error);
      // A network that fails half-way does not take back what was read.
      if (!(error instanceof SnmpUnreachableError) || !this.hasReply) throw error;
      this.#isGone = true;
      return this.#failed("gone", error);
    }
  }

  #failed(kind: "silent" | "garbled" | "gone", error: SnmpError): Outcome {
    // Garbled answers tell more than the silence that may follow them.
    if (!(this.lastError instanceof SnmpDecodeError)) this.lastError = error;
    return { kind };
  }

  #isTooDear(): boolean {
    const { maxBytes, maxDurationMs } = this.limits;
    return this.#bytes >= maxBytes || this.nowMs() - this.startedAtMs >= maxDurationMs;
  }

  /** After silence: whether the agent still answers the simplest question. */
  async #isAlive(): Promise<boolean> {
    const varbinds = [{ oid: internOid(sysUpTime), value: nullValue }];
    const retries = this.hasReply ? 1 : 0;
    const outcome = await this.#exchange({ type: pduType.get, varbinds, retries });
    return outcome.kind === "reply" || outcome.kind === "garbled";
  }
}
