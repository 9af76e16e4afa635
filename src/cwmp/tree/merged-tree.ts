import { CwmpFault } from "../faults.ts";
import {
  type ManagementServer,
  isManagementServerScalar,
} from "../management-server/management-server.ts";
import type { ParameterNode, ParameterTree, ParameterValue } from "../parameter-tree.ts";
import { type RootModel, device2 } from "../root-model.ts";
import type { ParameterInfo } from "../soap/message.ts";
import { type TreeShape, isSettingOf, shapeOf } from "./shape.ts";
import { TreeNames } from "./tree-names.ts";

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
    return shapeOf(this.#device.nodes(), this.rootModel, this.#management.nodes);
  }

  /** All names as they are now, rows of the device's tables included. */
  #all(): TreeNames {
    return new TreeNames(this.shape(), this.#device.tables?.() ?? []);
  }

  /** The node at exactly this path. */
  node(path: string): ParameterNode | undefined {
    return this.#all().node(path);
  }

  /** Parameters whose notification is active without anybody asking for it. */
  activeByDefault(): Iterable<ParameterNode> {
    return this.#all().activeByDefault();
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
    const all = this.#all();
    // The empty path stands for what is above the root: its only child is `Device.`.
    if (path === "")
      return (nextLevel ? this.shape().nodes.slice(0, 1) : [...all.below("")]).map(toInfo);
    if (all.node(path) === undefined) throw new CwmpFault(9005, path);
    if (!nextLevel) return [...all.below(path)].map(toInfo);
    if (!path.endsWith(".")) {
      throw new CwmpFault(9003, `${path} is a parameter and has no next level`);
    }
    return all.children(path).map(toInfo);
  }

  /**
   * The parameters that full and partial paths name, each once, in order of first mention.
   * @throws {CwmpFault} 9005 when one of the paths is unknown
   */
  parameters(paths: readonly string[]): readonly ParameterNode[] {
    const all = this.#all();
    const found = new Map<string, ParameterNode>();
    // A path named again adds nothing; going through `Device.` ten thousand times would stop every other session.
    for (const path of new Set(paths)) {
      if (path !== "" && all.node(path) === undefined) throw new CwmpFault(9005, path);
      for (const node of all.below(path)) if (node.type !== undefined) found.set(node.path, node);
    }
    return [...found.values()];
  }
}

function toInfo({ path, writable }: ParameterNode): ParameterInfo {
  return { path, writable };
}
