import { formatDateTime, unknownTime } from "../../model/values.ts";
import { ColumnTable, textColumn } from "../column-table.ts";
import { discoveryProtocolOf, hostOf, proxyProtocolOf } from "../proxier/placed-printer.ts";
import type { Rows } from "../rows.ts";
import type { EmbeddedPrinter } from "./embedded-printer.ts";
import { serviceRowPath } from "./embedded-part.ts";

const server = "Device.ManagementServer.";

/** What a row is worked out from besides its printer. */
export interface EmbeddedDeviceContext {
  /** When the box started, epoch milliseconds: what was read before does not count as synchronised. */
  readonly startedAtMs: number;
  /** Path of the row of `SupportedDataModel.{i}.` with the printer's model, without dot; "" while it has none. */
  readonly supportedModelOf: (printer: EmbeddedPrinter) => string;
}

const statusColumns = ["CommandProcessed", "CommandProcessingErrMsg", "LastSyncTime"] as const;

/** `Device.ManagementServer.EmbeddedDevice.` (TR-181i2 2.17): the embedded printers and how far their commands are. */
export function embeddedDeviceTable(
  rows: Rows<EmbeddedPrinter>,
  context: EmbeddedDeviceContext,
): ColumnTable<EmbeddedPrinter> {
  const table = new ColumnTable<EmbeddedPrinter>({
    path: `${server}EmbeddedDevice.`,
    count: `${server}EmbeddedDeviceNumberOfEntries`,
    rows,
    columns: [
      textColumn("CommandProcessed", ({ commands }) => commands.processed),
      textColumn("CommandProcessingErrMsg", ({ commands }) => commands.message),
      // The box talks to its printers itself; there is no controller between.
      textColumn("ControllerID", () => ""),
      textColumn("DiscoveryProtocol", (printer) => discoveryProtocolOf(printer)),
      textColumn("DiscoveryProtocolReference", () => ""),
      textColumn("Host", (printer) => hostOf(printer)),
      { ...textColumn("LastSyncTime", (printer) => lastSync(printer, context)), type: "dateTime" },
      textColumn("ProxiedDeviceID", ({ view }) => view.id),
      textColumn("ProxyProtocol", (printer) => proxyProtocolOf(printer)),
      textColumn("ProxyProtocolReference", () => ""),
      textColumn("Reference", serviceRowPath),
      textColumn("SupportedDataModel", context.supportedModelOf),
    ],
  });
  followStatus(table);
  return table;
}

/** A command that succeeded was read back, so the last contact covers both. */
function lastSync({ view }: EmbeddedPrinter, { startedAtMs }: EmbeddedDeviceContext): string {
  const atMs = view.facts().lastContactMs;
  return atMs === undefined || atMs < startedAtMs ? unknownTime : formatDateTime(atMs);
}

/** What its commands and its own news say of a printer changes its row. */
function followStatus(table: ColumnTable<EmbeddedPrinter>): void {
  const stops = new Map<number, readonly (() => void)[]>();
  table.rows.onChange((instance) => {
    for (const stop of stops.get(instance) ?? []) stop();
    const printer = table.rows.get(instance);
    if (printer === undefined) {
      stops.delete(instance);
      return;
    }
    const changed = (names: readonly string[]) => () => {
      table.changed(instance, names);
    };
    stops.set(instance, [
      printer.commands.onChange(changed(statusColumns)),
      printer.view.onChange(changed(["LastSyncTime", "SupportedDataModel"])),
    ]);
  });
}
