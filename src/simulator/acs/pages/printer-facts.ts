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

/** Values of one printer by path below its service object. */
type PrinterValues = ReadonlyMap<string, string>;

const cache = new WeakMap<DeviceRecord, { revision: number; printers: readonly PrinterFacts[] }>();

/** The printers a device shows, in the order of their instances. */
export function printersOf(device: DeviceRecord): readonly PrinterFacts[] {
  const cached = cache.get(device);
  if (cached?.revision === device.revision) return cached.printers;
  const values = [...valuesByPrinter(device)].sort(([a], [b]) => comparePaths(a, b));
  const printers = values.map(([path, ofPrinter]) => factsOf(path, ofPrinter));
  cache.set(device, { revision: device.revision, printers });
  return printers;
}

function valuesByPrinter(device: DeviceRecord): ReadonlyMap<string, PrinterValues> {
  const printers = new Map<string, Map<string, string>>();
  for (const [path, { value }] of device.parameters) {
    const service = serviceObject.exec(path)?.[0];
    if (service === undefined || value === undefined) continue;
    const values = printers.get(service) ?? new Map<string, string>();
    printers.set(service, values.set(path.slice(service.length), value));
  }
  return printers;
}

function factsOf(path: string, values: PrinterValues): PrinterFacts {
  const value = (name: string): string => values.get(name) ?? "";
  return {
    path,
    model: value("General.MakeAndModel") || value("General.ModelName"),
    state: value("General.State"),
    stateReasons: value("General.StateReasons"),
    consoleText: value("General.ConsoleText"),
    reachability: value("Proxy.Reachability"),
    location: value("General.SystemLocation"),
    impressions: value("Counters.Impressions") || value("Marker.1.LifeCount"),
    supplies: rowsOf(values, "Supply").map((row) => supplyOf(values, row)),
    alerts: rowsOf(values, "Alert").map((row) => alertOf(values, row)),
    trays: rowsOf(values, "InputTray").map((row) => trayOf(values, row)),
  };
}

function supplyOf(values: PrinterValues, row: string): SupplyFacts {
  const value = (name: string): string => values.get(row + name) ?? "";
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

function alertOf(values: PrinterValues, row: string): string {
  const value = (name: string): string => values.get(row + name) ?? "";
  const what = value("Description") || value("Code");
  return [value("Severity"), what].filter((text) => text !== "").join(": ");
}

function trayOf(values: PrinterValues, row: string): string {
  const value = (name: string): string => values.get(row + name) ?? "";
  const level = levelText(value("CurrentLevel"), value("MaxCapacity"), "");
  return `${value("Name") || row}: ${value("MediaSizeName")} ${level}`.replace(/ {2,}/g, " ");
}

/** The instances of a table, in order: `Supply.1.`, `Supply.2.`, … */
function rowsOf(values: PrinterValues, table: string): readonly string[] {
  const rows = new Set<string>();
  for (const path of values.keys()) {
    if (!path.startsWith(`${table}.`)) continue;
    const instance = /^\d+\./.exec(path.slice(table.length + 1))?.[0];
    if (instance !== undefined) rows.add(`${table}.${instance}`);
  }
  return [...rows].sort(comparePaths);
}

/** Orders paths by their segments, numbers as numbers. */
export function comparePaths(a: string, b: string): number {
  return collator.compare(a, b);
}

const collator = new Intl.Collator("en", { numeric: true });
