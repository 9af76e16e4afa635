import { isIP } from "node:net";
import type { TreeNode, TreeValue } from "../tree.ts";

/** Reads a value of the tree of Issue 2. */
export type ReadInner = (path: string) => TreeValue | undefined;

/** A parameter of `Device.LAN.`. */
export type LanParameter = (typeof lanParameters)[number];
const lanParameters = [
  "AddressingType",
  "DefaultGateway",
  "DNSServers",
  "IPAddress",
  "MACAddress",
  "SubnetMask",
] as const;

const ipTable = "Device.IP.Interface.";
const nameServerForm =
  /^Device\.DNS\.Client\.Server\.\d+\.DNSServer$|\.1\.Network\.DNS\.(Primary|Secondary)Server$/;

/** Paths of a tree that tell of its interfaces; worked out once per list of nodes. */
export interface LanSources {
  /** Parameters of `Device.LAN.` the device has: an address always, because every Inform carries it. */
  readonly names: readonly LanParameter[];
  /** Numbers of the IP interfaces that have an IPv4 address. */
  readonly interfaces: readonly number[];
  /** Gateways of the printer's own interfaces, first of them first. */
  readonly gateways: readonly string[];
  readonly nameServers: readonly string[];
  /** Destinations of the routes of the box. */
  readonly routes: readonly string[];
  /** Where we talk to the device, in case it does not tell itself. */
  readonly contact: string | undefined;
}

/** Finds the sources among the nodes of a tree. */
export function lanSources(nodes: readonly TreeNode[]): LanSources {
  const paths = nodes.flatMap(({ path, type }) => (type === undefined ? [] : [path]));
  const matching = (form: RegExp): readonly string[] => paths.filter((path) => form.test(path));
  const ip = (name: string) =>
    paths.some((path) => path.startsWith(ipTable) && path.endsWith(`.IPv4Address.1.${name}`));
  const gateways = matching(/\.1\.Network\.Interface\.\d+\.DefaultGateway$/);
  const nameServers = matching(nameServerForm);
  const routes = matching(/^Device\.Routing\.Router\.1\.IPv4Forwarding\.\d+\.DestIPAddress$/);
  const isPresent: Readonly<Record<LanParameter, boolean>> = {
    AddressingType: ip("AddressingType"),
    DefaultGateway: gateways.length + routes.length > 0,
    DNSServers: nameServers.length > 0,
    IPAddress: true,
    MACAddress: paths.some((path) => /^Device\.Ethernet\.Interface\.\d+\.MACAddress$/.test(path)),
    SubnetMask: ip("SubnetMask"),
  };
  return {
    names: lanParameters.filter((name) => isPresent[name]),
    interfaces: matching(/^Device\.IP\.Interface\.\d+\.IPv4Address\.1\.IPAddress$/).map((path) =>
      Number(path.slice(ipTable.length, path.indexOf(".", ipTable.length))),
    ),
    gateways,
    nameServers,
    routes,
    contact: matching(/\.1\.Interaction\.SNMP\.Address$/)[0],
  };
}

/** The value of a parameter of `Device.LAN.`; empty when the device does not tell just now. */
export function lanValue(name: LanParameter, sources: LanSources, read: ReadInner): string {
  const value = (path: string): string | undefined => read(path)?.value;
  return readers[name]({ sources, value, number: defaultInterface(sources, value) }) ?? "";
}

interface LanContext {
  readonly sources: LanSources;
  readonly value: Read;
  /** Row of the interface it is about. */
  readonly number: number | undefined;
}

const readers: Readonly<Record<LanParameter, (context: LanContext) => string | undefined>> = {
  // Issue 1 knows two words only; AutoIP is what is left of DHCP when nobody answers.
  AddressingType: (context) =>
    ofAddress("AddressingType", context) === "Static" ? "Static" : "DHCP",
  DefaultGateway: ({ sources, value }) =>
    routeGateway(sources, value) ?? firstKnown(sources.gateways, value),
  DNSServers: ({ sources, value }) => {
    const servers = sources.nameServers.flatMap((path) => value(path) ?? []);
    const known = servers.filter((server) => server !== "");
    return known.slice(0, mostServers).join(",");
  },
  IPAddress: (context) =>
    ofAddress("IPAddress", context) ?? contactAddress(context.sources, context.value),
  MACAddress: ({ number, value }) =>
    number === undefined ? "" : value(`Device.Ethernet.Interface.${number.toString()}.MACAddress`),
  SubnetMask: (context) => ofAddress("SubnetMask", context),
};

function ofAddress(name: string, { number, value }: LanContext): string | undefined {
  if (number === undefined) return undefined;
  return value(`${ipTable}${number.toString()}.IPv4Address.1.${name}`);
}

/** More than these would not fit into the 256 characters of the list. */
const mostServers = 4;

type Read = (path: string) => string | undefined;

/** `Device.LAN.` is about the interface the device is reached by: the one with the default route, else the first. */
function defaultInterface({ interfaces }: LanSources, value: Read): number | undefined {
  const wired = interfaces.filter(
    (number) => value(`${ipTable}${number.toString()}.Type`) !== "Loopback",
  );
  const upstream = wired.find(
    (number) => value(`Device.Ethernet.Interface.${number.toString()}.Upstream`) === "true",
  );
  return upstream ?? wired[0];
}

function contactAddress({ contact }: LanSources, value: Read): string | undefined {
  const host = contact === undefined ? undefined : value(contact);
  return host === undefined || isIP(host) === 0 ? undefined : host;
}

function routeGateway({ routes }: LanSources, value: Read): string | undefined {
  const found = routes.find((path) => value(path) === "0.0.0.0");
  return found === undefined
    ? undefined
    : value(found.replace(/DestIPAddress$/, "GatewayIPAddress"));
}

function firstKnown(paths: readonly string[], value: Read): string | undefined {
  return paths.map(value).find((text) => text !== undefined && text !== "");
}
