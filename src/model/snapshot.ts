import type { ModelValue, ParameterType } from "./definition.ts";

/** How often a value is read; the periods are configuration (`polling`). */
export const pollClasses = ["status", "supplies", "counters", "settings", "identity"] as const;
/** Values of one class are read together. */
export type PollClass = (typeof pollClasses)[number];

/**
 * The list of parameters one kind of printer has; shared by all printers that have the same, so that a printer costs
 * its values only. Paths are absolute as seen on a virtual device (`Device.Services.X_MFPGATE-ORG_MFP.1.Supply.3.Type`)
 * and sorted by `comparePaths`.
 */
export interface Shape {
  /** Equal for equal content, over restarts too. */
  readonly id: string;
  readonly paths: readonly string[];
  readonly types: readonly ParameterType[];
  readonly pollClasses: readonly PollClass[];
  /** The parameter can be set right now (model access, mapping and driver agree). */
  readonly writable: readonly boolean[];
  /** Position of a path in `paths`. */
  readonly indexOf: ReadonlyMap<string, number>;
}

/** Last known values of one printer; `values[n]` belongs to `shape.paths[n]`. Immutable: a poll makes a new one. */
export interface Snapshot {
  readonly shape: Shape;
  readonly values: readonly ModelValue[];
  /** When each poll class was last read completely, epoch milliseconds; absent = never. */
  readonly readAtMs: Readonly<Partial<Record<PollClass, number>>>;
}

/** One parameter that is new, gone or different between two snapshots. */
export interface ValueChange {
  readonly path: string;
  readonly before: ModelValue | undefined;
  readonly after: ModelValue | undefined;
}

/** Orders paths as a tree walk would: segment by segment, instance numbers numerically, an object before its content. */
export function comparePaths(left: string, right: string): number {
  const a = left.split(".");
  const b = right.split(".");
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const order = compareSegments(a[index] ?? "", b[index] ?? "");
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareSegments(a: string, b: string): number {
  if (a === b) return 0;
  const left = Number(a);
  const right = Number(b);
  if (Number.isInteger(left) && Number.isInteger(right) && a !== "" && b !== "")
    return left - right;
  return a < b ? -1 : 1;
}
