import { resolve } from "node:path";
import type { Certificates } from "./certificates.ts";
import type {
  Config,
  EwsCredential,
  SnmpCredential,
  StaticPrinter,
  StunConfig,
  XmppConfig,
} from "./config.ts";
import { credentialKey, ewsCredentialKey } from "./credential-key.ts";
import type { ParsedConfig } from "./schema.ts";
import type { SnmpSecurity } from "./snmp-security.ts";

/** What most printers answer to as they leave the factory. */
const defaultSecurity: SnmpSecurity = { version: "2c", read: "public" };

/** What resolving needs besides the keys. */
export interface ResolveContext {
  /** Directory that relative paths start from: the one of the configuration file. */
  readonly directory: string;
  readonly certificates: Certificates;
}

/** Turns checked keys into what the service uses; leaves out those without effect in this version. */
export function resolveConfig(
  parsed: ParsedConfig,
  context: ResolveContext,
): Omit<Config, "warnings" | "file"> {
  return {
    proxier: parsed.proxier,
    dataDir: resolve(context.directory, parsed.dataDir),
    acs: resolveAcs(parsed.acs, context),
    connectionRequest: resolveConnectionRequest(parsed.connectionRequest, context.certificates),
    discovery: resolveDiscovery(parsed.discovery),
    credentials: resolveCredentials(parsed.credentials),
    ewsCredentials: resolveEwsCredentials(parsed.credentials),
    ews: { timeoutMs: parsed.ews.timeout, tls: parsed.ews.tls },
    presentation: resolvePresentation(parsed.presentation),
    pollingMs: resolvePolling(parsed.polling),
    mappings: parsed.mappings.map((folder) => resolve(context.directory, folder)),
    writes: parsed.writes,
    transfers: parsed.transfers,
    api: parsed.api,
    log: parsed.log,
  };
}

function resolveAcs(
  parsed: ParsedConfig["acs"],
  { directory, certificates: { ca, cert, key } }: ResolveContext,
): Config["acs"] {
  const { leases } = parsed.discovery;
  return {
    url: parsed.url === "auto" ? "" : parsed.url,
    leaseFiles: leases.map((file) => resolve(directory, file)),
    rootDataModel: parsed.rootDataModel,
    username: parsed.username,
    password: parsed.password,
    periodicInformMs: parsed.periodicInform,
    cwmp: parsed.cwmp,
    tls: { ca, cert, key, insecure: parsed.tls.insecure },
    maxConcurrentSessions: parsed.maxConcurrentSessions,
  };
}

function resolveConnectionRequest(
  parsed: ParsedConfig["connectionRequest"],
  { xmppCa }: Certificates,
): Config["connectionRequest"] {
  const { stun, xmpp, ...http } = parsed;
  return { ...http, stun: stun && resolveStun(stun), xmpp: xmpp && resolveXmpp(xmpp, xmppCa) };
}

function resolveStun(parsed: NonNullable<ParsedConfig["connectionRequest"]["stun"]>): StunConfig {
  const { enabled, server, username, password, minimumKeepAlive, maximumKeepAlive } = parsed;
  return {
    enabled,
    server,
    username,
    password,
    minimumKeepAliveMs: minimumKeepAlive,
    maximumKeepAliveMs: maximumKeepAlive,
  };
}

function resolveXmpp(
  parsed: NonNullable<ParsedConfig["connectionRequest"]["xmpp"]>,
  ca: string | undefined,
): XmppConfig {
  const { keepAlive, tls, service, ...account } = parsed;
  return { ...account, service, keepAliveMs: keepAlive, tls: { ca, insecure: tls.insecure } };
}

function resolveDiscovery(parsed: ParsedConfig["discovery"]): Config["discovery"] {
  return {
    intervalMs: parsed.interval,
    approval: parsed.approval,
    snmp: parsed.snmp,
    static: parsed.static.map(resolveStatic),
  };
}

type StaticEntry = ParsedConfig["discovery"]["static"][number];

const defaultEwsPorts = { http: 80, https: 443 } as const;

function resolveStatic({ host, snmp, ews }: StaticEntry): StaticPrinter {
  return {
    host,
    ...(snmp === undefined ? {} : { snmp: resolveAgent(snmp) }),
    ...(ews === undefined
      ? {}
      : { ews: { ...ews, port: ews.port ?? defaultEwsPorts[ews.scheme] } }),
  };
}

function resolveAgent({
  port,
  security,
}: NonNullable<StaticEntry["snmp"]>): NonNullable<StaticPrinter["snmp"]> {
  if (security === undefined) return { port };
  return { port, credential: { key: credentialKey(security), security } };
}

function resolveCredentials(parsed: ParsedConfig["credentials"]): readonly SnmpCredential[] {
  const credentials = parsed.flatMap(({ match: { ranges }, snmp: security }) =>
    security === undefined ? [] : [snmpCredential(security, ranges)],
  );
  return credentials.length > 0 ? credentials : [snmpCredential(defaultSecurity, [])];
}

function snmpCredential(security: SnmpSecurity, ranges: readonly string[]): SnmpCredential {
  const key = credentialKey(security, ranges);
  return ranges.length === 0 ? { key, security } : { key, security, ranges };
}

function resolveEwsCredentials(parsed: ParsedConfig["credentials"]): readonly EwsCredential[] {
  return parsed.flatMap(({ match: { ranges }, ews }) => {
    if (ews === undefined) return [];
    const { username = "", password } = ews;
    const key = ewsCredentialKey(username, password, ranges);
    return [{ key, username, password, ...(ranges.length === 0 ? {} : { ranges }) }];
  });
}

function resolvePresentation(parsed: ParsedConfig["presentation"]): Config["presentation"] {
  return {
    default: parsed.default,
    rules: parsed.rules.map(({ match, as }) => ({
      vendor: match.vendor,
      model: match.model,
      as,
    })),
  };
}

function resolvePolling(parsed: ParsedConfig["polling"]): Config["pollingMs"] {
  const { status, supplies, counters, settings, identity } = parsed;
  return { status, supplies, counters, settings, identity };
}
