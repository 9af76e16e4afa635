import { type AcsOptions, parseOption125, parseOption17, parseOption43 } from "./vendor-options.ts";

/** What a DHCP client kept of an answer. */
export interface Lease {
  readonly acs: AcsOptions;
  readonly addresses: readonly string[];
  readonly nameServers: readonly string[];
}

/** Raw options of a lease, as its file has them. */
export interface RawLease {
  /** DHCPv4 option 43. */
  readonly vendorSpecific?: Uint8Array;
  /** DHCPv4 option 125. */
  readonly vendorIdentifying?: Uint8Array;
  /** DHCPv6 option 17. */
  readonly vendorOptions6?: Uint8Array;
  readonly addresses: readonly string[];
  readonly nameServers: readonly string[];
}

/**
 * Makes sense of the raw options. What several of them tell is taken from option 125 first, which says whose it is, then
 * from DHCPv6, then from option 43, which other vendors use for other things.
 */
export function leaseOf(raw: RawLease): Lease {
  const told = [
    raw.vendorSpecific && parseOption43(raw.vendorSpecific),
    raw.vendorOptions6 && parseOption17(raw.vendorOptions6),
    raw.vendorIdentifying && parseOption125(raw.vendorIdentifying),
  ];
  const acs = told.reduce<AcsOptions>((known, options) => ({ ...known, ...options }), {});
  return { acs, addresses: raw.addresses, nameServers: raw.nameServers };
}
