import { createHmac } from "node:crypto";

const prefix = "/cr/";

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
