import { modelName } from "../../model/data-model-document.ts";
import { serviceObject } from "../../model/definition.ts";
import type { TreeNode, TreeTable } from "../tree.ts";

const rootModelName = "Device:1.14";

/** Longest value; beyond it the parameter is empty, which is allowed with SupportedDataModel (TR-181i1). */
const mostCharacters = 1024;

/** Profiles of `Device:1.14` that need nothing to be writable but what the CWMP engine has. */
const profiles: Readonly<Record<string, readonly string[]>> = {
  "Baseline:1": under("Device.DeviceInfo.", [
    "Manufacturer",
    "ManufacturerOUI",
    "ModelName",
    "Description",
    "SerialNumber",
    "HardwareVersion",
    "SoftwareVersion",
    "DeviceStatus",
    "UpTime",
  ]),
  "GatewayInfo:1": under("Device.GatewayInfo.", [
    "ManufacturerOUI",
    "ProductClass",
    "SerialNumber",
  ]),
  "MemoryStatus:1": under("Device.DeviceInfo.MemoryStatus.", ["Total", "Free"]),
  "ProcessStatus:1": under("Device.DeviceInfo.ProcessStatus.", [
    "CPUUsage",
    "ProcessNumberOfEntries",
  ]),
  "Processors:1": under("Device.DeviceInfo.", ["ProcessorNumberOfEntries"]),
  "VendorLogFiles:1": under("Device.DeviceInfo.", ["VendorLogFileNumberOfEntries"]),
  "SupportedDataModel:1": under("Device.DeviceInfo.", ["SupportedDataModelNumberOfEntries"]),
};

/**
 * `Device.DeviceSummary` (TR-106 §3.7): the root with the profiles that are supported as a whole, then the service
 * object with its instances (`Device:1.14[](Baseline:1), X_MFPGATE-ORG_MFP:1.0[1]()`).
 *
 * @param nodes nodes as Issue 1 has them
 * @param tables tables whose rows are not among them
 */
export function deviceSummary(
  nodes: readonly TreeNode[],
  tables: readonly TreeTable[] = [],
): string {
  const paths = new Set(nodes.map(({ path }) => path));
  const supported = Object.entries(profiles)
    .filter(([, parameters]) => parameters.every((path) => paths.has(path)))
    .map(([name]) => name);
  const root = `${rootModelName}[](${supported.join(",")})`;
  const instances = serviceInstances(nodes, tables);
  const service = `${modelName}[${instances.join(",")}]()`;
  const summary = instances.length === 0 ? root : `${root}, ${service}`;
  return summary.length > mostCharacters ? "" : summary;
}

/** Numbers of the rows of the service object. */
function serviceInstances(
  nodes: readonly TreeNode[],
  tables: readonly TreeTable[],
): readonly number[] {
  const rows = nodes.flatMap(({ path }) => {
    const isRow =
      path.startsWith(serviceObject) && path.indexOf(".", serviceObject.length) === path.length - 1;
    return isRow && path.length > serviceObject.length
      ? Number(path.slice(serviceObject.length, -1))
      : [];
  });
  const table = tables.find(({ path }) => path === serviceObject);
  return [...new Set([...rows, ...(table?.instances() ?? [])])].sort((a, b) => a - b);
}

function under(object: string, names: readonly string[]): readonly string[] {
  return names.map((name) => object + name);
}
