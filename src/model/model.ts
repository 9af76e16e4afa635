import { type ObjectDefinition, type ParameterDefinition, serviceObject } from "./definition.ts";
import { counterObjects } from "./definitions/counters.ts";
import { deviceInfoTargets } from "./definitions/device.ts";
import { generalObjects } from "./definitions/general.ts";
import { interactionObjects } from "./definitions/interaction.ts";
import { networkObjects } from "./definitions/network.ts";
import { settingsObjects } from "./definitions/settings.ts";
import { subunitObjects } from "./definitions/subunits.ts";
import { supplyObjects } from "./definitions/supplies.ts";
import { trayObjects } from "./definitions/trays.ts";
import { comparePaths } from "./snapshot.ts";

/** `Device.DeviceInfo.` of a virtual device; a few of its parameters come from the mapping. */
export const deviceInfoObject = "Device.DeviceInfo.";

const declared: readonly ObjectDefinition[] = [
  ...generalObjects,
  ...supplyObjects,
  ...counterObjects,
  ...trayObjects,
  ...subunitObjects,
  ...networkObjects,
  ...settingsObjects,
  ...interactionObjects,
];

/** Path of the table or object that holds `path`; the service object itself is the empty path. */
function parentOf(path: string): string {
  const segments = path.split(".").slice(0, -1);
  const own = segments.at(-1) === "{i}" ? 2 : 1;
  return segments
    .slice(0, segments.length - own)
    .map((segment) => `${segment}.`)
    .join("");
}

function countOf(table: ObjectDefinition): ParameterDefinition[] {
  if (table.countedBy === undefined) return [];
  const description = `Number of rows of ${table.path.replace(".{i}.", "")}.`;
  return [{ name: table.countedBy, type: "unsignedInt", access: "readOnly", description }];
}

function withCounts(object: ObjectDefinition): ObjectDefinition {
  const counts = declared.filter((child) => parentOf(child.path) === object.path).flatMap(countOf);
  return { ...object, parameters: [...object.parameters, ...counts] };
}

/** The service object itself; all other objects are relative to it. */
const root: ObjectDefinition = {
  path: "",
  description: "One printer, label printer or multifunction device.",
  parameters: [],
};

/** Every object of the model in tree order, the service object (empty path) first, row counts included. */
export const modelObjects: readonly ObjectDefinition[] = [root, ...declared]
  .map(withCounts)
  .sort((left, right) => comparePaths(left.path, right.path));

const objectsByPath = new Map(modelObjects.map((object) => [object.path, object]));
const parametersByTemplate = new Map<string, ParameterDefinition>([
  ...modelObjects.flatMap((object) =>
    object.parameters.map((parameter) => [object.path + parameter.name, parameter] as const),
  ),
  ...deviceInfoTargets.map((parameter) => [deviceInfoObject + parameter.name, parameter] as const),
]);
const countTemplates: ReadonlyMap<string, string> = new Map(
  declared.flatMap((table) =>
    table.countedBy === undefined
      ? []
      : [[parentOf(table.path) + table.countedBy, table.path] as const],
  ),
);

/** Every parameter template: relative to the service object (`Supply.{i}.Type`), or absolute below `Device.DeviceInfo.`. */
export const parameterTemplates: readonly string[] = [...parametersByTemplate.keys()];

/** The parameter at a template path; undefined when the model has none. */
export function parameterAt(template: string): ParameterDefinition | undefined {
  return parametersByTemplate.get(template);
}

/** The object at a template path ending with a dot (`Supply.{i}.`); the empty path is the service object. */
export function objectAt(template: string): ObjectDefinition | undefined {
  return objectsByPath.get(template);
}

/** The table a `…NumberOfEntries` template counts; undefined for any other parameter. */
export function tableCountedBy(template: string): string | undefined {
  return countTemplates.get(template);
}

/** The table a template lies in (`Supply.{i}.` for `Supply.{i}.Type`); undefined outside tables. */
export function tableOf(template: string): string | undefined {
  const end = template.indexOf("{i}.");
  return end < 0 ? undefined : template.slice(0, end + 4);
}

/** Path of a virtual device: `Supply.{i}.Type`, 3 → `Device.Services.X_MFPGATE-ORG_MFP.1.Supply.3.Type`; absolute templates stay. */
export function toPath(template: string, instance?: number): string {
  if (template.startsWith("Device.")) return template;
  const relative = instance === undefined ? template : template.replace("{i}", instance.toString());
  return `${serviceObject}1.${relative}`;
}

/** Inverse of `toPath`, without checking that the model has such a parameter; undefined for other parts of the tree. */
export function parsePath(path: string): { template: string; instance?: number } | undefined {
  if (path.startsWith(deviceInfoObject)) return { template: path };
  if (!path.startsWith(serviceObject)) return undefined;
  const row = path.indexOf(".", serviceObject.length);
  if (row < 0) return undefined;
  const relative = path.slice(row + 1);
  const number = /\.([1-9]\d*)\./.exec(relative);
  if (number?.[1] === undefined) return { template: relative };
  return { template: relative.replace(number[0], ".{i}."), instance: Number(number[1]) };
}

/** The template of a virtual device's path; undefined for other parts of the tree. */
export function toTemplate(path: string): string | undefined {
  return parsePath(path)?.template;
}
