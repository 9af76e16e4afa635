import type { ParameterNode } from "../parameter-tree.ts";
import { ParsedSetting, textsOf } from "./parsed-setting.ts";
import { aliasProblem, numberOfRow } from "./paths.ts";

/** Setting that holds the aliases an ACS gave: JSON of row → alias. */
export const aliasSetting = "aliases";

/** Aliases one endpoint keeps; beyond them the ACS is refused. */
export const mostAliases = 2_000;

/** Tables to whose rows TR-181i2 2.17 or TR-181i1 gives no Alias, of those this project may show. */
const tablesWithoutAlias: ReadonlySet<string> = new Set([
  "Device.ManagementServer.EmbeddedDevice.{i}.",
  "Device.ManagementServer.ManageableDevice.{i}.",
  "Device.ManagementServer.VirtualDevice.{i}.",
  "Device.LAN.TraceRouteDiagnostics.RouteHops.{i}.",
  "Device.NSLookupDiagnostics.Result.{i}.",
  "Device.DeviceInfo.Location.{i}.",
  "Device.DeviceInfo.ProcessStatus.Process.{i}.",
  "Device.DNS.Diagnostics.NSLookupDiagnostics.Result.{i}.",
  "Device.Hosts.Host.{i}.IPv4Address.{i}.",
  "Device.Hosts.Host.{i}.IPv6Address.{i}.",
  "Device.IP.ActivePort.{i}.",
  "Device.IP.Diagnostics.TraceRoute.RouteHops.{i}.",
  "Device.IP.Diagnostics.DownloadDiagnostics.PerConnectionResult.{i}.",
  "Device.IP.Diagnostics.UploadDiagnostics.PerConnectionResult.{i}.",
  "Device.Security.Certificate.{i}.",
  "Device.SoftwareModules.ExecEnvClass.{i}.Capability.{i}.",
  "Device.UserInterface.HTTPAccess.{i}.Session.{i}.",
]);

/** Whether this row has an Alias, which then belongs to the endpoint and not to its device. */
export function hasAlias(row: string): boolean {
  return !tablesWithoutAlias.has(row.replace(/\.\d+(?=\.)/g, ".{i}"));
}

/** The node of a row's Alias. */
export function aliasNode(row: string): ParameterNode & { readonly type: "string" } {
  return { path: `${row}Alias`, writable: true, type: "string" };
}

/** The row whose Alias `path` is; undefined for every other path. */
export function rowOfAlias(path: string): string | undefined {
  if (!path.endsWith(".Alias")) return undefined;
  const row = path.slice(0, -"Alias".length);
  return /\.[1-9]\d*\.$/.test(row) && hasAlias(row) ? row : undefined;
}

/** Aliases of the rows of one endpoint (TR-069a6 §3.6.1): what the ACS gave, else `cpe-<instance>`. */
export class Aliases {
  readonly #settings: ReadonlyMap<string, string>;
  readonly #given = new ParsedSetting(aliasSetting, textsOf);

  constructor(settings: ReadonlyMap<string, string>) {
    this.#settings = settings;
  }

  /** Row → alias, of those the ACS gave. */
  given(): ReadonlyMap<string, string> {
    return this.#given.read(this.#settings);
  }

  of(row: string): string {
    return this.given().get(row) ?? `cpe-${numberOfRow(row)}`;
  }

  /** Why the ACS may not give `row` this alias; uniqueness apart. */
  problem(row: string, alias: string): string | undefined {
    const problem = aliasProblem(alias);
    if (problem !== undefined || alias === `cpe-${numberOfRow(row)}`) return problem;
    // Another row has it, or will.
    return /^cpe-\d+$/.test(alias) ? "is kept for another row" : undefined;
  }

  /**
   * The setting to be stored when these rows get other aliases; undefined as an alias: the row is gone.
   * @throws {RangeError} more aliases than an endpoint keeps
   */
  settingWith(changes: ReadonlyMap<string, string | undefined>): readonly [string, string] {
    const given = new Map(this.given());
    for (const [row, alias] of changes) {
      if (alias === undefined || alias === `cpe-${numberOfRow(row)}`) given.delete(row);
      else given.set(row, alias);
    }
    if (given.size > mostAliases) throw new RangeError("too many aliases");
    return [aliasSetting, JSON.stringify(Object.fromEntries(given))];
  }
}
