import type { RpcHandler } from "./context.ts";

/** GetParameterNames (TR-069a6 A.3.2.3). */
export const getParameterNames: RpcHandler<"GetParameterNames"> = (
  { path, nextLevel },
  { tree },
) => {
  const named = tree.naming();
  const names = tree.names(path, nextLevel);
  return {
    method: "GetParameterNamesResponse",
    names: names.map((info) => ({ ...info, path: named(info.path) })),
  };
};
