import { systemCode } from "../shared/errors.ts";
import { isRecord } from "../shared/json.ts";
import { registerSecret } from "../shared/redact.ts";
import type { Complaint } from "./explain-issue.ts";

/** PEM texts of `acs.tls`, and of `connectionRequest.xmpp.tls`. */
export interface Certificates {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly xmppCa: string | undefined;
}

/**
 * Loads what the `tls` keys of a file name. Works on the file as written, so that a missing certificate is reported together
 * with all other problems. The key is registered with the redactor.
 */
export function loadCertificates(
  file: unknown,
  readFile: (path: string) => string,
): { readonly certificates: Certificates; readonly complaints: readonly Complaint[] } {
  const complaints: Complaint[] = [];
  const load = (...path: readonly string[]): string | undefined => {
    const given = path.reduce<unknown>(
      (part, name) => (isRecord(part) ? part[name] : undefined),
      file,
    );
    if (typeof given !== "string" || given === "") return undefined;
    const result = readPem(given, readFile);
    if ("pem" in result) return result.pem;
    complaints.push({ path, text: result.text });
    return undefined;
  };
  const key = load("acs", "tls", "key");
  if (key !== undefined) registerSecret(key);
  const certificates = {
    ca: load("acs", "tls", "ca"),
    cert: load("acs", "tls", "cert"),
    key,
    xmppCa: load("connectionRequest", "xmpp", "tls", "ca"),
  };
  return { certificates, complaints };
}

/** PEM text stays, anything else names a file that holds it. */
function readPem(
  given: string,
  readFile: (path: string) => string,
): { readonly pem: string } | { readonly text: string } {
  if (given.includes("-----BEGIN ")) return { pem: given };
  try {
    const pem = readFile(given);
    return pem.includes("-----BEGIN ")
      ? { pem }
      : { text: "names a file that holds no PEM; give one with a line -----BEGIN …" };
  } catch (error) {
    // Only the code: somebody may have put the key itself where its path belongs.
    const code = systemCode(error);
    const why = code === "" ? "" : ` (${code})`;
    return { text: `names a file that cannot be read${why}; correct the path` };
  }
}
