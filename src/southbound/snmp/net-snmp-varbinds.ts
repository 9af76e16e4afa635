import type { NetSnmpVarbind } from "net-snmp";
import { type SnmpValue, snmpSyntax } from "../driver.ts";
import { BerWriter } from "./ber.ts";
import { SnmpEncodeError } from "./errors.ts";
import { decodeOid } from "./oid.ts";
import { isSnmpSyntax, writeValue } from "./value.ts";
import type { VarbindToWrite } from "./varbind-list.ts";

/** The dotted name the package wants. */
export function oidText({ oid }: VarbindToWrite): string {
  return typeof oid === "string" ? oid : decodeOid(oid);
}

/** A varbind of a Set as the package wants it. */
export function toPackage(varbind: VarbindToWrite): NetSnmpVarbind {
  const { value } = varbind;
  const raw = "content" in value ? value.content : value.value;
  return { oid: oidText(varbind), type: value.syntax, value: toPackageValue(raw) };
}

/** The package fails on an empty Buffer, but not on an empty string. */
function toPackageValue(raw: SnmpValue["value"]): unknown {
  if (!(raw instanceof Uint8Array)) return raw;
  return raw.length === 0 ? "" : Buffer.from(raw);
}

/** Back to octets, so that both transports hand the same to the session; a value that does not fit stays malformed. */
export function fromPackage({ oid, type, value }: NetSnmpVarbind): VarbindToWrite {
  if (!isSnmpSyntax(type)) return { oid, value: malformed };
  if (value === null) return { oid, value: { syntax: type, value: "" } };
  if (value instanceof Uint8Array) return { oid, value: { syntax: type, content: value } };
  if (typeof value !== "number" && typeof value !== "string") return { oid, value: malformed };
  return { oid, value: fitting({ syntax: type, value }) };
}

/** An INTEGER without content, which decodes to an error. */
const malformed: VarbindToWrite["value"] = {
  syntax: snmpSyntax.integer,
  content: new Uint8Array(0),
};

function fitting(value: SnmpValue): VarbindToWrite["value"] {
  try {
    writeValue(new BerWriter(), value);
    return value;
  } catch (error) {
    if (error instanceof SnmpEncodeError) return malformed;
    throw error;
  }
}
