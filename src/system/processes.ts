/** States of `Device.DeviceInfo.ProcessStatus.Process.{i}.State` (TR-181i2). */
export type ProcessState =
  "Running" | "Sleeping" | "Stopped" | "Idle" | "Uninterruptible" | "Zombie";

/** One process of the machine. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parentPid: number;
  /** Name of the program without its arguments, which may hold secrets. */
  readonly command: string;
  /** Resident memory in KiB. */
  readonly sizeKiB: number;
  /** 0 (highest) to 99. */
  readonly priority: number;
  /** Processor time so far, milliseconds. */
  readonly cpuTimeMs: number;
  readonly state: ProcessState;
}

const stateOf: Readonly<Record<string, ProcessState>> = {
  R: "Running",
  S: "Sleeping",
  T: "Stopped",
  t: "Stopped",
  I: "Idle",
  D: "Uninterruptible",
  Z: "Zombie",
  X: "Zombie",
};

/** Linux reports processor time in hundredths of a second whatever the kernel counts in (USER_HZ). */
const tickMs = 10;
const pageKiB = 4;

/** Real-time processes have -2 to -100 here, all others 0 to 39 (proc(5)). */
function priorityOf(kernelPriority: number): number {
  return Math.min(99, Math.max(0, kernelPriority));
}

/** Reads `/proc/<pid>/stat`; undefined when the text is not of that form. */
export function parseProcess(text: string): ProcessInfo | undefined {
  // The name stands in parentheses and may hold blanks and parentheses itself.
  const match = /^(\d+) \((.*)\) (\S) (.*)$/s.exec(text.trim());
  const [, pid, command, letter = "", rest = ""] = match ?? [];
  if (pid === undefined || command === undefined) return undefined;
  const fields = rest.split(" ").map(Number);
  const field = (number: number): number => fields[number - 4] ?? 0;
  return {
    pid: Number(pid),
    parentPid: field(4),
    command,
    sizeKiB: field(24) * pageKiB,
    priority: priorityOf(field(18)),
    cpuTimeMs: (field(14) + field(15)) * tickMs,
    state: stateOf[letter] ?? "Sleeping",
  };
}

/** A process and everything it started, in the order given. */
export function withDescendants(
  processes: readonly ProcessInfo[],
  pid: number,
): readonly ProcessInfo[] {
  const family = new Set([pid]);
  let size = 0;
  while (size !== family.size) {
    size = family.size;
    for (const one of processes) if (family.has(one.parentPid)) family.add(one.pid);
  }
  return processes.filter((one) => family.has(one.pid));
}
