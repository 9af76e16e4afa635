import type { ProxierErrorOptions } from "../../shared/errors.ts";
import { SouthboundError } from "../errors.ts";
import type { ErrorStatusName } from "./message.ts";

/** Root of everything the SNMP room throws; codes begin with `snmp.`. */
export class SnmpError extends SouthboundError {
  override readonly name: string = "SnmpError";
}

/** Bytes that are not the SNMP they should be (`snmp.malformed`); asking the same again gives the same. */
export class SnmpDecodeError extends SnmpError {
  override readonly name = "SnmpDecodeError";

  constructor(message: string, options?: Pick<ProxierErrorOptions, "cause">) {
    super(message, { code: "snmp.malformed", ...options });
  }
}

/** A value or OID that cannot be put into a message (`snmp.unencodable`): a mistake of the caller. */
export class SnmpEncodeError extends SnmpError {
  override readonly name = "SnmpEncodeError";

  constructor(message: string) {
    super(message, { code: "snmp.unencodable" });
  }
}

/** No answer (`snmp.timeout`): switched off, asleep, or a community the agent ignores. Retryable. */
export class SnmpTimeoutError extends SnmpError {
  override readonly name = "SnmpTimeoutError";

  constructor(message: string) {
    super(message, { code: "snmp.timeout", retryable: true });
  }
}

/** The host cannot be reached or its name not resolved (`snmp.unreachable`). Retryable. */
export class SnmpUnreachableError extends SnmpError {
  override readonly name = "SnmpUnreachableError";

  constructor(message: string, cause: unknown) {
    super(message, { code: "snmp.unreachable", retryable: true, cause });
  }
}

/** SNMPv3 user, key or security level refused (`snmp.auth`). Repeating it may lock the account. */
export class SnmpAuthError extends SnmpError {
  override readonly name = "SnmpAuthError";

  constructor(message: string, cause?: unknown) {
    super(message, { code: "snmp.auth", cause });
  }
}

/** The caller's signal fired, or the session was closed (`snmp.aborted`). */
export class SnmpAbortedError extends SnmpError {
  override readonly name = "SnmpAbortedError";

  constructor(message: string, cause?: unknown) {
    super(message, { code: "snmp.aborted", cause });
  }
}

/**
 * The agent refused a SET; nothing was changed (RFC 3416 §4.2.5). The code is the error-status in kebab case
 * (`snmp.not-writable`, `snmp.wrong-value`, …); `snmp.no-write-access` when no write community is configured.
 */
export class SnmpWriteError extends SnmpError {
  override readonly name = "SnmpWriteError";
  readonly status: ErrorStatusName;
  /** The assignment the agent complains about, when it says so. */
  readonly oid: string | undefined;

  constructor(
    message: string,
    details: { code: string; status: ErrorStatusName; oid?: string | undefined },
  ) {
    super(message, { code: details.code, retryable: details.status === "resourceUnavailable" });
    this.status = details.status;
    this.oid = details.oid;
  }
}
