import { ColumnTable, textColumn } from "../column-table.ts";
import type { SupportedModel } from "../device-types.ts";
import type { Rows } from "../rows.ts";

const deviceInfo = "Device.DeviceInfo.";
const table = `${deviceInfo}SupportedDataModel.`;

/** A model as it is at the moment; a row asks each time, so that its document is published when it is read. */
export type SupportedModelRow = () => SupportedModel | undefined;

/** The path of a row, as references name it. */
export function supportedModelPath(row: number): string {
  return `${table}${row.toString()}`;
}

/** `Device.DeviceInfo.SupportedDataModel.`: the box's own model, and that of each kind of embedded printer. */
export function supportedModelTable(rows: Rows<SupportedModelRow>): ColumnTable<SupportedModelRow> {
  return new ColumnTable({
    path: table,
    count: `${deviceInfo}SupportedDataModelNumberOfEntries`,
    rows,
    columns: [
      textColumn("Features", () => ""),
      textColumn("URL", (model) => model()?.url ?? ""),
      textColumn("URN", (model) => model()?.urn ?? ""),
      textColumn("UUID", (model) => model()?.uuid ?? ""),
    ],
  });
}
