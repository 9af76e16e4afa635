import { readFileSync } from "node:fs";
import { errorText } from "../shared/errors.ts";
import { logger } from "../shared/log.ts";

const log = logger("diagnostics.interface-octets");

/** Octets of a network interface since it came up. */
export interface InterfaceOctets {
  readonly received: bigint;
  readonly sent: bigint;
}

/**
 * Reads the counters of an interface at once, because they are taken at an instant (the kernel answers from memory);
 * undefined when there is no such interface or no Linux.
 */
export function interfaceOctets(name: string): InterfaceOctets | undefined {
  try {
    const read = (counter: string): bigint =>
      BigInt(readFileSync(`/sys/class/net/${name}/statistics/${counter}`, "ascii").trim());
    return { received: read("rx_bytes"), sent: read("tx_bytes") };
  } catch (error) {
    log.info("counters of the interface not readable", { name, error: errorText(error) });
    return undefined;
  }
}
