import {
  type IncomingMessage,
  type Server,
  type ServerResponse,
  createServer as createHttpServer,
} from "node:http";
import { type ServerOptions, createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { CancelTimer, Clock } from "../../shared/clock.ts";

/** Where a listener listens and what it does. */
export interface ListenerOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Present: https. */
  readonly tls?: ServerOptions;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  readonly clock: Clock;
}

/** One listening port that can go away for a while and come back, as when a printer restarts its network. */
export class Listener {
  readonly #options: ListenerOptions;
  #server: Server | undefined;
  #port: number;
  #cancelReturn: CancelTimer | undefined;
  #isStopped = false;

  /** Use {@link startListener}. */
  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  get port(): number {
    return this.#port;
  }

  /** Begins to listen. @throws when the address is taken */
  async open(): Promise<void> {
    const { host, tls, handle } = this.#options;
    const server = tls === undefined ? createHttpServer(handle) : createHttpsServer(tls, handle);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, host, () => {
        server.removeListener("error", reject);
        resolve();
      });
    });
    // `address` of a server listening on TCP is never a pipe name.
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Cuts all connections and refuses new ones for `ms`. */
  away(ms: number): void {
    this.#cancelReturn?.();
    void this.#close().then(() => {
      if (this.#isStopped) return;
      this.#cancelReturn = this.#options.clock.after(ms, () => {
        // The port was ours a moment ago; should somebody have taken it, the printer stays away as long again.
        this.open().then(
          () => (this.#isStopped ? this.#close() : undefined),
          () => {
            if (!this.#isStopped) this.away(ms);
          },
        );
      });
    });
  }

  /** Stops for good. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelReturn?.();
    await this.#close();
  }

  #close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  }
}

/** Opens a listener. @throws when the address is taken */
export async function startListener(options: ListenerOptions): Promise<Listener> {
  const listener = new Listener(options);
  await listener.open();
  return listener;
}
