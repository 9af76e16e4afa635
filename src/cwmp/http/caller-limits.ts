import type { Socket } from "node:net";
import type { Clock } from "../../shared/clock.ts";
import { type RateLimit, TokenBucket } from "./token-bucket.ts";

interface Caller {
  connections: number;
  readonly bucket: TokenBucket;
}

/** How much one address may take of the listener. */
export interface CallerLimitOptions {
  readonly clock: Clock;
  readonly rate: RateLimit;
  /** Connections open at the same time. */
  readonly mostConnections: number;
}

/** Addresses remembered; beyond them the one seen first that has no connection open is forgotten. */
const mostCallers = 1_000;

/**
 * The share of each remote address, so that one that floods the listener, or sits on its connections, does not keep the
 * ACS at another address out.
 */
export class CallerLimits {
  readonly #options: CallerLimitOptions;
  readonly #callers = new Map<string, Caller>();

  constructor(options: CallerLimitOptions) {
    this.#options = options;
  }

  /** Counts a new connection; hangs up on one too many. */
  connected(socket: Socket): void {
    const caller = this.#callerAt(socket.remoteAddress);
    if (caller === undefined || caller.connections >= this.#options.mostConnections) {
      socket.destroy();
      return;
    }
    caller.connections += 1;
    socket.once("close", () => {
      caller.connections -= 1;
    });
  }

  /** Whether one more request of this address is within its rate. */
  take(socket: Socket): boolean {
    return this.#callerAt(socket.remoteAddress)?.bucket.take() ?? false;
  }

  /** Undefined when the address is gone already, or too many are connected. */
  #callerAt(address: string | undefined): Caller | undefined {
    if (address === undefined) return undefined;
    const known = this.#callers.get(address);
    if (known !== undefined) return known;
    if (this.#callers.size >= mostCallers && !this.#forgetOne()) return undefined;
    const { rate, clock } = this.#options;
    const caller = { connections: 0, bucket: new TokenBucket(rate, clock) };
    this.#callers.set(address, caller);
    return caller;
  }

  #forgetOne(): boolean {
    for (const [address, { connections }] of this.#callers) {
      if (connections === 0) return this.#callers.delete(address);
    }
    return false;
  }
}
