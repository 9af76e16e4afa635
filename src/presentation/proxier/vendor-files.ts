import { formatDateTime, unknownTime } from "../../model/values.ts";
import type { TreePart } from "../composed-tree.ts";
import { type Entry, flag, inOrder, table, text, whole } from "./entries.ts";
import { entryPart } from "./entry-part.ts";

/**
 * Files of the box that the ACS may ask for. Their order never changes: the number of a row is the one in the file
 * types `3 Vendor Configuration File <i>` and `4 Vendor Log File <i>` (TR-069a6 A.4.1.5).
 */
export interface VendorFiles {
  readonly configurations: readonly ConfigurationFile[];
  readonly logs: readonly LogFile[];
}

/** A row of `Device.DeviceInfo.VendorConfigFile.{i}.`. */
export interface ConfigurationFile {
  readonly name: string;
  /** At most 16 characters; tells one content from another. */
  readonly version: () => string;
  /** When it came into force, epoch milliseconds; undefined when nobody knows. */
  readonly atMs: () => number | undefined;
  readonly description: string;
  /** Whether uploading it and downloading it again gives back the same device. */
  readonly isBackup: boolean;
}

/** A row of `Device.DeviceInfo.VendorLogFile.{i}.`. */
export interface LogFile {
  readonly name: string;
  /** 0: not known. */
  readonly mostBytes: number;
  /** Whether it outlives a restart. */
  readonly isPersistent: boolean;
}

/** `VendorConfigFile.{i}` and `VendorLogFile.{i}` of the box. */
export function vendorFilesPart(files: VendorFiles): TreePart {
  return entryPart({ entries: () => fileEntries(files) });
}

function fileEntries({ configurations, logs }: VendorFiles): readonly Entry[] {
  return [
    ...table({
      table: "Device.DeviceInfo.VendorConfigFile.",
      rows: inOrder(configurations),
      entries: (base, file) => [
        text(`${base}Name`, file.name),
        text(`${base}Version`, file.version(), 16),
        { path: `${base}Date`, type: "dateTime", value: dateOf(file.atMs()) },
        text(`${base}Description`, file.description, 256),
        flag(`${base}UseForBackupRestore`, file.isBackup),
      ],
    }),
    ...table({
      table: "Device.DeviceInfo.VendorLogFile.",
      rows: inOrder(logs),
      entries: (base, file) => [
        text(`${base}Name`, file.name),
        whole(`${base}MaximumSize`, file.mostBytes),
        flag(`${base}Persistent`, file.isPersistent),
      ],
    }),
  ];
}

function dateOf(atMs: number | undefined): string {
  return atMs === undefined ? unknownTime : formatDateTime(atMs);
}
