import { resolveSrv } from "node:dns/promises";
import { errorText } from "../../../shared/errors.ts";
import { logger } from "../../../shared/log.ts";

const log = logger("cwmp.connection-request.xmpp.find-servers");

/** `ServerConnectAlgorithm` (TR-181i2 2.17) as far as supported. */
export type ServerConnectAlgorithm = "DNS-SRV" | "DNS" | "ServerTable";

/** Where an XMPP server is. */
export interface XmppServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte instead of STARTTLS. */
  readonly isDirectTls: boolean;
}

const plainPort = 5_222;
const mostServers = 16;

/**
 * Servers to try for a domain, best first (RFC 6120 §3.2, XEP-0368). Never empty unless the table is.
 * @param table the server of the configuration, or of `Server.{i}.`
 */
export async function findServers(
  domain: string,
  algorithm: ServerConnectAlgorithm,
  table: XmppServer | undefined,
): Promise<readonly XmppServer[]> {
  if (algorithm === "ServerTable") return table === undefined ? [] : [table];
  const byDomain = { host: domain, port: plainPort, isDirectTls: false };
  if (algorithm === "DNS") return [byDomain];
  const found = await Promise.all([
    announced(`_xmpps-client._tcp.${domain}`, true),
    announced(`_xmpp-client._tcp.${domain}`, false),
  ]);
  const servers = found.flat().sort((a, b) => a.priority - b.priority || b.weight - a.weight);
  return servers.length === 0 ? [byDomain] : servers.slice(0, mostServers);
}

/** A name without such records, or a resolver without an answer, is normal: the domain itself is tried then. */
async function announced(name: string, isDirectTls: boolean) {
  try {
    const records = await resolveSrv(name);
    return records
      .filter((record) => record.name !== "") // "." stands for: decidedly not here
      .map(({ name: host, port, priority, weight }) => ({
        host,
        port,
        isDirectTls,
        priority,
        weight,
      }));
  } catch (error) {
    log.debug("no service record", { name, reason: errorText(error) });
    return [];
  }
}
