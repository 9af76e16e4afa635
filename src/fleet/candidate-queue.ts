import type { Candidate } from "../discovery/candidate.ts";

/** Candidates interviewed at the same time. */
const concurrency = 8;
/** More than this wait in vain: the next discovery run finds them again. */
const mostWaiting = 10_000;

/** Candidates waiting to be interviewed: each address once, a few at a time, the newest word about an address counts. */
export class CandidateQueue {
  readonly #handle: (candidate: Candidate) => Promise<void>;
  readonly #waiting = new Map<string, Candidate>();
  readonly #running = new Set<Promise<void>>();
  readonly #busyAddresses = new Set<string>();
  #isStopped = false;

  /** `handle` must not reject. */
  constructor(handle: (candidate: Candidate) => Promise<void>) {
    this.#handle = handle;
  }

  get size(): number {
    return this.#waiting.size + this.#running.size;
  }

  /** Queues a candidate; false when the queue is full or stopped. */
  add(candidate: Candidate): boolean {
    const { host, port } = candidate.access;
    const address = `${host}:${port}`;
    if (this.#isStopped || this.#busyAddresses.has(address)) return !this.#isStopped;
    if (this.#waiting.size >= mostWaiting && !this.#waiting.has(address)) return false;
    this.#waiting.set(address, candidate);
    this.#pump();
    return true;
  }

  /** Resolves when nothing waits or runs. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Drops what waits and resolves when what runs has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#waiting.clear();
    await this.idle();
  }

  #pump(): void {
    for (const [address, candidate] of this.#waiting) {
      if (this.#running.size >= concurrency) return;
      this.#waiting.delete(address);
      this.#busyAddresses.add(address);
      const run = this.#handle(candidate).finally(() => {
        this.#running.delete(run);
        this.#busyAddresses.delete(address);
        this.#pump();
      });
      this.#running.add(run);
    }
  }
}
