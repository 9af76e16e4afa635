import type { Config } from "../config/config.ts";
import type { DiscoveryCredential } from "../discovery/credentials.ts";
import type { SnmpAccess } from "../southbound/driver.ts";

/** Finds the access to a printer again by the credential key that is stored with it. */
export type AccessFinder = (address: {
  readonly host: string;
  readonly snmpPort: number;
  readonly credential: string | undefined;
}) => SnmpAccess | undefined;

/** A credential removed from the configuration gives undefined: the printer is not asked with another one. */
export function createAccessFinder(config: Config): AccessFinder {
  const own = config.discovery.static.flatMap(({ snmp }) => snmp?.credential ?? []);
  const all: readonly DiscoveryCredential[] = [...config.credentials, ...own];
  const byKey = new Map(
    all.map(({ key, security }) => [key, withWriteCommunity(security, config.credentials)]),
  );
  return ({ host, snmpPort, credential }) => {
    const security = byKey.get(credential ?? config.credentials[0]?.key ?? "");
    return security === undefined ? undefined : { host, port: snmpPort, security };
  };
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
