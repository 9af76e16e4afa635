import type { ModelValue } from "../../src/model/definition.ts";
import type { PollClass, Shape, Snapshot } from "../../src/model/snapshot.ts";

/** A shape with one string parameter per path. */
export function shapeOf(id: string, paths: readonly string[]): Shape {
  return {
    id,
    paths,
    types: paths.map(() => "string"),
    pollClasses: paths.map(() => "status"),
    writable: paths.map((_path, index) => index === 0),
    indexOf: new Map(paths.map((path, index) => [path, index])),
  };
}

/** A snapshot; `values[n]` belongs to `shape.paths[n]`. */
export function snapshotOf(
  shape: Shape,
  values: readonly ModelValue[],
  readAtMs: Partial<Record<PollClass, number>> = { status: 1_000 },
): Snapshot {
  return { shape, values, readAtMs };
}
