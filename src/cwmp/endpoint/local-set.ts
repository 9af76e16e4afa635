import { checkAssignments } from "../rpc/assignments.ts";
import { storeSettings } from "../events/bootstrap.ts";
import type { LocalWriter, ParameterAssignment, WriteResult } from "../parameter-tree.ts";
import type { RpcContext } from "../rpc/context.ts";
import { ownSettings } from "../tree/own-values.ts";

/** SetParameterValues for somebody on the box: the same checks and the same order, but the ParameterKey stays. */
export async function setLocally(
  assignments: readonly ParameterAssignment[],
  who: LocalWriter,
  parts: Pick<RpcContext, "tree" | "management" | "notifications" | "state" | "device">,
): Promise<WriteResult> {
  const { faults, own, foreign, asAsked } = checkAssignments(assignments, parts);
  if (faults.length > 0) {
    return { outcome: "refused", code: 9003, text: "nothing was changed", faults };
  }
  const result: WriteResult =
    foreign.length === 0 ? { outcome: "applied" } : await parts.device.write(foreign, who);
  if (result.outcome === "refused") return { ...result, faults: asAsked(result.faults) };
  if (own.length > 0) await storeSettings(ownSettings(own, parts), new Map(), parts);
  return result;
}
