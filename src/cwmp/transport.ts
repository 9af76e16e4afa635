/** The port through which a session reaches the ACS. `http/acs-client.ts` implements it; tests script it in memory. */
import { ProxierError } from "../shared/errors.ts";

/** Trust and identity of one TLS connection; PEM text. Absent members mean the transport's own defaults. */
export interface AcsTlsSettings {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Accepts any certificate. Only by explicit configuration (TR-069a6 §3.3). */
  readonly insecure?: boolean;
}

/** Where one session goes. An empty username means that no HTTP authentication is configured. */
export interface AcsSettings {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly tls?: AcsTlsSettings;
  /** How envelopes are compressed and answers may be; absent: not at all. */
  readonly compression?: "gzip" | "deflate";
}

/** One HTTP answer, after authentication and redirects. `body` is undefined when it was empty (204, or 200 without content). */
export interface AcsResponse {
  readonly status: number;
  readonly body: string | undefined;
}

/** Additional request headers, for what a session knows and the transport does not. */
export interface AcsPostOptions {
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The HTTP side of exactly one session. Cookies, authentication, redirects (kept for the rest of the session),
 * keep-alive and reconnecting, chunked bodies, compression and the 30 s time-out are its business.
 */
export interface AcsConnection {
  /**
   * POSTs one envelope (`Content-Type: text/xml; charset="utf-8"`, empty `SOAPAction`), or with undefined the empty POST
   * (`Content-Length: 0`, neither of the two). Resolves for 200 and 204 only.
   * @throws {AcsTransportError} for every other outcome
   */
  post(body: string | undefined, options?: AcsPostOptions): Promise<AcsResponse>;
  /** Ends the connection and forgets cookies; a running `post` rejects. Harmless when repeated. */
  close(): void;
}

/** Makes connections; nothing is opened before the first `post`. */
export interface AcsTransport {
  connect(settings: AcsSettings): AcsConnection;
}

/** Why a POST failed. All of them end the session unsuccessfully (TR-069a6 §3.7.1.5, retry policy §3.2.1.1). */
export type AcsTransportErrorCode =
  | "cwmp.http-status"
  | "cwmp.acs-unreachable"
  | "cwmp.auth"
  | "cwmp.tls"
  | "cwmp.redirect-limit"
  | "cwmp.redirect-refused"
  | "cwmp.bad-response"
  | "cwmp.response-too-large"
  | "cwmp.connection-closed"
  | "cwmp.timeout";

/** What is known beside the code. */
export interface AcsTransportErrorOptions {
  readonly code: AcsTransportErrorCode;
  /** HTTP status, with `cwmp.http-status` and `cwmp.auth`. */
  readonly status?: number;
  /** From `Retry-After`; already capped by the transport. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** A POST to the ACS that brought no usable answer. */
export class AcsTransportError extends ProxierError {
  override readonly name = "AcsTransportError";
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: AcsTransportErrorOptions) {
    super(message, { code: options.code, retryable: true, cause: options.cause });
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}
