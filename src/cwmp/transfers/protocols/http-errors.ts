import { errorText } from "../../../shared/errors.ts";
import { TransferError } from "../transfer-error.ts";
import { printableTransferUrl } from "../transfer-url.ts";

/** OpenSSL verification failures begin or end like this; all of them need somebody to change something. */
const distrust = /CERT|ALTNAME|^ERR_SSL|^ERR_TLS|UNABLE_TO_|^EPROTO$/;
/** The server was never reached. */
const unreachable = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL|ENOTFOUND)$/;

/** A Node socket, TLS or HTTP parser error as a transfer fault. `hasBegun`: the server had answered already. */
export function httpSocketError(
  cause: unknown,
  url: URL,
  direction: "download" | "upload",
  hasBegun: boolean,
): TransferError {
  if (cause instanceof TransferError) return cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const what = `${printableTransferUrl(url)}: ${code === "" ? errorText(cause) : code}`;
  if (distrust.test(code))
    return new TransferError(9015, `${what} (its certificate is not trusted; see acs.tls)`, {
      cause,
    });
  if (code.startsWith("HPE_"))
    return new TransferError(9015, `${what} (it does not answer in HTTP)`, { cause });
  const retryable = { retryable: true, cause };
  if (unreachable.test(code) || !hasBegun) return new TransferError(9015, what, retryable);
  return direction === "download"
    ? new TransferError(9017, `${what} (broken off)`, retryable)
    : new TransferError(9011, `${what} (broken off)`, retryable);
}

/** A status that is no success as a transfer fault. */
export function httpStatusError(
  status: number,
  url: URL,
  direction: "download" | "upload",
): TransferError {
  const what = `${printableTransferUrl(url)} answered ${status}`;
  if (status === 401 || status === 407) return new TransferError(9012, what);
  if (status >= 400 && status < 500)
    return new TransferError(direction === "download" ? 9016 : 9011, what);
  return new TransferError(direction === "download" ? 9010 : 9011, what, {
    retryable: status >= 500,
  });
}
