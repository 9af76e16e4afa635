import type { UnavailableReason } from "../driver.ts";
import {
  EwsAuthError,
  EwsBusyError,
  type EwsError,
  EwsProtocolError,
  EwsTimeoutError,
  EwsUnreachableError,
  type ProtocolProblem,
} from "./errors.ts";

/** Why an answer of this status is no document; undefined when it is one. */
export function statusReason(status: number): UnavailableReason | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status === 401 || status === 403) return "refused";
  // The server had no time (408, 429) or stumbled; later it may do.
  if (status >= 500 || status === 408 || status === 429) return "timeout";
  return "noSuchObject";
}

const protocolReasons: Readonly<Record<ProtocolProblem, UnavailableReason>> = {
  malformed: "malformed",
  "too-large": "cut",
  "redirect-refused": "refused",
  "not-there": "noSuchObject",
  "page-changed": "malformed",
};

/** Why a page could not be had, as mappings know it. */
export function errorReason(error: EwsError): UnavailableReason {
  if (error instanceof EwsProtocolError) return protocolReasons[error.problem];
  if (error instanceof EwsAuthError)
    return error.problem === "no-credential" ? "refused" : "locked";
  const isPassing =
    error instanceof EwsTimeoutError ||
    error instanceof EwsUnreachableError ||
    error instanceof EwsBusyError;
  return isPassing ? "timeout" : "refused";
}
