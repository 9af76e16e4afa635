import { parsePath, toPath } from "../../model/model.ts";
import type { Shape, Snapshot } from "../../model/snapshot.ts";
import { type VirtualContext, type VirtualParameter, textOf } from "./context.ts";

const row = "Network.Interface.{i}.";

/** Which rows of `Network.Interface` appear below `Device.Ethernet.` and `Device.IP.`, under the same numbers. */
export interface InterfaceRows {
  readonly ethernet: readonly number[];
  readonly ip: readonly number[];
}

/** Instance numbers of `Network.Interface` in a shape. */
export function interfaceNumbers(shape: Shape): readonly number[] {
  const numbers = new Set<number>();
  for (const path of shape.paths) {
    const parsed = path.includes(".Network.Interface.") ? parsePath(path) : undefined;
    if (parsed?.instance !== undefined) numbers.add(parsed.instance);
  }
  return [...numbers];
}

/** Ethernet by its type, or by having a MAC address when the printer gives no type; IP by having an address. */
export function interfaceRows(snapshot: Snapshot, numbers: readonly number[]): InterfaceRows {
  const field = (name: string, instance: number) => textOf(snapshot, row + name, instance);
  return {
    ethernet: numbers.filter((number) => {
      const type = field("Type", number);
      return type === undefined
        ? field("PhysicalAddress", number) !== undefined
        : type === "Ethernet";
    }),
    ip: numbers.filter((number) => field("IPAddress", number) !== undefined),
  };
}

/** Read-only `Device.Ethernet.Interface` and `Device.IP.Interface` (TR-181i2), filled from the printer. */
export function interfaceParameters(shape: Shape, rows: InterfaceRows): VirtualParameter[] {
  const has = (name: string, instance: number) => shape.indexOf.has(toPath(row + name, instance));
  return [
    count("Device.Ethernet.InterfaceNumberOfEntries", rows.ethernet.length),
    ...rows.ethernet.flatMap((number) => ethernetRow(number, has)),
    count("Device.IP.InterfaceNumberOfEntries", rows.ip.length),
    ...rows.ip.flatMap((number) => ipRow(number, rows, has)),
  ];
}

type HasField = (name: string, instance: number) => boolean;

function count(path: string, value: number): VirtualParameter {
  return { path, type: "unsignedInt", read: () => value.toString() };
}

function ethernetRow(number: number, has: HasField): VirtualParameter[] {
  const base = `Device.Ethernet.Interface.${number.toString()}.`;
  return [
    ...(has("OperState", number) ? [status(base, number)] : []),
    ...(has("Name", number) ? [copied(`${base}Name`, "Name", number)] : []),
    ...(has("PhysicalAddress", number)
      ? [copied(`${base}MACAddress`, "PhysicalAddress", number)]
      : []),
    ...(has("Speed", number)
      ? [
          {
            ...copied(`${base}CurrentBitRate`, "Speed", number),
            type: "unsignedInt",
          } as const,
        ]
      : []),
  ];
}

function ipRow(number: number, rows: InterfaceRows, has: HasField): VirtualParameter[] {
  const base = `Device.IP.Interface.${number.toString()}.`;
  const address = `${base}IPv4Address.1.`;
  const lower = rows.ethernet.includes(number)
    ? `Device.Ethernet.Interface.${number.toString()}`
    : "";
  return [
    ...(has("OperState", number) ? [status(base, number)] : []),
    ...(has("Name", number) ? [copied(`${base}Name`, "Name", number)] : []),
    {
      path: `${base}Type`,
      type: "string",
      sources: [toPath(`${row}Type`, number)],
      read: ({ snapshot }) =>
        textOf(snapshot, `${row}Type`, number) === "Loopback" ? "Loopback" : "Normal",
    },
    { path: `${base}LowerLayers`, type: "string", read: () => lower },
    count(`${base}IPv4AddressNumberOfEntries`, 1),
    copied(`${address}IPAddress`, "IPAddress", number),
    ...(has("SubnetMask", number) ? [copied(`${address}SubnetMask`, "SubnetMask", number)] : []),
    ...(has("DHCPEnable", number) ? [addressingType(address, number)] : []),
  ];
}

function copied(path: string, name: string, number: number): VirtualParameter {
  const read = ({ snapshot }: VirtualContext) =>
    (textOf(snapshot, row + name, number) ?? "").slice(0, 64);
  return { path, type: "string", sources: [toPath(row + name, number)], read };
}

function addressingType(base: string, number: number): VirtualParameter {
  return {
    path: `${base}AddressingType`,
    type: "string",
    sources: [toPath(`${row}DHCPEnable`, number)],
    read: ({ snapshot }) =>
      textOf(snapshot, `${row}DHCPEnable`, number) === "true" ? "DHCP" : "Static",
  };
}

/** TR-181 knows no state Testing. */
function status(base: string, number: number): VirtualParameter {
  return {
    path: `${base}Status`,
    type: "string",
    sources: [toPath(`${row}OperState`, number)],
    read: ({ snapshot }) => {
      const state = textOf(snapshot, `${row}OperState`, number) ?? "Unknown";
      return state === "Testing" ? "Unknown" : state;
    },
  };
}
