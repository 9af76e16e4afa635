import { logger } from "../../shared/log.ts";
import { withinDeadline } from "../deadline.ts";
import { CwmpFault } from "../faults.ts";
import type { ParameterNode, ParameterValue } from "../parameter-tree.ts";
import { emptyValue } from "../value-check.ts";
import type { RpcContext, RpcHandler } from "./context.ts";

const log = logger("cwmp.rpc.get-parameter-values");

/** Leaves 10 s of the 30 s that ACSs wait for writing, sending and a busy moment. */
const refreshMs = 20_000;

/** About 4 MB of XML; more is answered 9004, and the ACS asks for less at a time. */
const mostValues = 20_000;

/**
 * GetParameterValues (TR-069a6 A.3.2.2). Values come as fresh as the device gives them within {@link refreshMs}, else as
 * last known: a device that sleeps is no fault.
 */
export const getParameterValues: RpcHandler<"GetParameterValues"> = async ({ paths }, context) => {
  if (paths.length === 0) throw new CwmpFault(9003, "ParameterNames is empty");
  await refresh(context.tree.parameters(paths, mostValues), context);
  // Rows come and go with the reading. A partial path names those that are there now, so that they agree with their count;
  // a name that is gone is unknown now: 9005, as the next question would get. A 0 or false made up for it would be believed.
  const present = context.tree.parameters(paths, mostValues);
  const named = context.tree.naming();
  return {
    method: "GetParameterValuesResponse",
    parameters: present.map((node) => ({ ...valueOf(node, context), path: named(node.path) })),
  };
};

async function refresh(nodes: readonly ParameterNode[], context: RpcContext): Promise<void> {
  const paths = nodes.map(({ path }) => path).filter((path) => !context.tree.isOwn(path));
  if (paths.length === 0) return;
  const deadlineMs = context.clock.nowMs() + refreshMs;
  const work = context.device.refresh(paths, deadlineMs).catch((error: unknown) => {
    log.warn("refresh failed, serving last known values", {
      device: context.state.endpointId,
      error,
    });
  });
  await withinDeadline(context.clock, deadlineMs, work);
}

/** A parameter that has no value at this moment shows the one that stands for none in its type. */
function valueOf({ path, type = "string" }: ParameterNode, { tree }: RpcContext): ParameterValue {
  return tree.get(path) ?? { path, type, value: emptyValue(type) };
}
