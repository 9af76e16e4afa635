import type { ModelValue } from "../model/definition.ts";
import type { Snapshot } from "../model/snapshot.ts";

/** A printer as kept in the store. */
export interface StoredPrinter {
  readonly id: string;
  readonly manufacturer: string;
  readonly oui: string;
  readonly productClass: string;
  readonly serialNumber: string;
  readonly macAddress: string | undefined;
  readonly host: string;
  readonly snmpPort: number;
  /** Key of the credential that worked (a digest of its configuration), tried first next time. */
  readonly credential: string | undefined;
  readonly mapping: string;
  readonly discoveredBy: string;
  readonly state: "pending" | "active" | "retired";
  /** It did not answer when last asked; kept, so that a restart of the service does not call it online. */
  readonly isUnreachable: boolean;
  readonly lastContactMs: number | undefined;
  readonly adoptedAtMs: number;
  /** sysUpTime last seen, hundredths of a second, and when; a lower one later means a restart. */
  readonly upTime: { readonly ticks: number; readonly atMs: number } | undefined;
}

/** Instance number of a table row; assigned once, never reused. */
export interface InstanceAssignment {
  readonly table: string;
  readonly rowKey: string;
  readonly instance: number;
}

/** A value held back because it cannot be right (counter backwards, impossible jump). */
export interface QuarantinedValue {
  readonly path: string;
  readonly accepted: ModelValue;
  readonly rejected: ModelValue;
  readonly reason: string;
  readonly sinceMs: number;
}

/** Counters of one poll, appended to the hash-chained meter history. */
export interface MeterReading {
  readonly readAtMs: number;
  readonly counters: Readonly<Record<string, number>>;
}

/** A write in progress: on disk before the first byte goes out, removed when the outcome is known. */
export interface JournalEntry {
  readonly id: string;
  readonly printerId: string;
  readonly startedAtMs: number;
  readonly writes: readonly {
    readonly path: string;
    readonly before: ModelValue | undefined;
    readonly after: ModelValue;
  }[];
}

/** Repository of printers. Every method resolves when the data is on disk. */
export interface PrinterStore {
  list(): Promise<readonly StoredPrinter[]>;
  save(printer: StoredPrinter): Promise<void>;
  instances(printerId: string): Promise<readonly InstanceAssignment[]>;
  /** Gives each new row key of `table` the next number never used in that table and printer; keeps existing ones. */
  assignInstances(
    printerId: string,
    table: string,
    rowKeys: readonly string[],
  ): Promise<ReadonlyMap<string, number>>;
  loadSnapshot(printerId: string): Promise<Snapshot | undefined>;
  /** Saves the snapshot row, a history row per entry of `changed`, and the meter reading when counters changed; one transaction. */
  saveSnapshot(
    printerId: string,
    snapshot: Snapshot,
    changed: readonly { readonly path: string; readonly value: ModelValue | undefined }[],
    meter?: MeterReading,
  ): Promise<void>;
  quarantine(printerId: string): Promise<readonly QuarantinedValue[]>;
  /** Replaces the quarantine list of a printer. */
  saveQuarantine(printerId: string, values: readonly QuarantinedValue[]): Promise<void>;
  openJournal(entry: JournalEntry): Promise<void>;
  closeJournal(id: string, outcome: "applied" | "undone" | "undoFailed"): Promise<void>;
  /** Writes a crash left behind; finished (completed or undone) at the next start. */
  unfinishedJournal(): Promise<readonly JournalEntry[]>;
  /** What the ACS or the CLI set last, per path, for drift detection and audit. */
  remove(printerId: string): Promise<void>;
}
