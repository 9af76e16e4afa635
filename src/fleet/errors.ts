import { ProxierError } from "../shared/errors.ts";

/** What can go wrong in the fleet room; the message names the thing to change. */
export type FleetErrorCode =
  | "fleet.printer-busy"
  | "fleet.unknown-printer"
  | "fleet.not-active"
  | "fleet.no-credential"
  | "fleet.stranger"
  | "fleet.unknown-path"
  | "fleet.stopped";

/** Error of the fleet room. `fleet.printer-busy` and `fleet.stopped` are worth a later try, the others are not. */
export class FleetError extends ProxierError {
  override readonly name = "FleetError";

  constructor(code: FleetErrorCode, message: string, cause?: unknown) {
    const retryable = code === "fleet.printer-busy" || code === "fleet.stopped";
    super(message, { code, retryable, cause });
  }
}
