import { closeSync, openSync, readSync } from "node:fs";

/** Longest stretch between two looks at the clock. */
export interface Stretch {
  /** Time by the wall clock: everything, including other programs that had the processor. */
  readonly wallMs: number;
  /** Processor time this thread used in the stretch that used most of it. */
  readonly busyMs: number;
}

/**
 * Measures how long the event loop of this thread was blocked. A timer looks every millisecond; what counts is the
 * processor time this very thread used between two looks (`schedstat` of Linux, in nanoseconds), because on a machine
 * shared with others the wall clock also counts time in which the thread was not allowed to run. Threads of the
 * garbage collector and of zlib are not counted: they block nobody. Elsewhere than on Linux the time of the whole
 * process stands in.
 */
export class LoopWatch {
  readonly #readBusyMs: () => number;
  readonly #close: () => void;
  readonly #timer: NodeJS.Timeout;
  #lookedAtMs = 0;
  #busyAtMs = 0;
  #wallMs = 0;
  #busyMs = 0;

  constructor() {
    const { read, close } = threadTime();
    this.#readBusyMs = read;
    this.#close = close;
    this.#lookedAtMs = performance.now();
    this.#busyAtMs = read();
    this.#timer = setInterval(() => {
      this.#look();
    }, 1);
  }

  /** Ends the watch. */
  stop(): Stretch {
    this.#look();
    clearInterval(this.#timer);
    this.#close();
    return { wallMs: this.#wallMs, busyMs: this.#busyMs };
  }

  #look(): void {
    const nowMs = performance.now();
    const busyAtMs = this.#readBusyMs();
    this.#wallMs = Math.max(this.#wallMs, nowMs - this.#lookedAtMs);
    this.#busyMs = Math.max(this.#busyMs, busyAtMs - this.#busyAtMs);
    this.#lookedAtMs = nowMs;
    this.#busyAtMs = busyAtMs;
  }
}

/** Longest time hostile input may keep the event loop from other work (DESIGN §10). */
export const longestBlockMs = 50;
/** What blocked longer is played again: only what blocks every time is our doing. */
export const mostRepetitions = 3;

/** The longest stretch `play` blocked the event loop, in the calmest of up to three repetitions. */
export async function blockedMs(play: () => Promise<unknown>): Promise<number> {
  let leastMs = Infinity;
  for (let times = 0; times < mostRepetitions && leastMs > longestBlockMs; times += 1) {
    const watch = new LoopWatch();
    await play();
    leastMs = Math.min(leastMs, watch.stop().busyMs);
  }
  return leastMs;
}

interface ThreadTime {
  readonly read: () => number;
  readonly close: () => void;
}

/** The main thread of a process has the id of the process. */
function threadTime(): ThreadTime {
  try {
    const file = openSync(`/proc/self/task/${process.pid}/schedstat`, "r");
    const buffer = Buffer.alloc(64);
    const read = (): number => {
      const length = readSync(file, buffer, 0, buffer.length, 0);
      return Number(buffer.toString("latin1", 0, length).split(" ", 1)[0]) / 1e6;
    };
    return {
      read,
      close: () => {
        closeSync(file);
      },
    };
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    return { read: processTimeMs, close: () => undefined };
  }
}

function processTimeMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
