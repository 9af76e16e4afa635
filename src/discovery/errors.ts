import { ProxierError } from "../shared/errors.ts";

/** What discovery cannot do; the message names the configuration key to change. */
export class DiscoveryError extends ProxierError {
  override readonly name = "DiscoveryError";

  constructor(
    code: "discovery.bad-range" | "discovery.socket" | "discovery.bad-pattern",
    message: string,
    cause?: unknown,
  ) {
    super(message, { code, cause });
  }
}
