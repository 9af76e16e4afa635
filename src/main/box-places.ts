import { ApiError } from "../api/api-error.ts";
import type { CwmpEndpoint } from "../cwmp/endpoint/endpoint.ts";
import type { EndpointManager } from "../cwmp/endpoint/endpoint-manager.ts";
import { CwmpFault } from "../cwmp/faults.ts";
import type { Fleet } from "../fleet/fleet.ts";
import { serviceObject } from "../model/definition.ts";
import { toPath } from "../model/model.ts";
import { proxierId } from "./box-names.ts";
import type { PresentedPrinters } from "./presented-printers.ts";

/** What places are found by. */
export interface PlaceSources {
  readonly fleet: Fleet;
  readonly presented: PresentedPrinters;
  readonly endpoints: EndpointManager;
}

/** Where parameters are: all of an endpoint's, or those of one row of the service object (`row` ends with a dot). */
export interface Place {
  readonly endpoint: CwmpEndpoint;
  readonly row: string;
}

/** Where the parameters of a printer, or of the box, are in the sight of the ACS; undefined when it sees none. */
export function placeOf(target: string, sources: PlaceSources): Place | undefined {
  const { endpoints, fleet, presented } = sources;
  const printer = fleet.printer(target);
  const row = printer === undefined ? undefined : presented.presentationOf(printer).row;
  const endpoint = endpoints.get(row === undefined ? target : proxierId);
  if (endpoint === undefined) return undefined;
  return { endpoint, row: row === undefined ? "" : `${serviceObject}${row}.` };
}

/** Full names that `path` stands for. @throws {ApiError} 404 for an unknown one: it is the caller's mistake */
export function pathsIn(place: Place, path: string): readonly string[] {
  const wanted = path === "" ? place.row : path;
  requireWithin(place, wanted);
  try {
    return place.endpoint.tree.parameters([wanted]).map((node) => node.path);
  } catch (error) {
    if (error instanceof CwmpFault) throw new ApiError(404, error.message);
    throw error;
  }
}

/** @throws {ApiError} 404 for a name outside the printer's own row */
export function requireWithin({ row }: Place, path: string): void {
  if (!path.startsWith(row))
    throw new ApiError(404, `${path} is not of this printer, which is ${row} of the proxier`);
}

/** The path as on the printer's virtual device, which is how snapshots have it. */
export function printerPath({ row }: Place, path: string): string {
  return row === "" ? path : toPath(path.slice(row.length));
}
