import { parameterAt, parsePath, toPath } from "../../model/model.ts";
import type { PollClass, Shape } from "../../model/snapshot.ts";
import { staleClasses } from "../../model/staleness.ts";
import { formatDateTime, unknownTime } from "../../model/values.ts";
import type { Reachability } from "../printer-view.ts";
import type { VirtualContext, VirtualParameter } from "./context.ts";

/** Outcome of talking to a printer in that state; asleep means that it was left alone, not that it failed. */
const snmpStatus: Readonly<Record<Reachability, string>> = {
  Online: "OK",
  Asleep: "OK",
  Unreachable: "Timeout",
  Retired: "Disabled",
};

/** A parameter of the model that mfpgate knows by itself. */
function own(template: string, read: (context: VirtualContext) => string): VirtualParameter {
  return { path: toPath(template), type: parameterAt(template)?.type ?? "string", read };
}

function lastContact({ view }: VirtualContext): string {
  const atMs = view.facts().lastContactMs;
  return atMs === undefined ? unknownTime : formatDateTime(atMs);
}

const factParameters: readonly VirtualParameter[] = [
  own("Proxy.Reachability", ({ view }) => view.facts().reachability),
  own("Proxy.LastContact", lastContact),
  own("Proxy.Mapping", ({ view }) => view.facts().mapping),
  own("Proxy.MappingVersion", ({ view }) => view.facts().mappingVersion),
  own("Interaction.MappingName", ({ view }) => view.facts().mapping),
  own("Interaction.MappingVersion", ({ view }) => view.facts().mappingVersion),
  own("Interaction.SNMP.Enable", ({ view }) =>
    view.facts().reachability === "Retired" ? "false" : "true",
  ),
  own("Interaction.SNMP.Address", ({ view }) => view.facts().host),
  own("Interaction.SNMP.Status", ({ view }) => snmpStatus[view.facts().reachability]),
  own("Interaction.SNMP.LastSuccess", lastContact),
];

/** Only where the view tells them. */
const snmpParameters: readonly VirtualParameter[] = [
  own("Interaction.SNMP.Port", ({ view }) => (view.facts().snmp?.port ?? 0).toString()),
  own("Interaction.SNMP.Version", ({ view }) => view.facts().snmp?.version ?? ""),
];

/** Paths told as changed when a fact of the printer did. */
export const factPaths: readonly string[] = [...factParameters, ...snmpParameters].map(
  (parameter) => parameter.path,
);

/** `Proxy.` and `Interaction.`: what mfpgate knows about its own contact with the printer. */
export function proxyParameters(shape: Shape, isSnmpKnown: boolean): VirtualParameter[] {
  const objects = objectsByClass(shape);
  const stale = own("Proxy.StaleParameters", ({ snapshot, environment }) => {
    const classes = staleClasses(snapshot, environment.clock.nowMs(), environment.periodsMs);
    return [...new Set(classes.flatMap((name) => objects.get(name) ?? []))].sort().join(",");
  });
  return [...factParameters, ...(isSnmpKnown ? snmpParameters : []), stale];
}

/** The outermost objects with values of each class, as short partial paths (`Supply.`). */
function objectsByClass(shape: Shape): ReadonlyMap<PollClass, readonly string[]> {
  const objects = new Map<PollClass, Set<string>>();
  shape.paths.forEach((path, index) => {
    const pollClass = shape.pollClasses[index];
    const template = parsePath(path)?.template;
    if (pollClass === undefined || template === undefined) return;
    const isAbsolute = template.startsWith("Device.");
    const end = template.indexOf(".", isAbsolute ? "Device.".length : 0);
    const names = objects.get(pollClass) ?? new Set();
    objects.set(pollClass, names.add(template.slice(0, end + 1)));
  });
  return new Map([...objects].map(([name, paths]) => [name, [...paths].filter((p) => p !== "")]));
}
