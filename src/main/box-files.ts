import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { Config } from "../config/config.ts";
import type { VendorFiles } from "../presentation/proxier/vendor-files.ts";
import { logFileName, logHalfBytes } from "./box-transfers/log-file.ts";

/** Rows of `VendorLogFile.{i}.`, in the order that gives the number in `4 Vendor Log File <i>`. */
const boxLogs = [
  { name: "events", mostBytes: 0, isPersistent: true },
  { name: logFileName, mostBytes: 2 * logHalfBytes, isPersistent: true },
] as const;

/**
 * Files of the box itself that the ACS sees in `VendorConfigFile.{i}` and `VendorLogFile.{i}`: the configuration as it
 * was read at the start, the list of events and the log.
 */
export function boxFiles(config: Config): VendorFiles {
  const { file } = config;
  const text = readFileSync(file);
  const version = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const { mtimeMs } = statSync(file);
  return {
    configurations: [
      {
        name: basename(file).slice(0, 64),
        version: () => version,
        atMs: () => mtimeMs,
        description: "Configuration of mfpgate in force since the last start",
        isBackup: true,
      },
    ],
    logs: boxLogs,
  };
}
