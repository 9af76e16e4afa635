import type { ParameterDefinition } from "../../model/definition.ts";
import {
  objectAt,
  parameterAt,
  parsePath,
  tableCountedBy,
  tableOf,
  toPath,
  toTemplate,
} from "../../model/model.ts";
import { serviceCount } from "../../model/data-model-document.ts";
import type { Shape, Snapshot } from "../../model/snapshot.ts";
import { buildNodes, nodeOf } from "../nodes.ts";
import type { TreeNode } from "../tree.ts";
import type { VirtualParameter } from "./context.ts";
import {
  deviceInfoParameters,
  rootParameters,
  rootTables,
  upTimeParameter,
} from "./device-info.ts";
import {
  type InterfaceRows,
  interfaceNumbers,
  interfaceParameters,
  interfaceRows,
} from "./interfaces.ts";
import { proxyParameters } from "./proxy.ts";

/** Everything about a virtual device's tree but values; shared by all printers of equal shape. */
export interface Layout {
  readonly nodes: readonly TreeNode[];
  /** Parameters that are not in the snapshot. */
  readonly computed: ReadonlyMap<string, VirtualParameter>;
  /** Places of the snapshot that read back empty. */
  readonly hidden: ReadonlySet<number>;
  /** Snapshot path → computed paths that follow it. */
  readonly followers: ReadonlyMap<string, readonly string[]>;
}

interface ShapeLayouts {
  readonly interfaces: readonly number[];
  /** By what besides the shape decides about the nodes. */
  readonly variants: Map<string, Layout>;
}

const layouts = new WeakMap<Shape, ShapeLayouts>();

/** The layout of a printer's tree, made once per shape and variant. */
export function layoutOf(snapshot: Snapshot): Layout {
  const { shape } = snapshot;
  let known = layouts.get(shape);
  if (known === undefined) {
    known = { interfaces: interfaceNumbers(shape), variants: new Map() };
    layouts.set(shape, known);
  }
  const rows = interfaceRows(snapshot, known.interfaces);
  const variant = `${rows.ethernet.join()}|${rows.ip.join()}`;
  let layout = known.variants.get(variant);
  if (layout === undefined) {
    layout = createLayout(shape, rows);
    known.variants.set(variant, layout);
  }
  return layout;
}

function createLayout(shape: Shape, rows: InterfaceRows): Layout {
  const hasInterfaces = rows.ethernet.length + rows.ip.length > 0;
  const parameters = [
    ...rootParameters,
    ...deviceInfoParameters,
    ...(shape.indexOf.has(toPath("General.UpTime")) ? [upTimeParameter] : []),
    ...(hasInterfaces ? interfaceParameters(shape, rows) : []),
    ...proxyParameters(shape),
    ...rowCounts(shape),
    { path: `Device.Services.${serviceCount}`, type: "unsignedInt", read: () => "1" } as const,
  ].filter((parameter) => !shape.indexOf.has(parameter.path));
  const computed = new Map(parameters.map((parameter) => [parameter.path, parameter]));
  const own = shape.paths.flatMap((path, index) => snapshotNode(shape, path, index));
  return {
    nodes: buildNodes(
      [...own, ...parameters.map(nodeOf)],
      [...rootTables, ...countedTables(shape)],
    ),
    computed,
    hidden: new Set(
      shape.paths.flatMap((path, index) => (definitionAt(path)?.hidden === true ? [index] : [])),
    ),
    followers: followersOf(parameters),
  };
}

/** The definition of a path of the snapshot. */
export function definitionAt(path: string): ParameterDefinition | undefined {
  const template = toTemplate(path);
  return template === undefined ? undefined : parameterAt(template);
}

function snapshotNode(shape: Shape, path: string, index: number): TreeNode[] {
  const type = shape.types[index];
  if (type === undefined) return [];
  const notification = definitionAt(path)?.activeNotify;
  const node = { path, type, writable: shape.writable[index] === true };
  return [notification === undefined ? node : { ...node, notification }];
}

/** Counts of tables that have rows but no count in the snapshot. */
function rowCounts(shape: Shape): VirtualParameter[] {
  const rows = new Map<string, Set<number>>();
  for (const path of shape.paths) {
    const { template = "", instance } = parsePath(path) ?? {};
    const count = countPathOf(template);
    if (count === undefined || instance === undefined) continue;
    rows.set(count, (rows.get(count) ?? new Set()).add(instance));
  }
  return [...rows].map(([path, instances]) => {
    const text = instances.size.toString();
    return { path, type: "unsignedInt", read: () => text };
  });
}

/** Path of the parameter that counts the rows of the template's table; undefined outside tables. */
function countPathOf(template: string): string | undefined {
  const table = tableOf(template);
  const count = table === undefined ? undefined : objectAt(table)?.countedBy;
  if (table === undefined || count === undefined) return undefined;
  return toPath(table.replace(/[^.]+\.\{i\}\.$/, "") + count);
}

/** Tables whose count the snapshot has: they exist, even without rows. */
function countedTables(shape: Shape): string[] {
  return shape.paths.flatMap((path) => {
    const table = tableCountedBy(toTemplate(path) ?? "");
    return table === undefined ? [] : [toPath(table.slice(0, -"{i}.".length))];
  });
}

function followersOf(parameters: readonly VirtualParameter[]): ReadonlyMap<string, string[]> {
  const followers = new Map<string, string[]>();
  for (const { path, sources = [] } of parameters)
    for (const source of sources) followers.set(source, [...(followers.get(source) ?? []), path]);
  return followers;
}
