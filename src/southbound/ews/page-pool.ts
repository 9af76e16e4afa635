import type { Worker } from "node:worker_threads";
import { type CancelTimer, type Clock, systemClock } from "../../shared/clock.ts";
import { errorText } from "../../shared/errors.ts";
import { logger } from "../../shared/log.ts";
import type { PageFailure, PageResult, PageTask } from "./page-task.ts";
import type { WorkerReply } from "./page-worker.ts";
import { startWorker } from "./worker-file.ts";

const log = logger("southbound.ews.page-pool");

/** How a task ended. `killed`: it took too long, or too much memory; `full`: too many wait already. */
export type PageOutcome =
  | { readonly kind: "done"; readonly result: PageResult }
  | PageFailure
  | { readonly kind: "killed" | "full" };

interface WaitingTask {
  readonly task: PageTask;
  readonly settle: (outcome: PageOutcome) => void;
}

/** A page that takes longer is hostile: real ones take some 20 ms. */
const usualKillAfterMs = 2_000;
/** Loading the thread, in development through a compiler, on a small machine. */
const startWithinMs = 30_000;
/** Each printer has one page under way at a time, so this many printers. */
const mostWaiting = 256;
const heapMegabytes = 256;

/** Everything here has a default. */
export interface PagePoolOptions {
  readonly clock?: Clock;
  /** How long one page may take. */
  readonly killAfterMs?: number;
}

/**
 * Works on pages in one worker thread, one after another. The thread is started when first needed, and killed and
 * started anew when a page holds it up.
 */
export class PagePool {
  readonly #clock: Clock;
  readonly #killAfterMs: number;
  readonly #waiting: WaitingTask[] = [];
  #worker: Worker | undefined;
  #isReady = false;
  #current: WaitingTask | undefined;
  #cancelTimer: CancelTimer | undefined;

  constructor({ clock = systemClock, killAfterMs = usualKillAfterMs }: PagePoolOptions = {}) {
    this.#clock = clock;
    this.#killAfterMs = killAfterMs;
  }

  /** Never rejects. */
  run(task: PageTask): Promise<PageOutcome> {
    if (this.#waiting.length >= mostWaiting) return Promise.resolve({ kind: "full" });
    return new Promise((settle) => {
      this.#waiting.push({ task, settle });
      this.#next();
    });
  }

  /** Ends the thread; tasks under way end as `killed`. The next task starts another. */
  async close(): Promise<void> {
    const worker = this.#worker;
    for (const { settle } of this.#waiting.splice(0)) settle({ kind: "killed" });
    this.#letGo();
    await worker?.terminate();
  }

  #next(): void {
    if (this.#current !== undefined || this.#waiting.length === 0) return;
    const worker = (this.#worker ??= this.#start());
    if (!this.#isReady) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#current = next;
    worker.ref();
    this.#arm(this.#killAfterMs, "a page took too long");
    worker.postMessage(next.task);
  }

  #start(): Worker {
    const resourceLimits = { maxOldGenerationSizeMb: heapMegabytes };
    const worker = startWorker("page-worker", import.meta.url, { resourceLimits });
    worker.on("message", (reply: WorkerReply) => {
      if (this.#worker === worker) this.#answered(reply);
    });
    // Out of memory, or a mistake of ours: either way the page at hand is not to be had.
    worker.on("error", (error) => {
      if (this.#worker === worker) this.#drop(errorText(error));
    });
    worker.on("exit", () => {
      if (this.#worker === worker) this.#drop("ended by itself");
    });
    this.#arm(startWithinMs, "the thread does not start");
    return worker;
  }

  #answered(reply: WorkerReply): void {
    this.#disarm();
    if (reply.kind === "ready") {
      this.#isReady = true;
    } else {
      this.#current?.settle(reply);
      this.#current = undefined;
      // An idle thread keeps nobody from ending.
      this.#worker?.unref();
    }
    this.#next();
  }

  #arm(afterMs: number, why: string): void {
    this.#cancelTimer = this.#clock.after(afterMs, () => {
      const worker = this.#worker;
      this.#drop(why);
      worker?.terminate().catch((error: unknown) => {
        log.error("page thread does not end", { error });
      });
    });
  }

  #disarm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  /** Gives up the thread and the page it has; whoever waits gets another thread. */
  #drop(why: string): void {
    log.warn("page thread ended", { why });
    // A thread that never comes up must not be started for ever.
    if (!this.#isReady) for (const { settle } of this.#waiting.splice(0)) settle({ kind: "full" });
    this.#letGo();
    this.#next();
  }

  #letGo(): void {
    this.#disarm();
    this.#worker = undefined;
    this.#isReady = false;
    this.#current?.settle({ kind: "killed" });
    this.#current = undefined;
  }
}

let shared: PagePool | undefined;

/** The thread all printers share. */
export function sharedPagePool(): PagePool {
  return (shared ??= new PagePool());
}
