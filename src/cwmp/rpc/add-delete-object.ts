import { CwmpFault } from "../faults.ts";
import type { RpcHandler } from "./context.ts";

/** AddObject (TR-069a6 A.3.2.6). No table of the present data models can be added to, which is fault 9005. */
export const addObject: RpcHandler<"AddObject"> = ({ path }) => {
  throw new CwmpFault(9005, `${path} is no table that instances can be added to`);
};

/** DeleteObject (TR-069a6 A.3.2.7). No instance of the present data models can be deleted, which is fault 9005. */
export const deleteObject: RpcHandler<"DeleteObject"> = ({ path }) => {
  throw new CwmpFault(9005, `${path} is no instance that can be deleted`);
};
