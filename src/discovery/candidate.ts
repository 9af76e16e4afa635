import type { SnmpAccess } from "../southbound/driver.ts";

/** How a candidate was found; becomes `DiscoveryProtocol` of the proxy tables. */
export type DiscoveredBy = "static" | "snmp";

/** Something on the LAN that answered like a printer (Printer-MIB or HOST-RESOURCES printer), not yet adopted. */
export interface Candidate {
  readonly access: SnmpAccess;
  /** Which configured credential worked, by its digest. */
  readonly credential: string;
  readonly discoveredBy: DiscoveredBy;
  readonly sysObjectId: string | undefined;
  readonly sysDescr: string | undefined;
}
