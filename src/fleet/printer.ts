import type { Provenance } from "../mapping/evaluation.ts";
import type { ModelValue } from "../model/definition.ts";
import { valueAt } from "../model/shapes.ts";
import { type PollClass, type Snapshot, type ValueChange, pollClasses } from "../model/snapshot.ts";
import { errorText } from "../shared/errors.ts";
import { logger } from "../shared/log.ts";
import type { DeviceSession } from "../southbound/driver.ts";
import { SouthboundError } from "../southbound/errors.ts";
import { atMost } from "./at-most.ts";
import { FleetError } from "./errors.ts";
import type { FleetEvent, FleetEventKind } from "./fleet-event.ts";
import type { FrozenIdentity } from "./identity.ts";
import { Interaction, type InteractionChange } from "./interaction.ts";
import { parseSettings } from "./interaction-settings.ts";
import { KnownValues } from "./known-values.ts";
import { type LifecycleEvent, type LifecycleState, reachabilityOf } from "./lifecycle.ts";
import type { Reading } from "./merge.ts";
import { type AskedAtMs, outdatedClasses } from "./outdated-classes.ts";
import { PageMemory, describePageChange } from "./page-memory.ts";
import type { DriverNews, FleetPorts, PrinterAddress } from "./ports.ts";
import { printerAction } from "./printer-actions.ts";
import { type PrinterFacts, factsOf, readOnlyReason } from "./printer-facts.ts";
import { PrinterLink, type PrinterWeb } from "./printer-link.ts";
import { PrinterRecord } from "./printer-record.ts";
import type { JournalEntry, QuarantinedValue, StoredPrinter } from "./printer-store.ts";
import type { PrinterScheduling } from "./printer-scheduling.ts";
import { PrinterWrites } from "./printer-writes.ts";
import { ProtocolOutcomes } from "./protocol-outcomes.ts";
import { Remembered } from "./remembered.ts";
import type { PrinterWrite, PrinterWriteResult, Writer } from "./write-port.ts";
import type { WritePreview } from "./write-preview.ts";

const log = logger("fleet.printer");

/** What `onChange` listeners get; `facts` true when reachability, host or mapping changed. */
export interface PrinterChange {
  readonly values: readonly ValueChange[];
  readonly facts: boolean;
}
type ChangeListener = (change: PrinterChange) => void;
/** Awaited before the restart counts as reported; when it rejects, the restart is reported again with the next poll. */
type RestartListener = () => unknown;

/** What a printer is loaded from. */
export interface PrinterOptions {
  readonly stored: StoredPrinter;
  readonly ports: FleetPorts;
  readonly scheduling: PrinterScheduling;
  /** Writes that were under way when the process ended. */
  readonly unfinished?: readonly JournalEntry[];
}

interface PrinterParts {
  readonly link: PrinterLink;
  readonly known: KnownValues;
  readonly pages: PageMemory;
  /** What the drivers had to remember, as saved. */
  readonly kept: string | undefined;
}

/** Where a value comes from, read live. */
export interface PrinterExplanation {
  readonly path: string;
  /** As presented; differs from what was just read while a counter is held back. */
  readonly value: ModelValue;
  /** Undefined when the printer does not tell the value just now, or mfpgate makes it (row counts). */
  readonly provenance: Provenance | undefined;
  /** Why another value than the one read is presented. */
  readonly quarantined: QuarantinedValue | undefined;
}

/**
 * One adopted printer: polls it, keeps what it says, writes to it. Implements the presentation's `PrinterView`.
 */
export class Printer {
  readonly id: string;
  readonly identity: FrozenIdentity;
  /** How it is talked to, as far as somebody can read and set it. */
  readonly interaction: Interaction;
  readonly #ports: FleetPorts;
  readonly #scheduling: PrinterScheduling;
  readonly #link: PrinterLink;
  readonly #known: KnownValues;
  readonly #askedAtMs: AskedAtMs = {};
  readonly #changeListeners = new Set<ChangeListener>();
  readonly #restartListeners = new Set<RestartListener>();
  readonly #pages: PageMemory;
  readonly #writes: PrinterWrites;
  readonly #record: PrinterRecord;
  readonly #remembered: Remembered;
  /** Set to another address: who is there will be told, also of a printer that was away. */
  #isPlaceNew = false;

  private constructor(options: PrinterOptions, parts: PrinterParts) {
    const { stored, ports } = options;
    const { link, known, pages } = parts;
    const { manufacturer, oui, productClass, serialNumber } = stored;
    this.id = stored.id;
    this.identity = { manufacturer, oui, productClass, serialNumber };
    this.#record = new PrinterRecord(stored, ports, () => link.upTime);
    this.#ports = ports;
    this.#scheduling = options.scheduling;
    this.#link = link;
    this.#known = known;
    this.#pages = pages;
    this.#remembered = new Remembered({ printerId: stored.id, store: ports.store, ...parts });
    const own = { id: stored.id, ports, link, emit: this.#emit.bind(this) };
    this.#writes = new PrinterWrites({
      ...own,
      known,
      unfinished: options.unfinished ?? [],
      take: (reading) => this.#take(reading),
    });
    this.interaction = new Interaction({
      ...own,
      record: this.#record,
      statusPeriodMs: options.scheduling.periodsMs.status,
      changed: this.#interactionChanged.bind(this),
    });
  }

  /** A printer with all the store remembers of it. */
  static async load(options: PrinterOptions): Promise<Printer> {
    const { stored, ports } = options;
    const { id, mapping, upTime } = stored;
    const memory = await ports.store.loadMemory(id);
    const { drivers: kept, pages: keptPages } = memory;
    const say: DriverNews = (kind, text) => {
      tell({ kind, device: id, atMs: ports.clock.nowMs(), text }, ports);
    };
    const pages = new PageMemory(keptPages, {
      onChange: (change) => {
        say("pageChanged", describePageChange(change, id));
      },
      firmware: () => String(valueAt(known.snapshot, "Device.DeviceInfo.SoftwareVersion") ?? ""),
    });
    const link = new PrinterLink({
      ...{ id, identity: stored, address: stored, ports, mapping, upTime, kept, pages, tell: say },
      settings: parseSettings(memory.interaction),
      outcomes: new ProtocolOutcomes(memory.outcomes),
    });
    const known = await KnownValues.load({
      printerId: id,
      store: ports.store,
      shapes: ports.shapes,
      isWritable: (template) => !ports.writePolicy.readOnly && link.mayWrite(template),
    });
    return new Printer(options, { link, known, pages, kept });
  }

  get state(): LifecycleState {
    return this.#record.state;
  }

  /** The record as the store has or will have it. */
  get stored(): StoredPrinter {
    return this.#record.stored;
  }

  get quarantine(): readonly QuarantinedValue[] {
    return this.#known.quarantine;
  }

  facts(): PrinterFacts {
    return factsOf(this.#record, this.#link);
  }

  /** How often its classes are read, milliseconds. */
  get periodsMs(): Readonly<Record<PollClass, number>> {
    const { periodsMs } = this.#scheduling;
    const { statusPeriodMs } = this.interaction;
    return statusPeriodMs === periodsMs.status
      ? periodsMs
      : { ...periodsMs, status: statusPeriodMs };
  }

  snapshot(): Snapshot {
    return this.#known.snapshot;
  }

  onChange(listener: ChangeListener): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  onRestart(listener: RestartListener): () => void {
    this.#restartListeners.add(listener);
    return () => this.#restartListeners.delete(listener);
  }

  /** Reads what is outdated of `paths` (names, or partial paths), until `deadlineMs`; what is not read stays as it is. */
  async refresh(paths: readonly string[], deadlineMs: number): Promise<void> {
    if (reachabilityOf(this.state) !== "Online") return;
    const nowMs = this.#ports.clock.nowMs();
    const asked = { periodsMs: this.periodsMs, askedAtMs: this.#askedAtMs, nowMs };
    const classes = outdatedClasses(paths, this.snapshot(), asked);
    if (classes.length === 0 || deadlineMs <= nowMs) return;
    const read = this.#scheduling.pollNow(classes).catch((error: unknown) => {
      if (!(error instanceof FleetError)) throw error;
      log.debug("on-demand read refused", { device: this.id, error: error.message });
    });
    await atMost(deadlineMs - nowMs, read, this.#ports.clock);
  }

  /** Writes all or nothing; the answer is given after reading back, or after all is sent where the printer restarts. */
  async write(
    writes: readonly PrinterWrite[],
    { who }: { readonly who: Writer } = { who: "acs" },
  ): Promise<PrinterWriteResult> {
    if (reachabilityOf(this.state) !== "Online")
      return this.#writes.refuse(writes, who, `${this.stored.host} does not answer`);
    try {
      return await this.#talk((session) => this.#writes.write(session, writes, who));
    } catch (error) {
      if (!(error instanceof SouthboundError) && !(error instanceof FleetError)) throw error;
      return this.#writes.refuse(writes, who, errorText(error));
    }
  }

  /**
   * What a write would do, step by step; the printer is read and nothing else.
   * @throws {SouthboundError} when it is silent, {FleetError} `fleet.no-credential`, `fleet.printer-busy`
   */
  planWrites(writes: readonly PrinterWrite[]): Promise<WritePreview> {
    return this.#talk((session) => this.#writes.preview(session, writes));
  }

  /** Why a parameter the mapping could write is read-only; undefined when it is not, or when nobody can change that. */
  whyReadOnly(path: string): string | undefined {
    const template = this.#known.keyOf(path)?.template;
    return readOnlyReason(template, this.#link, this.#ports.writePolicy);
  }

  /** Restarts the printer; undefined when its mapping or our credential does not allow it. */
  get reboot(): (() => Promise<void>) | undefined {
    return printerAction(this.#link.mapping?.reboot, this.#link);
  }

  /** Puts the printer back to factory settings; undefined when its mapping or our credential does not allow it. */
  get factoryReset(): (() => Promise<void>) | undefined {
    return printerAction(this.#link.mapping?.factoryReset, this.#link);
  }

  /**
   * Reads one parameter live and says where it comes from; undefined for an unknown path.
   * @throws {SouthboundError} when the printer is silent
   */
  async explain(path: string): Promise<PrinterExplanation | undefined> {
    const { shape } = this.snapshot();
    const position = shape.indexOf.get(path);
    const key = this.#known.keyOf(path);
    const pollClass = shape.pollClasses[position ?? -1];
    if (position === undefined || key === undefined || pollClass === undefined) return undefined;
    const provenance = await this.#talk(async (session) => {
      await this.#takeReading(session, [pollClass]);
      return this.#link.explain(session, pollClass, key);
    });
    const value = this.snapshot().values[this.snapshot().shape.indexOf.get(path) ?? -1] ?? "";
    const quarantined = this.quarantine.find((entry) => entry.path === path);
    return { path, value, provenance, quarantined };
  }

  /**
   * Asks the agent for its uptime, or the web server for one page, and nothing else; milliseconds it took, the wait for our turn not counted.
   * @throws {SouthboundError} when it is silent, {FleetError} `fleet.no-credential`, `fleet.printer-busy`
   */
  responseMs(signal: AbortSignal): Promise<number> {
    return this.#link.talk(async (session) => {
      const startedMs = this.#ports.clock.nowMs();
      await this.#link.knock(session, signal);
      return this.#ports.clock.nowMs() - startedMs;
    });
  }

  /**
   * One poll. False when the printer was silent or another machine answered.
   * @throws {StoreError} when the result could not be saved; the old values stay
   */
  async poll(classes: readonly PollClass[], signal?: AbortSignal): Promise<boolean> {
    try {
      await this.#talk(async (session) => {
        await this.#takeReading(session, classes, signal);
        await this.#writes.finish(session);
      });
      return true;
    } catch (error) {
      if (signal?.aborted === true) return true;
      const isStranger = error instanceof FleetError && error.code === "fleet.stranger";
      const isLocked = error instanceof FleetError && error.code === "fleet.no-credential";
      if (!(error instanceof SouthboundError) && !isStranger && !isLocked) throw error;
      await this.#happened(isStranger ? "displaced" : "silent", error.message);
      return false;
    }
  }

  /** Whether the printer itself, and no other machine, answers at its address now. */
  async isThere(): Promise<boolean> {
    this.#link.distrust();
    return this.poll(["status"]);
  }

  /** The printer was found at another address or with another credential. */
  async moveTo(address: PrinterAddress): Promise<void> {
    const from = this.stored.host;
    this.#link.moveTo(address);
    this.#known.forgetPlacements();
    await this.#record.moveTo(address);
    if (from === address.host) return;
    this.#emit("moved", `found at ${address.host}, was at ${from}`);
    this.#notify({ values: [], facts: true });
  }

  /** Approval, retirement and what polls find; saved when it changes what is kept. */
  async happen(event: "approved" | "retired" | "displaced"): Promise<void> {
    await this.#happened(event, "");
  }

  /** Takes the level a counter was held back at; false when it is not held back. */
  async acceptCounter(path: string): Promise<boolean> {
    const changes = await this.#known.acceptCounter(path, this.#ports.clock.nowMs());
    if (changes === undefined) return false;
    this.#emit("counterReleased", `${path}: accepted by the operator`);
    if (changes.length > 0) this.#notify({ values: changes, facts: false });
    return true;
  }

  /** Takes its pages for right as they are now; false when all of them were believed. */
  async acceptPages(): Promise<boolean> {
    const pages = this.#pages.accept();
    if (pages.length === 0) return false;
    await this.#remembered.save();
    this.#emit("pagesAccepted", `${pages.join(", ")}: accepted by the operator`);
    return true;
  }

  /** Its web server as far as it is known; undefined when it is not asked for pages. */
  get web(): PrinterWeb | undefined {
    return this.#link.web && { ...this.#link.web, distrustedPages: this.#pages.distrusted };
  }

  /** Forgets the pinned certificate, or that the web password was refused; false when there was no such thing. */
  async forget(what: "certificate" | "refusedPassword"): Promise<boolean> {
    const wasThere = this.#link.forget(what);
    if (wasThere) await this.#remembered.save();
    return wasThere;
  }

  /** Saves what is only in memory (contact time) and ends the session; for an orderly end. */
  async close(): Promise<void> {
    await this.#link.close();
    await this.#record.saveAll();
  }

  /** A conversation, and what there is to remember of it. */
  async #talk<T>(task: (session: DeviceSession) => Promise<T>): Promise<T> {
    try {
      return await this.#link.talk(task);
    } finally {
      await this.#remembered.saveIfPossible();
      if (this.#link.takeOutcomeNews()) this.#notify({ values: [], facts: true });
    }
  }

  /** It is talked to in another way: what that changes is seen at once, and not when its classes are due. */
  #interactionChanged({ isAccess, isMoved }: InteractionChange): void {
    this.#isPlaceNew ||= isMoved;
    this.#scheduling.setPeriods(this.periodsMs);
    this.#known.forgetPlacements();
    this.#notify({ values: [], facts: true });
    if (!isAccess) return;
    this.#scheduling.pollNow(pollClasses).catch((error: unknown) => {
      log.debug("not read anew", { device: this.id, error: errorText(error) });
    });
  }

  async #takeReading(
    session: DeviceSession,
    classes: readonly PollClass[],
    signal?: AbortSignal,
  ): Promise<void> {
    const reading = await this.#link.read(session, classes, signal);
    for (const pollClass of reading.classes) this.#askedAtMs[pollClass] = reading.readAtMs;
    await this.#take(reading);
    if (this.#link.hasRestarted) await this.#reportRestart();
  }

  /** Listeners first, the uptime last: a process that dies in between reports the restart again rather than never. */
  async #reportRestart(): Promise<void> {
    this.#emit("restarted", "the printer was restarted");
    for (const listener of this.#restartListeners) await listener();
    this.#link.settleRestart();
    await this.#record.save();
  }

  /** Takes a reading in: store first, then memory, then whoever listens. */
  async #take(reading: Reading): Promise<void> {
    const { changes, notices } = await this.#known.take(reading);
    this.#record.noteContact(reading.readAtMs);
    const isNewMapping = reading.isNewMapping && this.#noteMapping();
    this.#link.settleMapping();
    const wasBack = await this.#happened("answered", "");
    await (isNewMapping ? this.#record.save() : this.#record.saveIfDue());
    for (const { kind, text } of notices) this.#emit(kind, text);
    if (changes.length > 0 || (isNewMapping && !wasBack))
      this.#notify({ values: changes, facts: isNewMapping });
  }

  #noteMapping(): boolean {
    const selected = this.#link.mapping?.selected;
    if (selected === undefined) return false;
    const before = this.stored.mapping;
    this.#record.noteMapping(selected.name);
    this.#emit("mappingChanged", `${before} → ${selected.name} (${selected.version})`);
    return true;
  }

  /** Steps the state machine; true when a printer that was unreachable is back. */
  async #happened(event: LifecycleEvent, reason: string): Promise<boolean> {
    const before = this.#record.step(event);
    const after = this.state;
    const isNewPlace = this.#isPlaceNew;
    if (event !== "silent") this.#isPlaceNew = false;
    if (after === before && isNewPlace && event === "displaced") this.#emit("stranger", reason);
    if (after === before) return false;
    if (after === "unreachable") this.#link.distrust();
    const isBack = before === "unreachable" && after === "online";
    if (after === "unreachable" && event === "displaced") this.#emit("stranger", reason);
    else if (after === "unreachable") this.#emit("unreachable", reason);
    else if (isBack) this.#emit("online", `answers at ${this.stored.host}`);
    // First: that the printer is off is true, even when it cannot be saved.
    if (reachabilityOf(before) !== reachabilityOf(after)) this.#notify({ values: [], facts: true });
    await this.#record.saveIfDue();
    return isBack;
  }

  #emit(kind: FleetEventKind, text: string): void {
    tell({ kind, device: this.id, atMs: this.#ports.clock.nowMs(), text }, this.#ports);
  }

  #notify(change: PrinterChange): void {
    for (const listener of this.#changeListeners) listener(change);
  }
}

function tell(event: FleetEvent, { emit }: Pick<FleetPorts, "emit">): void {
  log.info(event.kind, { device: event.device, text: event.text });
  emit(event);
}
