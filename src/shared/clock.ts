/** Cancels a timer; calling it twice is harmless. */
export type CancelTimer = () => void;

/** Time as a parameter, so that no test sleeps. All instants are epoch milliseconds. */
export interface Clock {
  nowMs(): number;
  /** Calls `run` once after `delayMs`; timers never keep the process alive by themselves. */
  after(delayMs: number, run: () => void): CancelTimer;
}

/** The longest delay Node's timers take (2^31 - 1 ms, 24.8 days); longer ones are cut and re-armed. */
const longestTimerMs = 2_147_483_647;

/** The real clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, run) {
    let cancelled = false;
    let timer: NodeJS.Timeout;
    const arm = (remainingMs: number): void => {
      const stepMs = Math.min(remainingMs, longestTimerMs);
      timer = setTimeout(
        () => {
          if (cancelled) return;
          if (remainingMs > stepMs) arm(remainingMs - stepMs);
          else run();
        },
        Math.max(0, stepMs),
      );
      timer.unref();
    };
    arm(delayMs);
    return () => {
      cancelled = true;
      clearTimeout(timer);
    };
  },
};
