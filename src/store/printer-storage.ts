import type { InstanceNumbers } from "./instance-numbers.ts";
import type { PrinterMemory } from "./printer-memory.ts";
import type { PrinterRepository } from "./printer-repository.ts";
import type { SnapshotRepository } from "./snapshot-repository.ts";
import type { WriteJournal } from "./write-journal.ts";

/** The fleet's one door to printers, their instance numbers and their snapshots. */
export interface PrinterStorage extends Pick<
  PrinterRepository,
  "list" | "save" | "remove" | "quarantine" | "saveQuarantine"
> {
  readonly openJournal: WriteJournal["open"];
  readonly noteJournal: WriteJournal["note"];
  readonly closeJournal: WriteJournal["close"];
  readonly unfinishedJournal: WriteJournal["unfinished"];
  readonly loadMemory: PrinterMemory["load"];
  readonly saveMemory: PrinterMemory["save"];
  /** Where a printer is and how somebody wants it to be talked to, in one transaction. */
  readonly saveInteraction: (
    printer: Parameters<PrinterRepository["save"]>[0],
    interaction: string | undefined,
  ) => Promise<void>;
  readonly instances: InstanceNumbers["list"];
  readonly assignInstances: InstanceNumbers["assign"];
  readonly loadSnapshot: SnapshotRepository["load"];
  readonly saveSnapshot: SnapshotRepository["save"];
}

/** The repositories behind the door. */
export interface PrinterRepositories {
  readonly printers: PrinterRepository;
  readonly journal: WriteJournal;
  readonly memory: PrinterMemory;
  readonly instances: InstanceNumbers;
  readonly snapshots: SnapshotRepository;
}

/** Joins the repositories under the names the fleet's port uses. */
export function createPrinterStorage(repositories: PrinterRepositories): PrinterStorage {
  const { printers, journal, memory, instances, snapshots } = repositories;
  return {
    list: () => printers.list(),
    save: (printer) => printers.save(printer),
    remove: (printerId) => printers.remove(printerId),
    quarantine: (printerId) => printers.quarantine(printerId),
    saveQuarantine: (printerId, values) => printers.saveQuarantine(printerId, values),
    openJournal: (entry) => journal.open(entry),
    noteJournal: (id, phase, atMs) => journal.note(id, phase, atMs),
    closeJournal: (id, outcome) => journal.close(id, outcome),
    unfinishedJournal: () => journal.unfinished(),
    loadMemory: (printerId) => memory.load(printerId),
    saveMemory: (printerId, kind, text) => memory.save(printerId, kind, text),
    saveInteraction: (printer, text) =>
      printers.save(printer, (tx) => memory.saveIn(tx, printer.id, "interaction", text)),
    instances: (printerId) => instances.list(printerId),
    assignInstances: (printerId, table, rowKeys) => instances.assign(printerId, table, rowKeys),
    loadSnapshot: (printerId) => snapshots.load(printerId),
    saveSnapshot: (printerId, snapshot, changed, meter) =>
      snapshots.save(printerId, snapshot, changed, meter),
  };
}
