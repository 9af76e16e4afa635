import { CwmpFault } from "../faults.ts";
import type { RpcHandler } from "./context.ts";

/** GetParameterAttributes (TR-069a6 A.3.2.5): full and partial paths. */
export const getParameterAttributes: RpcHandler<"GetParameterAttributes"> = (
  { paths },
  { tree, notifications },
) => {
  if (paths.length === 0) throw new CwmpFault(9003, "ParameterNames is empty");
  const named = tree.naming();
  return {
    method: "GetParameterAttributesResponse",
    attributes: tree.parameters(paths).map((node) => ({
      path: named(node.path),
      notification: notifications.notification(node),
      accessList: notifications.accessList(node.path),
    })),
  };
};
