import { errorText } from "../shared/errors.ts";
import { logger } from "../shared/log.ts";
import type { TreeWriteResult } from "./tree.ts";

const log = logger("presentation.stored-write");

/**
 * Writes what the box keeps itself. What cannot be stored is refused with fault 9002, which says why.
 *
 * @param what as it stands in the fault: `the XMPP settings`
 */
export async function storedWrite(
  what: string,
  work: () => Promise<void>,
): Promise<TreeWriteResult> {
  try {
    await work();
    return { outcome: "applied" };
  } catch (error) {
    log.error("write of the ACS not stored", { device: "proxier", what, error });
    const text = `${what} could not be stored: ${errorText(error)}`;
    return { outcome: "refused", code: 9002, text, faults: [] };
  }
}
