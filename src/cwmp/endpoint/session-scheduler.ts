import type { CancelTimer, Clock } from "../../shared/clock.ts";

/** One session that waits for its turn. */
export interface SessionJob {
  readonly endpointId: string;
  /** Pauses asked for by an ACS concern all sessions to its URL. */
  readonly acsUrl: string;
  /** Runs the session. Never rejects. */
  run(): Promise<void>;
}

/** Sizes of the scheduler. */
export interface SchedulerOptions {
  readonly clock: Clock;
  readonly maxConcurrent: number;
}

/** However long an ACS asks to be left alone, we look again after this. */
const longestPauseMs = 600_000;
/** More connection requests than this many times the slots are told to come back. */
const urgentPerSlot = 50;

/**
 * Lets a bounded number of sessions run at the same time, first come first served. Urgent ones (connection requests,
 * which must begin within 4 s) go first and find slots kept free for them.
 */
export class SessionScheduler {
  readonly #options: SchedulerOptions;
  readonly #urgent = new Map<string, SessionJob>();
  readonly #normal = new Map<string, SessionJob>();
  readonly #running = new Set<string>();
  readonly #pauses = new Map<string, { readonly untilMs: number; readonly cancel: CancelTimer }>();
  #isStarted = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** Begins to run what is queued. */
  start(): void {
    this.#isStarted = true;
    this.#pump();
  }

  /** Begins nothing more; sessions under way are their endpoints' business. */
  stop(): void {
    this.#isStarted = false;
    for (const { cancel } of this.#pauses.values()) cancel();
    this.#pauses.clear();
    this.#urgent.clear();
    this.#normal.clear();
  }

  /** Queues a session; at most one per endpoint. Asking again as urgent moves it to the front. */
  enqueue(job: SessionJob, isUrgent: boolean): void {
    const { endpointId, acsUrl } = job;
    if (isUrgent) {
      this.#normal.delete(endpointId);
      this.#urgent.set(endpointId, job);
    } else if (!this.#urgent.has(endpointId) && !this.#normal.has(endpointId)) {
      this.#normal.set(endpointId, job);
    }
    if (isUrgent || !this.#pauses.has(acsUrl)) this.#pump();
  }

  /** Takes a queued session back; one that runs goes on. */
  cancel(endpointId: string): void {
    this.#urgent.delete(endpointId);
    this.#normal.delete(endpointId);
  }

  /** Whether another urgent session would have to wait too long. */
  isBusy(): boolean {
    return this.#urgent.size >= this.#options.maxConcurrent * urgentPerSlot;
  }

  /** The ACS at this URL asked to be left alone (Retry-After). Urgent sessions, which it asked for itself, still run. */
  pause(acsUrl: string, forMs: number): void {
    const { clock } = this.#options;
    const boundedMs = Math.min(forMs, longestPauseMs);
    const untilMs = clock.nowMs() + boundedMs;
    const known = this.#pauses.get(acsUrl);
    if (known !== undefined && known.untilMs >= untilMs) return;
    known?.cancel();
    const cancel = clock.after(boundedMs, () => {
      this.#pauses.delete(acsUrl);
      this.#pump();
    });
    this.#pauses.set(acsUrl, { untilMs, cancel });
  }

  /** For status and metrics. */
  counts(): { readonly running: number; readonly queued: number } {
    return { running: this.#running.size, queued: this.#urgent.size + this.#normal.size };
  }

  #pump(): void {
    const { maxConcurrent } = this.#options;
    const forNormal = maxConcurrent - reserved(maxConcurrent);
    while (this.#isStarted && this.#running.size < maxConcurrent) {
      const job =
        takeFirst(this.#urgent, (job) => !this.#running.has(job.endpointId)) ??
        (this.#running.size < forNormal
          ? takeFirst(this.#normal, (job) => this.#mayRun(job))
          : undefined);
      if (job === undefined) return;
      this.#run(job);
    }
  }

  #mayRun({ endpointId, acsUrl }: SessionJob): boolean {
    return !this.#running.has(endpointId) && !this.#pauses.has(acsUrl);
  }

  #run(job: SessionJob): void {
    this.#running.add(job.endpointId);
    void job.run().finally(() => {
      this.#running.delete(job.endpointId);
      this.#pump();
    });
  }
}

/** Slots that only urgent sessions use. */
function reserved(maxConcurrent: number): number {
  if (maxConcurrent >= 5) return 2;
  return maxConcurrent >= 2 ? 1 : 0;
}

function takeFirst(
  queue: Map<string, SessionJob>,
  mayRun: (job: SessionJob) => boolean,
): SessionJob | undefined {
  for (const [endpointId, job] of queue) {
    if (!mayRun(job)) continue;
    queue.delete(endpointId);
    return job;
  }
  return undefined;
}
