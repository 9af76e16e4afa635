import type { RawLease } from "./lease.ts";
import { parseOptionValue } from "./option-value.ts";

/** Names in files of systemd-networkd and NetworkManager, and in the environment that udhcpc and dhcpcd give scripts. */
const names = {
  vendorSpecific: [
    "VENDOR_SPECIFIC",
    "OPTION_43",
    "opt43",
    "vendor_encapsulated_options",
    "new_vendor_encapsulated_options",
  ],
  vendorIdentifying: ["OPTION_125", "opt125", "vivso", "new_vivso"],
  vendorOptions6: ["OPTION6_17", "dhcp6_vendor_opts", "new_dhcp6_vendor_opts"],
  addresses: ["ADDRESS", "ip", "ip_address", "new_ip_address"],
  nameServers: ["DNS", "dns", "domain_name_servers", "new_domain_name_servers"],
} as const;

/**
 * Reads a lease written as `NAME=value`, one a line.
 * @returns undefined for a text without any name we know
 */
export function parseAssignmentLease(text: string): RawLease | undefined {
  const values = new Map(
    [...text.matchAll(/^(?:export )?(\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [
      name,
      value.trim(),
    ]),
  );
  const find = (known: readonly string[]): string | undefined =>
    known.map((name) => values.get(name)).find((value) => value !== undefined && value !== "");
  const words = (known: readonly string[]): readonly string[] =>
    (find(known) ?? "")
      .replace(/["']/g, "")
      .split(/[\s,]+/)
      .filter(Boolean);
  const option = (name: keyof typeof names): Partial<Record<typeof name, Buffer>> => {
    const value = find(names[name]);
    return value === undefined ? {} : { [name]: parseOptionValue(value) };
  };
  if (!Object.values(names).some((known) => find(known) !== undefined)) return undefined;
  return {
    ...option("vendorSpecific"),
    ...option("vendorIdentifying"),
    ...option("vendorOptions6"),
    addresses: words(names.addresses),
    nameServers: words(names.nameServers),
  };
}
