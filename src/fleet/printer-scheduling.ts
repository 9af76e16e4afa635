import type { PollClass } from "../model/snapshot.ts";

/** What a printer asks of the fleet's scheduler. */
export interface PrinterScheduling {
  /** Reads these classes ahead of the plan; resolves when tried. */
  readonly pollNow: (classes: readonly PollClass[]) => Promise<void>;
  /** From now on its classes are read this often. */
  readonly setPeriods: (periodsMs: Readonly<Record<PollClass, number>>) => void;
  /** How old values of a class may get, milliseconds. */
  readonly periodsMs: Readonly<Record<PollClass, number>>;
}
