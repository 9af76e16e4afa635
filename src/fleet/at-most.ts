import type { Clock } from "../shared/clock.ts";

/** Waits for `work`, but no longer than `leftMs`; the work goes on by itself. @throws what `work` throws in time */
export async function atMost(leftMs: number, work: Promise<unknown>, clock: Clock): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const cancel = clock.after(leftMs, resolve);
    work
      .then(() => {
        resolve();
      }, reject)
      .finally(cancel);
  });
}
