import { CwmpFault } from "../faults.ts";
import type { RpcHandler } from "./context.ts";

/** About 8 MB of XML; more is answered 9004, and the ACS asks for less at a time. */
const mostAttributes = 50_000;

/** GetParameterAttributes (TR-069a6 A.3.2.5): full and partial paths. */
export const getParameterAttributes: RpcHandler<"GetParameterAttributes"> = (
  { paths },
  { tree, notifications },
) => {
  if (paths.length === 0) throw new CwmpFault(9003, "ParameterNames is empty");
  const named = tree.naming();
  return {
    method: "GetParameterAttributesResponse",
    attributes: tree.parameters(paths, mostAttributes).map((node) => ({
      path: named(node.path),
      notification: notifications.notification(node),
      accessList: notifications.accessList(node.path),
    })),
  };
};
