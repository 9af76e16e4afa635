import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { type Socket, connect as connectTcp, isIP } from "node:net";
import type { Duplex } from "node:stream";
import { type TLSSocket, connect as connectTls } from "node:tls";
import type { Clock } from "../../shared/clock.ts";
import { EwsAbortedError, EwsTimeoutError } from "./errors.ts";
import type { EwsMemory, Origin } from "./ews-memory.ts";
import { ewsFailure } from "./failure.ts";
import { type TlsPolicy, checkPin, tlsOptions, untrusted } from "./tls-policy.ts";

/** What a connection needs to be made. */
export interface ConnectionOptions {
  readonly host: string;
  readonly tls: TlsPolicy;
  readonly memory: EwsMemory;
  readonly clock: Clock;
  readonly connectTimeoutMs: number;
  readonly onPinned: (fingerprint: string) => void;
}

/**
 * The one connection to a printer: kept alive between requests, replaced when the scheme or port changes. Whatever host
 * a URL names, it leads to the configured one and nowhere else.
 */
export class Connection {
  /** Address of the printer, once connected. */
  remoteAddress: string | undefined;
  readonly #options: ConnectionOptions;
  readonly #sockets = new Set<Socket>();
  #open: { readonly origin: Origin; readonly agent: HttpAgent } | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** The agent for requests to `origin`; the connection to another origin is closed. */
  agentFor(origin: Origin): HttpAgent {
    const current = this.#open;
    if (current?.origin.scheme === origin.scheme && current.origin.port === origin.port)
      return current.agent;
    this.close();
    const settings = { keepAlive: true, maxSockets: 1, maxFreeSockets: 1 };
    const agent = origin.scheme === "https" ? new HttpsAgent(settings) : new HttpAgent(settings);
    agent.createConnection = (_options, done) => {
      this.#connect(origin).then(
        (socket) => done?.(null, socket),
        // A failed connection has no stream; the types of Node know only the other case.
        (error: unknown) =>
          (done as ((error: unknown, stream?: Duplex) => void) | undefined)?.(error),
      );
      return undefined;
    };
    this.#open = { origin, agent };
    return agent;
  }

  close(): void {
    this.#open?.agent.destroy();
    this.#open = undefined;
    for (const socket of this.#sockets) socket.destroy();
  }

  async #connect(origin: Origin): Promise<Socket> {
    const { host, tls, clock, connectTimeoutMs } = this.#options;
    const isSecure = origin.scheme === "https";
    const socket = isSecure
      ? connectTls({ host, port: origin.port, ...serverName(host), ...tlsOptions(tls) })
      : connectTcp({ host, port: origin.port });
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    const cancel = clock.after(connectTimeoutMs, () => {
      const seconds = Math.round(connectTimeoutMs / 100) / 10;
      socket.destroy(
        new EwsTimeoutError(`${host}:${origin.port} does not answer within ${seconds} s`),
      );
    });
    try {
      await established(socket, isSecure ? "secureConnect" : "connect");
      if (isSecure) this.#check(socket as TLSSocket);
      this.remoteAddress = socket.remoteAddress?.replace(/^::ffff:/, "");
      return socket;
    } catch (error) {
      socket.destroy();
      const isDistrust = tls.verify === "ca" && isSecure && isUnauthorized(socket as TLSSocket);
      throw isDistrust ? untrusted(host, error) : ewsFailure(`${host}:${origin.port}`, error);
    } finally {
      cancel();
    }
  }

  #check(socket: TLSSocket): void {
    const { host, tls, memory, clock, onPinned } = this.#options;
    if (!checkPin(socket, { host, policy: tls, memory, nowMs: clock.nowMs() })) return;
    onPinned(memory.certificate?.fingerprint ?? "");
  }
}

/** SNI takes names only (RFC 6066 §3). */
function serverName(host: string): { readonly servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}

function isUnauthorized(socket: TLSSocket): boolean {
  // Typed as an Error, in fact null until a certificate was looked at.
  const found: unknown = socket.authorizationError;
  return found !== null && found !== undefined;
}

function established(socket: Socket, event: "connect" | "secureConnect"): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once("error", reject);
    socket.once("close", () => {
      reject(new EwsAbortedError("the connection was closed"));
    });
  });
}
