import { ComposedTree, type TreePart } from "../composed-tree.ts";
import type { DeviceTypes, SupportedModel } from "../device-types.ts";
import { embeddedDeviceTable } from "../embedded/embedded-device-table.ts";
import { embeddedPart } from "../embedded/embedded-part.ts";
import type { EmbeddedPrinter } from "../embedded/embedded-printer.ts";
import type { PrinterView } from "../printer-view.ts";
import { Rows } from "../rows.ts";
import type { TreeNode } from "../tree.ts";
import { boxPart } from "./box-part.ts";
import type { ProxierContext } from "./context.ts";
import { hostsTable } from "./hosts-table.ts";
import type { PlacedPrinter } from "./placed-printer.ts";
import { type ProxiedDevice, proxiedDevicePart } from "./proxied-device-table.ts";
import {
  type SupportedModelRow,
  supportedModelPath,
  supportedModelTable,
} from "./supported-models.ts";
import { virtualDeviceTable } from "./virtual-device-table.ts";

/** Rows of the proxier's tables about printers. Whoever places printers puts and removes them. */
export class ProxierRows {
  readonly virtualDevices = new Rows<PlacedPrinter>();
  readonly embeddedDevices = new Rows<EmbeddedPrinter>();
  /** Rows of the service object. */
  readonly services = new Rows<EmbeddedPrinter>();
  readonly hosts = new Rows<PrinterView>();
  readonly proxiedDevices = new Rows<ProxiedDevice>();
  /** Row 1 is the box's own model. */
  readonly supportedModels = new Rows<SupportedModelRow>();
}

/** Everything the proxier's tree is made of. */
export interface ProxierTreeOptions extends ProxierContext {
  readonly rows: ProxierRows;
  readonly deviceTypes: DeviceTypes;
  /** `Device.ManagementServer.` as the CWMP engine shows it, for the device-type document. */
  readonly managementNodes: readonly TreeNode[];
  /** Row of `SupportedDataModel.{i}.` that is the model of an embedded printer; undefined while it has none. */
  readonly modelRowOf: (printer: EmbeddedPrinter) => number | undefined;
  /** Further concerns of the box, in the order in which they are written. */
  readonly parts?: readonly TreePart[];
}

/** The data model of the box itself (TR-069a6 Annex J: CPE Proxier). */
export function createProxierTree(options: ProxierTreeOptions): ComposedTree {
  const { rows, parts = [], deviceTypes, managementNodes, modelRowOf, ...context } = options;
  const tree = new ComposedTree([
    embeddedPart(rows.services),
    ...parts,
    proxiedDevicePart(rows.proxiedDevices),
    virtualDeviceTable(rows.virtualDevices),
    embeddedDeviceTable(rows.embeddedDevices, {
      startedAtMs: context.startedAtMs,
      supportedModelOf: (printer) => {
        const row = modelRowOf(printer);
        return row === undefined ? "" : supportedModelPath(row);
      },
    }),
    hostsTable(rows.hosts),
    supportedModelTable(rows.supportedModels),
    boxPart(context),
  ]);
  rows.supportedModels.put(1, ownModel(tree, deviceTypes, managementNodes));
  return tree;
}

/** The box's own model, worked out again only when the list of nodes is another. */
function ownModel(
  tree: ComposedTree,
  deviceTypes: DeviceTypes,
  managementNodes: readonly TreeNode[],
): () => SupportedModel | undefined {
  let known: { readonly of: readonly TreeNode[]; readonly nodes: readonly TreeNode[] } = {
    of: [],
    nodes: [],
  };
  return () => {
    const of = tree.nodes();
    if (of !== known.of) known = { of, nodes: tree.typeNodes() };
    return deviceTypes.supportedBy(known.nodes, managementNodes)[0];
  };
}
