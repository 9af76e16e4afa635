import type { CompiledMapping, MappingSet, Provenance } from "../mapping/evaluation.ts";
import { type PollClass, pollClasses } from "../model/snapshot.ts";
import { joinAnswers } from "../southbound/device-answers.ts";
import type { DocumentRead } from "../southbound/documents.ts";
import type {
  DeviceAccess,
  DeviceSession,
  DeviceWrite,
  RawAnswers,
  ReadPlan,
} from "../southbound/driver.ts";
import type { LoginFlow } from "../southbound/exchange.ts";
import { Conversation } from "./conversation.ts";
import { FleetError } from "./errors.ts";
import { accessWith, addressWith } from "./interaction-access.ts";
import type { InteractionSettings } from "./interaction-settings.ts";
import { identify, pageProbeOf } from "./identify.ts";
import { type KnownIdentity, contradicts } from "./identity.ts";
import type { Reading } from "./merge.ts";
import type { PageMemory } from "./page-memory.ts";
import { incompleteClasses, planFor, upTimePlan, upTimeTicks } from "./plans.ts";
import {
  type DriverNews,
  type FleetPorts,
  type PrinterAddress,
  type PrinterDrivers,
  type WebServerFacts,
  isSameMapping,
  maySet,
  mayWrite,
} from "./ports.ts";
import { type ProtocolOutcomes, type SeenOutcomes, WatchedSession } from "./protocol-outcomes.ts";
import { type UpTime, hasRestarted } from "./restart-detection.ts";

/** So many readings in a row may miss the same class before what they miss counts as gone. */
const mostIncomplete = 5;

/** What a link starts with. */
export interface PrinterLinkOptions {
  readonly id: string;
  readonly identity: KnownIdentity;
  readonly address: PrinterAddress;
  readonly ports: FleetPorts;
  /** Name of the mapping that served last, to know what can be written before the first answer. */
  readonly mapping: string;
  readonly upTime: UpTime | undefined;
  /** What the drivers had to remember when the last process ended. */
  readonly kept: string | undefined;
  readonly pages: PageMemory;
  /** How somebody wants it to be talked to. */
  readonly settings: InteractionSettings;
  readonly outcomes: ProtocolOutcomes;
  readonly tell: DriverNews;
}

/** How it is talked to from now on. */
export interface ChangedInteraction {
  readonly settings: InteractionSettings;
  readonly host: string;
  /** The web password was set, if only to what it was: it is worth a try. */
  readonly isPasswordSet: boolean;
}

/** A printer's web server. */
export interface PrinterWeb extends Omit<WebServerFacts, "origin"> {
  /** `https://192.0.2.10:443/`. */
  readonly address: string;
  /** Pages that are built in another way than before and not believed. */
  readonly distrustedPages: readonly string[];
}

/**
 * The line to one printer: who is at its other end, by which mapping it is understood, and one conversation at
 * a time. Whenever the machine at the address may be another one (start, silence, restart, changed mapping files) it
 * is asked who it is before anything it says is believed.
 */
export class PrinterLink {
  readonly #options: PrinterLinkOptions;
  readonly #conversation: Conversation;
  readonly #incompleteReadings = new Map<PollClass, number>();
  readonly #drivers: PrinterDrivers;
  #address: PrinterAddress;
  #settings: InteractionSettings;
  /** An outcome is another than before, and nobody was told. */
  #hasOutcomeNews = false;
  #session: DeviceSession | undefined;
  #isSessionOutdated = false;
  #mappings: MappingSet | undefined;
  #mapping: CompiledMapping | undefined;
  #isNewMapping = false;
  #mustIdentify = true;
  #upTime: UpTime | undefined;
  /** From a restart until it is settled: what was seen before it. */
  #beforeRestart: UpTime | undefined;

  constructor(options: PrinterLinkOptions) {
    this.#options = options;
    this.#address = options.address;
    this.#settings = options.settings;
    this.#drivers = options.ports.driversFor(options.kept, options.tell);
    this.#conversation = new Conversation(options.id);
    this.#mapping = options.ports.mappings().byName(options.mapping);
    this.#upTime = options.upTime;
  }

  get mapping(): CompiledMapping | undefined {
    return this.#mapping;
  }

  get address(): PrinterAddress {
    return this.#address;
  }

  /** What to keep on disk. Of an unsettled restart the time before it, so that the next process finds it again. */
  get upTime(): UpTime | undefined {
    return this.#beforeRestart ?? this.#upTime;
  }

  /** Whether a restart of the printer was seen, by whatever conversation, and not settled yet. */
  get hasRestarted(): boolean {
    return this.#beforeRestart !== undefined;
  }

  /** Everybody concerned knows of the restart. */
  settleRestart(): void {
    this.#beforeRestart = undefined;
  }

  get settings(): InteractionSettings {
    return this.#settings;
  }

  get outcomes(): ProtocolOutcomes {
    return this.#options.outcomes;
  }

  /** Whether an outcome became another one since this was asked last. */
  takeOutcomeNews(): boolean {
    const hasNews = this.#hasOutcomeNews;
    this.#hasOutcomeNews = false;
    return hasNews;
  }

  /** How its pages let somebody in, by the mapping; undefined when they are open, or not asked for. */
  get loginKind(): LoginFlow["kind"] | undefined {
    return this.#mapping && planFor(this.#mapping, pollClasses).web?.login?.kind;
  }

  /** Whether its web server is asked for anything. */
  get asksForPages(): boolean {
    if (this.#mapping === undefined) return false;
    return planFor(this.#mapping, pollClasses).documents.some(isPage);
  }

  /** Its web server and what is known of it; undefined when it is not asked for pages. */
  get web(): Omit<PrinterWeb, "distrustedPages"> | undefined {
    const server = this.#access()?.ews;
    if (server === undefined || !this.asksForPages) return undefined;
    const { origin = server, ...known } = this.#drivers.web();
    return { address: `${origin.scheme}://${server.host}:${origin.port}/`, ...known };
  }

  /** The next certificate is trusted, or the password tried once more; false when none was pinned or refused. */
  forget(what: "certificate" | "refusedPassword"): boolean {
    const isCertificate = what === "certificate";
    const wasThere = isCertificate
      ? this.#drivers.forgetCertificate()
      : this.#drivers.forgetRefusal();
    const kind = isCertificate ? "certificateForgotten" : "passwordRetried";
    if (wasThere) this.#options.tell(kind, "the operator said so");
    return wasThere;
  }

  /** What the drivers want to be remembered. */
  get kept(): string | undefined {
    return this.#drivers.keep();
  }

  /** Whether our credentials allow an action (a restart, factory settings). */
  mayDo(write: DeviceWrite): boolean {
    const access = this.#access();
    if (write.driver === "snmp") return maySet(access);
    return write.write.needsLogin
      ? access?.ews?.credential !== undefined
      : access?.ews !== undefined;
  }

  /** Whether mapping and credentials allow writing a template. */
  mayWrite(template: string): boolean {
    if (this.#mapping?.writable.has(template) !== true) return false;
    return mayWrite(this.#access(), this.#mapping, template);
  }

  /**
   * The printer is to be found elsewhere, or opens with another credential. Its certificate and the passwords it refused
   * count there too: who only claims to be it gets no password.
   */
  moveTo(address: PrinterAddress): void {
    this.#address = address;
    this.#drivers.forgetOrigin();
    this.#drivers.forgetPages();
    this.#drivers.forgetMissing();
    this.#mustIdentify = true;
    this.#isSessionOutdated = true;
  }

  /** It is talked to in another way; counts from the next conversation. */
  changeInteraction({ settings, host, isPasswordSet }: ChangedInteraction): void {
    this.#settings = settings;
    this.moveTo({ ...this.#address, host });
    if (isPasswordSet) this.#drivers.forgetRefusal();
  }

  /** What answers next may be another machine. */
  distrust(): void {
    this.#mustIdentify = true;
  }

  /**
   * One conversation with the printer. @throws {FleetError} `fleet.printer-busy`, `fleet.no-credential`
   */
  talk<T>(task: (session: DeviceSession) => Promise<T>): Promise<T> {
    return this.#conversation.run(async () => {
      if (this.#isSessionOutdated) await this.close();
      this.#isSessionOutdated = false;
      this.#session ??= this.#open();
      const watched = new WatchedSession(this.#session, this.#access());
      try {
        const result = await task(watched);
        this.#takeOutcomes(watched.seen);
        return result;
      } catch (error) {
        this.#takeOutcomes(isStranger(error) ? asSilence(watched.seen) : watched.seen);
        throw error;
      } finally {
        if (!this.#mayStayOpen()) await this.close();
      }
    });
  }

  /** What pages said before counts no more: the next read fetches them anew. */
  forgetPages(): void {
    this.#drivers.forgetPages();
  }

  /** Ends the session; the next conversation opens another. */
  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.close();
  }

  /** The smallest question there is for it, to see whether it is there. @throws {SouthboundError} when it is silent */
  async knock(session: DeviceSession, signal?: AbortSignal): Promise<void> {
    await session.read(this.#smallestPlan(), signal);
  }

  /**
   * Reads and evaluates `classes`; all classes when the mapping turns out to have changed.
   * @throws {SouthboundError} when the printer is silent; {FleetError} `fleet.stranger` when another machine answers
   */
  async read(
    session: DeviceSession,
    classes: readonly PollClass[],
    signal?: AbortSignal,
  ): Promise<Reading> {
    if (this.#mustIdentify || this.#mappings !== this.#options.ports.mappings())
      await this.#identify(session, signal);
    if (classes.includes("identity")) this.#drivers.forgetMissing();
    const first = await this.#evaluate(session, classes, signal);
    if (!first.hasRestarted) return first.reading;
    // Another firmware, or another machine, may have come with the restart: nothing read so far counts.
    this.#drivers.forgetPages();
    this.#drivers.forgetMissing();
    await this.#identify(session, signal);
    return (await this.#evaluate(session, classes, signal)).reading;
  }

  /** The reading that came from a new mapping has been taken in. */
  settleMapping(): void {
    this.#isNewMapping = false;
  }

  /** A live read of one parameter with its provenance. */
  async explain(
    session: DeviceSession,
    pollClass: PollClass,
    key: { readonly template: string; readonly rowKey: string | undefined },
  ): Promise<Provenance | undefined> {
    const mapping = this.#requireMapping();
    const answers = this.#believed(await session.read(planFor(mapping, [pollClass])), mapping);
    const { parameters } = mapping.evaluate(answers, [pollClass], { provenance: true });
    return parameters.find(
      ({ template, rowKey }) => template === key.template && rowKey === key.rowKey,
    )?.provenance;
  }

  #access(): DeviceAccess | undefined {
    return accessWith(this.#settings, this.#address, this.#options.ports.accessFor);
  }

  #takeOutcomes(seen: SeenOutcomes): void {
    const { outcomes, ports } = this.#options;
    if (outcomes.take(seen, ports.clock.nowMs())) this.#hasOutcomeNews = true;
  }

  #open(): DeviceSession {
    const access = this.#access();
    if (access === undefined) throw noWayIn(this.#settings, this.#address.host);
    return this.#drivers.open(access);
  }

  /**
   * v1/v2c sessions share their sockets and learn how long the agent takes. A v3 session owns a socket, and whoever has
   * been at the pages logs out.
   */
  #mayStayOpen(): boolean {
    const security = this.#access()?.snmp?.security;
    if (security === undefined || security.version === "3") return false;
    return this.#mapping !== undefined && !this.asksForPages;
  }

  #smallestPlan(): ReadPlan {
    const { snmpPort } = addressWith(this.#settings, this.#address);
    if (snmpPort !== undefined || this.#mapping === undefined) return upTimePlan;
    const { documents: all, web } = planFor(this.#mapping, pollClasses);
    const documents = all.filter(isPage);
    const isPlain = ({ onlyWith, onlyWithout }: (typeof documents)[number]): boolean =>
      onlyWith === undefined && onlyWithout === undefined;
    const first = documents.find((document) => document.needsLogin !== true && isPlain(document));
    const wanted = first === undefined ? documents : [first];
    return { scalars: [], columns: [], documents: wanted, ...(web === undefined ? {} : { web }) };
  }

  /** Finds out who answers and which mapping fits. */
  async #identify(session: DeviceSession, signal?: AbortSignal): Promise<void> {
    const mappings = this.#options.ports.mappings();
    const found = await identify(session, {
      mappings,
      expected: this.#mapping,
      pages: pageProbeOf(addressWith(this.#settings, this.#address)),
      isPartly: isPartly(this.#settings),
      signal,
    });
    if (contradicts(this.#options.identity, found.identity))
      throw new FleetError(
        "fleet.stranger",
        `${this.#address.host} answers as another machine (serial number ${found.identity.serialNumber ?? "unknown"})`,
      );
    this.#isNewMapping ||= !isSameMapping(this.#mapping, found.mapping);
    this.#mapping = found.mapping;
    this.#mappings = mappings;
    this.#mustIdentify = false;
    this.#noteUpTime(found.upTime);
  }

  async #evaluate(
    session: DeviceSession,
    wanted: readonly PollClass[],
    signal?: AbortSignal,
  ): Promise<{ readonly reading: Reading; readonly hasRestarted: boolean }> {
    const mapping = this.#requireMapping();
    const isNewMapping = this.#isNewMapping;
    const classes = isNewMapping ? pollClasses : wanted;
    const plan = planFor(mapping, classes);
    const read = await session.read(plan, signal);
    this.#options.pages.compare(read, plan, mapping.selected);
    const answers = this.#believed(read, mapping);
    const { readAtMs } = answers;
    const ticks = upTimeTicks(answers);
    const upTime = ticks === undefined ? undefined : { ticks, atMs: readAtMs };
    const restarted = this.#noteUpTime(upTime);
    const evaluation = mapping.evaluate(answers, classes);
    const incomplete = this.#tolerate(classes, incompleteClasses(mapping, classes, answers));
    const reading = { evaluation, classes, incomplete, readAtMs, isNewMapping };
    return { reading, hasRestarted: restarted };
  }

  /** Without what pages say that are not built as they were. */
  #believed(answers: RawAnswers, mapping: CompiledMapping): RawAnswers {
    const { documents } = answers;
    if (documents === undefined) return answers;
    const trusted = this.#options.pages.trusted(documents, mapping.selected);
    return trusted === documents ? answers : joinAnswers(answers, trusted);
  }

  /** True when the printer was restarted since it was last heard. */
  #noteUpTime(now: UpTime | undefined): boolean {
    const before = this.#upTime;
    if (now === undefined) return false;
    this.#upTime = now;
    if (before === undefined || !hasRestarted(before, now)) return false;
    this.#beforeRestart ??= before;
    return true;
  }

  /** What never answers cannot be waited for: after some readings it counts as absent, not as late. */
  #tolerate(
    classes: readonly PollClass[],
    incomplete: ReadonlySet<PollClass>,
  ): ReadonlySet<PollClass> {
    for (const pollClass of classes) {
      const count = incomplete.has(pollClass)
        ? (this.#incompleteReadings.get(pollClass) ?? 0) + 1
        : 0;
      this.#incompleteReadings.set(pollClass, count);
    }
    return new Set(
      [...incomplete].filter(
        (pollClass) => (this.#incompleteReadings.get(pollClass) ?? 0) < mostIncomplete,
      ),
    );
  }

  #requireMapping(): CompiledMapping {
    if (this.#mapping === undefined)
      throw new FleetError(
        "fleet.not-active",
        `printer ${this.#options.id} has not answered yet since its mapping file was removed`,
      );
    return this.#mapping;
  }
}

/** Whoever answered, it was not the printer. */
function asSilence(seen: SeenOutcomes): SeenOutcomes {
  return new Map([...seen.keys()].map((protocol) => [protocol, "Timeout"]));
}

function isStranger(error: unknown): boolean {
  return error instanceof FleetError && error.code === "fleet.stranger";
}

/** Whether less is asked of it than it could tell. */
function isPartly(settings: InteractionSettings): boolean {
  return settings["SNMP.Enable"] === false || settings["EWS.Enable"] === false;
}

function noWayIn(settings: InteractionSettings, host: string): FleetError {
  const text = isPartly(settings)
    ? `${host} is not asked: see Interaction.SNMP.Enable and Interaction.EWS.Enable of this printer`
    : `no configured credential fits ${host}; check credentials`;
  return new FleetError("fleet.no-credential", text);
}

/** Documents of other protocols have drivers of their own. */
function isPage({ channel }: DocumentRead): boolean {
  return channel === "ews";
}
