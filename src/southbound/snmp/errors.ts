import { ProxierError, type ProxierErrorOptions } from "../../shared/errors.ts";

/** Root of everything the SNMP room throws; codes begin with `snmp.`. */
export class SnmpError extends ProxierError {
  override readonly name: string = "SnmpError";
}

/** Bytes that are not the SNMP they should be (`snmp.malformed`); never retried with the same request. */
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
