import type { ModelValue } from "../model/definition.ts";
import type { Snapshot, ValueChange } from "../model/snapshot.ts";
import type { TreeWriter } from "./tree.ts";

/** `Proxy.Reachability` of the model. */
export type Reachability = "Online" | "Asleep" | "Unreachable" | "Retired";

/** Identity frozen at adoption. */
export interface FrozenIdentity {
  readonly manufacturer: string;
  readonly oui: string;
  readonly productClass: string;
  readonly serialNumber: string;
}

/** One write of a model parameter; `path` as seen on a virtual device. */
export interface PrinterWrite {
  readonly path: string;
  readonly value: ModelValue;
}

/** What came of a write. */
export type PrinterWriteResult =
  | { readonly outcome: "applied" }
  /** Everything is as before; `failures` names the parameters that did not take. */
  | {
      readonly outcome: "failed";
      readonly failures: readonly WriteFailure[];
      /** These are not as before: putting the old values back failed. */
      readonly notUndone?: readonly string[];
    }
  | { readonly outcome: "unreachable"; readonly reason: string }
  /** All is sent and the printer restarts; `settled` tells what came of it (never, if the printer stays away). */
  | {
      readonly outcome: "pending";
      readonly reason: string;
      readonly settled: Promise<"applied" | "undone" | "undoFailed">;
    };

/** Why a parameter did not take. */
export interface WriteFailure {
  readonly path: string;
  readonly reason: string;
  /** The value itself was refused, not merely the write. */
  readonly isInvalidValue?: boolean;
}

/** How mfpgate talks to one printer: what stands below `Interaction.`. Kept in the box, whatever the printer does. */
export interface InteractionView {
  /** By template (`Interaction.SNMP.Port`). Secrets read empty; undefined: it has no such parameter. */
  get(template: string): ModelValue | undefined;
  /** Why these may not be set together. */
  objections(writes: readonly PrinterWrite[]): readonly WriteFailure[];
  /** Somebody tried to set what is objected to; for the audit. */
  noteRefusal(
    writes: readonly PrinterWrite[],
    failures: readonly WriteFailure[],
    by: { readonly who: TreeWriter },
  ): Promise<void>;
  /** All or nothing; on disk when it resolves. @throws {ProxierError} when it cannot be stored */
  set(
    writes: readonly PrinterWrite[],
    by: { readonly who: TreeWriter },
  ): Promise<
    | { readonly outcome: "applied"; readonly undo: () => Promise<void> }
    | { readonly outcome: "failed"; readonly failures: readonly WriteFailure[] }
  >;
}

/** What a presentation needs to know of one printer. The fleet implements it. */
export interface PrinterView {
  readonly id: string;
  readonly identity: FrozenIdentity;
  /** Mutable facts, current at each call. */
  facts(): {
    readonly host: string;
    readonly reachability: Reachability;
    readonly lastContactMs: number | undefined;
    readonly mapping: string;
    readonly mappingVersion: string;
    readonly discoveredBy: string;
    /** `X_MFPGATE-ORG_SNMP`, … */
    readonly proxyProtocol: string;
    /** As frozen at adoption; absent when the printer does not tell. */
    readonly macAddress?: string | undefined;
  };
  readonly interaction: InteractionView;
  snapshot(): Snapshot;
  /** Reads classes of these paths that are older than their period; gives up at the deadline, keeping the old values. */
  refresh(paths: readonly string[], deadlineMs: number): Promise<void>;
  /** All or nothing; `who` is for the audit. */
  write(
    writes: readonly PrinterWrite[],
    by: { readonly who: TreeWriter },
  ): Promise<PrinterWriteResult>;
  /** Why a parameter the mapping could write is read-only; undefined when nobody can change that. */
  whyReadOnly?(path: string): string | undefined;
  /** Undefined when the printer cannot be restarted from here. */
  reboot: (() => Promise<void>) | undefined;
  /** `facts` true when reachability or another fact changed. */
  onChange(
    listener: (change: {
      readonly values: readonly ValueChange[];
      readonly facts: boolean;
    }) => void,
  ): () => void;
  /** The printer restarted (its uptime went back). */
  onRestart(listener: () => void): () => void;
}
