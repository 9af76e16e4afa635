import type { Clock } from "../shared/clock.ts";

/**
 * Waits for `work`, but not beyond `deadlineMs`. `late` leaves the work running; whoever started it looks after its
 * outcome.
 */
export async function withinDeadline<Result>(
  clock: Clock,
  deadlineMs: number,
  work: Promise<Result>,
): Promise<{ readonly late: false; readonly result: Result } | { readonly late: true }> {
  let cancel: () => void = () => undefined;
  const timeout = new Promise<{ readonly late: true }>((resolve) => {
    cancel = clock.after(deadlineMs - clock.nowMs(), () => {
      resolve({ late: true });
    });
  });
  try {
    return await Promise.race([work.then((result) => ({ late: false, result }) as const), timeout]);
  } finally {
    cancel();
  }
}
