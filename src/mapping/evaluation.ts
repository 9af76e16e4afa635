import type { ModelValue } from "../model/definition.ts";
import type { PollClass } from "../model/snapshot.ts";
import type { DocumentRead } from "../southbound/documents.ts";
import type { DeviceWrite, RawAnswers, ReadPlan } from "../southbound/driver.ts";

/** What is known of a printer before a mapping is chosen: the answers to `MappingSet.identityProbe`. */
export interface SelectedMapping {
  /** `vendor/kyocera/taskalfa`, or `base` when no file matched. */
  readonly name: string;
  /** Content hash of the file and all it extends; changes when any of them does. */
  readonly version: string;
  readonly title: string;
}

/** Where a value came from; printed by `mfpgate explain`. */
export interface Provenance {
  /** `snmp 1.3.6.1.2.1.43.5.1.1.17.1`. */
  readonly source: string;
  /** Raw value as text (hexadecimal when not printable). */
  readonly raw: string;
  readonly transforms: readonly string[];
  /** `vendor/kyocera/taskalfa.yaml:31`. */
  readonly definedAt: string;
  readonly readAtMs: number;
  /** Sources tried before, and why they were passed over. */
  readonly rejected: readonly { readonly source: string; readonly reason: string }[];
}

/** One model parameter with its value. */
export interface EvaluatedParameter {
  /** Template path: relative to the service object (`Supply.{i}.Type`) or absolute (`Device.DeviceInfo.SoftwareVersion`). */
  readonly template: string;
  /** Stable key of the row; undefined outside tables. */
  readonly rowKey: string | undefined;
  readonly value: ModelValue;
  readonly pollClass: PollClass;
  /** Present when provenance was asked for. */
  readonly provenance?: Provenance;
}

/** One table as read: its rows in printer order. A table that was not read at all is absent from `Evaluation.tables`. */
export interface EvaluatedTable {
  /** `Supply.{i}.` */
  readonly template: string;
  /** Stable keys, in the printer's order; never derived from names that change (a swapped cartridge keeps its row). */
  readonly rowKeys: readonly string[];
}

/** Result of applying a mapping to the answers of one conversation. Pure: same answers, same result. */
export interface Evaluation {
  readonly parameters: readonly EvaluatedParameter[];
  readonly tables: readonly EvaluatedTable[];
  /**
   * Templates whose document could not be read this time (silent, locked, not believed): what was known of them still
   * holds, however long that takes. Absent when there are none.
   */
  readonly untold?: ReadonlySet<string>;
}

/** Identity as the mapping sees it; fields the printer does not tell are absent. */
export interface PrinterIdentity {
  readonly manufacturer?: string;
  /** From the MAC, else the mapping's table of makers' OUIs. */
  readonly oui?: string;
  readonly productClass?: string;
  /** Printer serial; undefined when missing or a placeholder such as `000000000`. */
  readonly serialNumber?: string;
  /** First interface MAC, `aa:bb:cc:dd:ee:ff`. */
  readonly macAddress?: string;
}

/** One value to be written. */
export interface MappedAssignment {
  readonly template: string;
  /** For rows of tables. */
  readonly rowKey: string | undefined;
  readonly value: ModelValue;
}

/** One step of a write plan: assignments that one driver makes together. */
export interface PlannedWrite {
  /** Which assignments it makes, by their position in what was asked. */
  readonly covers: readonly number[];
  readonly write: DeviceWrite;
  /** For people: `SNMP SET 1.3.6.1.2.1.1.6.0`, `form /LABEL/config: printer_location`. Holds no values. */
  readonly description: string;
  /** What goes down for a while once it is made: it is verified when the printer is back. */
  readonly restarts: "network" | "printer" | undefined;
  /** The printer never tells these values (passwords): its word that it took them must do. */
  readonly isUnreadable: boolean;
}

/** One mapping, ready to run. */
export interface CompiledMapping {
  readonly selected: SelectedMapping;
  /** Everything of the given classes, each OID and each document once. */
  readPlan(classes: readonly PollClass[]): ReadPlan;
  /** Only parameters of `classes` are evaluated. */
  evaluate(
    answers: RawAnswers,
    classes: readonly PollClass[],
    options?: { readonly provenance?: boolean },
  ): Evaluation;
  identity(answers: RawAnswers): PrinterIdentity;
  /** Template paths this mapping can write. */
  readonly writable: ReadonlySet<string>;
  /** Those it could write too, were unverified writes allowed. */
  readonly unverified: ReadonlySet<string>;
  /** Which credential writing a template takes; undefined when it takes none, or cannot be written. */
  credentialFor(template: string): "snmp" | "ews" | undefined;
  /**
   * How the assignments are made, in the order of execution: as few steps as the drivers allow, what cannot be read
   * back and what restarts the printer last.
   * @throws {MappingError} `mapping.not-writable`, `mapping.bad-value`
   */
  writePlan(assignments: readonly MappedAssignment[]): readonly PlannedWrite[];
  /** Whether `found` is what a printer makes of `wanted`: equal, or equal after the normalisation the mapping declares. */
  isWritten(template: string, wanted: ModelValue, found: ModelValue | undefined): boolean;
  /** The restart action (`prtGeneralReset` powerCycleReset), when the printer has one. */
  readonly reboot: DeviceWrite | undefined;
  /** Back to factory settings (`prtGeneralReset` resetToFactoryDefaults), when the printer has it and it may be used. */
  readonly factoryReset: DeviceWrite | undefined;
}

/** All loaded mapping files. Immutable: a reload makes a new set. */
export interface MappingSet {
  /** What must be read to choose a mapping: the union of everything any `match` asks for. */
  readonly identityProbe: ReadPlan;
  /** Most specific match; never fails, the base mappings serve every printer. */
  select(answers: RawAnswers): CompiledMapping;
  /**
   * Pages by which the files of one maker are told apart, where its agent says the same on all its platforms; none when
   * pages make no difference. The same list for all mappings of a maker.
   */
  platformPages(mapping: CompiledMapping): readonly DocumentRead[];
  byName(name: string): CompiledMapping | undefined;
  readonly names: readonly string[];
}
