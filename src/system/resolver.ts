import { isIP } from "node:net";

/** Name servers the system's resolver asks, first choice first (`/etc/resolv.conf`); scopes (`%eth0`) are cut off. */
export function parseNameServers(text: string): readonly string[] {
  const servers = [...text.matchAll(/^[ \t]*nameserver[ \t]+(\S+)/gm)]
    .map(([, address = ""]) => address.replace(/%.*$/, ""))
    .filter((address) => isIP(address) !== 0);
  return [...new Set(servers)];
}
