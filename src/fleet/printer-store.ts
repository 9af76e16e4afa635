import type { ModelValue } from "../model/definition.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { WriteEnd, Writer } from "./write-port.ts";

/** A printer as kept in the store. */
export interface StoredPrinter {
  readonly id: string;
  readonly manufacturer: string;
  readonly oui: string;
  readonly productClass: string;
  readonly serialNumber: string;
  readonly macAddress: string | undefined;
  readonly host: string;
  /** UDP port of its agent; undefined: it has none. */
  readonly snmpPort: number | undefined;
  /** Where its web server was named; undefined: it is looked for where such servers are, if a mapping asks for pages. */
  readonly ews: { readonly port: number; readonly scheme: "http" | "https" } | undefined;
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

/**
 * How far a write is. `writing`: under way. `restarting`: all is sent, the printer restarts. `undoing`: it is to be taken
 * back whatever the device says. `undoRestarting`: it was taken back, which restarts the printer.
 */
export type WritePhase = "writing" | "restarting" | "undoing" | "undoRestarting";

/** A write in progress: on disk before the first byte goes out, removed when the outcome is known. */
export interface JournalEntry {
  readonly id: string;
  readonly printerId: string;
  readonly startedAtMs: number;
  readonly who: Writer;
  readonly phase: WritePhase;
  /** When the phase began. */
  readonly phaseAtMs: number;
  readonly writes: readonly JournalWrite[];
}

/** One parameter of a write in progress. */
export interface JournalWrite {
  readonly path: string;
  /** Undefined: the device does not tell. */
  readonly before: ModelValue | undefined;
  readonly after: ModelValue;
  /** The device never tells it. */
  readonly isUnreadable?: boolean;
}

/**
 * What is remembered: by the drivers, of how its pages are built, how somebody wants it to be talked to, what came of
 * that last.
 */
export type MemoryKind = "drivers" | "pages" | "interaction" | "outcomes";

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
  noteJournal(id: string, phase: WritePhase, phaseAtMs: number): Promise<void>;
  closeJournal(id: string, outcome: WriteEnd): Promise<void>;
  /** Writes a crash left behind; finished (completed or undone) at the next start. */
  unfinishedJournal(): Promise<readonly JournalEntry[]>;
  /** What is remembered of the printer, as saved last. */
  loadMemory(printerId: string): Promise<Readonly<Partial<Record<MemoryKind, string>>>>;
  saveMemory(printerId: string, kind: MemoryKind, text: string | undefined): Promise<void>;
  /** Saves the printer and the memory `interaction` in one transaction. */
  saveInteraction(printer: StoredPrinter, interaction: string | undefined): Promise<void>;
  remove(printerId: string): Promise<void>;
}
