/** Time all processors together spent since the machine started, in ticks. */
export interface ProcessorTime {
  readonly busy: number;
  readonly total: number;
}

/** Columns of the line `cpu` of `/proc/stat` that are not work: idle and waiting for a disk (proc(5)). */
const idleColumns: ReadonlySet<number> = new Set([3, 4]);

/** Guest time, in the columns behind these, is counted within user and nice already. */
const countedColumns = 8;

/** Reads the first line of `/proc/stat`; undefined when it is not there. */
export function parseProcessorTime(text: string): ProcessorTime | undefined {
  const match = /^cpu +([\d ]+)$/m.exec(text);
  if (match?.[1] === undefined) return undefined;
  const ticks = match[1].trim().split(/ +/).slice(0, countedColumns).map(Number);
  const total = ticks.reduce((sum, value) => sum + value, 0);
  const idle = ticks.reduce((sum, value, index) => sum + (idleColumns.has(index) ? value : 0), 0);
  return { busy: total - idle, total };
}

/** Usage between two readings, 0 to 100 percent; from the start of the machine when there is no earlier one. */
export function usagePercent(
  now: ProcessorTime,
  before: ProcessorTime = { busy: 0, total: 0 },
): number | undefined {
  const total = now.total - before.total;
  if (total <= 0) return undefined;
  return Math.min(100, Math.max(0, Math.round((100 * (now.busy - before.busy)) / total)));
}

/** Number of processors in `/proc/cpuinfo`, which every architecture writes otherwise; 0 when it does not tell. */
export function countProcessors(cpuinfo: string): number {
  return cpuinfo.match(/^processor\s*:/gm)?.length ?? 0;
}
