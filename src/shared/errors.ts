/** What every error of the project can say of itself; `code` is stable and dotted (`snmp.timeout`). */
export interface ProxierErrorOptions {
  readonly code: string;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/**
 * Root of all errors thrown on purpose. Callers test `code` or the subclass, never the message text; the message is
 * written for the operator and names the thing to change.
 */
export class ProxierError extends Error {
  override readonly name: string = "ProxierError";
  readonly code: string;
  readonly retryable: boolean;

  constructor(message: string, options: ProxierErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.retryable = options.retryable ?? false;
  }
}

/** The code Node gives errors of the system (`ENOENT`, `ECONNRESET`); "" for anything else. */
export function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** The text of anything thrown, for log fields and fault strings. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
