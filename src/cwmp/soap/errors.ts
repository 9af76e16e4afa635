import { ProxierError } from "../../shared/errors.ts";

/** Why a document is no SOAP envelope of CWMP. */
export type SoapErrorCode =
  | "cwmp.malformed-xml"
  | "cwmp.doctype-refused"
  | "cwmp.envelope-too-large"
  | "cwmp.not-an-envelope";

/** The document cannot be read at all, so that not even a fault could name its ID. Ends the session. */
export class SoapDecodeError extends ProxierError {
  override readonly name = "SoapDecodeError";

  constructor(
    message: string,
    options: { readonly code: SoapErrorCode; readonly cause?: unknown },
  ) {
    super(message, { code: options.code, retryable: true, cause: options.cause });
  }
}
