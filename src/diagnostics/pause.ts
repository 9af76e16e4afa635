import type { Clock } from "../shared/clock.ts";

/** How long to wait at most. */
export interface Patience {
  readonly clock: Clock;
  readonly ms: number;
  readonly signal: AbortSignal;
}

/** Waits `ms`, or until `signal` aborts; never rejects. */
export async function pause(patience: Patience): Promise<void> {
  await inTime(new Promise<never>(() => undefined), patience);
}

/** What `work` resolves with; undefined when that takes longer than `ms` or `signal` aborts first. */
export function inTime<T>(
  work: Promise<T>,
  { clock, ms, signal }: Patience,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      tidy();
      resolve(undefined);
    };
    const tidy = (): void => {
      cancel();
      signal.removeEventListener("abort", giveUp);
    };
    const cancel = clock.after(ms, giveUp);
    signal.addEventListener("abort", giveUp);
    if (signal.aborted) giveUp();
    work.then(resolve, reject).finally(tidy);
  });
}
