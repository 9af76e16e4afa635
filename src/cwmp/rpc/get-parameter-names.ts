import type { RpcHandler } from "./context.ts";

/** GetParameterNames (TR-069a6 A.3.2.3). */
export const getParameterNames: RpcHandler<"GetParameterNames"> = (
  { path, nextLevel },
  { tree },
) => ({
  method: "GetParameterNamesResponse",
  names: tree.names(path, nextLevel),
});
