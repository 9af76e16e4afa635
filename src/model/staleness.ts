import { type PollClass, type Snapshot, pollClasses } from "./snapshot.ts";

/** A class counts as stale when it missed this many polls. */
const missedPolls = 3;

/** Whether values of a class are too old to be taken for current: never read, or older than three periods. */
export function isStale(
  snapshot: Snapshot,
  pollClass: PollClass,
  nowMs: number,
  periodsMs: Readonly<Record<PollClass, number>>,
): boolean {
  const readAtMs = snapshot.readAtMs[pollClass];
  return readAtMs === undefined || nowMs - readAtMs > missedPolls * periodsMs[pollClass];
}

/** The poll classes that are stale now. */
export function staleClasses(
  snapshot: Snapshot,
  nowMs: number,
  periodsMs: Readonly<Record<PollClass, number>>,
): readonly PollClass[] {
  return pollClasses.filter((pollClass) => isStale(snapshot, pollClass, nowMs, periodsMs));
}
