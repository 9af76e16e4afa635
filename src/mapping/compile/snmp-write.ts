import { type SnmpValue, type SnmpWrite, snmpSyntax } from "../../southbound/driver.ts";
import { MappingError } from "../errors.ts";
import { type CheckedAssignment, badValue } from "./write-value.ts";

/** One assignment as a SET. @throws {MappingError} `mapping.not-writable` without the row it needs, `mapping.bad-value` */
export function snmpWrite(assignment: CheckedAssignment): SnmpWrite {
  return { oid: oidOf(assignment), value: encode(assignment) };
}

function oidOf({ entry, template, row }: CheckedAssignment): string {
  if (entry.snmp !== undefined) return entry.snmp;
  if (entry.column === undefined || row === undefined)
    throw new MappingError(`${template} needs the row to be written`, "mapping.not-writable");
  return `${entry.column}.${row}`;
}

function encode({ entry, raw }: CheckedAssignment): SnmpValue {
  const { syntax = "octetString" } = entry;
  switch (syntax) {
    case "integer":
    case "gauge32": {
      // TruthValue (RFC 2579): true is 1, false is 2.
      const number = typeof raw === "boolean" ? (raw ? 1 : 2) : Number(raw);
      if (!Number.isInteger(number)) throw badValue("not a whole number");
      return { syntax: snmpSyntax[syntax], value: number };
    }
    case "octetString":
      return { syntax: snmpSyntax.octetString, value: new TextEncoder().encode(String(raw)) };
    case "objectIdentifier":
    case "ipAddress":
      return { syntax: snmpSyntax[syntax], value: String(raw) };
  }
}
