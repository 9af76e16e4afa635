/** Why a test came to nothing, in the words of TR-181i2 `DiagnosticsState` without `Error_`. */
export type FailureReason =
  | "CannotResolveHostName"
  | "DNSServerNotResolved"
  | "IncorrectSize"
  | "InitConnectionFailed"
  | "Internal"
  | "MaxHopCountExceeded"
  | "NoResponse"
  | "NoRouteToHost"
  | "NoTransferComplete"
  | "Other"
  | "Timeout"
  | "TransferFailed";

/** A test that came to nothing. A host that cannot be reached is an answer, not an exception. */
export interface Failure {
  readonly outcome: "failed";
  readonly reason: FailureReason;
}

/** Makes a {@link Failure}. */
export function failure(reason: FailureReason): Failure {
  return { outcome: "failed", reason };
}
