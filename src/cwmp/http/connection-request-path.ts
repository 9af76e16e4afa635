import { createHmac, randomBytes } from "node:crypto";

const prefix = "/cr/";

/** A fresh unguessable path (128 random bits). Persist it: the ACS learns of a change only by the next Inform. */
export function randomConnectionRequestPath(): string {
  return prefix + randomBytes(16).toString("hex");
}

/**
 * The path of one endpoint, derived from the box's secret so that nothing needs storing per endpoint. Stable as long
 * as both stay; 128 bits, unguessable without the secret.
 */
export function deriveConnectionRequestPath(
  boxSecret: string | Buffer,
  endpointId: string,
): string {
  const digest = createHmac("sha256", boxSecret).update(`connection-request\n${endpointId}`);
  return prefix + digest.digest("hex").slice(0, 32);
}
