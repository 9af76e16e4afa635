/** What happens to printers and is worth a line in the operator's event list. State changes only, never each failure. */
export type FleetEventKind =
  | "adopted"
  | "awaitingApproval"
  | "adoptionRefused"
  | "approved"
  | "retired"
  | "moved"
  | "interactionChanged"
  | "online"
  | "unreachable"
  | "restarted"
  | "stranger"
  | "mappingChanged"
  | "counterQuarantined"
  | "counterReleased"
  | "certificatePinned"
  | "certificateChanged"
  | "certificateForgotten"
  | "passwordRefused"
  | "passwordRetried"
  | "pageMisbehaved"
  | "pageChanged"
  | "pagesAccepted"
  | "writeApplied"
  | "writePending"
  | "writeUndone"
  | "writeUndoFailed"
  | "storeFailed"
  | "storeRecovered";

/** One entry of the event list. `device` is the printer id, or the host when there is no printer (yet). */
export interface FleetEvent {
  readonly kind: FleetEventKind;
  readonly device: string;
  readonly atMs: number;
  /** For the operator: what happened and, where something must be done, what. */
  readonly text: string;
}

/** Where events go: log, event list, metrics. Must not throw. */
export type FleetEventSink = (event: FleetEvent) => void;
