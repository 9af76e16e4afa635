import { BlockList, isIP } from "node:net";

/**
 * Addresses that an ACS has no business to send us to: this box, the link, metadata services of clouds (most are
 * link-local), multicast, and the IPv6 ranges that carry IPv4 addresses inside.
 */
const special = createBlockList([
  ["0.0.0.0", 8, "ipv4"],
  ["127.0.0.0", 8, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["100.100.100.200", 32, "ipv4"],
  ["192.0.0.0", 24, "ipv4"],
  ["224.0.0.0", 3, "ipv4"],
  ["::", 127, "ipv6"],
  ["fe80::", 10, "ipv6"],
  ["fd00:ec2::", 32, "ipv6"],
  ["ff00::", 8, "ipv6"],
  ["64:ff9b::", 96, "ipv6"],
  ["2002::", 16, "ipv6"],
  ["2001::", 32, "ipv6"],
]);

function createBlockList(
  ranges: readonly (readonly [string, number, "ipv4" | "ipv6"])[],
): BlockList {
  const list = new BlockList();
  for (const [network, prefix, type] of ranges) list.addSubnet(network, prefix, type);
  return list;
}

/** Whether `address` is an IP address of this box, its link or a metadata service; false for names. */
export function isSpecialAddress(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && special.check(address, version === 6 ? "ipv6" : "ipv4");
}
