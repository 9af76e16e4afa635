import type { ModelValue } from "../model/definition.ts";
import { type WriteOptions, objectionsTo, planChanges, restartObjections } from "./write.ts";
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
  const before = await target.readValues(writes.map(({ path }) => path));
  if (objections.length > 0) return { steps: [], objections, before };
  const { steps } = planChanges(writes, before, target);
  return {
    steps,
    objections: restartObjections(steps, options),
    before,
  };
}
