import type { Clock } from "../../shared/clock.ts";
import { EwsAbortedError, EwsTimeoutError } from "./errors.ts";

/** How long one request may take. */
export interface PatienceOptions {
  /** For messages. */
  readonly server: string;
  readonly clock: Clock;
  /** Longest silence. */
  readonly idleMs: number;
  /** Longest time from the first octet sent to the last one received: a server that drips is cut off. */
  readonly wholeMs: number;
  readonly signal: AbortSignal | undefined;
}

/** The time-outs of one request, and the caller's signal, as one signal. */
export class Patience {
  readonly #options: PatienceOptions;
  readonly #controller = new AbortController();
  readonly #cancelWhole: () => void;
  #cancelIdle: () => void;

  constructor(options: PatienceOptions) {
    this.#options = options;
    const { clock, wholeMs, signal } = options;
    this.#cancelWhole = clock.after(wholeMs, () => {
      this.#giveUp(wholeMs);
    });
    this.#cancelIdle = this.#armIdle();
    if (signal?.aborted === true) this.#onAbort();
    signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why the request was ended from this side. */
  get reason(): EwsTimeoutError | EwsAbortedError | undefined {
    const reason: unknown = this.#controller.signal.reason;
    return reason instanceof EwsTimeoutError || reason instanceof EwsAbortedError
      ? reason
      : undefined;
  }

  /** Something arrived. */
  touch(): void {
    this.#cancelIdle();
    this.#cancelIdle = this.#armIdle();
  }

  /** The request is over. */
  end(): void {
    this.#cancelWhole();
    this.#cancelIdle();
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
  }

  #armIdle(): () => void {
    const { clock, idleMs } = this.#options;
    return clock.after(idleMs, () => {
      this.#giveUp(idleMs);
    });
  }

  #giveUp(afterMs: number): void {
    const seconds = Math.round(afterMs / 100) / 10;
    const message = `${this.#options.server} did not answer within ${seconds} s`;
    this.#controller.abort(new EwsTimeoutError(message));
  }

  readonly #onAbort = (): void => {
    this.#controller.abort(new EwsAbortedError(`${this.#options.server}: given up by the caller`));
  };
}
