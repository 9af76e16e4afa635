import { ComposedTree, type TreePart } from "../composed-tree.ts";
import type { TreeNode } from "../tree.ts";
import { boxPart } from "./box-part.ts";
import type { ProxierContext, VirtualDevices } from "./context.ts";
import { virtualDevicePart } from "./virtual-device-table.ts";

/** Everything the proxier's tree is made of. */
export interface ProxierTreeOptions extends Omit<ProxierContext, "typeNodes"> {
  readonly devices: VirtualDevices;
  /** Further concerns of the box, in the order in which they are written. */
  readonly parts?: readonly TreePart[];
}

/** The data model of the box itself (TR-069a6 Annex J: CPE Proxier). */
export function createProxierTree({
  devices,
  parts = [],
  ...context
}: ProxierTreeOptions): ComposedTree {
  let typeNodes: { readonly of: readonly TreeNode[]; readonly nodes: readonly TreeNode[] } = {
    of: [],
    nodes: [],
  };
  const tree = new ComposedTree([
    ...parts,
    virtualDevicePart(devices),
    boxPart({
      ...context,
      typeNodes: () => {
        const of = tree.nodes();
        if (of !== typeNodes.of) typeNodes = { of, nodes: tree.typeNodes() };
        return typeNodes.nodes;
      },
    }),
  ]);
  return tree;
}
