import { ProxierError, errorText } from "../shared/errors.ts";

/** A request the local API refuses; `status` is the HTTP status, the message tells the caller what to change. */
export class ApiError extends ProxierError {
  override readonly name = "ApiError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message, { code: `api.http-${status}` });
    this.status = status;
  }
}

/** The local API cannot be opened (`api.listen-failed`). */
export class ApiListenError extends ProxierError {
  override readonly name = "ApiListenError";

  constructor(address: string, cause: unknown) {
    super(`cannot listen on ${address} (api.listen): ${errorText(cause)}`, {
      code: "api.listen-failed",
      cause,
    });
  }
}
