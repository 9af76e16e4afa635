import { ProxierError } from "../../shared/errors.ts";

/** Why a session failed although HTTP and XML were in order. */
export type SessionErrorCode =
  /** The ACS answered the Inform with a fault other than 8005, or with 8005 again and again. */
  | "cwmp.inform-refused"
  /** A message that has no place where it came, or one with a foreign ID. */
  | "cwmp.unexpected-message"
  /** More requests, empty turns or time than one session may take. */
  | "cwmp.session-limit"
  /** The service is stopping. */
  | "cwmp.session-aborted";

/** A session that ended unsuccessfully; the retry policy applies. */
export class SessionError extends ProxierError {
  override readonly name = "SessionError";

  /** The fault the ACS answered the Inform with; only with `cwmp.inform-refused`. */
  readonly faultCode: number | undefined;

  constructor(message: string, code: SessionErrorCode, faultCode?: number) {
    super(message, { code, retryable: true });
    this.faultCode = faultCode;
  }
}
