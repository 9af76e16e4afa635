import type { PrinterView } from "../printer-view.ts";

/** The table of hosts; a reference to one of its rows has no dot at the end (TR-106 §3.2.4). */
export const hostTable = "Device.Hosts.Host.";

/** A printer in one of the proxier's tables. */
export interface PlacedPrinter {
  readonly view: PrinterView;
  /** Its row in `Device.Hosts.Host.{i}.`. */
  readonly hostRow: number;
}

/** Discovery and proxy protocols of ours are vendor values (TR-106 §3.3); words already in that form stay. */
function vendorValue(word: string): string {
  if (word.startsWith("X_")) return word;
  const name = word === word.toLowerCase() && word.length <= 4 ? word.toUpperCase() : word;
  return `X_MFPGATE-ORG_${name}`;
}

/** `ProxyProtocol` of a printer. */
export function proxyProtocolOf({ view }: PlacedPrinter): string {
  return vendorValue(view.facts().proxyProtocol);
}

/** `DiscoveryProtocol` of a printer. */
export function discoveryProtocolOf({ view }: PlacedPrinter): string {
  return vendorValue(view.facts().discoveredBy);
}

/** `Host` of a printer: the path of its row. */
export function hostOf({ hostRow }: PlacedPrinter): string {
  return `${hostTable}${hostRow.toString()}`;
}
