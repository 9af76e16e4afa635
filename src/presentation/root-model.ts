import { type RootModel, device1Model, device2Model } from "../model/device-type-document.ts";
import { Issue1Tree, outlineOfIssue1 } from "./issue1/issue1-tree.ts";
import { issue1Names } from "./issue1/names.ts";
import type { DeviceTree, TreeNode } from "./tree.ts";

/** The root data model that the endpoints of a box present. Trees are made for `Device:2`; another root translates them. */
export interface PresentedRoot {
  /** Parameters every Inform carries. */
  readonly forcedInform: readonly string[];
  /** Whether the model has the scalar `name` of `Device.ManagementServer.`; absent: all. */
  readonly hasSetting?: (name: string) => boolean;
  /** What device types refer to. */
  readonly model: RootModel;
  present(tree: DeviceTree): DeviceTree;
  /** Nodes for the device type, from those of a tree for `Device:2`. */
  presentNodes(nodes: readonly TreeNode[]): readonly TreeNode[];
}

const forcedByBoth = [
  "Device.DeviceInfo.HardwareVersion",
  "Device.DeviceInfo.SoftwareVersion",
  "Device.ManagementServer.ParameterKey",
  "Device.ManagementServer.ConnectionRequestURL",
  "Device.ManagementServer.AliasBasedAddressing",
] as const;

/** TR-181 Issue 2. */
export const device2Root: PresentedRoot = {
  forcedInform: [
    "Device.RootDataModelVersion",
    "Device.DeviceInfo.ProvisioningCode",
    ...forcedByBoth,
  ],
  model: device2Model,
  present: (tree) => tree,
  presentNodes: (nodes) => nodes,
};

/** TR-181 Issue 1, for an ACS that knows no other. */
export const device1Root: PresentedRoot = {
  forcedInform: ["Device.DeviceSummary", ...forcedByBoth, "Device.LAN.IPAddress"],
  hasSetting: (name) => issue1Names.has(`Device.ManagementServer.${name}`),
  model: device1Model,
  present: (tree) => new Issue1Tree(tree),
  presentNodes: (nodes) => outlineOfIssue1(nodes).nodes,
};

/** The root of that name. */
export function presentedRoot(name: "Device:2" | "Device:1"): PresentedRoot {
  return name === "Device:1" ? device1Root : device2Root;
}
