import { scryptSync } from "node:crypto";
import type { SnmpSecurity } from "./snmp-security.ts";

/** Enough to tell some hundred credentials apart. */
const keyBytes = 8;

/** About 15 ms each: short communities must not be guessed from the key, which stands in the database. */
const cost = 4_096;

/**
 * Name of a credential that stays the same as long as what is configured does, wherever in the list it stands. By it a
 * printer's record says which credential worked.
 */
export function credentialKey(security: SnmpSecurity, ranges: readonly string[] = []): string {
  return digest([security, ranges]);
}

/** The same for the web pages: another password makes another key, which lets a refused one be told from its successor. */
export function ewsCredentialKey(
  username: string,
  password: string,
  ranges: readonly string[],
): string {
  return digest(["ews", username, password, ranges]);
}

function digest(content: readonly unknown[]): string {
  const text = JSON.stringify(content);
  return scryptSync(text, "mfpgate credential", keyBytes, { N: cost }).toString("hex");
}
