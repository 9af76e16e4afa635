import type { ModelValue } from "../model/definition.ts";
import type { DeviceWrite } from "../southbound/driver.ts";

/** One write of a model parameter; `path` as seen on a virtual device. */
export interface PrinterWrite {
  readonly path: string;
  readonly value: ModelValue;
}

/** Who wants something written. */
export type Writer = "acs" | "cli" | "api";

/** Why a parameter did not take. */
export interface Refusal {
  readonly reason: string;
  /** The printer does not take this value, or made another one of it; absent when the write failed otherwise. */
  readonly isInvalidValue?: boolean;
}

/** One parameter that did not take, and why. */
export interface WriteFailure extends Refusal {
  readonly path: string;
}

/** How a write ended, for good. */
export type WriteEnd = "applied" | "undone" | "undoFailed";

/** Everything is as before; `failures` names the parameters that did not take. */
export interface FailedWrite {
  readonly outcome: "failed";
  readonly failures: readonly WriteFailure[];
  /** These are not as before: putting the old values back failed. */
  readonly notUndone?: readonly string[];
}

/** What came of a write; fits the presentation's own type of that name. */
export type PrinterWriteResult =
  | { readonly outcome: "applied" }
  | FailedWrite
  /** Nothing took, or what did is put back as soon as the printer answers. */
  | { readonly outcome: "unreachable"; readonly reason: string }
  /** All is sent and the printer restarts; `settled` tells what came of it (never, if the printer stays away). */
  | {
      readonly outcome: "pending";
      readonly reason: string;
      readonly settled: Promise<WriteEnd>;
    };

/** One step of a write plan. */
export interface WriteStep {
  /** What it writes. */
  readonly paths: readonly string[];
  readonly write: DeviceWrite;
  /** For people; holds no values. */
  readonly description: string;
  /** What goes down for a while once it is made. */
  readonly restarts: "network" | "printer" | undefined;
  /** The printer never tells these values: its word that it took them must do. */
  readonly isUnreadable: boolean;
}

/** What the write procedure asks of a printer. Values are read afresh from the device, never from memory. */
export interface WriteTarget {
  /** Why the value may not be written; undefined when it may. */
  objection(write: PrinterWrite): Refusal | undefined;
  /** In the order of execution. @throws {ProxierError} when the mapping cannot write them */
  plan(writes: readonly PrinterWrite[]): readonly WriteStep[];
  /**
   * Values now on the device; absent when the device does not tell.
   * @throws {SouthboundError} when it is silent, or just now does not give what holds them
   */
  readValues(paths: readonly string[]): Promise<ReadonlyMap<string, ModelValue>>;
  /** Makes one step. @throws {SouthboundError} */
  perform(step: WriteStep): Promise<void>;
  /** Whether the device made `write` of it. */
  isWritten(write: PrinterWrite, found: ModelValue | undefined): boolean;
  /** A write could not be undone: the device keeps `found` where `wanted` was before (undefined: nobody knows). */
  undoFailed(path: string, wanted: ModelValue | undefined, found: ModelValue | undefined): void;
}
