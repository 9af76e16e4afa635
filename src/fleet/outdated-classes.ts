import { type PollClass, type Shape, type Snapshot, pollClasses } from "../model/snapshot.ts";

/** When classes were last asked for, answered or not. */
export type AskedAtMs = Partial<Record<PollClass, number>>;

/**
 * Poll classes of `paths` (names, or partial paths ending with a dot) whose values are older than their period. What
 * was asked for within the period is not asked for again: a web server that is silent would hold up every session.
 */
export function outdatedClasses(
  paths: readonly string[],
  { shape, readAtMs }: Snapshot,
  { periodsMs, askedAtMs, nowMs }: OutdatedOptions,
): readonly PollClass[] {
  const triedAtMs = (pollClass: PollClass): number =>
    Math.max(readAtMs[pollClass] ?? 0, askedAtMs[pollClass] ?? 0);
  const outdated = new Set(
    pollClasses.filter((pollClass) => nowMs - triedAtMs(pollClass) > periodsMs[pollClass]),
  );
  if (outdated.size === 0) return [];
  const wanted = new Set<PollClass>();
  for (const path of paths)
    for (const pollClass of classesBelow(shape, path))
      if (outdated.has(pollClass)) wanted.add(pollClass);
  return pollClasses.filter((pollClass) => wanted.has(pollClass));
}

/** What makes a class outdated. */
export interface OutdatedOptions {
  readonly periodsMs: Readonly<Record<PollClass, number>>;
  readonly askedAtMs: AskedAtMs;
  readonly nowMs: number;
}

/** Poll classes of a parameter, or of everything below a partial path. */
function classesBelow(shape: Shape, path: string): Iterable<PollClass> {
  const position = shape.indexOf.get(path);
  const exact = position === undefined ? undefined : shape.pollClasses[position];
  if (exact !== undefined) return [exact];
  if (path !== "" && !path.endsWith(".")) return [];
  return new Set(shape.pollClasses.filter((_, n) => shape.paths[n]?.startsWith(path) === true));
}
