import { getServers } from "node:dns";
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { errorText } from "../shared/errors.ts";
import { logger } from "../shared/log.ts";

const log = logger("diagnostics.name-servers");

/** A name server's address; the port is 53 unless the system says otherwise. */
export interface NameServer {
  readonly address: string;
  readonly port: number;
}

const dnsPort = 53;

/** The first name server of the system; undefined when it has none. */
export function defaultNameServer(): NameServer | undefined {
  const [first] = getServers();
  return first === undefined ? undefined : parseServer(first);
}

/** Node writes `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1` or `[2001:db8::1]:5353`. */
function parseServer(text: string): NameServer {
  if (isIP(text) !== 0) return { address: text, port: dnsPort };
  const [, bracketed, plain = "", port = ""] = /^(?:\[(.+)\]|([^:]+)):(\d+)$/.exec(text) ?? [];
  return { address: bracketed ?? plain, port: Number(port) };
}

/**
 * The full name of a host: a name without any dot gets the first search domain of the system (TR-181i2 HostName), a
 * dot at the end says that the name is complete.
 */
export async function fullName(name: string, resolvConf = "/etc/resolv.conf"): Promise<string> {
  if (name.endsWith(".")) return name.slice(0, -1);
  if (name.includes(".")) return name;
  const domain = await searchDomain(resolvConf);
  return domain === undefined ? name : `${name}.${domain}`;
}

async function searchDomain(file: string): Promise<string | undefined> {
  try {
    const text = await readFile(file, "utf8");
    const domain = /^[ \t]*(?:search|domain)[ \t]+(\S+)/m.exec(text)?.[1];
    return domain?.replace(/\.$/, "");
  } catch (error) {
    log.debug("no search domain known", { file, error: errorText(error) });
    return undefined;
  }
}
