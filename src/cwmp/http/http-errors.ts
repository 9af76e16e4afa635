import { ProxierError } from "../../shared/errors.ts";

/** The connection-request listener cannot be opened: port in use, address not ours, no permission. */
export class ListenError extends ProxierError {
  override readonly name = "ListenError";

  constructor(address: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`cannot listen on ${address} (connectionRequest.listen): ${reason}`, {
      code: "cwmp.listen-failed",
      cause,
    });
  }
}
