import type { ParameterNode, ParameterTable } from "../parameter-tree.ts";
import { hasAlias, aliasNode } from "./aliases.ts";
import { isRow } from "./paths.ts";
import { type TreeShape, sorted, subtreeEnd, withAliases } from "./shape.ts";

/** One row of a table, found by a path in it. */
interface Row {
  /** Path of the row, ends with a dot. */
  readonly path: string;
  readonly deletable: boolean;
  readonly nodes: readonly ParameterNode[];
}

// One index for all rows of a kind, as there is one shape for all endpoints of a kind.
const indexes = new WeakMap<readonly ParameterNode[], ReadonlyMap<string, number>>();
const defaults = new WeakMap<readonly ParameterNode[], readonly ParameterNode[]>();
const aliased = new WeakMap<readonly ParameterNode[], Map<string, readonly ParameterNode[]>>();

/** Everything there is in a tree: the nodes of its shape and the rows of its tables, as if they were one list. */
export class TreeNames {
  readonly #shape: TreeShape;
  readonly #tables: readonly ParameterTable[];

  constructor(shape: TreeShape, tables: readonly ParameterTable[]) {
    this.#shape = shape;
    this.#tables = tables;
  }

  /** The node at exactly this path. */
  node(path: string): ParameterNode | undefined {
    const { nodes, positions } = this.#shape;
    const position = positions.get(path);
    if (position !== undefined) return nodes[position];
    const row = this.#rowOf(path);
    if (row === undefined) return undefined;
    if (path === row.path) return { path, writable: row.deletable };
    const node = row.nodes[indexOf(row.nodes).get(path.slice(row.path.length)) ?? -1];
    return node === undefined ? undefined : { ...node, path };
  }

  /** The node at `path` and everything below it in tree order; nothing for an unknown path, everything for "". */
  *below(path: string): Generator<ParameterNode, void> {
    const position = path === "" ? 0 : this.#shape.positions.get(path);
    if (position === undefined) {
      yield* this.#belowInRow(path);
      return;
    }
    const { nodes } = this.#shape;
    const end = path === "" ? nodes.length : subtreeEnd(this.#shape, position);
    for (let index = position; index < end; index += 1) {
      const node = nodes[index];
      if (node === undefined) continue;
      yield node;
      const table = node.path.endsWith(".") ? this.#tableAt(node.path) : undefined;
      for (const instance of table?.instances() ?? [])
        yield* this.#belowInRow(`${node.path}${instance}.`);
    }
  }

  /** What is directly below the object at `path`, in tree order. */
  children(path: string): readonly ParameterNode[] {
    const { nodes, positions } = this.#shape;
    const position = positions.get(path);
    if (position === undefined)
      return [...this.#belowInRow(path)].filter((node) => isDirectChild(path, node.path));
    const table = this.#tableAt(path);
    const writable = table?.deletable === true;
    const rows = table?.instances() ?? [];
    return [
      ...rows.map((instance) => ({ path: `${path}${instance}.`, writable })),
      ...nodes
        .slice(position + 1, subtreeEnd(this.#shape, position))
        .filter((node) => isDirectChild(path, node.path)),
    ];
  }

  /** The rows of a table, by number; none for what is no table. */
  rows(table: string): readonly string[] {
    const own =
      this.#tableAt(table)
        ?.instances()
        .map((instance) => `${table}${instance}.`) ?? [];
    const inShape = this.#shape.rows.get(table);
    if (inShape !== undefined || this.#shape.positions.has(table)) {
      return [...own, ...(inShape ?? [])];
    }
    return this.children(table)
      .map(({ path }) => path)
      .filter(isRow);
  }

  /** Parameters whose notification is active without anybody asking for it. */
  *activeByDefault(): Generator<ParameterNode, void> {
    yield* this.#shape.activeByDefault;
    for (const table of this.#tables)
      for (const instance of table.instances())
        for (const node of defaultsOf(table.row(instance) ?? []))
          yield { ...node, path: `${table.path}${instance}.${node.path}` };
  }

  *#belowInRow(path: string): Generator<ParameterNode, void> {
    const row = this.#rowOf(path);
    if (row === undefined) return;
    const rest = path.slice(row.path.length);
    const start = rest === "" ? 0 : indexOf(row.nodes).get(rest);
    if (start === undefined) return;
    if (rest === "") yield { path, writable: row.deletable };
    for (let index = start; index < row.nodes.length; index += 1) {
      const node = row.nodes[index];
      const isWithin = index === start || (rest.endsWith(".") && node?.path.startsWith(rest));
      if (node === undefined || !(rest === "" || isWithin === true)) return;
      yield { ...node, path: row.path + node.path };
    }
  }

  #tableAt(path: string): ParameterTable | undefined {
    return this.#tables.find((table) => table.path === path);
  }

  #rowOf(path: string): Row | undefined {
    const table = this.#tables.find((candidate) => path.startsWith(candidate.path));
    if (table === undefined) return undefined;
    const end = path.indexOf(".", table.path.length);
    if (end < 0) return undefined;
    const number = path.slice(table.path.length, end);
    if (!/^[1-9]\d{0,9}$/.test(number)) return undefined;
    const nodes = table.row(Number(number));
    if (nodes === undefined) return undefined;
    return {
      path: path.slice(0, end + 1),
      deletable: table.deletable === true,
      nodes: this.#shape.hasAliases ? aliasedNodes(table.path, nodes) : nodes,
    };
  }
}

/** The nodes below a row with the Aliases of the row and of rows in it; made once for all rows of a kind. */
function aliasedNodes(table: string, nodes: readonly ParameterNode[]): readonly ParameterNode[] {
  let byTable = aliased.get(nodes);
  if (byTable === undefined) {
    byTable = new Map();
    aliased.set(nodes, byTable);
  }
  let known = byTable.get(table);
  if (known === undefined) {
    const row = `${table}1.`;
    const inner = withAliases(nodes, row);
    const others = inner.filter(({ path }) => path !== "Alias");
    known = hasAlias(row) ? sorted([...others, aliasNode("")]) : sorted(inner);
    byTable.set(table, known);
  }
  return known;
}

function indexOf(nodes: readonly ParameterNode[]): ReadonlyMap<string, number> {
  let index = indexes.get(nodes);
  if (index === undefined) {
    index = new Map(nodes.map(({ path }, position) => [path, position]));
    indexes.set(nodes, index);
  }
  return index;
}

function defaultsOf(nodes: readonly ParameterNode[]): readonly ParameterNode[] {
  let found = defaults.get(nodes);
  if (found === undefined) {
    found = nodes.filter(
      ({ notification }) =>
        notification === "forceEnabled" || notification === "forceDefaultEnabled",
    );
    defaults.set(nodes, found);
  }
  return found;
}

function isDirectChild(parent: string, path: string): boolean {
  const dot = path.indexOf(".", parent.length);
  return path.length > parent.length && (dot === -1 || dot === path.length - 1);
}
