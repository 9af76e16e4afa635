import { errorText } from "../../shared/errors.ts";
import { logger } from "../../shared/log.ts";
import { assignmentFault, provisioningCodeDefinition } from "../assignment.ts";
import { buildNodes, nodeOf } from "../nodes.ts";
import type {
  Assignment,
  AssignmentFault,
  DeviceTree,
  TreeNode,
  TreeValue,
  TreeWriteResult,
} from "../tree.ts";
import type { ProxierContext, ProxierTreeOptions } from "./context.ts";
import { deviceCountPath, proxierParameters } from "./parameters.ts";
import { VirtualDeviceTable, rowNodes, virtualDeviceTable } from "./virtual-device-table.ts";

const log = logger("presentation.proxier.proxier-tree");

const parameters = new Map(proxierParameters.map((parameter) => [parameter.path, parameter]));
const services = "Device.Services.";

/**
 * The proxier's nodes, without the rows of its virtual devices and without `Device.ManagementServer.` itself, which the
 * CWMP engine adds with its own parameters.
 */
const ownNodes = buildNodes(proxierParameters.map(nodeOf), [services]).filter(
  ({ path }) => path !== "Device.ManagementServer.",
);
const tablePlace = ownNodes.findIndex(({ path }) => path === deviceCountPath);

/** With one row, so that the device type is the same before and after the first printer comes. */
const typeNodes: readonly TreeNode[] = [
  ...ownNodes,
  { path: virtualDeviceTable, writable: false },
  ...rowNodes(1),
];

/** The data model of the box itself (TR-069a6 Annex J: CPE Proxier). */
export class ProxierTree implements DeviceTree {
  readonly #options: ProxierTreeOptions;
  readonly #listeners = new Set<(paths: readonly string[]) => void>();
  #table: VirtualDeviceTable;
  #nodes: readonly TreeNode[] | undefined;

  constructor(options: ProxierTreeOptions) {
    this.#options = options;
    this.#table = new VirtualDeviceTable(options.devices);
    options.devices.onChange(() => {
      this.#devicesChanged();
    });
  }

  nodes(): readonly TreeNode[] {
    this.#nodes ??= [
      ...ownNodes.slice(0, tablePlace),
      ...this.#table.nodes(),
      ...ownNodes.slice(tablePlace),
    ];
    return this.#nodes;
  }

  get(path: string): TreeValue | undefined {
    const parameter = parameters.get(path);
    if (parameter === undefined) return this.#table.get(path);
    return { path, type: parameter.type, value: parameter.read(this.#context()) };
  }

  /** Everything here is known without asking anybody. */
  refresh(): Promise<void> {
    return Promise.resolve();
  }

  validate(assignment: Assignment): AssignmentFault | undefined {
    const isParameter = this.get(assignment.path) !== undefined;
    const writable = parameters.get(assignment.path)?.writable === true;
    const target = { definition: provisioningCodeDefinition, writable };
    return assignmentFault(assignment, isParameter ? target : undefined);
  }

  async write(assignments: readonly Assignment[]): Promise<TreeWriteResult> {
    try {
      for (const { value } of assignments) await this.#options.provisioningCode.set(value);
      return { outcome: "applied" };
    } catch (error) {
      log.error("provisioning code not stored", { device: "proxier", error });
      const text = `ProvisioningCode could not be stored: ${errorText(error)}`;
      return { outcome: "refused", code: 9002, text, faults: [] };
    }
  }

  onChange(listener: (paths: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #devicesChanged(): void {
    const before = this.#table;
    this.#table = new VirtualDeviceTable(this.#options.devices);
    this.#nodes = undefined;
    const paths = this.#table.difference(before);
    if (paths.length === 0) return;
    for (const listener of this.#listeners) listener([deviceCountPath, ...paths]);
  }

  #context(): ProxierContext {
    return { ...this.#options, typeNodes, deviceCount: this.#table.size };
  }
}
