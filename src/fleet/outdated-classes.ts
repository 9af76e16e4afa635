import { type PollClass, type Shape, type Snapshot, pollClasses } from "../model/snapshot.ts";

/** Poll classes of `paths` (names, or partial paths ending with a dot) whose values are older than their period. */
export function outdatedClasses(
  paths: readonly string[],
  { shape, readAtMs }: Snapshot,
  periodsMs: Readonly<Record<PollClass, number>>,
  nowMs: number,
): readonly PollClass[] {
  const outdated = new Set(
    pollClasses.filter((pollClass) => nowMs - (readAtMs[pollClass] ?? 0) > periodsMs[pollClass]),
  );
  if (outdated.size === 0) return [];
  const wanted = new Set<PollClass>();
  for (const path of paths)
    for (const pollClass of classesBelow(shape, path))
      if (outdated.has(pollClass)) wanted.add(pollClass);
  return pollClasses.filter((pollClass) => wanted.has(pollClass));
}

/** Poll classes of a parameter, or of everything below a partial path. */
function classesBelow(shape: Shape, path: string): Iterable<PollClass> {
  const position = shape.indexOf.get(path);
  const exact = position === undefined ? undefined : shape.pollClasses[position];
  if (exact !== undefined) return [exact];
  if (path !== "" && !path.endsWith(".")) return [];
  return new Set(shape.pollClasses.filter((_, n) => shape.paths[n]?.startsWith(path) === true));
}
