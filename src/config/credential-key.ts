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
  const content = JSON.stringify([security, ranges]);
  return scryptSync(content, "mfpgate credential", keyBytes, { N: cost }).toString("hex");
}
