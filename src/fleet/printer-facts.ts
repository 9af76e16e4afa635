import { type Reachability, reachabilityOf } from "./lifecycle.ts";
import type { PrinterLink } from "./printer-link.ts";
import type { PrinterRecord } from "./printer-record.ts";
import type { FleetPorts } from "./ports.ts";

/** What is known of a printer besides its values; current at each call. */
export interface PrinterFacts {
  readonly host: string;
  readonly reachability: Reachability;
  readonly lastContactMs: number | undefined;
  readonly mapping: string;
  readonly mappingVersion: string;
  readonly discoveredBy: string;
  readonly proxyProtocol: string;
  readonly macAddress: string | undefined;
}

/** The facts as record and link have them now. */
export function factsOf(record: PrinterRecord, link: PrinterLink): PrinterFacts {
  const { stored, state, lastContactMs } = record;
  return {
    host: stored.host,
    reachability: reachabilityOf(state),
    lastContactMs,
    mapping: stored.mapping,
    mappingVersion: link.mapping?.selected.version ?? "",
    discoveredBy: stored.discoveredBy,
    proxyProtocol: stored.snmpPort === undefined ? "X_MFPGATE-ORG_EWS" : "X_MFPGATE-ORG_SNMP",
    macAddress: stored.macAddress,
  };
}

/** Why a parameter the mapping could write is read-only; undefined when it is not, or when nobody can change that. */
export function readOnlyReason(
  template: string | undefined,
  link: PrinterLink,
  { readOnly }: FleetPorts["writePolicy"],
): string | undefined {
  if (template === undefined || link.mapping === undefined) return undefined;
  const { writable, unverified } = link.mapping;
  if (!writable.has(template) && !unverified.has(template)) return undefined;
  if (readOnly)
    return "cannot be set: nothing may be written to printers on this site (writes.readOnly)";
  if (unverified.has(template))
    return "cannot be set: nobody has seen this work on a device (writes.allowUnverified)";
  if (link.mayWrite(template)) return "cannot be set before the printer is read again";
  const isPage = link.mapping.credentialFor(template) !== "snmp";
  if (link.settings[isPage ? "EWS.Enable" : "SNMP.Enable"] === false)
    return `cannot be set: Interaction.${isPage ? "EWS" : "SNMP"}.Enable of this printer is false`;
  return isPage
    ? "cannot be set: no password for the web pages of this printer is configured"
    : "cannot be set: no credential for this printer has a write community";
}
