import type { NetworkInterfaceInfo } from "node:os";

/** One IP address of an interface. */
export interface InterfaceAddress {
  readonly address: string;
  /** Dotted for IPv4, hexadecimal groups for IPv6. */
  readonly netmask: string;
  readonly family: "IPv4" | "IPv6";
}

/** What passed an interface since the machine started; bytes and packets. */
export interface InterfaceCounters {
  readonly bytesReceived: string;
  readonly packetsReceived: string;
  readonly errorsReceived: string;
  readonly discardsReceived: string;
  readonly multicastReceived: string;
  readonly bytesSent: string;
  readonly packetsSent: string;
  readonly errorsSent: string;
  readonly discardsSent: string;
}

/** State of an interface in the words of TR-181. */
export type InterfaceStatus =
  "Up" | "Down" | "Unknown" | "Dormant" | "NotPresent" | "LowerLayerDown";

/** One network interface of the machine. */
export interface NetworkInterface {
  readonly name: string;
  readonly isLoopback: boolean;
  /** A wired port or what looks like one; wireless, tunnels and bridges are not. */
  readonly isEthernet: boolean;
  readonly isEnabled: boolean;
  readonly status: InterfaceStatus;
  /** Upper case with colons; undefined for interfaces without one. */
  readonly macAddress: string | undefined;
  readonly mtu: number | undefined;
  readonly speedMbps: number | undefined;
  readonly counters: InterfaceCounters | undefined;
  readonly addresses: readonly InterfaceAddress[];
}

/** Texts of the files of one interface below `/sys/class/net/<name>/`, by file name. */
export type InterfaceFiles = Readonly<Partial<Record<InterfaceFile, string>>>;

/** Files read per interface. */
export const interfaceFiles = ["operstate", "address", "mtu", "speed", "type", "flags"] as const;
/** One of {@link interfaceFiles}. */
export type InterfaceFile = (typeof interfaceFiles)[number];

/** ARPHRD_ETHER and ARPHRD_LOOPBACK of `linux/if_arp.h`. */
const hardwareTypes = { ethernet: "1", loopback: "772" } as const;
const upFlag = 0x1;

const statusOf: Readonly<Record<string, InterfaceStatus>> = {
  up: "Up",
  down: "Down",
  dormant: "Dormant",
  notpresent: "NotPresent",
  lowerlayerdown: "LowerLayerDown",
  unknown: "Unknown",
};

/** Puts together what the kernel tells of one interface. */
export function describeInterface(
  name: string,
  parts: {
    readonly files: InterfaceFiles;
    readonly addresses: readonly NetworkInterfaceInfo[];
    readonly counters: InterfaceCounters | undefined;
    /** Folders `wireless`, `bridge` or `tun_flags` tell that it is no wire. */
    readonly isVirtual: boolean;
  },
): NetworkInterface {
  const { files, addresses, counters } = parts;
  const text = (file: InterfaceFile): string | undefined => files[file]?.trim();
  const mac = text("address")?.toUpperCase();
  const isLoopback = text("type") === hardwareTypes.loopback;
  const isEnabled = (Number(text("flags") ?? "0") & upFlag) !== 0;
  return {
    name,
    isLoopback,
    isEthernet: text("type") === hardwareTypes.ethernet && !parts.isVirtual,
    isEnabled,
    // The kernel says "unknown" of loopback and of drivers that do not tell; enabled they work.
    status: isLoopback && isEnabled ? "Up" : (statusOf[text("operstate") ?? ""] ?? "Unknown"),
    macAddress: mac === undefined || /^(00:)*00$|^$/.test(mac) ? undefined : mac,
    mtu: positive(text("mtu")),
    speedMbps: positive(text("speed")),
    counters,
    addresses: addresses.map(({ address, netmask, family }) => ({
      address: address.replace(/%.*$/, ""),
      netmask,
      family,
    })),
  };
}

/** Reads `/proc/net/dev`: counters by the name of the interface. */
export function parseInterfaceCounters(text: string): ReadonlyMap<string, InterfaceCounters> {
  const lines = [...text.matchAll(/^[ \t]*([^\s:]+):[ \t]*([\d ]+)$/gm)];
  return new Map(
    lines.map(([, name = "", numbers = ""]) => {
      const column = numbers.trim().split(/ +/);
      const at = (index: number): string => column[index] ?? "0";
      const counters: InterfaceCounters = {
        bytesReceived: at(0),
        packetsReceived: at(1),
        errorsReceived: at(2),
        discardsReceived: at(3),
        multicastReceived: at(7),
        bytesSent: at(8),
        packetsSent: at(9),
        errorsSent: at(10),
        discardsSent: at(11),
      };
      return [name, counters] as const;
    }),
  );
}

/** A link that is down has speed -1. */
function positive(text: string | undefined): number | undefined {
  const value = Number(text ?? "");
  return Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
