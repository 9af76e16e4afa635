import { comparePaths } from "../../model/snapshot.ts";
import { buildNodes } from "../nodes.ts";
import {
  type Assignment,
  type AssignmentFault,
  type DeviceTree,
  type TreeAddResult,
  type TreeEvent,
  type TreeNode,
  type TreeRefusal,
  type TreeTable,
  type TreeValue,
  type TreeWriteResult,
  type TreeWriter,
  unchangeable,
} from "../tree.ts";
import { deviceSummary } from "./device-summary.ts";
import { type LanSources, lanSources, lanValue } from "./lan.ts";
import { nodesOfIssue1, tableOfIssue1, toIssue1, toIssue2, valueOfIssue1 } from "./translate.ts";

const lan = "Device.LAN.";
const summaryPath = "Device.DeviceSummary";
const statusPath = "Device.DeviceInfo.DeviceStatus";
const reachabilityPath = /\.1\.Proxy\.Reachability$/;

/** What Issue 1 has besides what can be translated. */
const ownNodes: readonly TreeNode[] = [summaryPath, statusPath].map(textNode);

/** Everything about a tree of Issue 1 but values; shared by all trees of equal nodes. */
export interface Issue1Outline {
  readonly nodes: readonly TreeNode[];
  readonly sources: LanSources;
  /** Where a virtual device tells whether it is reached. */
  readonly reachability: string | undefined;
}

const outlines = new WeakMap<readonly TreeNode[], Issue1Outline>();

/**
 * A tree of TR-181 Issue 2 as one of Issue 1 (`Device:1.14`): what Issue 1 has under the same or another name, a
 * `DeviceSummary`, a `LAN.` object in the place of interfaces. The service object is the same.
 */
export class Issue1Tree implements DeviceTree {
  readonly #inner: DeviceTree;
  readonly #tables: readonly TreeTable[] | undefined;

  constructor(inner: DeviceTree) {
    this.#inner = inner;
    this.#tables = inner.tables?.().flatMap((table) => tableOfIssue1(table) ?? []);
  }

  nodes(): readonly TreeNode[] {
    return this.#outline().nodes;
  }

  tables(): readonly TreeTable[] {
    return this.#tables ?? [];
  }

  get(path: string): TreeValue | undefined {
    if (path === summaryPath) return this.#own(path, deviceSummary(this.nodes(), this.#tables));
    if (path === statusPath) return this.#own(path, this.#deviceStatus());
    if (path.startsWith(lan)) {
      const value = this.#lanValue(path);
      if (value !== undefined) return this.#own(path, value);
    }
    const inner = toIssue2(path);
    const value = inner === undefined ? undefined : this.#inner.get(inner);
    return value === undefined ? undefined : valueOfIssue1(value, path);
  }

  async refresh(paths: readonly string[], deadlineMs: number): Promise<void> {
    const needsLan = paths.some((path) => path.startsWith(lan) || lan.startsWith(path));
    const inner = paths.flatMap((path) => toIssue2(path) ?? []);
    const all = needsLan ? [...inner, ...this.#lanPaths()] : inner;
    if (all.length > 0) await this.#inner.refresh(all, deadlineMs);
  }

  validate(assignment: Assignment): AssignmentFault | undefined {
    const { path } = assignment;
    const inner = toIssue2(path);
    if (inner === undefined || this.#inner.get(inner) === undefined) {
      const isKnown = this.get(path) !== undefined;
      return isKnown
        ? { path, code: 9008, text: "cannot be set on this device" }
        : { path, code: 9005, text: "is no parameter of this device" };
    }
    const fault = this.#inner.validate({ ...assignment, path: inner });
    return fault === undefined ? undefined : { ...fault, path };
  }

  async write(assignments: readonly Assignment[], writer?: TreeWriter): Promise<TreeWriteResult> {
    const inner = assignments.map((one) => ({ ...one, path: toIssue2(one.path) ?? one.path }));
    const result = await this.#inner.write(inner, writer);
    return result.outcome === "refused" ? refusalOfIssue1(result) : result;
  }

  async addObject(table: string): Promise<TreeAddResult> {
    const result = await this.#inner.addObject?.(toIssue2(table) ?? table);
    return result ?? unchangeable;
  }

  async deleteObject(instance: string): Promise<TreeWriteResult> {
    const result = await this.#inner.deleteObject?.(toIssue2(instance) ?? instance);
    return result ?? unchangeable;
  }

  onChange(listener: (paths: readonly string[]) => void): () => void {
    return this.#inner.onChange((paths) => {
      const translated = paths.flatMap((path) => toIssue1(path) ?? []);
      const isLan = paths.some((path) => lanSource.test(path));
      const own = isLan ? this.#outline().sources.names.map((name) => lan + name) : [];
      const isSummary = paths.some((path) => path.endsWith("NumberOfEntries"));
      listener([...translated, ...own, ...(isSummary ? [summaryPath] : [])]);
    });
  }

  onEvent(listener: (eventCode: TreeEvent) => void): () => void {
    return this.#inner.onEvent?.(listener) ?? (() => undefined);
  }

  sessionEnded(): void {
    this.#inner.sessionEnded?.();
  }

  #own(path: string, value: string): TreeValue {
    return { path, type: "string", value };
  }

  #deviceStatus(): string {
    const { reachability } = this.#outline();
    const state = reachability === undefined ? "Online" : this.#inner.get(reachability)?.value;
    if (state === "Retired") return "Disabled";
    return state === "Unreachable" ? "Error" : "Up";
  }

  #lanValue(path: string): string | undefined {
    const { sources } = this.#outline();
    const name = sources.names.find((known) => lan + known === path);
    return name === undefined
      ? undefined
      : lanValue(name, sources, (inner) => this.#inner.get(inner));
  }

  #lanPaths(): readonly string[] {
    return this.#inner
      .nodes()
      .flatMap(({ path, type }) => (type !== undefined && lanSource.test(path) ? [path] : []));
  }

  #outline(): Issue1Outline {
    return outlineOfIssue1(this.#inner.nodes());
  }
}

/** The outline of a tree, from its nodes of Issue 2; made once per list. */
export function outlineOfIssue1(inner: readonly TreeNode[]): Issue1Outline {
  let outline = outlines.get(inner);
  if (outline === undefined) {
    const sources = lanSources(inner);
    const lanNodes = sources.names.map((name) => textNode(lan + name));
    outline = {
      nodes: withObjects([...nodesOfIssue1(inner), ...ownNodes, ...lanNodes]),
      sources,
      reachability: inner.find(({ path }) => reachabilityPath.test(path))?.path,
    };
    outlines.set(inner, outline);
  }
  return outline;
}

/** Nodes whose values `Device.LAN.` is worked out from. */
const lanSource =
  /^Device\.(IP|Ethernet|Routing|DNS\.Client)\.|\.1\.(Network\.(Interface|DNS)|Interaction\.SNMP)\./;

function textNode(path: string): TreeNode {
  return { path, writable: false, type: "string" };
}

/** Nodes of Issue 1 in tree order: objects keep what they allow, missing ones above a parameter are added. */
function withObjects(nodes: readonly TreeNode[]): readonly TreeNode[] {
  const objects = new Map(
    nodes.flatMap((node) => (node.type === undefined ? [[node.path, node] as const] : [])),
  );
  const parameters = nodes.filter(({ type }) => type !== undefined);
  return buildNodes(parameters, objects.keys())
    .map((node) => objects.get(node.path) ?? node)
    .sort((left, right) => comparePaths(left.path, right.path));
}

function refusalOfIssue1(refusal: TreeRefusal): TreeRefusal {
  const faults = refusal.faults.map((fault) => ({
    ...fault,
    path: toIssue1(fault.path) ?? fault.path,
  }));
  return { ...refusal, faults };
}
