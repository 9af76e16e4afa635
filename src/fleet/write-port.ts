import type { ModelValue } from "../model/definition.ts";

/** One write of a model parameter; `path` as seen on a virtual device. */
export interface PrinterWrite {
  readonly path: string;
  readonly value: ModelValue;
}

/** One parameter that did not take, and why. */
export interface WriteFailure {
  readonly path: string;
  readonly reason: string;
  /** The printer does not take this value, or made another one of it; absent when the write failed otherwise. */
  readonly isInvalidValue?: boolean;
}

/** What came of a write; fits the presentation's own type of that name. */
export type PrinterWriteResult =
  | { readonly outcome: "applied" }
  /** Everything is as before; `failures` names the parameters that did not take. */
  | { readonly outcome: "failed"; readonly failures: readonly WriteFailure[] }
  | { readonly outcome: "unreachable"; readonly reason: string };

/** What the write procedure asks of a printer. Values are read afresh from the device, never from memory. */
export interface WriteTarget {
  /** Why the value may not be written; undefined when it may. */
  objection(write: PrinterWrite): string | undefined;
  /** Values now on the device; absent when the device does not tell. @throws {SnmpError} when it is silent */
  readValues(paths: readonly string[]): Promise<ReadonlyMap<string, ModelValue>>;
  /** One SET, all or nothing. @throws {SnmpError} */
  set(writes: readonly PrinterWrite[]): Promise<void>;
  /** A write could not be undone: the device keeps `found` where `wanted` was before. */
  undoFailed(path: string, wanted: ModelValue, found: ModelValue | undefined): void;
}
