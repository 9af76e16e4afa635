import type { RawLease } from "./lease.ts";
import { parseOptionValue } from "./option-value.ts";

/** Names under which dhclient writes what we look for; an option it has no name for is `unknown-<code>`. */
const names = {
  vendorSpecific: ["vendor-encapsulated-options", "unknown-43"],
  vendorIdentifying: ["vivso", "unknown-125"],
  vendorOptions6: ["dhcp6.vendor-opts"],
  nameServers: ["domain-name-servers", "dhcp6.name-servers"],
} as const;

/**
 * Reads the last lease of a file of ISC dhclient (dhclient.leases(5)): it is a journal, the last entry counts.
 * @returns undefined for a text that is none
 */
export function parseDhclientLease(text: string): RawLease | undefined {
  const start = Math.max(text.lastIndexOf("\nlease"), text.startsWith("lease") ? 0 : -1);
  const last = text.slice(Math.max(start, 0));
  if (!/^\s*lease6?\s*\{/.test(last)) return undefined;
  const options = new Map(
    [...last.matchAll(/^[ \t]*option\s+([\w.-]+)\s+((?:"(?:[^"\\]|\\.)*"|[^;"])+);/gm)].map(
      ([, name = "", value = ""]) => [name, value.trim()],
    ),
  );
  const find = (known: readonly string[]): string | undefined =>
    known.map((name) => options.get(name)).find((value) => value !== undefined);
  const bytes = (known: readonly string[]): Buffer | undefined => {
    const value = find(known);
    return value === undefined ? undefined : parseOptionValue(value);
  };
  const vendorSpecific = bytes(names.vendorSpecific);
  const vendorIdentifying = bytes(names.vendorIdentifying);
  const vendorOptions6 = bytes(names.vendorOptions6);
  return {
    ...(vendorSpecific === undefined ? {} : { vendorSpecific }),
    ...(vendorIdentifying === undefined ? {} : { vendorIdentifying }),
    ...(vendorOptions6 === undefined ? {} : { vendorOptions6 }),
    addresses: [...last.matchAll(/^[ \t]*(?:fixed-address|iaaddr)\s+([0-9A-Fa-f.:]+)/gm)].map(
      ([, address = ""]) => address,
    ),
    nameServers: (find(names.nameServers) ?? "").split(/[\s,]+/).filter(Boolean),
  };
}
