import { errorText } from "../../shared/errors.ts";
import { logger } from "../../shared/log.ts";
import { assignmentFault, provisioningCodeDefinition } from "../assignment.ts";
import type { TreePart } from "../composed-tree.ts";
import { buildNodes, nodeOf } from "../nodes.ts";
import type { Assignment, TreeWriteResult } from "../tree.ts";
import type { ProxierContext } from "./context.ts";
import { proxierParameters } from "./parameters.ts";

const log = logger("presentation.proxier.box-part");

const parameters = new Map(proxierParameters.map((parameter) => [parameter.path, parameter]));

/** Without `Device.ManagementServer.` itself, which the CWMP engine adds with its own parameters. */
const nodes = buildNodes(proxierParameters.map(nodeOf), ["Device.Services."]).filter(
  ({ path }) => path !== "Device.ManagementServer.",
);

/** What is true of the box whatever it manages: `DeviceInfo` and the like. */
export function boxPart(context: ProxierContext): TreePart {
  return {
    nodes: () => nodes,
    get: (path) => {
      const parameter = parameters.get(path);
      if (parameter === undefined) return undefined;
      return { path, type: parameter.type, value: parameter.read(context) };
    },
    validate: (assignment) =>
      assignmentFault(assignment, {
        definition: provisioningCodeDefinition,
        writable: parameters.get(assignment.path)?.writable === true,
      }),
    write: (assignments) => storeProvisioningCode(assignments, context),
  };
}

/** ProvisioningCode is the only writable one. */
async function storeProvisioningCode(
  assignments: readonly Assignment[],
  { provisioningCode }: ProxierContext,
): Promise<TreeWriteResult> {
  try {
    for (const { value } of assignments) await provisioningCode.set(value);
    return { outcome: "applied" };
  } catch (error) {
    log.error("provisioning code not stored", { device: "proxier", error });
    const text = `ProvisioningCode could not be stored: ${errorText(error)}`;
    return { outcome: "refused", code: 9002, text, faults: [] };
  }
}
