import { ApiError } from "../api/api-error.ts";
import type {
  AuditLine,
  DiscoveryResult,
  EventLine,
  Explanation,
  KickedPage,
  LocalService,
  ParameterView,
  PrinterSummary,
  RequestedDownload,
  ServiceStatus,
  SessionSummary,
  SetOutcome,
  SetPlan,
  TransferLine,
  WebSummary,
} from "../api/local-service.ts";
import type { DownloadWanted } from "../api/request-fields.ts";
import type { Config } from "../config/config.ts";
import { withinDeadline } from "../cwmp/deadline.ts";
import type { Transfer } from "../cwmp/transfers/transfer.ts";
import type { Discovery } from "../discovery/discovery.ts";
import type { Printer } from "../fleet/printer.ts";
import type { PrinterWeb } from "../fleet/printer-link.ts";
import type { Clock } from "../shared/clock.ts";
import { logger } from "../shared/log.ts";
import { packageVersion } from "../shared/package-version.ts";
import type { RecordedAudit } from "../store/audit-log.ts";
import type { Store } from "../store/store.ts";
import { transferLine } from "./box-transfers/transfer-lines.ts";
import { proxierId } from "./box-names.ts";
import { BoxParameters } from "./box-parameters.ts";
import { type PlaceSources, placeOf } from "./box-places.ts";
import { isoTime } from "./iso-time.ts";
import { parseChoice } from "./presentation-rules.ts";

const log = logger("main.box-service");

/** A person at the CLI waits this long for the ACS; it may be away for days. */
const acsAnswerMs = 20_000;

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

  set(
    target: string,
    values: Readonly<Record<string, string>>,
    who: "cli" | "api",
  ): Promise<SetOutcome | undefined> {
    return this.#parameters.set(target, values, who);
  }

  plan(target: string, values: Readonly<Record<string, string>>): Promise<SetPlan | undefined> {
    return this.#parameters.plan(target, values);
  }

  async audit(device: string, limit: number): Promise<readonly AuditLine[] | undefined> {
    const { store, fleet } = this.#options;
    const lines = await store.audit.query(device === "" ? undefined : device, limit);
    const isKnown = device === "" || device === proxierId || fleet.printer(device) !== undefined;
    // What was done to a printer that is gone is still to be seen.
    return isKnown || lines.length > 0 ? lines.map(auditLine) : undefined;
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

  async acceptPages(target: string): Promise<boolean> {
    return (await this.#options.fleet.printer(target)?.acceptPages()) ?? false;
  }

  async acceptCertificate(target: string): Promise<boolean> {
    return (await this.#options.fleet.printer(target)?.forget("certificate")) ?? false;
  }

  async retryPassword(target: string): Promise<boolean> {
    return (await this.#options.fleet.printer(target)?.forget("refusedPassword")) ?? false;
  }

  async requestDownload(
    target: string,
    { fileType, arguments: given }: DownloadWanted,
  ): Promise<RequestedDownload | undefined> {
    const place = placeOf(target, this.#options);
    if (place === undefined) return undefined;
    if (place.row !== "")
      throw new ApiError(
        409,
        `${target} is an object of the proxier, which the ACS sends no files to: see mfpgate present, or ask for ${proxierId}`,
      );
    const fileTypeArguments = Object.entries(given).map(([name, value]) => ({ name, value }));
    const taken = place.endpoint.requestDownload(fileType, fileTypeArguments);
    const { clock } = this.#options;
    const answer = await withinDeadline(clock, clock.nowMs() + acsAnswerMs, taken);
    if (!answer.late) return "taken";
    taken.catch((error: unknown) => {
      log.warn("request for a download refused late", { device: target, error });
    });
    return "waiting";
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
      web: webSummary(printer.web),
      interactionSet: printer.interaction.overridden,
    };
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function webSummary(web: PrinterWeb | undefined): WebSummary | null {
  if (web === undefined) return null;
  const { address, distrustedPages, certificate = null, passwordRefusedAtMs } = web;
  return { address, distrustedPages, certificate, passwordRefusedAt: isoTime(passwordRefusedAtMs) };
}

function auditLine(entry: RecordedAudit): AuditLine {
  const { atMs, who, device, path, before = null, after = null, outcome } = entry;
  return { at: isoTime(atMs), who, device, path, from: before, to: after, outcome };
}
