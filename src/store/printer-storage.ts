import type { InstanceNumbers } from "./instance-numbers.ts";
import type { PrinterRepository } from "./printer-repository.ts";
import type { SnapshotRepository } from "./snapshot-repository.ts";

/** The fleet's one door to printers, their instance numbers and their snapshots. */
export interface PrinterStorage extends Pick<
  PrinterRepository,
  | "list"
  | "save"
  | "remove"
  | "quarantine"
  | "saveQuarantine"
  | "openJournal"
  | "closeJournal"
  | "unfinishedJournal"
> {
  readonly instances: InstanceNumbers["list"];
  readonly assignInstances: InstanceNumbers["assign"];
  readonly loadSnapshot: SnapshotRepository["load"];
  readonly saveSnapshot: SnapshotRepository["save"];
}

/** Joins the three repositories under the names the fleet's port uses. */
export function createPrinterStorage(
  printers: PrinterRepository,
  instances: InstanceNumbers,
  snapshots: SnapshotRepository,
): PrinterStorage {
  return {
    list: () => printers.list(),
    save: (printer) => printers.save(printer),
    remove: (printerId) => printers.remove(printerId),
    quarantine: (printerId) => printers.quarantine(printerId),
    saveQuarantine: (printerId, values) => printers.saveQuarantine(printerId, values),
    openJournal: (entry) => printers.openJournal(entry),
    closeJournal: (id, outcome) => printers.closeJournal(id, outcome),
    unfinishedJournal: () => printers.unfinishedJournal(),
    instances: (printerId) => instances.list(printerId),
    assignInstances: (printerId, table, rowKeys) => instances.assign(printerId, table, rowKeys),
    loadSnapshot: (printerId) => snapshots.load(printerId),
    saveSnapshot: (printerId, snapshot, changed, meter) =>
      snapshots.save(printerId, snapshot, changed, meter),
  };
}
