import { isIPv4, isIPv6 } from "node:net";
import { toPath } from "../../model/model.ts";
import { valueAt } from "../../model/shapes.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { ColumnTable, textColumn } from "../column-table.ts";
import type { PrinterView } from "../printer-view.ts";
import type { Rows } from "../rows.ts";
import { hostTable } from "./placed-printer.ts";

const interfaces = toPath("Network.Interface.");

/** The printer's interface the box talks to: the one with that address, else the first with a MAC address. */
interface LanSide {
  readonly macAddress: string;
  readonly type: string;
  readonly hostName: string;
}

/** TR-181i2 `Host.{i}.InterfaceType` of the model's `Network.Interface.{i}.Type`. */
const interfaceTypes: Readonly<Record<string, string>> = { Ethernet: "Ethernet", WiFi: "Wi-Fi" };

/** Told anew whenever a fact of the printer or a value of an interface changed. */
const liveColumns = ["Active", "HostName", "IPAddress", "InterfaceType", "PhysAddress"] as const;

/** `Device.Hosts.Host.` (TR-181i2): the LAN side of every printer, however it is shown. */
export function hostsTable(rows: Rows<PrinterView>): ColumnTable<PrinterView> {
  const table = new ColumnTable<PrinterView>({
    path: hostTable,
    count: "Device.Hosts.HostNumberOfEntries",
    rows,
    columns: [
      { name: "Active", type: "boolean", read: isActive },
      textColumn("AssociatedDevice", () => ""),
      textColumn("DHCPClient", () => ""),
      textColumn("HostName", hostName),
      textColumn("IPAddress", (view) => address(view) ?? ""),
      {
        name: "IPv4AddressNumberOfEntries",
        type: "unsignedInt",
        read: (view) => (hasIpv4(view) ? "1" : "0"),
      },
      {
        ...textColumn("IPv4Address.1.IPAddress", (view: PrinterView) => address(view) ?? ""),
        has: hasIpv4,
      },
      {
        name: "IPv6AddressNumberOfEntries",
        type: "unsignedInt",
        read: (view) => (hasIpv6(view) ? "1" : "0"),
      },
      {
        ...textColumn("IPv6Address.1.IPAddress", (view: PrinterView) => address(view) ?? ""),
        has: hasIpv6,
      },
      textColumn("InterfaceType", (view) => interfaceTypes[lanSide(view).type] ?? "Other"),
      // Through which interface of the box a printer is reached is the routing table's business.
      textColumn("Layer1Interface", () => ""),
      textColumn("Layer3Interface", () => ""),
      textColumn("PhysAddress", physicalAddress),
    ],
  });
  followHosts(table);
  return table;
}

function isActive(view: PrinterView): string {
  return ["Online", "Asleep"].includes(view.facts().reachability).toString();
}

/** Empty while the printer is known by name only. */
function address(view: PrinterView): string | undefined {
  const { host } = view.facts();
  return isIPv4(host) || isIPv6(host) ? host : undefined;
}

function hasIpv4(view: PrinterView): boolean {
  return isIPv4(view.facts().host);
}

function hasIpv6(view: PrinterView): boolean {
  return isIPv6(view.facts().host);
}

function hostName(view: PrinterView): string {
  const named = address(view) === undefined ? view.facts().host : "";
  const name =
    lanSide(view).hostName || named || text(view.snapshot(), toPath("General.SystemName"));
  return Array.from(name).slice(0, 64).join("");
}

/** The key of the table; a printer that does not tell its MAC address has its id here, which is unique as well. */
function physicalAddress(view: PrinterView): string {
  return (lanSide(view).macAddress || view.facts().macAddress || view.id).slice(0, 64);
}

function lanSide(view: PrinterView): LanSide {
  const snapshot = view.snapshot();
  const { host } = view.facts();
  let first: string | undefined;
  for (const path of snapshot.shape.paths) {
    if (!path.startsWith(interfaces)) continue;
    const row = path.slice(0, path.indexOf(".", interfaces.length) + 1);
    if (path === `${row}IPAddress` && text(snapshot, path) === host) return sideAt(snapshot, row);
    if (path === `${row}PhysicalAddress` && text(snapshot, path) !== "") first ??= row;
  }
  return first === undefined ? { macAddress: "", type: "", hostName: "" } : sideAt(snapshot, first);
}

function sideAt(snapshot: Snapshot, row: string): LanSide {
  return {
    macAddress: text(snapshot, `${row}PhysicalAddress`),
    type: text(snapshot, `${row}Type`),
    hostName: text(snapshot, `${row}HostName`),
  };
}

function text(snapshot: Snapshot, path: string): string {
  return (valueAt(snapshot, path) ?? "").toString();
}

function followHosts(table: ColumnTable<PrinterView>): void {
  const stops = new Map<number, () => void>();
  table.rows.onChange((instance) => {
    stops.get(instance)?.();
    stops.delete(instance);
    const stop = table.rows.get(instance)?.onChange(({ values, facts }) => {
      if (facts || values.some(({ path }) => path.startsWith(interfaces)))
        table.changed(instance, liveColumns);
    });
    if (stop !== undefined) stops.set(instance, stop);
  });
}
