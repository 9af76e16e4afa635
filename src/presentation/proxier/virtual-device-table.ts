import type { TreePart } from "../composed-tree.ts";
import type { PrinterView } from "../printer-view.ts";
import type { TreeNode, TreeValue } from "../tree.ts";
import type { VirtualDevices } from "./context.ts";

/** `Device.ManagementServer.VirtualDevice.` (TR-181i2), the table of printers shown as devices of their own. */
const virtualDeviceTable = "Device.ManagementServer.VirtualDevice.";

/** Discovery and proxy protocols of ours are vendor values (TR-106 §3.3); words already in that form stay. */
function vendorValue(word: string): string {
  if (word.startsWith("X_")) return word;
  const name = word === word.toLowerCase() && word.length <= 4 ? word.toUpperCase() : word;
  return `X_MFPGATE-ORG_${name}`;
}

/** Columns of a row; sorted by name, so that the nodes come in tree order. */
const columns: readonly (readonly [name: string, read: (view: PrinterView) => string])[] = [
  ["DiscoveryProtocol", (view) => vendorValue(view.facts().discoveredBy)],
  ["DiscoveryProtocolReference", () => ""],
  ["Host", () => ""],
  ["ManufacturerOUI", (view) => view.identity.oui],
  ["ProductClass", (view) => view.identity.productClass],
  ["ProxyProtocol", (view) => vendorValue(view.facts().proxyProtocol)],
  ["ProxyProtocolReference", () => ""],
  ["SerialNumber", (view) => view.identity.serialNumber],
];
const readers = new Map(columns);

/** The parameter an ACS watches to learn of printers that come and go. */
const deviceCountPath = "Device.ManagementServer.VirtualDeviceNumberOfEntries";
const countNode: TreeNode = { path: deviceCountPath, writable: false, type: "unsignedInt" };

/** With one row, so that the device type is the same before and after the first printer comes. */
const typeNodes: readonly TreeNode[] = [
  { path: virtualDeviceTable, writable: false },
  ...rowNodes(1),
  countNode,
];

/** `Device.ManagementServer.VirtualDevice.{i}.` and its count. */
export function virtualDevicePart(devices: VirtualDevices): TreePart {
  let table = new VirtualDeviceTable(devices);
  let nodes = table.nodes();
  const listeners = new Set<(paths: readonly string[]) => void>();
  devices.onChange(() => {
    const before = table;
    table = new VirtualDeviceTable(devices);
    nodes = table.nodes();
    const paths = table.difference(before);
    if (paths.length > 0) for (const listener of listeners) listener([deviceCountPath, ...paths]);
  });
  return {
    nodes: () => nodes,
    typeNodes: () => typeNodes,
    get: (path) =>
      path === deviceCountPath
        ? { path, type: "unsignedInt", value: table.size.toString() }
        : table.get(path),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The rows at one moment; a new table is made when printers come or go. */
class VirtualDeviceTable {
  readonly #rows: ReadonlyMap<number, PrinterView>;

  constructor(devices: VirtualDevices) {
    const rows = devices.list().map((view) => [devices.instanceOf(view.id), view] as const);
    this.#rows = new Map(rows.sort(([left], [right]) => left - right));
  }

  get size(): number {
    return this.#rows.size;
  }

  /** The table, its rows and its count in tree order. */
  nodes(): TreeNode[] {
    return [
      { path: virtualDeviceTable, writable: false },
      ...[...this.#rows.keys()].flatMap(rowNodes),
      countNode,
    ];
  }

  get(path: string): TreeValue | undefined {
    if (!path.startsWith(virtualDeviceTable)) return undefined;
    const end = path.indexOf(".", virtualDeviceTable.length);
    const view = this.#rows.get(Number(path.slice(virtualDeviceTable.length, end)));
    const read = readers.get(path.slice(end + 1));
    if (view === undefined || read === undefined) return undefined;
    return { path, type: "string", value: read(view) };
  }

  /** Parameters of rows that one of the two tables has and the other has not. */
  difference(other: VirtualDeviceTable): string[] {
    const missing = (from: VirtualDeviceTable, of: VirtualDeviceTable) =>
      [...from.#rows.keys()].filter((row) => !of.#rows.has(row));
    const rows = [...missing(this, other), ...missing(other, this)];
    return rows.flatMap((row) => rowNodes(row).slice(1)).map((node) => node.path);
  }
}

/** A row and its parameters. */
function rowNodes(row: number): TreeNode[] {
  const path = `${virtualDeviceTable}${row.toString()}.`;
  return [
    { path, writable: false },
    ...columns.map(([name]) => ({ path: path + name, writable: false, type: "string" }) as const),
  ];
}
