import { objectAt, parameterAt, parsePath, toPath } from "../../model/model.ts";
import type { PollClass, Shape } from "../../model/snapshot.ts";
import { staleClasses } from "../../model/staleness.ts";
import { formatDateTime, toWire, unknownTime } from "../../model/values.ts";
import type { PrinterView } from "../printer-view.ts";
import type { VirtualContext, VirtualEnvironment, VirtualParameter } from "./context.ts";

/** A parameter of the model that mfpgate knows by itself. */
function own(template: string, read: (context: VirtualContext) => string): VirtualParameter {
  return { path: toPath(template), type: parameterAt(template)?.type ?? "string", read };
}

/** A parameter of the model below `Interaction.`. */
function setting(template: string): VirtualParameter {
  const definition = parameterAt(template);
  return {
    ...own(template, ({ view }) => {
      const value = view.interaction.get(template);
      return value === undefined ? "" : toWire(value, definition?.type ?? "string");
    }),
    writable: definition?.access === "readWrite",
  };
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
];

/** How mfpgate talks to the printer; settable where the model says so. */
const interactionParameters: readonly VirtualParameter[] = [
  setting("Interaction.PollInterval"),
  ...["Interaction.SNMP.", "Interaction.EWS."].flatMap((object) =>
    (objectAt(object)?.parameters ?? []).map(({ name }) => setting(object + name)),
  ),
];

const interactionPaths: ReadonlySet<string> = new Set(
  interactionParameters.map(({ path }) => path),
);

/** Whether a parameter is a setting of mfpgate's own, not of the printer. */
export function isInteractionPath(path: string): boolean {
  return interactionPaths.has(path);
}

/** Paths told as changed when a fact of the printer did. */
export const factPaths: readonly string[] = [...factParameters, ...interactionParameters].map(
  (parameter) => parameter.path,
);

/** `Proxy.` and `Interaction.`: what mfpgate knows about its own contact with the printer. */
export function proxyParameters(shape: Shape): VirtualParameter[] {
  const objects = objectsByClass(shape);
  const stale = own("Proxy.StaleParameters", ({ view, snapshot, environment }) => {
    const periodsMs = periodsOf(view, environment);
    const classes = staleClasses(snapshot, environment.clock.nowMs(), periodsMs);
    return [...new Set(classes.flatMap((name) => objects.get(name) ?? []))].sort().join(",");
  });
  return [...factParameters, ...interactionParameters, stale];
}

/** How old values of a class may get: the printer may have a period of its own. */
function periodsOf(
  { interaction }: PrinterView,
  { periodsMs }: VirtualEnvironment,
): VirtualEnvironment["periodsMs"] {
  const seconds = interaction.get("Interaction.PollInterval");
  return typeof seconds === "number" ? { ...periodsMs, status: seconds * 1000 } : periodsMs;
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
