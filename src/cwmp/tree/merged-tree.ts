import { CwmpFault } from "../faults.ts";
import {
  type ManagementServer,
  isManagementServerScalar,
} from "../management-server/management-server.ts";
import type { ParameterNode, ParameterTree, ParameterValue } from "../parameter-tree.ts";
import { type RootModel, device2 } from "../root-model.ts";
import type { ParameterInfo } from "../soap/message.ts";
import { type TreeShape, isSettingOf, shapeOf, subtreeEnd } from "./shape.ts";

/** One view of an endpoint: its own `Device.ManagementServer.` scalars within the data model of its device. */
export class MergedTree {
  readonly #management: ManagementServer;
  readonly #device: ParameterTree;

  /** What the tree is an instance of. */
  readonly rootModel: RootModel;

  constructor(management: ManagementServer, device: ParameterTree, rootModel = device2) {
    this.#management = management;
    this.#device = device;
    this.rootModel = rootModel;
  }

  /** All names as they are now. */
  shape(): TreeShape {
    return shapeOf(this.#device.nodes(), this.rootModel);
  }

  /** The node at exactly this path. */
  node(path: string): ParameterNode | undefined {
    const { nodes, positions } = this.shape();
    const position = positions.get(path);
    return position === undefined ? undefined : nodes[position];
  }

  /** The value of a parameter, as the ACS sees it; undefined for what is none. */
  get(path: string): ParameterValue | undefined {
    if (isManagementServerScalar(path))
      return isSettingOf(this.rootModel, path) ? this.#management.get(path) : undefined;
    return this.#device.get(path);
  }

  /**
   * The answer to GetParameterNames (TR-069a6 A.3.2.3).
   * @throws {CwmpFault} 9005 unknown path; 9003 a parameter with `nextLevel`
   */
  names(path: string, nextLevel: boolean): readonly ParameterInfo[] {
    const shape = this.shape();
    // The empty path stands for what is above the root: its only child is `Device.`.
    if (path === "") return (nextLevel ? shape.nodes.slice(0, 1) : shape.nodes).map(toInfo);
    const position = positionOf(shape, path);
    if (!nextLevel) return shape.nodes.slice(position, subtreeEnd(shape, position)).map(toInfo);
    if (!path.endsWith(".")) {
      throw new CwmpFault(9003, `${path} is a parameter and has no next level`);
    }
    const below = shape.nodes.slice(position + 1, subtreeEnd(shape, position));
    return below.filter((node) => isDirectChild(path, node.path)).map(toInfo);
  }

  /**
   * The parameters that full and partial paths name, each once, in order of first mention.
   * @throws {CwmpFault} 9005 when one of the paths is unknown
   */
  parameters(paths: readonly string[]): readonly ParameterNode[] {
    const shape = this.shape();
    const found = new Set<ParameterNode>();
    // A path named again adds nothing; going through `Device.` ten thousand times would stop every other session.
    for (const path of new Set(paths)) {
      const position = path === "" ? 0 : positionOf(shape, path);
      const end = subtreeEnd(shape, position);
      for (let index = position; index < end; index += 1) {
        const node = shape.nodes[index];
        if (node?.type !== undefined) found.add(node);
      }
    }
    return [...found];
  }
}

function positionOf({ positions }: TreeShape, path: string): number {
  const position = positions.get(path);
  if (position === undefined) throw new CwmpFault(9005, path);
  return position;
}

function isDirectChild(parent: string, path: string): boolean {
  const dot = path.indexOf(".", parent.length);
  return dot === -1 || dot === path.length - 1;
}

function toInfo({ path, writable }: ParameterNode): ParameterInfo {
  return { path, writable };
}
