import { readFileSync } from "node:fs";

/** What something cost this process: CPU time of all its threads, and time on the clock. */
export interface Cost {
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** Runs `work` and tells what it cost. */
export async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1_000, wallMs: performance.now() - startedMs };
}

/** Position of `cutime` and `cstime` in proc_pid_stat(5), counted after the name in parentheses. */
const cutimeField = 13;
/** USER_HZ; the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** CPU time of all children of this process that have ended and been waited for. */
export function endedChildrenCpuMs(): number {
  const stat = readFileSync("/proc/self/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[cutimeField]) + Number(fields[cutimeField + 1]);
  return (ticks * 1_000) / ticksPerSecond;
}

/** Resident memory of this process after a full collection. Needs `--expose-gc`. */
export function restingMemoryBytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage.rss();
}
