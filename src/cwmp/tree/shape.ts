import {
  type SettingNode,
  managementServerNodes,
  managementServerPath,
} from "../management-server/management-server.ts";
import type { ParameterNode } from "../parameter-tree.ts";
import { type RootModel, device2 } from "../root-model.ts";
import { aliasNode, hasAlias } from "./aliases.ts";
import { ownTableAt, ownTableNodes, ownTableTypeNodes } from "./own-tables.ts";
import { countOfTable, isRow, tableOfRow } from "./paths.ts";

/** All names of an endpoint, in an order in which every object is followed directly by its content. */
export interface TreeShape {
  readonly nodes: readonly ParameterNode[];
  /** Path → position in `nodes`. */
  readonly positions: ReadonlyMap<string, number>;
  /** Parameters whose notification is active without anybody asking for it. */
  readonly activeByDefault: readonly ParameterNode[];
  /** Table → its rows among `nodes`, by number. */
  readonly rows: ReadonlyMap<string, readonly string[]>;
  /** Whether rows have an Alias that can stand for their number. */
  readonly hasAliases: boolean;
  /** Whether `*` can stand for any instance. */
  readonly hasWildcards: boolean;
}

type Nodes = readonly ParameterNode[];

// One shape for all endpoints that share node arrays: that is what keeps 10,000 endpoints small.
const shapesBySettings = new WeakMap<Nodes, WeakMap<Nodes, TreeShape>>();

/**
 * The names of a device merged with those of `Device.ManagementServer.`: sorted, without duplicates, ancestors that
 * the device left out added as plain objects (an ACS would invent them as writable).
 *
 * @param rootModel what the device's nodes are an instance of; the same for the same array
 */
export function shapeOf(
  deviceNodes: readonly ParameterNode[],
  rootModel = device2,
  settings: readonly ParameterNode[] = managementServerNodes,
): TreeShape {
  const shapes = shapesBySettings.get(settings) ?? new WeakMap<Nodes, TreeShape>();
  shapesBySettings.set(settings, shapes);
  let shape = shapes.get(deviceNodes);
  if (shape === undefined) {
    const own = [...settings, ...ownTableNodes].filter(
      ({ path }) => isAboveSettings(path) || isOwnIn(rootModel, path),
    );
    const hasAliases = supportsAliases(rootModel);
    const hasWildcards = isSettingOf(
      rootModel,
      `${managementServerPath}InstanceWildcardsSupported`,
    );
    shape = { ...buildShape(deviceNodes, own, hasAliases), hasAliases, hasWildcards };
    shapes.set(deviceNodes, shape);
  }
  return shape;
}

/** The position after the last node below the object at `position`. */
export function subtreeEnd({ nodes }: TreeShape, position: number): number {
  const path = nodes[position]?.path ?? "";
  if (!path.endsWith(".")) return position + 1;
  let end = position + 1;
  while (nodes[end]?.path.startsWith(path) === true) end += 1;
  return end;
}

/** Whether the root model has the scalar of `Device.ManagementServer.` at `path`. */
export function isSettingOf({ hasSetting }: RootModel, path: string): boolean {
  return hasSetting === undefined || hasSetting(path.slice(managementServerPath.length));
}

/** Whether the root model has the parameter or table of the endpoint's own at `path`. */
export function isOwnIn(rootModel: RootModel, path: string): boolean {
  const table = ownTableAt(path);
  return isSettingOf(rootModel, table === undefined ? path : countOfTable(table.path));
}

function supportsAliases(rootModel: RootModel): boolean {
  return isSettingOf(rootModel, `${managementServerPath}AliasBasedAddressing`);
}

/**
 * What a device type is to say of a tree with these nodes, settings included: the endpoint's own tables with one row
 * each, and the Alias of every row.
 */
export function typeNodes<Node extends ParameterNode>(
  nodes: readonly Node[],
  rootModel = device2,
): readonly (Node | SettingNode)[] {
  const tables = ownTableTypeNodes.filter(({ path }) => isOwnIn(rootModel, path));
  const all = [...nodes, ...tables];
  return supportsAliases(rootModel) ? withAliases(all) : all;
}

function isAboveSettings(path: string): boolean {
  return managementServerPath.startsWith(path);
}

function buildShape(
  deviceNodes: readonly ParameterNode[],
  settings: readonly ParameterNode[],
  hasAliases: boolean,
): Omit<TreeShape, "hasAliases" | "hasWildcards"> {
  const byPath = new Map<string, ParameterNode>();
  // The endpoint's own scalars win: they come last.
  for (const node of [...deviceNodes, ...settings]) {
    const known = byPath.get(node.path);
    // An object both sides know keeps the device's access right (a table may be writable).
    if (known === undefined || node.type !== undefined) byPath.set(node.path, node);
  }
  for (const path of [...byPath.keys()]) addAncestors(path, byPath);
  const all = [...byPath.values()];
  const nodes = sorted(hasAliases ? withAliases(all) : all);
  return {
    nodes,
    positions: new Map(nodes.map(({ path }, index) => [path, index])),
    activeByDefault: nodes.filter(
      ({ notification }) =>
        notification === "forceEnabled" || notification === "forceDefaultEnabled",
    ),
    rows: rowsByTable(nodes),
  };
}

/** The nodes, relative to `above`, with the Alias of every row that has one in place of what the device may have there. */
export function withAliases<Node extends ParameterNode>(
  nodes: readonly Node[],
  above = "",
): readonly (Node | SettingNode)[] {
  const aliases = nodes
    .filter(({ path }) => isRow(above + path) && hasAlias(above + path))
    .map(({ path }) => aliasNode(path));
  const taken = new Set(aliases.map(({ path }) => path));
  return [...nodes.filter(({ path }) => !taken.has(path)), ...aliases];
}

/** Nodes with every object right before its content, instances by number. */
export function sorted(nodes: readonly ParameterNode[]): readonly ParameterNode[] {
  const keyed = nodes.map((node) => ({ node, key: sortKey(node.path) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ node }) => node);
}

function rowsByTable(nodes: readonly ParameterNode[]): ReadonlyMap<string, readonly string[]> {
  const rows = new Map<string, string[]>();
  for (const { path } of nodes) {
    if (!isRow(path)) continue;
    const table = tableOfRow(path);
    const known = rows.get(table);
    if (known === undefined) rows.set(table, [path]);
    else known.push(path);
  }
  return rows;
}

function addAncestors(path: string, byPath: Map<string, ParameterNode>): void {
  let end = path.lastIndexOf(".", path.length - 2);
  while (end > 0) {
    const ancestor = path.slice(0, end + 1);
    if (byPath.has(ancestor)) return; // its own ancestors are looked after in its own turn
    byPath.set(ancestor, { path: ancestor, writable: false });
    end = path.lastIndexOf(".", end - 1);
  }
}

/**
 * Orders paths segment by segment, instance numbers by value. A blank sorts before every character of a name, so the
 * object `A.` comes right before `A.B` and after everything of `A.`'s predecessor.
 */
function sortKey(path: string): string {
  return path
    .split(".")
    .map((segment) => (/^\d+$/.test(segment) ? segment.padStart(10, "0") : segment))
    .join(" ");
}
