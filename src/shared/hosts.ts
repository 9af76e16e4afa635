import { isIPv6 } from "node:net";

/** The host as sockets and resolvers want it: an IPv6 address without the brackets it has in a URL (RFC 3986 §3.2.2). */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

/** `host:port` as a URL has it: an IPv6 address in brackets. */
export function authority(host: string, port: number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
