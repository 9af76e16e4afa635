import type { DeviceWrite } from "../southbound/driver.ts";
import { SouthboundError } from "../southbound/errors.ts";
import type { PrinterLink } from "./printer-link.ts";
import { isOutcomeUnknown } from "./write-steps.ts";

/** An action of the mapping (restart, factory settings) as a function; undefined when there is none or it may not be done. */
export function printerAction(
  write: DeviceWrite | undefined,
  link: PrinterLink,
): (() => Promise<void>) | undefined {
  if (write === undefined || !link.mayDo(write)) return undefined;
  return () =>
    link.talk(async (session) => {
      try {
        await session.write(write);
      } catch (error) {
        // Many printers restart before they answer; that they did shows in their uptime.
        if (!(error instanceof SouthboundError) || !isOutcomeUnknown(error)) throw error;
      }
    });
}
