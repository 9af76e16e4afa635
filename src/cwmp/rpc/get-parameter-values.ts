import { logger } from "../../shared/log.ts";
import { withinDeadline } from "../deadline.ts";
import { CwmpFault } from "../faults.ts";
import type { ParameterNode, ParameterValue } from "../parameter-tree.ts";
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
  const asked = context.tree.parameters(paths, mostValues);
  await refresh(asked, context);
  const named = context.tree.naming();
  return {
    method: "GetParameterValuesResponse",
    parameters: presentOf(paths, asked, context).map(({ path }) => ({
      ...valueOf(path, context),
      path: named(path),
    })),
  };
};

/** Rows come and go with the reading: a partial path names those that are there now, so that they agree with their count. */
function presentOf(
  paths: readonly string[],
  asked: readonly ParameterNode[],
  { tree }: RpcContext,
): readonly ParameterNode[] {
  if (!paths.some(namesSeveral)) return asked;
  try {
    return tree.parameters(paths, mostValues);
  } catch (error) {
    // Something asked for by its own name went: it was there when the question came, and is answered.
    if (error instanceof CwmpFault) return asked;
    throw error;
  }
}

function namesSeveral(path: string): boolean {
  return path === "" || path.endsWith(".") || path.includes("*");
}

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

/** What was asked for by its full name may vanish while it is read; an empty string then claims nothing. */
function valueOf(path: string, { tree }: RpcContext): ParameterValue {
  return tree.get(path) ?? { path, type: "string", value: "" };
}
