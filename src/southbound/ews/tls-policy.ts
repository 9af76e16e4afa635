import { constants } from "node:crypto";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import { errorText } from "../../shared/errors.ts";
import type { EwsAccess } from "../driver.ts";
import { EwsCertificateError } from "./errors.ts";
import type { EwsMemory } from "./ews-memory.ts";

/** How the printer's TLS is judged; one of `EwsAccess.tls`. */
export type TlsPolicy = NonNullable<EwsAccess["tls"]>;

/** Printers sign their own certificates: what was seen first is what is trusted. */
export const defaultTlsPolicy: TlsPolicy = { verify: "pin", allowLegacy: false };

/**
 * Options of `tls.connect`. Legacy means TLS 1.0 upwards with the ciphers and key lengths of its time (OpenSSL security
 * level 0) and servers without secure renegotiation; it is the operator's choice per site.
 */
export function tlsOptions(policy: TlsPolicy): ConnectionOptions {
  const trust = { rejectUnauthorized: policy.verify === "ca" };
  if (!policy.allowLegacy) return { ...trust, minVersion: "TLSv1.2" };
  return {
    ...trust,
    minVersion: "TLSv1",
    ciphers: "DEFAULT:@SECLEVEL=0",
    secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
  };
}

/** Who wants to know of a certificate that is pinned. */
export interface PinningParts {
  readonly host: string;
  readonly policy: TlsPolicy;
  readonly memory: EwsMemory;
  readonly nowMs: number;
}

/**
 * Compares the certificate of a connection just made, before anything is sent over it, with the one seen first.
 * @returns whether it was pinned now
 * @throws {EwsCertificateError} `ews.certificate-changed`
 */
export function checkPin(
  socket: TLSSocket,
  { host, policy, memory, nowMs }: PinningParts,
): boolean {
  if (policy.verify !== "pin") return false;
  const fingerprint = socket.getPeerX509Certificate()?.fingerprint256 ?? "none";
  const pinned = memory.certificate;
  if (pinned === undefined) {
    memory.pinCertificate(fingerprint, nowMs);
    return true;
  }
  if (pinned.fingerprint === fingerprint) return false;
  throw new EwsCertificateError(
    `${host} shows another certificate (SHA-256 ${fingerprint}) than the one seen first (${pinned.fingerprint}): ` +
      "if the printer was replaced or reset, forget the old one (mfpgate approve ID --certificate); else somebody may be listening in",
    "ews.certificate-changed",
  );
}

/** The error for a certificate that no authority we know stands for. */
export function untrusted(host: string, cause: unknown): EwsCertificateError {
  return new EwsCertificateError(
    `the certificate of ${host} is not trusted (${errorText(cause)}): install its authority (NODE_EXTRA_CA_CERTS) ` +
      "or set ews.tls.verify: pin",
    "ews.certificate-untrusted",
    cause,
  );
}
