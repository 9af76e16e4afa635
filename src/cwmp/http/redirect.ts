import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { bareHost } from "../../shared/hosts.ts";
import { isSpecialAddress } from "../../shared/special-addresses.ts";
import { acsError, printableUrl } from "./http-errors.ts";

/**
 * Where a redirect of `from` leads.
 * @throws {AcsTransportError} `cwmp.redirect-refused`: no usable `location`, no protocol of CWMP, out of TLS, or to an
 * address of this box, its link or a metadata service. A redirect within one host is always allowed.
 */
export function redirectTarget(
  from: URL,
  location: string | undefined,
  allowDowngrade: boolean,
): URL {
  const refuse = (problem: string): never => {
    throw refusal(from, problem);
  };
  if (location === undefined || location === "" || !URL.canParse(location, from.href)) {
    return refuse("no usable Location");
  }
  const url = new URL(location, from.href);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return refuse(`${url.protocol} is not a protocol of CWMP`);
  }
  if (from.protocol === "https:" && url.protocol === "http:" && !allowDowngrade) {
    return refuse(`${printableUrl(url)} would leave TLS`);
  }
  const host = bareHost(url.hostname);
  if (url.hostname !== from.hostname && isSpecialAddress(host)) return refuse(specialProblem(host));
  url.username = "";
  url.password = "";
  return url;
}

/** Resolves the host of a redirect's target, refusing names that lead to where an address may not. */
export function lookupElsewhere(target: URL): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, found, family) => {
      if (error !== null) {
        callback(error, found, family);
        return;
      }
      const addresses = typeof found === "string" ? [found] : found.map(({ address }) => address);
      const special = addresses.find(isSpecialAddress);
      if (special === undefined) callback(null, found, family);
      else callback(refusal(target, specialProblem(`${hostname} (${special})`)), "", 4);
    });
  };
}

function specialProblem(host: string): string {
  return `${host} is an address of this box, its link or a metadata service`;
}

function refusal(url: URL, problem: string): Error {
  return acsError(url, `redirect refused: ${problem}`, { code: "cwmp.redirect-refused" });
}
