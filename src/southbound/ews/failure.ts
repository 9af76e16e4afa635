import { errorText, systemCode } from "../../shared/errors.ts";
import { HttpCallError } from "./axios.ts";
import {
  EwsError,
  EwsProtocolError,
  EwsTimeoutError,
  EwsTlsError,
  EwsUnreachableError,
} from "./errors.ts";

/** Codes of Node that mean: nobody there, or gone in the middle of it. */
const unreachableCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
  "EADDRNOTAVAIL",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ERR_STREAM_PREMATURE_CLOSE",
]);

/** What an error of node, of its HTTP parser, TLS or zlib means; decides once what is worth repeating. */
export function ewsFailure(server: string, error: unknown): EwsError {
  const cause = error instanceof HttpCallError ? error.cause : error;
  if (cause instanceof EwsError) return cause;
  const code = systemCode(cause);
  if (code === "ETIMEDOUT") return new EwsTimeoutError(`${server} does not answer`);
  if (unreachableCodes.has(code))
    return new EwsUnreachableError(`${server} cannot be reached (${code})`, cause);
  if (code.startsWith("ERR_SSL") || code.startsWith("ERR_TLS") || code === "EPROTO")
    return new EwsTlsError(
      `${server} and this box have no version or cipher of TLS in common (${code}); ` +
        "old firmware needs ews.tls.allowLegacy: true",
      cause,
    );
  if (code === "HPE_HEADER_OVERFLOW")
    return new EwsProtocolError("too-large", `${server} sends more header than is taken`, cause);
  if (isParseError(error))
    return new EwsProtocolError("malformed", `${server} does not answer in HTTP (${code})`, cause);
  const why = code === "" ? errorText(cause) : code;
  return new EwsProtocolError(
    "malformed",
    `${server} gives an answer that cannot be read (${why})`,
    cause,
  );
}

/** Whether Node's HTTP parser did not like the answer. */
export function isParseError(error: unknown): boolean {
  return parseErrorCode(error).startsWith("HPE_");
}

/** Its code (`HPE_INVALID_HEADER_TOKEN`), or that of whatever else it was. */
export function parseErrorCode(error: unknown): string {
  return systemCode(error instanceof HttpCallError ? error.cause : error);
}
