import type { ModelValue } from "../model/definition.ts";
import {
  type WriteOptions,
  objectionsTo,
  planChanges,
  restartObjections,
  unreadablePaths,
} from "./write.ts";
import type { PrinterWrite, WriteFailure, WriteStep, WriteTarget } from "./write-port.ts";

/** What a write would do. */
export interface WritePreview {
  /** In the order of execution; empty when something is objected to, or nothing is to be changed. */
  readonly steps: readonly WriteStep[];
  readonly objections: readonly WriteFailure[];
  /** Values now on the printer; absent where it does not tell. */
  readonly before: ReadonlyMap<string, ModelValue>;
}

/** Plans a write as it would be made now. @throws {SouthboundError} when the printer is silent */
export async function previewWrites(
  writes: readonly PrinterWrite[],
  target: WriteTarget,
  options: Pick<WriteOptions, "policy" | "clock">,
): Promise<WritePreview> {
  const objections = objectionsTo(writes, target, options);
  if (objections.length > 0) return { steps: [], objections, before: new Map() };
  const unreadable = unreadablePaths(writes, target);
  const readable = writes.filter(({ path }) => !unreadable.has(path));
  const before = await target.readValues(readable.map(({ path }) => path));
  const { steps } = planChanges(writes, before, target);
  return {
    steps,
    objections: restartObjections(steps, options),
    before,
  };
}
