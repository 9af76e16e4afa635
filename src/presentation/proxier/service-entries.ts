import { type Entry, flag, inOrder, table, text, volatile } from "./entries.ts";
import type { LeaseView, MachineRoute, MachineState } from "./machine-view.ts";
import type { NumberedInterface } from "./network-entries.ts";

/** Most servers `Device.Time.` has places for. */
const timeServerPlaces = 5;

/** `Device.DNS.` as the system's resolver is set up, read-only. */
export function dnsEntries({ nameServers }: MachineState, lease: LeaseView): readonly Entry[] {
  const client = "Device.DNS.Client.";
  return [
    text("Device.DNS.SupportedRecordTypes", "A,AAAA,SRV,PTR"),
    flag(`${client}Enable`, nameServers.length > 0),
    text(`${client}Status`, nameServers.length > 0 ? "Enabled" : "Disabled"),
    ...table({
      table: `${client}Server.`,
      rows: inOrder(nameServers),
      entries: (base, server) => [
        flag(`${base}Enable`, true),
        text(`${base}Status`, "Enabled"),
        text(`${base}DNSServer`, server),
        text(`${base}Interface`, ""), // the resolver asks by whatever way the routes say
        text(`${base}Type`, lease.nameServers.includes(server) ? "DHCP" : "Static"),
      ],
    }),
  ];
}

/** `Device.Time.`: the clock and who sets it; only what the machine tells. */
export function timeEntries(machine: MachineState, localTime: () => string): readonly Entry[] {
  const { isTimeSynchronized, timeServers, zoneRule } = machine;
  const isClient = timeServers.length > 0 || isTimeSynchronized !== undefined;
  const places = Array.from({ length: timeServerPlaces }, (_, index) => index);
  return [
    ...(isClient ? [flag("Device.Time.Enable", true)] : []),
    ...(isTimeSynchronized === undefined
      ? []
      : [text("Device.Time.Status", isTimeSynchronized ? "Synchronized" : "Unsynchronized")]),
    ...(timeServers.length === 0
      ? []
      : places.map((index) =>
          text(`Device.Time.NTPServer${(index + 1).toString()}`, timeServers[index] ?? ""),
        )),
    volatile({ path: "Device.Time.CurrentLocalTime", type: "dateTime", value: localTime }),
    ...(zoneRule === undefined ? [] : [text("Device.Time.LocalTimeZone", zoneRule, 256)]),
  ];
}

/** `Device.Routing.`: the kernel's IPv4 routes, all of one router. */
export function routingEntries(
  routes: readonly (readonly [number: number, route: MachineRoute])[],
  interfaces: readonly NumberedInterface[],
): readonly Entry[] {
  const router = "Device.Routing.Router.";
  return table({
    table: router,
    rows: [[1, routes] as const],
    entries: (base) => [
      flag(`${base}Enable`, true),
      text(`${base}Status`, "Enabled"),
      ...table({
        table: `${base}IPv4Forwarding.`,
        rows: routes,
        entries: (path, route) => routeEntries(path, route, interfaces),
      }),
    ],
  });
}

function routeEntries(
  base: string,
  route: MachineRoute,
  interfaces: readonly NumberedInterface[],
): readonly Entry[] {
  const found = interfaces.find(([, { name }]) => name === route.interfaceName);
  const number = found?.[0].toString();
  return [
    flag(`${base}Enable`, true),
    text(`${base}Status`, "Enabled"),
    text(`${base}DestIPAddress`, route.destination),
    text(`${base}DestSubnetMask`, route.mask),
    text(`${base}GatewayIPAddress`, route.gateway),
    text(`${base}Interface`, number === undefined ? "" : `Device.IP.Interface.${number}`, 256),
    { path: `${base}ForwardingMetric`, type: "int", value: route.metric.toString() },
  ];
}

/** `Device.UserInterface.`: the status page of the box. */
export const userInterfaceEntries: readonly Entry[] = [
  flag("Device.UserInterface.Enable", true),
  text("Device.UserInterface.AvailableLanguages", "en", 256),
  text("Device.UserInterface.CurrentLanguage", "en", 16),
  text("Device.UserInterface.HTTPAccessSupportedProtocols", "HTTP"),
];

/** Key of a route's row. */
export function routeKey(route: MachineRoute): string {
  const { destination, mask, gateway, interfaceName, metric } = route;
  return [destination, mask, gateway, interfaceName, metric].join(" ");
}
