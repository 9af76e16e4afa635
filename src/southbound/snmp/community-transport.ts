import type { Clock } from "../../shared/clock.ts";
import { SnmpAbortedError, type SnmpError, SnmpTimeoutError, SnmpWriteError } from "./errors.ts";
import { type ResponseView, encodeRequest, pduType } from "./message.ts";
import type { RoundTrip } from "./round-trip.ts";
import type { SnmpTransport, TransportReply, TransportRequest } from "./transport.ts";
import { type Peer, type UdpSockets, resolvePeer } from "./udp-sockets.ts";

/** What a community transport needs. */
export interface CommunityTransportOptions {
  readonly host: string;
  readonly port: number;
  readonly version: "1" | "2c";
  readonly read: string;
  readonly write?: string | undefined;
  /** Attempts after the first. */
  readonly retries: number;
  readonly roundTrip: RoundTrip;
  readonly sockets: UdpSockets;
  readonly clock: Clock;
}

/** v1 and v2c over the shared sockets: the path nearly every printer takes, so it has its own codec. */
export class CommunityTransport implements SnmpTransport {
  readonly version: "1" | "2c";
  readonly #options: CommunityTransportOptions;
  readonly #closing = new AbortController();
  /** Resolved once; forgotten when sending fails, as the name may have moved. */
  #peer: Peer | undefined;

  constructor(options: CommunityTransportOptions) {
    this.version = options.version;
    this.#options = options;
  }

  async exchange(request: TransportRequest, signal?: AbortSignal): Promise<TransportReply> {
    const community = this.#community(request);
    const { host, port } = this.#options;
    this.#peer ??= await resolvePeer(host, port);
    const aborted = [this.#closing.signal, ...(signal === undefined ? [] : [signal])];
    const fired = aborted.find((one) => one.aborted);
    if (fired !== undefined) throw abortedError(fired);
    return this.#attempt(this.#peer, community, request, aborted);
  }

  close(): void {
    this.#closing.abort(new SnmpAbortedError(`session with ${this.#options.host} closed`));
  }

  #community(request: TransportRequest): string {
    const { read, write, host } = this.#options;
    if (request.type !== pduType.set) return read;
    if (write !== undefined) return write;
    throw new SnmpWriteError(
      `no write community is configured for ${host}: add snmp.write to its credential`,
      { code: "snmp.no-write-access", status: "noAccess" },
    );
  }

  #attempt(
    peer: Peer,
    community: string,
    request: TransportRequest,
    signals: readonly AbortSignal[],
  ): Promise<TransportReply> {
    return new Promise((resolve, reject) => {
      new Attempt(this.#options, peer, signals, {
        resolve,
        reject: (error) => {
          if (error.code === "snmp.unreachable") this.#peer = undefined;
          reject(error);
        },
      }).start(community, request);
    });
  }
}

interface Outcome {
  resolve(response: ResponseView): void;
  reject(error: SnmpError): void;
}

/** One PDU on its way: sent, and sent again with the same request-id, so that a late answer still counts. */
class Attempt {
  readonly #options: CommunityTransportOptions;
  readonly peer: Peer;
  readonly #signals: readonly AbortSignal[];
  readonly #outcome: Outcome;
  #requestId = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #retries = 0;
  #sends = 0;
  #sentAtMs = 0;
  #malformed: SnmpError | undefined;
  #cancelTimer = (): void => undefined;

  constructor(
    options: CommunityTransportOptions,
    peer: Peer,
    signals: readonly AbortSignal[],
    outcome: Outcome,
  ) {
    this.#options = options;
    this.peer = peer;
    this.#signals = signals;
    this.#outcome = outcome;
  }

  start(community: string, request: TransportRequest): void {
    const { sockets, version, retries } = this.#options;
    this.#retries = request.retries ?? retries;
    this.#requestId = sockets.expect(this);
    try {
      this.#bytes = encodeRequest({ version, community, requestId: this.#requestId, ...request });
    } catch (error) {
      sockets.forget(this.#requestId);
      throw error;
    }
    for (const signal of this.#signals) signal.addEventListener("abort", this.#onAbort);
    this.#send();
  }

  onResponse(response: ResponseView): void {
    // A v1 agent answering v2c as v1 (or the reverse) is still answering us; only the request-id counts.
    if (this.#sends === 1)
      this.#options.roundTrip.add(this.#options.clock.nowMs() - this.#sentAtMs);
    this.#finish();
    this.#outcome.resolve(response);
  }

  onMalformed(error: SnmpError): void {
    this.#malformed = error;
  }

  onClosed(error: SnmpError): void {
    this.#fail(error);
  }

  #send(): void {
    const { clock, roundTrip, sockets } = this.#options;
    this.#sentAtMs = clock.nowMs();
    this.#cancelTimer = clock.after(roundTrip.timeoutMs(this.#sends), () => {
      this.#onSilence();
    });
    this.#sends++;
    sockets.send(this.peer, this.#bytes, (error) => {
      this.#fail(error);
    });
  }

  #onSilence(): void {
    // Whoever garbled the answer once will garble it again.
    if (this.#malformed !== undefined) this.#fail(this.#malformed);
    else if (this.#sends <= this.#retries) this.#send();
    else this.#fail(this.#silent());
  }

  #silent(): SnmpTimeoutError {
    const { host, port } = this.#options;
    return new SnmpTimeoutError(
      `no SNMP answer from ${host}:${port} to ${this.#sends} requests: switched off, or another community`,
    );
  }

  readonly #onAbort = (): void => {
    const fired = this.#signals.find((signal) => signal.aborted);
    if (fired !== undefined) this.#fail(abortedError(fired));
  };

  #fail(error: SnmpError): void {
    this.#finish();
    this.#outcome.reject(error);
  }

  #finish(): void {
    this.#cancelTimer();
    this.#options.sockets.forget(this.#requestId);
    for (const signal of this.#signals) signal.removeEventListener("abort", this.#onAbort);
  }
}

/** The error of a fired signal. */
export function abortedError(signal: AbortSignal): SnmpAbortedError {
  const reason: unknown = signal.reason;
  return reason instanceof SnmpAbortedError
    ? reason
    : new SnmpAbortedError("SNMP conversation aborted", reason);
}
