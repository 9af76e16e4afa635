import type { TreePart } from "./composed-tree.ts";
import { buildNodes } from "./nodes.ts";
import { type Rows, parseRowPath } from "./rows.ts";
import type { ComputedParameter, TreeNode, TreeTable, TreeValue } from "./tree.ts";

/** One parameter of every row; the name may hold dots (`IPv4Address.1.IPAddress`). */
export interface Column<Row> extends Pick<
  ComputedParameter<Row>,
  "type" | "read" | "writable" | "notification"
> {
  readonly name: string;
  /** Whether this row has it; absent: every row has. */
  readonly has?: (row: Row) => boolean;
}

/** Where a table stands and what is in it. */
export interface ColumnTableOptions<Row> {
  /** Ends with a dot: `Device.Hosts.Host.`. */
  readonly path: string;
  /** Full name of the parameter that counts the rows. */
  readonly count: string;
  readonly rows: Rows<Row>;
  readonly columns: readonly Column<Row>[];
}

/** A column without more to say than its name and text. */
export function textColumn<Row>(name: string, read: (row: Row) => string): Column<Row> {
  return { name, type: "string", read };
}

/** A table whose parameters are worked out from its rows, as a part of a tree. A row costs nothing but its place. */
export class ColumnTable<Row> implements TreePart {
  readonly path: string;
  readonly rows: Rows<Row>;
  readonly tables: readonly TreeTable[];
  readonly #count: string;
  readonly #columns: ReadonlyMap<string, Column<Row>>;
  readonly #nodes: readonly TreeNode[];
  readonly #listeners = new Set<(paths: readonly string[]) => void>();
  /** Node lists by which of the optional columns a row has. */
  readonly #rowNodes = new Map<string, readonly TreeNode[]>();

  constructor({ path, count, rows, columns }: ColumnTableOptions<Row>) {
    this.path = path;
    this.rows = rows;
    this.#count = count;
    this.#columns = new Map(columns.map((column) => [column.name, column]));
    this.#nodes = [
      { path, writable: false },
      { path: count, writable: false, type: "unsignedInt" },
    ];
    const row = (instance: number): readonly TreeNode[] | undefined => {
      const found = rows.get(instance);
      return found === undefined ? undefined : this.#nodesOf(found);
    };
    this.tables = [{ path, instances: () => rows.instances(), row }];
    rows.onChange((instance) => {
      this.#tell([count, ...[...this.#columns.keys()].map((name) => this.#pathOf(instance, name))]);
    });
  }

  nodes(): readonly TreeNode[] {
    return this.#nodes;
  }

  /** With one row of all columns, so that the device type is the same with and without rows. */
  typeNodes(): readonly TreeNode[] {
    const row = `${this.path}1.`;
    const all = buildNodes([...this.#columns.values()].map(columnNode));
    return [
      { path: this.path, writable: false },
      { path: row, writable: false },
      ...all.map((node) => ({ ...node, path: row + node.path })),
      ...this.#nodes.slice(1),
    ];
  }

  get(path: string): TreeValue | undefined {
    if (path === this.#count)
      return { path, type: "unsignedInt", value: this.rows.size.toString() };
    const place = parseRowPath(this.path, path);
    const row = place === undefined ? undefined : this.rows.get(place.instance);
    const column = this.#columns.get(place?.rest ?? "");
    if (row === undefined || column?.has?.(row) === false || column === undefined) return undefined;
    return { path, type: column.type, value: column.read(row) };
  }

  onChange(listener: (paths: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** These columns of a row are worth something else now. */
  changed(instance: number, names: readonly string[]): void {
    if (this.rows.get(instance) !== undefined)
      this.#tell(names.map((name) => this.#pathOf(instance, name)));
  }

  #nodesOf(row: Row): readonly TreeNode[] {
    const own = [...this.#columns.values()].filter((column) => column.has?.(row) !== false);
    const key = own.length === this.#columns.size ? "" : own.map(({ name }) => name).join();
    let nodes = this.#rowNodes.get(key);
    if (nodes === undefined) {
      nodes = buildNodes(own.map(columnNode), own.flatMap(countedTable));
      this.#rowNodes.set(key, nodes);
    }
    return nodes;
  }

  #pathOf(instance: number, name: string): string {
    return `${this.path}${instance.toString()}.${name}`;
  }

  #tell(paths: readonly string[]): void {
    for (const listener of this.#listeners) listener(paths);
  }
}

/** A table within the row that is counted is there, with rows or without. */
function countedTable<Row>({ name }: Column<Row>): readonly string[] {
  const counted = /^(.+)NumberOfEntries$/.exec(name)?.[1];
  return counted === undefined ? [] : [`${counted}.`];
}

function columnNode<Row>({ name, type, writable, notification }: Column<Row>): TreeNode {
  const node = { path: name, type, writable: writable === true };
  return notification === undefined ? node : { ...node, notification };
}
