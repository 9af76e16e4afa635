import { addRow, deleteRow } from "../tree/rows.ts";
import type { RpcHandler } from "./context.ts";

/**
 * AddObject (TR-069a6 A.3.2.6). The ParameterKey changes with success only; of the new row the ACS is not told again.
 * Fault 9005 for anything but a table that rows can be added to, 9004 when it is full.
 */
export const addObject: RpcHandler<"AddObject"> = async ({ path, parameterKey }, context) => {
  const key = new Map([["ParameterKey", parameterKey]]);
  const { instanceNumber, outcome } = await addRow(path, key, context);
  return {
    method: "AddObjectResponse",
    instanceNumber,
    status: outcome === "applied" ? 0 : 1,
  };
};

/** DeleteObject (TR-069a6 A.3.2.7), with everything below. Fault 9005 for anything but a row that can be deleted. */
export const deleteObject: RpcHandler<"DeleteObject"> = async ({ path, parameterKey }, context) => {
  const outcome = await deleteRow(path, new Map([["ParameterKey", parameterKey]]), context);
  return { method: "DeleteObjectResponse", status: outcome === "applied" ? 0 : 1 };
};
