import type { Config } from "../config/config.ts";
import { isOpen, localMinute, nextOpening } from "../config/maintenance-window.ts";

/** What the site lets be done to its printers; the fleet asks it before a write. */
export interface WritePolicy {
  /** Nothing may be written at all. */
  readonly readOnly: boolean;
  /** Whether a printer may be restarted at a moment (epoch milliseconds); else a text that names the next time. */
  mayRestartAt(epochMs: number): true | string;
}

/** The `writes` section as a policy. Windows are in the local time of the box. */
export function createWritePolicy({
  readOnly,
  maintenanceWindows: windows,
}: Pick<Config["writes"], "readOnly" | "maintenanceWindows">): WritePolicy {
  return {
    readOnly,
    mayRestartAt: (epochMs) => {
      if (windows.length === 0 || windows.some((window) => isOpen(window, epochMs))) return true;
      const [next] = windows
        .map((window) => ({ text: window.text, atMs: nextOpening(window, epochMs) }))
        .sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) return true;
      return `the next maintenance window (${next.text}) begins ${localMinute(next.atMs)}`;
    },
  };
}
