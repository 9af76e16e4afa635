import type { SessionScript } from "../../src/simulator/acs/session-script.ts";
import { startTestAcs } from "../../src/simulator/acs/test-acs.ts";

/** What the ACS saw of all devices together between `begin` and `end`. */
export interface SoakReport {
  readonly devices: number;
  readonly informs: number;
  /** Intervals without a periodic Inform, over all devices. */
  readonly missed: number;
  /** Intervals with more than one. */
  readonly doubled: number;
  /** Largest distance of an Inform from the moment it was due, counted from the first of its device. */
  readonly latestMs: number;
  readonly failedSessions: number;
  readonly violations: readonly string[];
}

/** What the parent process says. */
export type SoakOrder =
  { readonly order: "begin" } | { readonly order: "end"; readonly intervalMs: number };

/** Moments of the periodic Informs of each device since `begin`. */
const informsAtMs = new Map<string, number[]>();
let isCounting = false;
let beganAtMs = 0;

const count: SessionScript = ({ device, events, nowMs }) => {
  if (isCounting && events.includes("2 PERIODIC")) {
    const moments = informsAtMs.get(device.id) ?? [];
    moments.push(nowMs());
    informsAtMs.set(device.id, moments);
  }
  return Promise.resolve();
};

const acs = await startTestAcs({ scripts: [count] });

function report(intervalMs: number): SoakReport {
  const all = [...informsAtMs.values()];
  const endedAtMs = Date.now();
  const judged = all.map((moments) => judge(moments, { beganAtMs, endedAtMs, intervalMs }));
  const failed = acs
    .devices()
    .map((device) => device.sessions.all().filter(({ problem }) => problem !== undefined).length);
  return {
    devices: all.length,
    informs: all.reduce((sum, moments) => sum + moments.length, 0),
    missed: judged.reduce((sum, { missed }) => sum + missed, 0),
    doubled: judged.reduce((sum, { doubled }) => sum + doubled, 0),
    latestMs: Math.max(0, ...judged.map(({ latestMs }) => latestMs)),
    failedSessions: failed.reduce((sum, number) => sum + number, 0),
    violations: acs
      .violations()
      .slice(0, 20)
      .map(({ text }) => text),
  };
}

interface Period {
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  readonly intervalMs: number;
}

/** Sorts the Informs of one device into intervals, each around a moment that is due. */
function judge(
  moments: readonly number[],
  { beganAtMs, endedAtMs, intervalMs }: Period,
): { readonly missed: number; readonly doubled: number; readonly latestMs: number } {
  const first = moments[0] ?? endedAtMs;
  const intervals = moments.map((moment) => Math.round((moment - first) / intervalMs));
  const distances = moments.map((moment, index) =>
    Math.abs(moment - first - (intervals[index] ?? 0) * intervalMs),
  );
  const different = new Set(intervals).size;
  const between = (intervals.at(-1) ?? 0) + 1 - different;
  // Before the first and after the last there is room for less than one more, give or take half an interval.
  const before = Math.floor((first - beganAtMs) / intervalMs - 0.5);
  const after = Math.floor((endedAtMs - (moments.at(-1) ?? endedAtMs)) / intervalMs - 0.5);
  return {
    missed: between + Math.max(0, before) + Math.max(0, after),
    doubled: intervals.length - different,
    latestMs: Math.round(Math.max(0, ...distances)),
  };
}

process.on("message", (message: SoakOrder) => {
  if (message.order === "begin") {
    informsAtMs.clear();
    isCounting = true;
    beganAtMs = Date.now();
    return;
  }
  isCounting = false;
  process.send?.(report(message.intervalMs));
});
// The parent is gone: nobody else would end this process.
process.on("disconnect", () => {
  void acs.stop().then(() => process.exit());
});
process.send?.({ url: acs.url });
