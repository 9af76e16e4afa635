import { CwmpFault, faultFromCode } from "../faults.ts";
import type { WriteResult } from "../parameter-tree.ts";
import type { RpcContext, RpcHandler } from "./context.ts";

/**
 * AddObject (TR-069a6 A.3.2.6). The ParameterKey changes with success only; of the new row the ACS is not told again.
 * Fault 9005 for anything but a table that rows can be added to, 9004 when it is full.
 */
export const addObject: RpcHandler<"AddObject"> = async ({ path, parameterKey }, context) => {
  const { device } = context;
  if (isInstance(path) || !isChangeable(path, context) || device.addObject === undefined) {
    throw new CwmpFault(9005, `${path} is no table that instances can be added to`);
  }
  const result = await device.addObject(path);
  if (result.outcome === "refused") throw refusal(result);
  await storeKey(path, parameterKey, context);
  return {
    method: "AddObjectResponse",
    instanceNumber: result.instanceNumber,
    status: result.outcome === "applied" ? 0 : 1,
  };
};

/** DeleteObject (TR-069a6 A.3.2.7), with everything below. Fault 9005 for anything but a row that can be deleted. */
export const deleteObject: RpcHandler<"DeleteObject"> = async ({ path, parameterKey }, context) => {
  const { device } = context;
  if (!isInstance(path) || !isChangeable(path, context) || device.deleteObject === undefined) {
    throw new CwmpFault(9005, `${path} is no instance that can be deleted`);
  }
  const result = await device.deleteObject(path);
  if (result.outcome === "refused") throw refusal(result);
  await storeKey(path.slice(0, path.lastIndexOf(".", path.length - 2) + 1), parameterKey, context);
  return { method: "DeleteObjectResponse", status: result.outcome === "applied" ? 0 : 1 };
};

function isInstance(path: string): boolean {
  return /\.\d+\.$/.test(path);
}

function isChangeable(path: string, { tree }: RpcContext): boolean {
  const node = tree.node(path);
  return node !== undefined && node.type === undefined && node.writable;
}

function refusal({ code, text }: Extract<WriteResult, { outcome: "refused" }>): CwmpFault {
  return faultFromCode(code, text);
}

/** The ParameterKey, and the number of rows, which is no news to the ACS that changed it. */
async function storeKey(
  table: string,
  parameterKey: string,
  { state, notifications }: RpcContext,
): Promise<void> {
  await state.commit({
    setReported: notifications.toReport([`${table.slice(0, -1)}NumberOfEntries`]),
    setSettings: new Map([["ParameterKey", parameterKey]]),
  });
}
