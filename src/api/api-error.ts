import { ProxierError } from "../shared/errors.ts";

/** A request the local API refuses; `status` is the HTTP status, the message tells the caller what to change. */
export class ApiError extends ProxierError {
  override readonly name = "ApiError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message, { code: `api.http-${status}` });
    this.status = status;
  }
}
