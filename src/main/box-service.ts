import { ApiError } from "../api/api-error.ts";
import type {
  DiscoveryResult,
  EventLine,
  Explanation,
  KickedPage,
  LocalService,
  ParameterView,
  PrinterSummary,
  ServiceStatus,
  SessionSummary,
  SetOutcome,
  TransferLine,
} from "../api/local-service.ts";
import type { Config } from "../config/config.ts";
import type { CwmpEndpoint } from "../cwmp/endpoint/endpoint.ts";
import type { EndpointManager } from "../cwmp/endpoint/endpoint-manager.ts";
import { CwmpFault } from "../cwmp/faults.ts";
import type { CwmpType } from "../cwmp/parameter-tree.ts";
import type { Transfer } from "../cwmp/transfers/transfer.ts";
import type { Discovery } from "../discovery/discovery.ts";
import type { Fleet } from "../fleet/fleet.ts";
import { FleetError } from "../fleet/errors.ts";
import type { Printer, PrinterExplanation } from "../fleet/printer.ts";
import { serviceObject } from "../model/definition.ts";
import { toPath } from "../model/model.ts";
import { isStale } from "../model/staleness.ts";
import type { Clock } from "../shared/clock.ts";
import { packageVersion } from "../shared/package-version.ts";
import { SnmpError } from "../southbound/snmp/errors.ts";
import type { Store } from "../store/store.ts";
import { transferLine } from "./box-transfers/transfer-lines.ts";
import { parseChoice } from "./presentation-rules.ts";
import type { PresentedPrinters } from "./presented-printers.ts";

/** File in the data directory that holds the token of the local API, for the command line. */
export const tokenFile = "api-token";

/** Endpoint id of the box itself. */
export const proxierId = "proxier";

/** A person at the CLI waits this long for a fresh value before the last known one is shown. */
const readDeadlineMs = 20_000;

/** The rooms that are joined here. */
export interface BoxServiceOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: Store;
  readonly fleet: Fleet;
  readonly discovery: Discovery;
  readonly presented: PresentedPrinters;
  readonly endpoints: EndpointManager;
  readonly transfers: { list(): readonly Transfer[] };
  readonly startedAtMs: number;
  readonly connectionRequestBase: () => string;
  readonly document: (name: string) => string | undefined;
}

/** Joins the rooms into what the local API and the command line ask for. */
export class BoxService implements LocalService {
  readonly #options: BoxServiceOptions;
  #isReady = false;

  constructor(options: BoxServiceOptions) {
    this.#options = options;
  }

  /** Polling and CWMP run. */
  ready(isReady: boolean): void {
    this.#isReady = isReady;
  }

  isReady(): boolean {
    return this.#isReady;
  }

  status(): ServiceStatus {
    const { config, endpoints, fleet, discovery, startedAtMs, connectionRequestBase } =
      this.#options;
    const statuses = endpoints.statuses();
    const failed = statuses.filter(({ lastError }) => lastError !== undefined);
    const { polling } = fleet.status();
    const { isRunning, lastRunAtMs, found } = discovery.status();
    return {
      version: packageVersion(),
      startedAt: isoTime(startedAtMs),
      ready: this.#isReady,
      acs: {
        url: endpoints.get(proxierId)?.setting("URL") ?? config.acs.url,
        sessions: sum(statuses.map(({ sessions, failures }) => sessions - failures)),
        failures: sum(statuses.map(({ failures }) => failures)),
        queued: endpoints.counts().queued,
        lastError: failed[0]?.lastError?.text ?? null,
      },
      printers: this.printersByReachability(),
      polling: { queued: polling.queued, running: polling.running },
      discovery: { running: isRunning, lastRunAt: isoTime(lastRunAtMs), found },
      connectionRequest: { listening: connectionRequestBase() },
    };
  }

  printersByReachability(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { reachability } of this.printers())
      counts[reachability] = (counts[reachability] ?? 0) + 1;
    return counts;
  }

  sessions(): readonly SessionSummary[] {
    return this.#options.endpoints.statuses().map((status) => ({
      endpoint: status.endpointId,
      lastSessionAt: isoTime(status.lastSuccessAtMs),
      nextSessionAt: isoTime(status.nextSessionAtMs),
      sessions: status.sessions,
      failures: status.failures,
      lastError: status.lastError?.text ?? null,
      pendingEvents: status.pendingEvents,
    }));
  }

  printers(): readonly PrinterSummary[] {
    return this.#options.fleet.inventory().map((printer) => this.#summary(printer));
  }

  parameters(target: string, path: string): Readonly<Record<string, ParameterView>> | undefined {
    const place = this.#placeOf(target);
    if (place === undefined) return undefined;
    const { endpoint } = place;
    const printer = this.#options.fleet.printer(target);
    const views = this.#paths(place, path).flatMap((name) => {
      const value = endpoint.tree.get(name);
      return value === undefined ? [] : [[name, this.#view(name, value, place, printer)] as const];
    });
    return Object.fromEntries(views);
  }

  async read(
    target: string,
    path: string,
  ): Promise<Readonly<Record<string, ParameterView>> | undefined> {
    const place = this.#placeOf(target);
    if (place === undefined) return undefined;
    const deadlineMs = this.#options.clock.nowMs() + readDeadlineMs;
    await place.endpoint.refresh(this.#paths(place, path), deadlineMs);
    return this.parameters(target, path);
  }

  async set(
    target: string,
    values: Readonly<Record<string, string>>,
  ): Promise<SetOutcome | undefined> {
    const place = this.#placeOf(target);
    if (place === undefined) return undefined;
    const { endpoint } = place;
    for (const path of Object.keys(values)) requireWithin(place, path);
    const before = new Map(
      Object.keys(values).map((path) => [path, endpoint.tree.get(path)?.value]),
    );
    const assignments = Object.entries(values).map(([path, value]) => ({ path, value }));
    const outcome = await endpoint.set(assignments);
    await this.#options.store.audit.append(
      assignments.map(({ path, value }) => ({
        who: "local",
        device: target,
        path,
        before: before.get(path),
        after: value,
        outcome: outcome.outcome === "refused" ? outcome.text : outcome.outcome,
      })),
    );
    return outcome;
  }

  async explain(target: string, path: string): Promise<Explanation | undefined> {
    const found = await this.#explainLive(target, path);
    if (found === undefined) return this.#explainOwn(target, path);
    if ("silent" in found) return found.silent;
    const { provenance, quarantined, value } = found;
    const note = quarantined === undefined ? {} : { note: `held back: ${quarantined.reason}` };
    if (provenance === undefined) return { ...this.#made(path, value), ...note };
    const { readAtMs, ...rest } = provenance;
    return { path, value, ...rest, readAt: isoTime(readAtMs), ...note };
  }

  async discover(ranges: readonly string[]): Promise<DiscoveryResult> {
    const { discovery, fleet } = this.#options;
    const known = new Set(fleet.inventory().map((printer) => printer.facts().host));
    const run = await discovery.run(ranges.length === 0 ? undefined : ranges);
    return {
      probed: run.sweep?.addresses ?? 0,
      found: run.found.map(({ access: { host }, sysDescr }) => ({
        host,
        description: sysDescr ?? "",
        known: known.has(host),
      })),
    };
  }

  approve(target: string): Promise<boolean> {
    return this.#options.fleet.approve(target);
  }

  retire(target: string): Promise<boolean> {
    return this.#options.fleet.retire(target);
  }

  async present(target: string, choice: string): Promise<boolean> {
    const word = parseChoice(choice);
    if (word === undefined)
      throw new ApiError(400, `${choice} is not virtual, embedded, none or auto`);
    const printer = this.#options.fleet.printers().find(({ id }) => id === target);
    if (printer === undefined) return false;
    await this.#options.presented.choose(printer, word);
    return true;
  }

  inform(target: string): boolean {
    const endpoint = this.#placeOf(target)?.endpoint;
    endpoint?.requestSession("2 PERIODIC");
    return endpoint !== undefined;
  }

  async kick(kick: KickedPage): Promise<string> {
    const proxier = this.#options.endpoints.get(proxierId);
    if (proxier === undefined) throw new ApiError(503, "the service is still starting");
    return proxier.kick(kick);
  }

  document(name: string): string | undefined {
    return this.#options.document(name);
  }

  async events(limit: number): Promise<readonly EventLine[]> {
    const events = await this.#options.store.events.query({ limit });
    return [...events].reverse().map(({ atMs, device, kind, text }) => ({
      at: isoTime(atMs),
      device: device ?? "",
      kind,
      text,
    }));
  }

  /** Where the parameters of a printer, or of the box, are in the sight of the ACS; undefined when it sees none. */
  #placeOf(target: string): Place | undefined {
    const { endpoints, fleet, presented } = this.#options;
    const printer = fleet.printer(target);
    const row = printer === undefined ? undefined : presented.presentationOf(printer).row;
    const endpoint = endpoints.get(row === undefined ? target : proxierId);
    if (endpoint === undefined) return undefined;
    return { endpoint, row: row === undefined ? "" : `${serviceObject}${row}.` };
  }

  transfers(): readonly TransferLine[] {
    const { transfers, clock } = this.#options;
    return transfers.list().map((transfer) => transferLine(transfer, clock.nowMs()));
  }

  /** Full names that `path` stands for. @throws {ApiError} 404 for an unknown one: it is the caller's mistake */
  #paths(place: Place, path: string): readonly string[] {
    requireWithin(place, path === "" ? place.row : path);
    try {
      return place.endpoint.tree
        .parameters([path === "" ? place.row : path])
        .map((node) => node.path);
    } catch (error) {
      if (error instanceof CwmpFault) throw new ApiError(404, error.message);
      throw error;
    }
  }

  #view(
    path: string,
    { type, value }: { readonly type: CwmpType; readonly value: string },
    place: Place,
    printer: Printer | undefined,
  ): ParameterView {
    const snapshot = printer?.snapshot();
    const position = snapshot?.shape.indexOf.get(printerPath(place, path));
    const pollClass = snapshot?.shape.pollClasses[position ?? -1];
    const typed = { value: typedValue(type, value), type };
    if (
      printer === undefined ||
      snapshot === undefined ||
      position === undefined ||
      pollClass === undefined
    )
      return {
        ...typed,
        readAt: null,
        stale: false,
        source: "mfpgate",
        writable: place.endpoint.tree.node(path)?.writable ?? false,
      };
    const { clock, config } = this.#options;
    return {
      ...typed,
      readAt: isoTime(snapshot.readAtMs[pollClass]),
      stale: isStale(snapshot, pollClass, clock.nowMs(), config.pollingMs),
      source: printer.facts().mapping,
      writable: snapshot.shape.writable[position] ?? false,
    };
  }

  /** A live explanation, or the last known value of a printer that does not answer just now. */
  async #explainLive(
    target: string,
    path: string,
  ): Promise<PrinterExplanation | { readonly silent: Explanation | undefined } | undefined> {
    try {
      const place = this.#placeOf(target);
      return await this.#options.fleet.explain(
        target,
        place === undefined ? path : printerPath(place, path),
      );
    } catch (error) {
      if (!(error instanceof SnmpError) && !(error instanceof FleetError)) throw error;
      const known = this.#explainOwn(target, path);
      const note = `last known value; the printer does not answer: ${error.message}`;
      return { silent: known === undefined ? undefined : { ...known, note } };
    }
  }

  #explainOwn(target: string, path: string): Explanation | undefined {
    const value = this.#placeOf(target)?.endpoint.tree.get(path);
    return value === undefined ? undefined : this.#made(path, typedValue(value.type, value.value));
  }

  /** A value no printer said. */
  #made(path: string, value: string | number | boolean): Explanation {
    return {
      path,
      value,
      source: "mfpgate",
      raw: String(value),
      transforms: [],
      definedAt: "",
      readAt: isoTime(this.#options.clock.nowMs()),
      rejected: [],
      note: "made by mfpgate itself, or not told by the printer just now",
    };
  }

  #summary(printer: Printer): PrinterSummary {
    const { host, reachability, mapping, lastContactMs } = printer.facts();
    const { manufacturer, productClass, serialNumber } = printer.identity;
    return {
      id: printer.id,
      manufacturer,
      model: productClass,
      serialNumber,
      host,
      presentation: this.#options.presented.presentationOf(printer).as,
      presentationFrom: this.#options.presented.chosen(printer.id) === "auto" ? "rule" : "override",
      reachability: printer.state === "pending" ? "Pending" : reachability,
      mapping,
      lastContact: isoTime(lastContactMs),
    };
  }
}

/** Where parameters are: all of an endpoint's, or those of one row of the service object (`row` ends with a dot). */
interface Place {
  readonly endpoint: CwmpEndpoint;
  readonly row: string;
}

/** @throws {ApiError} 404 for a name outside the printer's own row */
function requireWithin({ row }: Place, path: string): void {
  if (!path.startsWith(row))
    throw new ApiError(404, `${path} is not of this printer, which is ${row} of the proxier`);
}

/** The path as on the printer's virtual device, which is how snapshots have it. */
function printerPath({ row }: Place, path: string): string {
  return row === "" ? path : toPath(path.slice(row.length));
}

function typedValue(type: CwmpType, value: string): string | number | boolean {
  if (type === "boolean") return value === "true";
  const isNumber =
    type === "int" || type === "unsignedInt" || type === "long" || type === "unsignedLong";
  return isNumber ? Number(value) : value;
}

function isoTime(atMs: number): string;
function isoTime(atMs: number | undefined): string | null;
function isoTime(atMs: number | undefined): string | null {
  return atMs === undefined ? null : new Date(atMs).toISOString();
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
