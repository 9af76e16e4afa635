import type { PrinterView } from "../printer-view.ts";
import type { TreeNode, TreeValue } from "../tree.ts";
import type { VirtualDevices } from "./context.ts";

/** `Device.ManagementServer.VirtualDevice.` (TR-181i2), the table of printers shown as devices of their own. */
export const virtualDeviceTable = "Device.ManagementServer.VirtualDevice.";

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

/** The rows at one moment; a new table is made when printers come or go. */
export class VirtualDeviceTable {
  readonly #rows: ReadonlyMap<number, PrinterView>;

  constructor(devices: VirtualDevices) {
    const rows = devices.list().map((view) => [devices.instanceOf(view.id), view] as const);
    this.#rows = new Map(rows.sort(([left], [right]) => left - right));
  }

  get size(): number {
    return this.#rows.size;
  }

  /** The table and its rows in tree order. */
  nodes(): TreeNode[] {
    return [
      { path: virtualDeviceTable, writable: false },
      ...[...this.#rows.keys()].flatMap(rowNodes),
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
export function rowNodes(row: number): TreeNode[] {
  const path = `${virtualDeviceTable}${row.toString()}.`;
  return [
    { path, writable: false },
    ...columns.map(([name]) => ({ path: path + name, writable: false, type: "string" }) as const),
  ];
}
