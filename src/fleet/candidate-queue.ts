import type { Candidate } from "../discovery/candidate.ts";

/** Candidates interviewed at the same time. */
const concurrency = 8;
/** More than this wait in vain: the next discovery run finds them again. */
const mostWaiting = 10_000;

/**
 * Candidates waiting to be interviewed: each place once, a few at a time, the newest word about a place counts. A place
 * is an address with a credential, as one agent may speak for several printers and tell them by community or context.
 */
export class CandidateQueue {
  readonly #handle: (candidate: Candidate) => Promise<void>;
  readonly #waiting = new Map<string, Candidate>();
  readonly #running = new Set<Promise<void>>();
  readonly #busyPlaces = new Set<string>();
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
    const { host, snmp, ews } = candidate.access;
    const place = `${host}:${snmp?.port ?? ""} ${ews?.port ?? ""} ${candidate.credential ?? ""}`;
    if (this.#isStopped || this.#busyPlaces.has(place)) return !this.#isStopped;
    if (this.#waiting.size >= mostWaiting && !this.#waiting.has(place)) return false;
    this.#waiting.set(place, candidate);
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
    for (const [place, candidate] of this.#waiting) {
      if (this.#running.size >= concurrency) return;
      this.#waiting.delete(place);
      this.#busyPlaces.add(place);
      const run = this.#handle(candidate).finally(() => {
        this.#running.delete(run);
        this.#busyPlaces.delete(place);
        this.#pump();
      });
      this.#running.add(run);
    }
  }
}
