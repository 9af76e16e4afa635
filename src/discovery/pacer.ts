import type { CancelTimer, Clock } from "../shared/clock.ts";

const tickMs = 10;
/** After a stall (busy process) so much is caught up, not more: a burst is what pacing is to prevent. */
const longestCatchUpMs = 50;

/** The rate, and what is paced. */
export interface PacerOptions {
  readonly clock: Clock;
  readonly packetsPerSecond: number;
  /** Sends one packet; false when there is nothing (more) to send at present. */
  readonly send: () => boolean;
  /** True while the socket still holds packets back. */
  readonly isCongested: () => boolean;
}

/** Token bucket on a 10 ms tick: calls `send` so often that the rate is met and never exceeded for long. */
export class Pacer {
  readonly #options: PacerOptions;
  #tokens = 0;
  #lastMs: number;
  #cancel: CancelTimer | undefined;
  #isStopped = false;

  constructor(options: PacerOptions) {
    this.#options = options;
    this.#lastMs = options.clock.nowMs();
  }

  start(): void {
    this.#lastMs = this.#options.clock.nowMs();
    this.#arm();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  #arm(): void {
    this.#cancel = this.#options.clock.after(tickMs, () => {
      this.#tick();
      if (!this.#isStopped) this.#arm();
    });
  }

  #tick(): void {
    const { clock, packetsPerSecond, send, isCongested } = this.#options;
    const nowMs = clock.nowMs();
    const mostTokens = Math.max(1, (packetsPerSecond * longestCatchUpMs) / 1_000);
    const earned = ((nowMs - this.#lastMs) * packetsPerSecond) / 1_000;
    this.#tokens = Math.min(mostTokens, this.#tokens + earned);
    this.#lastMs = nowMs;
    while (this.#tokens >= 1 && !isCongested() && send()) this.#tokens--;
  }
}
