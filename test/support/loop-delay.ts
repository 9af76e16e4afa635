import { existsSync, readFileSync } from "node:fs";

const statistics = `/proc/${process.pid}/task/${process.pid}/schedstat`;

/** Processor time of the main thread, or, where the system does not tell it, the time that went by; milliseconds. */
function threadMs(): number {
  if (!existsSync(statistics)) return performance.now();
  return Number(readFileSync(statistics, "utf8").split(" ")[0]) / 1e6;
}

/**
 * The longest the event loop was held up while `run` ran, in milliseconds of processor time of this thread: on a machine
 * that does other things at the same time the clock on the wall would tell of those.
 */
export async function longestBlock(run: () => Promise<void>): Promise<number> {
  let longestMs = 0;
  let lastMs = threadMs();
  const beat = (): void => {
    const nowMs = threadMs();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
  };
  const timer = setInterval(beat, 1);
  try {
    await run();
  } finally {
    clearInterval(timer);
  }
  beat();
  return longestMs;
}
