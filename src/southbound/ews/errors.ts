import { redact } from "../../shared/redact.ts";
import { SouthboundError } from "../errors.ts";

/** Root of everything the web-page driver throws; codes begin with `ews.`. */
export class EwsError extends SouthboundError {
  override readonly name: string = "EwsError";
}

/** No answer in time (`ews.timeout`): asleep, busy printing, or off. Retryable. */
export class EwsTimeoutError extends EwsError {
  override readonly name = "EwsTimeoutError";

  constructor(message: string) {
    super(message, { code: "ews.timeout", retryable: true });
  }
}

/** No connection, or one that broke (`ews.unreachable`). Retryable. */
export class EwsUnreachableError extends EwsError {
  override readonly name = "EwsUnreachableError";

  constructor(message: string, cause?: unknown) {
    super(message, { code: "ews.unreachable", retryable: true, cause });
  }
}

/** The server does not agree with us on TLS (`ews.tls`): versions or ciphers too old. */
export class EwsTlsError extends EwsError {
  override readonly name = "EwsTlsError";

  constructor(message: string, cause: unknown) {
    super(message, { code: "ews.tls", cause });
  }
}

/** The certificate is not the one seen first (`ews.certificate-changed`), or none we trust (`ews.certificate-untrusted`). */
export class EwsCertificateError extends EwsError {
  override readonly name = "EwsCertificateError";

  constructor(
    message: string,
    code: "ews.certificate-changed" | "ews.certificate-untrusted",
    cause?: unknown,
  ) {
    super(message, { code, cause });
  }
}

/** Why {@link EwsProtocolError} was thrown. */
export type ProtocolProblem =
  /** Not HTTP, not the JSON or XML it should be, headers of control characters. */
  | "malformed"
  | "too-large"
  /** A redirect to another machine, out of TLS, or in a circle. */
  | "redirect-refused"
  /** The server has no pages of this printer. */
  | "not-there"
  /** The page has no such form, field, token or member (any more). */
  | "page-changed";

/** The answer, or the page, is not what it should be (`ews.malformed`, `ews.page-changed`, …). Asking again gives the same. */
export class EwsProtocolError extends EwsError {
  override readonly name = "EwsProtocolError";
  readonly problem: ProtocolProblem;

  constructor(problem: ProtocolProblem, message: string, cause?: unknown) {
    super(message, { code: `ews.${problem}`, cause });
    this.problem = problem;
  }
}

/** Why {@link EwsAuthError} was thrown. */
export type AuthProblem =
  /** The printer refused user name or password; blocked until they change. */
  | "password-refused"
  /** Too many wrong passwords: another one would close the printer's account. */
  | "locked-out"
  /** The page wants a login and none is configured, or the mapping has none. */
  | "no-credential";

/** No way in (`ews.password-refused`, `ews.locked-out`, `ews.no-credential`). Repeating it may lock the account. */
export class EwsAuthError extends EwsError {
  override readonly name = "EwsAuthError";
  readonly problem: AuthProblem;

  constructor(problem: AuthProblem, message: string) {
    super(message, { code: `ews.${problem}`, retryable: problem === "locked-out" });
    this.problem = problem;
  }
}

/** Somebody else is at the printer's settings, a job runs, or the server has no time (`ews.busy`). Retryable. */
export class EwsBusyError extends EwsError {
  override readonly name = "EwsBusyError";

  constructor(host: string, says: string) {
    super(`${host} is busy: ${plainText(says)}`, { code: "ews.busy", retryable: true });
  }
}

/** The printer did not do what was asked (`ews.refused`); `says` is what its page says, capped and plain. */
export class EwsRefusedError extends EwsError {
  override readonly name: string = "EwsRefusedError";
  readonly says: string;

  constructor(message: string, says: string) {
    const plain = plainText(says);
    super(plain === "" ? message : `${message}: ${plain}`, { code: "ews.refused" });
    this.says = plain;
  }
}

/** The page does not offer the value for a field (`ews.refused`): nothing was sent. */
export class EwsChoiceError extends EwsRefusedError {
  override readonly name = "EwsChoiceError";
  /** Which of the fields of the form step, from 0. */
  readonly field: number;

  constructor(message: string, says: string, field: number) {
    super(message, says);
    this.field = field;
  }
}

/** The caller's signal fired, or the session was closed (`ews.aborted`). */
export class EwsAbortedError extends EwsError {
  override readonly name = "EwsAbortedError";

  constructor(message: string) {
    super(message, { code: "ews.aborted" });
  }
}

/** Longer texts of pages tell an operator nothing more. */
const longestQuote = 200;

/** A page's words as an error may carry them: one line, no markup or control characters, no secrets, capped. */
export function plainText(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  const line = text.slice(0, 4 * longestQuote).replace(/[<>\u0000-\u001f\u007f-\u009f]+/g, " ");
  const plain = redact(line).replace(/\s+/g, " ").trim();
  return plain.length > longestQuote ? `${plain.slice(0, longestQuote)}…` : plain;
}
