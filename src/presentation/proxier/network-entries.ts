import { type Entry, flag, inOrder, known, table, text, volatile, whole } from "./entries.ts";
import type { LeaseView, MachineInterface, MachineState } from "./machine-view.ts";

/** An interface and its row number, the same below `IP.`, `Ethernet.Link.` and `Ethernet.Interface.`. */
export type NumberedInterface = readonly [number: number, of: MachineInterface];

/** `Ethernet.`, `IP.` and `InterfaceStack.` of the machine: what is set, read-only. */
export function networkEntries(
  machine: MachineState,
  interfaces: readonly NumberedInterface[],
  lease: LeaseView,
): readonly Entry[] {
  const ethernet = interfaces.filter(([, { isEthernet }]) => isEthernet);
  const ip = interfaces.filter(([, { addresses }]) => addresses.length > 0);
  const upstream = new Set(
    machine.routes.flatMap((route) => (route.destination === "0.0.0.0" ? route.interfaceName : [])),
  );
  return [
    ...table({
      table: "Device.Ethernet.Interface.",
      rows: ethernet,
      entries: (base, row) => [
        ...commonEntries(base, row),
        text(`${base}LowerLayers`, ""),
        flag(`${base}Upstream`, upstream.has(row.name)),
        ...known(row.macAddress, (mac) => text(`${base}MACAddress`, mac)),
        ...known(row.speedMbps, (speed) => volatile(whole(`${base}CurrentBitRate`, speed))),
        ...statsEntries(`${base}Stats.`, row),
      ],
    }),
    ...table({
      table: "Device.Ethernet.Link.",
      rows: ethernet,
      entries: (base, row) => [
        ...commonEntries(base, row),
        text(`${base}LowerLayers`, lowerLayer("Ethernet.Interface", ethernet, row)),
        ...known(row.macAddress, (mac) => text(`${base}MACAddress`, mac)),
      ],
    }),
    ...familyEntries(ip),
    ...table({
      table: "Device.IP.Interface.",
      rows: ip,
      entries: (base, row) => ipInterface(base, row, { ethernet, lease }),
    }),
    ...stackEntries(ip, ethernet),
  ];
}

function commonEntries(base: string, row: MachineInterface): readonly Entry[] {
  return [
    flag(`${base}Enable`, row.isEnabled),
    text(`${base}Status`, row.status),
    text(`${base}Name`, row.name),
  ];
}

function statsEntries(base: string, { counters }: MachineInterface): readonly Entry[] {
  if (counters === undefined) return [];
  const long = (name: string, value: string): Entry =>
    volatile({ path: base + name, type: "unsignedLong", value });
  const int = (name: string, value: string): Entry => volatile(whole(base + name, Number(value)));
  return [
    long("BytesSent", counters.bytesSent),
    long("BytesReceived", counters.bytesReceived),
    long("PacketsSent", counters.packetsSent),
    long("PacketsReceived", counters.packetsReceived),
    int("ErrorsSent", counters.errorsSent),
    int("ErrorsReceived", counters.errorsReceived),
    int("DiscardPacketsSent", counters.discardsSent),
    int("DiscardPacketsReceived", counters.discardsReceived),
    long("MulticastPacketsReceived", counters.multicastReceived),
  ];
}

function familyEntries(ip: readonly NumberedInterface[]): readonly Entry[] {
  return (["IPv4", "IPv6"] as const).flatMap((family) => {
    const isUsed = ip.some(([, row]) => row.addresses.some((one) => one.family === family));
    return [
      flag(`Device.IP.${family}Capable`, true),
      flag(`Device.IP.${family}Enable`, isUsed),
      text(`Device.IP.${family}Status`, isUsed ? "Enabled" : "Disabled"),
    ];
  });
}

/** The largest `MaxMTUSize`; loopback has one more. */
const largestMtu = 65_535;

function ipInterface(
  base: string,
  row: MachineInterface,
  around: { readonly ethernet: readonly NumberedInterface[]; readonly lease: LeaseView },
): readonly Entry[] {
  const of = (family: "IPv4" | "IPv6") => row.addresses.filter((one) => one.family === family);
  return [
    ...commonEntries(base, row),
    flag(`${base}IPv4Enable`, of("IPv4").length > 0),
    flag(`${base}IPv6Enable`, of("IPv6").length > 0),
    text(`${base}LowerLayers`, lowerLayer("Ethernet.Link", around.ethernet, row)),
    ...known(row.mtu, (mtu) => whole(`${base}MaxMTUSize`, Math.min(mtu, largestMtu))),
    text(`${base}Type`, row.isLoopback ? "Loopback" : "Normal"),
    ...table({
      table: `${base}IPv4Address.`,
      rows: inOrder(of("IPv4")),
      entries: (path, { address, netmask }) => [
        ...addressEntries(path, address),
        text(`${path}SubnetMask`, netmask),
        ...known(addressingType(address, around.lease), (type) =>
          text(`${path}AddressingType`, type),
        ),
      ],
    }),
    ...table({
      table: `${base}IPv6Address.`,
      rows: inOrder(of("IPv6")),
      entries: (path, { address }) => addressEntries(path, address),
    }),
  ];
}

function addressEntries(path: string, address: string): readonly Entry[] {
  return [
    flag(`${path}Enable`, true),
    text(`${path}Status`, "Enabled"),
    text(`${path}IPAddress`, address),
  ];
}

/** Undefined when nothing tells: an address without a lease may be set by hand, or by a client we cannot read. */
function addressingType(address: string, lease: LeaseView): string | undefined {
  if (lease.addresses.includes(address)) return "DHCP";
  if (address.startsWith("169.254.")) return "AutoIP";
  return lease.addresses.length > 0 ? "Static" : undefined;
}

/** Path of the row below, as references are written: without dot at the end (TR-106a15 §3.2.4). */
function lowerLayer(
  kind: string,
  ethernet: readonly NumberedInterface[],
  row: MachineInterface,
): string {
  const found = ethernet.find(([, candidate]) => candidate === row);
  return found === undefined ? "" : `Device.${kind}.${found[0].toString()}`;
}

/** IP interface over link over port, the links of all `LowerLayers` in one table (TR-181i2 §4.3). */
function stackEntries(
  ip: readonly NumberedInterface[],
  ethernet: readonly NumberedInterface[],
): readonly Entry[] {
  const links = ip.flatMap(([number, row]) => {
    const lower = lowerLayer("Ethernet.Link", ethernet, row);
    return lower === "" ? [] : [[`Device.IP.Interface.${number.toString()}`, lower] as const];
  });
  const ports = ethernet.map(([number]) => {
    const row = number.toString();
    return [`Device.Ethernet.Link.${row}`, `Device.Ethernet.Interface.${row}`] as const;
  });
  return table({
    table: "Device.InterfaceStack.",
    rows: inOrder([...links, ...ports]),
    entries: (base, [higher, lower]) => [
      text(`${base}HigherLayer`, higher, 256),
      text(`${base}LowerLayer`, lower, 256),
    ],
  });
}
