import { assignmentFault, provisioningCodeDefinition } from "../assignment.ts";
import type { TreePart } from "../composed-tree.ts";
import { buildNodes, nodeOf } from "../nodes.ts";
import { storedWrite } from "../stored-write.ts";
import type { ProxierContext } from "./context.ts";
import { proxierParameters } from "./parameters.ts";

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
    // ProvisioningCode is the only one that can be written.
    write: (assignments) =>
      storedWrite("ProvisioningCode", async () => {
        for (const { value } of assignments) await context.provisioningCode.set(value);
      }),
  };
}
