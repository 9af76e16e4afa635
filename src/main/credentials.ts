import type { Config } from "../config/config.ts";
import { parseAddress } from "../discovery/address-space.ts";
import { type DiscoveryCredential, isFor } from "../discovery/credentials.ts";
import type { PrinterAddress } from "../fleet/ports.ts";
import type { DeviceAccess, EwsAccess, SnmpAccess } from "../southbound/driver.ts";

/** Finds the access to a printer again by what is stored of it. */
export type AccessFinder = (address: PrinterAddress) => DeviceAccess | undefined;

/** Where web servers of printers are when nobody said so; the driver tries http on port 80 when this is closed. */
const usualServer = { port: 443, scheme: "https" } as const;

/**
 * Undefined when there is no way in. A credential removed from the configuration is none: the printer is not asked with
 * another one. The web server comes along, named or not; it is only asked where a mapping wants pages.
 */
export function createAccessFinder(config: Config): AccessFinder {
  const own = config.discovery.static.flatMap(({ snmp }) => snmp?.credential ?? []);
  const all: readonly DiscoveryCredential[] = [...config.credentials, ...own];
  const byKey = new Map(
    all.map(({ key, security }) => [key, withWriteCommunity(security, config.credentials)]),
  );
  return ({ host, snmpPort, credential, ews: server = usualServer }) => {
    const ews = { host, ...server, ...webAccess(host, config) };
    if (snmpPort === undefined) return { host, ews };
    const security = byKey.get(credential ?? config.credentials[0]?.key ?? "");
    return security === undefined
      ? undefined
      : { host, snmp: { host, port: snmpPort, security }, ews };
  };
}

/** How web servers are talked to, with the first password meant for this one. */
export function webAccess(
  host: string,
  { ews, ewsCredentials }: Pick<Config, "ews" | "ewsCredentials">,
): Pick<EwsAccess, "credential" | "tls" | "timeoutMs"> {
  const address = parseAddress(host);
  const found = ewsCredentials.find((credential) => isFor(credential, address));
  if (found === undefined) return ews;
  return { ...ews, credential: { username: found.username, password: found.password } };
}

/**
 * A static entry that names only a read community writes with the first write community that is for all printers; a
 * general credential stays as it is written.
 */
function withWriteCommunity(
  security: SnmpAccess["security"],
  credentials: readonly DiscoveryCredential[],
): SnmpAccess["security"] {
  const isGeneral = credentials.some((credential) => credential.security === security);
  if (isGeneral || security.version === "3" || security.write !== undefined) return security;
  for (const { security: other, ranges } of credentials) {
    if (ranges !== undefined || other.version === "3" || other.write === undefined) continue;
    return { ...security, write: other.write };
  }
  return security;
}
