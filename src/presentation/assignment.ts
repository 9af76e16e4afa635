import { type ParameterDefinition, type ParameterType } from "../model/definition.ts";
import { fromWire } from "../model/values.ts";
import type { Assignment, AssignmentFault } from "./tree.ts";

/** What is needed to judge an assignment; undefined stands for a path that is no parameter. */
export interface AssignmentTarget {
  readonly definition: ParameterDefinition;
  readonly writable: boolean;
  /** What keeps it from being writable, where somebody can change that. */
  readonly whyReadOnly?: string | undefined;
}

/** `Device.DeviceInfo.ProvisioningCode` (TR-181i2). */
export const provisioningCodeDefinition: ParameterDefinition = {
  name: "ProvisioningCode",
  type: "string",
  access: "readWrite",
  description: "Identifies the device's provisioning, set by the ACS.",
  maxLength: 64,
};

/**
 * Checks an assignment in the order of the fault codes: name 9005, writable 9008, type 9006, value 9007. A missing type
 * is fine; a given one must be the parameter's.
 */
export function assignmentFault(
  { path, value, type }: Assignment,
  target: AssignmentTarget | undefined,
): AssignmentFault | undefined {
  if (target === undefined) return { path, code: 9005, text: "is no parameter of this device" };
  if (!target.writable) {
    return { path, code: 9008, text: target.whyReadOnly ?? "cannot be set on this device" };
  }
  if (type !== undefined && !isType(type, target.definition.type)) {
    return { path, code: 9006, text: `is ${target.definition.type}, not ${type}` };
  }
  const check = fromWire(value, target.definition);
  return check.ok ? undefined : { path, code: 9007, text: check.text };
}

/** Prefixes are the sender's choice; only the local name tells. */
function isType(given: string, wanted: ParameterType): boolean {
  return given.slice(given.indexOf(":") + 1) === wanted;
}
