import { bareHost } from "../../shared/hosts.ts";
import { EwsProtocolError } from "./errors.ts";

/** More redirects in a row than any printer needs. */
export const mostRedirects = 5;

/** Names and addresses that mean the printer itself. */
export interface OwnHost {
  readonly host: string;
  /** Address its name stands for, once connected. */
  readonly address: string | undefined;
  /** Whether a redirect out of TLS may be followed. */
  readonly allowDowngrade: boolean;
}

/**
 * Where a redirect (or a link of a page) leads. Only the same machine is followed, on any port: a printer has no
 * business to send us to another host, to this box or to a metadata service.
 * @throws {EwsProtocolError} `ews.redirect-refused`
 */
export function sameHostTarget(from: URL, location: string | undefined, own: OwnHost): URL {
  const refuse = (problem: string): EwsProtocolError =>
    new EwsProtocolError("redirect-refused", `${own.host} redirects ${problem}; not followed`);
  if (location === undefined || location === "" || !URL.canParse(location, from.href))
    throw refuse("to no usable address");
  const url = new URL(location, from.href);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw refuse(`to ${url.protocol} instead of a web page`);
  const host = bareHost(url.hostname);
  if (url.hostname !== from.hostname && host !== own.host.toLowerCase() && host !== own.address)
    throw refuse(`to another host (${host.slice(0, 100)})`);
  if (from.protocol === "https:" && url.protocol === "http:" && !own.allowDowngrade)
    throw refuse("out of TLS although a password is configured");
  url.username = "";
  url.password = "";
  url.hash = "";
  return url;
}
