import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { errorText } from "../shared/errors.ts";
import { logger } from "../shared/log.ts";
import type { EwsAccess } from "../southbound/driver.ts";
import { type AskOptions, askHost } from "./ask-host.ts";
import type { Candidate } from "./candidate.ts";
import { type DiscoveryCredential, credentialsFor } from "./credentials.ts";

const log = logger("discovery.static-candidates");

/** A printer the operator named (configuration `discovery.static`); it has an agent, a web server, or both. */
export interface StaticHost {
  /** IPv4 address or host name. */
  readonly host: string;
  /** Its agent; absent: it has none. */
  readonly snmp?: {
    readonly port: number;
    /** Its own credential (`snmp.community` of the entry); the configured ones are tried when absent. */
    readonly credential?: DiscoveryCredential;
  };
  /** Where its web server was said to be. */
  readonly ews?: { readonly port: number; readonly scheme: "http" | "https" };
}

/** Hosts asked at the same time. */
const concurrency = 16;

/** Turns a host name into an IPv4 address; undefined when it has none at present. */
export type ResolveHost = (host: string) => Promise<string | undefined>;

/** Looks a name up as the operating system does (hosts file, DNS). */
export const systemResolver: ResolveHost = async (host) => {
  if (isIP(host) !== 0) return host;
  try {
    return (await lookup(host, { family: 4 })).address;
  } catch (error) {
    log.warn("host name not resolved", { host, error: errorText(error) });
    return undefined;
  }
};

/** Whether a web server answers anything at all. Must not reject. */
export type AskWebServer = (access: EwsAccess, signal: AbortSignal | undefined) => Promise<boolean>;

/** How configured hosts are asked, and who is told. */
export interface StaticOptions extends Omit<AskOptions, "port" | "discoveredBy" | "isTrusted"> {
  readonly credentials: readonly DiscoveryCredential[];
  readonly resolve: ResolveHost;
  readonly askWebServer: AskWebServer;
  readonly onCandidate: (candidate: Candidate) => void;
}

/** Asks every configured host with the credentials meant for it; returns those that did not answer. */
export async function findStatic(
  hosts: readonly StaticHost[],
  options: StaticOptions,
): Promise<readonly StaticHost[]> {
  const waiting = [...hosts];
  const silent: StaticHost[] = [];
  const work = async (): Promise<void> => {
    for (let host = waiting.shift(); host !== undefined; host = waiting.shift()) {
      const candidate = await askStatic(host, options);
      if (candidate === undefined) silent.push(host);
      else options.onCandidate(candidate);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, hosts.length) }, work));
  return silent;
}

/** The agent first, as it tells more; the web server when there is no agent, or none that answers. */
async function askStatic(
  entry: StaticHost,
  options: StaticOptions,
): Promise<Candidate | undefined> {
  const host = await options.resolve(entry.host);
  if (host === undefined) return undefined;
  const ews = entry.ews === undefined ? undefined : { host, ...entry.ews };
  const found = entry.snmp === undefined ? undefined : await askAgent(host, entry.snmp, options);
  if (found !== undefined)
    return ews === undefined ? found : { ...found, access: { ...found.access, ews } };
  if (ews === undefined || !(await options.askWebServer(ews, options.signal))) return undefined;
  return {
    access: { host, ews },
    credential: undefined,
    discoveredBy: "static",
    sysObjectId: undefined,
    sysDescr: undefined,
  };
}

function askAgent(
  host: string,
  { port, credential }: NonNullable<StaticHost["snmp"]>,
  options: StaticOptions,
): Promise<Candidate | undefined> {
  const credentials =
    credential === undefined ? credentialsFor(options.credentials, host) : [credential];
  return askHost(host, credentials, { ...options, port, discoveredBy: "static", isTrusted: true });
}
