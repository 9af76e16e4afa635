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
import type { Transfer } from "../cwmp/transfers/transfer.ts";
import type { Discovery } from "../discovery/discovery.ts";
import type { Printer } from "../fleet/printer.ts";
import type { Clock } from "../shared/clock.ts";
import { packageVersion } from "../shared/package-version.ts";
import type { Store } from "../store/store.ts";
import { transferLine } from "./box-transfers/transfer-lines.ts";
import { proxierId } from "./box-names.ts";
import { BoxParameters } from "./box-parameters.ts";
import { type PlaceSources, placeOf } from "./box-places.ts";
import { isoTime } from "./iso-time.ts";
import { parseChoice } from "./presentation-rules.ts";

/** The rooms that are joined here. */
export interface BoxServiceOptions extends PlaceSources {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: Store;
  readonly discovery: Discovery;
  readonly transfers: { list(): readonly Transfer[] };
  readonly startedAtMs: number;
  readonly connectionRequestBase: () => string;
  readonly document: (name: string) => string | undefined;
}

/** Joins the rooms into what the local API and the command line ask for. */
export class BoxService implements LocalService {
  readonly #options: BoxServiceOptions;
  readonly #parameters: BoxParameters;
  #isReady = false;

  constructor(options: BoxServiceOptions) {
    this.#options = options;
    this.#parameters = new BoxParameters(options);
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
    return this.#parameters.known(target, path);
  }

  read(target: string, path: string): Promise<Readonly<Record<string, ParameterView>> | undefined> {
    return this.#parameters.read(target, path);
  }

  set(target: string, values: Readonly<Record<string, string>>): Promise<SetOutcome | undefined> {
    return this.#parameters.set(target, values);
  }

  explain(target: string, path: string): Promise<Explanation | undefined> {
    return this.#parameters.explain(target, path);
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
    const endpoint = placeOf(target, this.#options)?.endpoint;
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

  transfers(): readonly TransferLine[] {
    const { transfers, clock } = this.#options;
    return transfers.list().map((transfer) => transferLine(transfer, clock.nowMs()));
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

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
