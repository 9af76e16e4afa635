import { storeSettings } from "./bootstrap.ts";
import { isManagementServerScalar } from "./management-server/management-server.ts";
import type { ParameterAssignment, WriteResult } from "./parameter-tree.ts";
import type { RpcContext } from "./rpc/context.ts";
import { assignmentFaults } from "./rpc/set-parameter-values.ts";

/** SetParameterValues for somebody on the box: the same checks and the same order, but the ParameterKey stays. */
export async function setLocally(
  assignments: readonly ParameterAssignment[],
  parts: Pick<RpcContext, "tree" | "management" | "notifications" | "state" | "device">,
): Promise<WriteResult> {
  const faults = assignmentFaults(assignments, parts);
  if (faults.length > 0) {
    return { outcome: "refused", code: 9003, text: "nothing was changed", faults };
  }
  const own = assignments.filter(({ path }) => isManagementServerScalar(path));
  const foreign = assignments.filter(({ path }) => !isManagementServerScalar(path));
  const result: WriteResult =
    foreign.length === 0 ? { outcome: "applied" } : await parts.device.write(foreign, "local");
  if (result.outcome !== "refused" && own.length > 0) {
    await storeSettings(parts.management.settingsFor(own), new Map(), parts);
  }
  return result;
}
