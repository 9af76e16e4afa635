import { ProxierError, errorText, systemCode } from "../../shared/errors.ts";
import { AcsTransportError, type AcsTransportErrorOptions } from "../transport.ts";

/** The connection-request listener cannot be opened: port in use, address not ours, no permission. */
export class ListenError extends ProxierError {
  override readonly name = "ListenError";

  constructor(address: string, cause: unknown) {
    super(`cannot listen on ${address} (connectionRequest.listen): ${errorText(cause)}`, {
      code: "cwmp.listen-failed",
      cause,
    });
  }
}

/**
 * An error of the HTTP leg to the ACS.
 * @param problem what happened and what to change; the URL is put before it
 */
export function acsError(
  url: URL,
  problem: string,
  options: AcsTransportErrorOptions,
): AcsTransportError {
  return new AcsTransportError(`ACS ${printableUrl(url)}: ${problem}`, options);
}

/** A URL for messages and logs: without user information, query values and fragment, which may be secret. */
export function printableUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}${url.search === "" ? "" : "?…"}`;
}

/** OpenSSL verification failures → what is wrong and what to change. */
const distrust: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed; set acs.tls.ca to it",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate authority is unknown; set acs.tls.ca",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate authority is unknown; set acs.tls.ca",
  UNABLE_TO_GET_ISSUER_CERT: "its certificate chain is incomplete; set acs.tls.ca",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate authority is unknown; set acs.tls.ca",
  CERT_HAS_EXPIRED: "its certificate has expired (or the clock of this box is wrong)",
  CERT_NOT_YET_VALID: "its certificate is not valid yet (or the clock of this box is wrong)",
  CERT_REVOKED: "its certificate is revoked",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host; check acs.url",
};

/** Puts a Node socket, TLS or HTTP parser error into our family. */
export function socketError(cause: unknown, url: URL): AcsTransportError {
  const code = systemCode(cause);
  const text = errorText(cause);
  const reason = distrust[code];
  if (reason !== undefined) return acsError(url, reason, { code: "cwmp.tls", cause });
  if (code.startsWith("ERR_SSL") || code.startsWith("ERR_TLS") || code === "EPROTO") {
    const problem = `TLS failed (${text}); check acs.tls.cert, acs.tls.key and its TLS version`;
    return acsError(url, problem, { code: "cwmp.tls", cause });
  }
  if (code.startsWith("HPE_")) {
    const problem = `it does not answer in HTTP (${text}); check acs.url`;
    return acsError(url, problem, { code: "cwmp.bad-response", cause });
  }
  const problem =
    code === "ECONNRESET" || code === "EPIPE"
      ? "the connection was closed before the answer was complete"
      : `not reachable (${code === "" ? text : code}); check acs.url and the network`;
  return acsError(url, problem, { code: "cwmp.acs-unreachable", cause });
}
