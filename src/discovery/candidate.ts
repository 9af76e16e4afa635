import type { DeviceAccess } from "../southbound/driver.ts";

/** How a candidate was found; becomes `DiscoveryProtocol` of the proxy tables. */
export type DiscoveredBy = "static" | "snmp";

/**
 * Something on the LAN that answered like a printer (Printer-MIB or HOST-RESOURCES printer), or a web server the operator
 * named as one; not yet adopted.
 */
export interface Candidate {
  readonly access: DeviceAccess;
  /** Which configured SNMP credential worked, by its digest; undefined without an agent. */
  readonly credential: string | undefined;
  readonly discoveredBy: DiscoveredBy;
  readonly sysObjectId: string | undefined;
  readonly sysDescr: string | undefined;
}
