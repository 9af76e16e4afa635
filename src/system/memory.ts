/** Sizes in KiB. */
export interface Memory {
  readonly totalKiB: number;
  readonly freeKiB: number;
}

/**
 * Reads `/proc/meminfo`. Free is what programs can still have (`MemAvailable`): what Linux keeps as cache is given back
 * when asked for, and would make every box look full. Undefined when the text is not of that form.
 */
export function parseMeminfo(text: string): Memory | undefined {
  const field = (name: string): number | undefined => {
    const match = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text);
    return match?.[1] === undefined ? undefined : Number(match[1]);
  };
  const totalKiB = field("MemTotal");
  const freeKiB = field("MemAvailable") ?? field("MemFree");
  return totalKiB === undefined || freeKiB === undefined ? undefined : { totalKiB, freeKiB };
}
