import type { DeviceRecord } from "../device-record.ts";

/** One supply as an operator wants to see it. */
export interface SupplyFacts {
  readonly name: string;
  readonly colorant: string;
  /** 0 to 100; undefined when it cannot be computed. */
  readonly percent: number | undefined;
  /** What the device says of the level in words or numbers. */
  readonly level: string;
}

/** One printer of a device: the device itself, or one of several embedded in a proxier. */
export interface PrinterFacts {
  /** Path of its service object, ends with a dot. */
  readonly path: string;
  readonly model: string;
  readonly state: string;
  readonly stateReasons: string;
  readonly consoleText: string;
  readonly reachability: string;
  readonly location: string;
  readonly impressions: string;
  readonly supplies: readonly SupplyFacts[];
  readonly alerts: readonly string[];
  readonly trays: readonly string[];
}

const serviceObject = /^Device\.Services\.X_[A-Z0-9-]+_MFP\.\d+\./;

/** The printers a device shows, in the order of their instances. */
export function printersOf(device: DeviceRecord): readonly PrinterFacts[] {
  const paths = new Set<string>();
  for (const path of device.parameters.keys()) {
    const match = serviceObject.exec(path)?.[0];
    if (match !== undefined) paths.add(match);
  }
  return [...paths].sort(comparePaths).map((path) => factsOf(device, path));
}

function factsOf(device: DeviceRecord, path: string): PrinterFacts {
  const value = (name: string): string => device.value(path + name) ?? "";
  const rows = (table: string): readonly string[] => rowsOf(device, `${path}${table}.`);
  return {
    path,
    model: value("General.MakeAndModel") || value("General.ModelName"),
    state: value("General.State"),
    stateReasons: value("General.StateReasons"),
    consoleText: value("General.ConsoleText"),
    reachability: value("Proxy.Reachability"),
    location: value("General.SystemLocation"),
    impressions: value("Counters.Impressions") || device.value(`${path}Marker.1.LifeCount`) || "",
    supplies: rows("Supply").map((row) => supplyOf(device, row)),
    alerts: rows("Alert").map((row) => alertOf(device, row)),
    trays: rows("InputTray").map((row) => trayOf(device, row)),
  };
}

function supplyOf(device: DeviceRecord, row: string): SupplyFacts {
  const value = (name: string): string => device.value(row + name) ?? "";
  const percent = Number.parseInt(value("RemainingPercent"), 10);
  return {
    name: value("Description") || value("Type") || row,
    colorant: value("ColorantName"),
    percent: percent >= 0 && percent <= 100 ? percent : undefined,
    level: levelText(value("CurrentLevel"), value("MaxCapacity"), value("CapacityUnit")),
  };
}

/** RFC 3805 prtMarkerSuppliesLevel and MaxCapacity: negative values have a meaning of their own. */
function levelText(level: string, capacity: string, unit: string): string {
  if (level === "-3") return "some left";
  if (level === "-2" || level === "") return "unknown";
  if (level === "-1") return "no limit";
  return Number(capacity) > 0
    ? `${level} of ${capacity} ${unit}`.trim()
    : `${level} ${unit}`.trim();
}

function alertOf(device: DeviceRecord, row: string): string {
  const value = (name: string): string => device.value(row + name) ?? "";
  const what = value("Description") || value("Code");
  return [value("Severity"), what].filter((text) => text !== "").join(": ");
}

function trayOf(device: DeviceRecord, row: string): string {
  const value = (name: string): string => device.value(row + name) ?? "";
  const level = levelText(value("CurrentLevel"), value("MaxCapacity"), "");
  return `${value("Name") || row}: ${value("MediaSizeName")} ${level}`.replace(/ {2,}/g, " ");
}

/** The instances of a table, in order. */
function rowsOf(device: DeviceRecord, table: string): readonly string[] {
  const rows = new Set<string>();
  for (const path of device.parameters.keys()) {
    if (!path.startsWith(table)) continue;
    const instance = /^\d+\./.exec(path.slice(table.length))?.[0];
    if (instance !== undefined) rows.add(table + instance);
  }
  return [...rows].sort(comparePaths);
}

/** Orders paths by their segments, numbers as numbers. */
export function comparePaths(a: string, b: string): number {
  return collator.compare(a, b);
}

const collator = new Intl.Collator("en", { numeric: true });
