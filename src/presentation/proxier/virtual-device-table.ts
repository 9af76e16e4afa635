import { ColumnTable, textColumn } from "../column-table.ts";
import type { Rows } from "../rows.ts";
import {
  type PlacedPrinter,
  discoveryProtocolOf,
  hostOf,
  proxyProtocolOf,
} from "./placed-printer.ts";

const server = "Device.ManagementServer.";

/** `Device.ManagementServer.VirtualDevice.` (TR-181i2), the printers shown as devices of their own, and its count. */
export function virtualDeviceTable(rows: Rows<PlacedPrinter>): ColumnTable<PlacedPrinter> {
  return new ColumnTable({
    path: `${server}VirtualDevice.`,
    count: `${server}VirtualDeviceNumberOfEntries`,
    rows,
    columns: [
      textColumn("DiscoveryProtocol", discoveryProtocolOf),
      // Neither SNMP nor a list of addresses is an object of the box's model that could be referred to.
      textColumn("DiscoveryProtocolReference", () => ""),
      textColumn("Host", hostOf),
      textColumn("ManufacturerOUI", ({ view }) => view.identity.oui),
      textColumn("ProductClass", ({ view }) => view.identity.productClass),
      textColumn("ProxyProtocol", proxyProtocolOf),
      textColumn("ProxyProtocolReference", () => ""),
      textColumn("SerialNumber", ({ view }) => view.identity.serialNumber),
    ],
  });
}
