import type { Provenance } from "../mapping/evaluation.ts";
import type { ModelValue } from "../model/definition.ts";
import {
  type PollClass,
  type Shape,
  type Snapshot,
  type ValueChange,
  pollClasses,
} from "../model/snapshot.ts";
import { errorText } from "../shared/errors.ts";
import { logger } from "../shared/log.ts";
import type { DeviceWrite, SnmpSession } from "../southbound/driver.ts";
import { SnmpError, SnmpTimeoutError } from "../southbound/snmp/errors.ts";
import { AgentLink } from "./agent-link.ts";
import { FleetError } from "./errors.ts";
import type { FleetEventKind } from "./fleet-event.ts";
import type { FrozenIdentity } from "./identity.ts";
import { KnownValues } from "./known-values.ts";
import {
  type LifecycleEvent,
  type LifecycleState,
  type Reachability,
  initialState,
  keptState,
  reachabilityOf,
  transition,
} from "./lifecycle.ts";
import type { Reading } from "./merge.ts";
import type { FleetPorts, PrinterAddress } from "./ports.ts";
import type { JournalEntry, QuarantinedValue, StoredPrinter } from "./printer-store.ts";
import { PrinterWrites } from "./printer-writes.ts";
import { sysUpTimeOid } from "./restart-detection.ts";
import type { PrinterWrite, PrinterWriteResult } from "./write-port.ts";

const log = logger("fleet.printer");

/** Contact times alone are saved this often. */
const saveContactEveryMs = 600_000;

/** What `onChange` listeners get; `facts` true when reachability, host or mapping changed. */
export interface PrinterChange {
  readonly values: readonly ValueChange[];
  readonly facts: boolean;
}
type ChangeListener = (change: PrinterChange) => void;
/** Awaited before the restart counts as reported; when it rejects, the restart is reported again with the next poll. */
type RestartListener = () => unknown;

/** What a printer asks of the fleet's scheduler. */
export interface PrinterScheduling {
  /** Reads these classes ahead of the plan; resolves when tried. */
  readonly pollNow: (classes: readonly PollClass[]) => Promise<void>;
  /** How old values of a class may get, milliseconds. */
  readonly periodsMs: Readonly<Record<PollClass, number>>;
}

/** What a printer is loaded from. */
export interface PrinterOptions {
  readonly stored: StoredPrinter;
  readonly ports: FleetPorts;
  readonly scheduling: PrinterScheduling;
  /** Writes that were under way when the process ended. */
  readonly unfinished?: readonly JournalEntry[];
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
  readonly #ports: FleetPorts;
  readonly #scheduling: PrinterScheduling;
  readonly #link: AgentLink;
  readonly #known: KnownValues;
  readonly #changeListeners = new Set<ChangeListener>();
  readonly #restartListeners = new Set<RestartListener>();
  readonly #writes: PrinterWrites;
  #stored: StoredPrinter;
  #state: LifecycleState;
  #lastContactMs: number | undefined;
  #savedAtMs = 0;

  private constructor(options: PrinterOptions, link: AgentLink, known: KnownValues) {
    const { stored, ports } = options;
    const { manufacturer, oui, productClass, serialNumber } = stored;
    this.id = stored.id;
    this.identity = { manufacturer, oui, productClass, serialNumber };
    this.#stored = stored;
    this.#ports = ports;
    this.#scheduling = options.scheduling;
    this.#link = link;
    this.#known = known;
    this.#writes = new PrinterWrites({
      id: stored.id,
      ports,
      link,
      known,
      unfinished: options.unfinished ?? [],
      take: (reading) => this.#take(reading),
      emit: (kind, text) => {
        this.#emit(kind, text);
      },
    });
    this.#state = initialState(stored);
    this.#lastContactMs = stored.lastContactMs;
  }

  /** A printer with all the store remembers of it. */
  static async load(options: PrinterOptions): Promise<Printer> {
    const { stored, ports } = options;
    const { id, mapping, upTime } = stored;
    const link = new AgentLink({ id, identity: stored, address: stored, ports, mapping, upTime });
    const known = await KnownValues.load({
      printerId: id,
      store: ports.store,
      shapes: ports.shapes,
      isWritable: (template) => link.mayWrite && link.mapping?.writable.has(template) === true,
    });
    return new Printer(options, link, known);
  }

  get state(): LifecycleState {
    return this.#state;
  }

  /** The record as the store has or will have it. */
  get stored(): StoredPrinter {
    return this.#stored;
  }

  get quarantine(): readonly QuarantinedValue[] {
    return this.#known.quarantine;
  }

  facts(): {
    readonly host: string;
    readonly reachability: Reachability;
    readonly lastContactMs: number | undefined;
    readonly mapping: string;
    readonly mappingVersion: string;
    readonly discoveredBy: string;
    readonly proxyProtocol: string;
    readonly macAddress: string | undefined;
  } {
    return {
      host: this.#stored.host,
      reachability: reachabilityOf(this.#state),
      lastContactMs: this.#lastContactMs,
      mapping: this.#stored.mapping,
      mappingVersion: this.#link.mapping?.selected.version ?? "",
      discoveredBy: this.#stored.discoveredBy,
      proxyProtocol: "X_MFPGATE-ORG_SNMP",
      macAddress: this.#stored.macAddress,
    };
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

  /**
   * Reads the classes of `paths` (names, or partial paths ending with a dot) that are older than their period. Gives
   * up at `deadlineMs` (epoch milliseconds); the old values stay then, and always when the printer is unreachable.
   */
  async refresh(paths: readonly string[], deadlineMs: number): Promise<void> {
    if (reachabilityOf(this.#state) !== "Online") return;
    const classes = this.#outdatedClasses(paths);
    const leftMs = deadlineMs - this.#ports.clock.nowMs();
    if (classes.length === 0 || leftMs <= 0) return;
    const read = this.#scheduling.pollNow(classes).catch((error: unknown) => {
      if (!(error instanceof FleetError)) throw error;
      log.debug("on-demand read refused", { device: this.id, error: error.message });
    });
    await new Promise<void>((resolve, reject) => {
      const cancel = this.#ports.clock.after(leftMs, resolve);
      read.then(resolve, reject).finally(cancel);
    });
  }

  /** Writes all or nothing; the answer is given after reading back. */
  async write(writes: readonly PrinterWrite[]): Promise<PrinterWriteResult> {
    if (reachabilityOf(this.#state) !== "Online")
      return { outcome: "unreachable", reason: `${this.#stored.host} does not answer` };
    try {
      return await this.#link.talk((session) => this.#writes.write(session, writes));
    } catch (error) {
      if (!(error instanceof SnmpError) && !(error instanceof FleetError)) throw error;
      return { outcome: "unreachable", reason: errorText(error) };
    }
  }

  /** Why a parameter the mapping could write is read-only; undefined when it is not, or when nobody can change that. */
  whyReadOnly(path: string): string | undefined {
    const template = this.#known.keyOf(path)?.template;
    if (template === undefined || this.#link.mapping?.writable.has(template) !== true)
      return undefined;
    return this.#link.mayWrite
      ? "cannot be set before the printer is read again"
      : "cannot be set: no credential for this printer has a write community";
  }

  /** Restarts the printer; undefined when its mapping or our credential does not allow it. */
  get reboot(): (() => Promise<void>) | undefined {
    return this.#action(this.#link.mapping?.reboot);
  }

  /** Puts the printer back to factory settings; undefined when its mapping or our credential does not allow it. */
  get factoryReset(): (() => Promise<void>) | undefined {
    return this.#action(this.#link.mapping?.factoryReset);
  }

  /**
   * Reads one parameter live and says where it comes from; undefined for an unknown path.
   * @throws {SnmpError} when the printer is silent
   */
  async explain(path: string): Promise<PrinterExplanation | undefined> {
    const { shape } = this.snapshot();
    const position = shape.indexOf.get(path);
    const key = this.#known.keyOf(path);
    const pollClass = shape.pollClasses[position ?? -1];
    if (position === undefined || key === undefined || pollClass === undefined) return undefined;
    const provenance = await this.#link.talk(async (session) => {
      await this.#takeReading(session, [pollClass]);
      return this.#link.explain(session, pollClass, key);
    });
    const value = this.snapshot().values[this.snapshot().shape.indexOf.get(path) ?? -1] ?? "";
    const quarantined = this.quarantine.find((entry) => entry.path === path);
    return { path, value, provenance, quarantined };
  }

  /**
   * Asks the agent for its uptime and nothing else; milliseconds it took, the wait for our turn not counted.
   * @throws {SnmpError} when it is silent, {FleetError} `fleet.no-credential`, `fleet.printer-busy`
   */
  responseMs(signal: AbortSignal): Promise<number> {
    return this.#link.talk(async (session) => {
      const startedMs = this.#ports.clock.nowMs();
      await session.read({ scalars: [sysUpTimeOid], columns: [] }, signal);
      return this.#ports.clock.nowMs() - startedMs;
    });
  }

  /**
   * One poll. False when the printer was silent or another machine answered.
   * @throws {StoreError} when the result could not be saved; the old values stay
   */
  async poll(classes: readonly PollClass[], signal?: AbortSignal): Promise<boolean> {
    try {
      await this.#link.talk(async (session) => {
        await this.#takeReading(session, classes, signal);
        await this.#writes.finish(session);
      });
      return true;
    } catch (error) {
      if (signal?.aborted === true) return true;
      const isStranger = error instanceof FleetError && error.code === "fleet.stranger";
      const isLocked = error instanceof FleetError && error.code === "fleet.no-credential";
      if (!(error instanceof SnmpError) && !isStranger && !isLocked) throw error;
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
    const from = this.#stored.host;
    this.#link.moveTo(address);
    this.#known.forgetPlacements();
    const { host, snmpPort, credential } = address;
    this.#stored = { ...this.#stored, host, snmpPort, credential };
    await this.#save();
    if (from === host) return;
    this.#emit("moved", `found at ${host}, was at ${from}`);
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

  /** Saves what is only in memory (contact time) and ends the session; for an orderly end. */
  async close(): Promise<void> {
    this.#link.close();
    if (this.#lastContactMs !== this.#stored.lastContactMs || !this.#isStateSaved())
      await this.#save();
  }

  #action(write: DeviceWrite | undefined): (() => Promise<void>) | undefined {
    if (write?.driver !== "snmp" || !this.#link.mayWrite) return undefined;
    return () =>
      this.#link.talk(async (session) => {
        try {
          await session.write(write.writes);
        } catch (error) {
          // Many printers restart before they answer; that they did shows in their uptime.
          if (!(error instanceof SnmpTimeoutError)) throw error;
        }
      });
  }

  async #takeReading(
    session: SnmpSession,
    classes: readonly PollClass[],
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#take(await this.#link.read(session, classes, signal));
    if (this.#link.hasRestarted) await this.#reportRestart();
  }

  /** Listeners first, the uptime last: a process that dies in between reports the restart again rather than never. */
  async #reportRestart(): Promise<void> {
    this.#emit("restarted", "the printer was restarted");
    for (const listener of this.#restartListeners) await listener();
    this.#link.settleRestart();
    await this.#save();
  }

  /** Takes a reading in: store first, then memory, then whoever listens. */
  async #take(reading: Reading): Promise<void> {
    const { changes, notices } = await this.#known.take(reading);
    this.#lastContactMs = reading.readAtMs;
    const isNewMapping = reading.isNewMapping && this.#noteMapping();
    this.#link.settleMapping();
    const wasBack = await this.#happened("answered", "");
    if (isNewMapping || reading.readAtMs - this.#savedAtMs >= saveContactEveryMs)
      await this.#save();
    for (const { kind, text } of notices) this.#emit(kind, text);
    if (changes.length > 0 || (isNewMapping && !wasBack))
      this.#notify({ values: changes, facts: isNewMapping });
  }

  #noteMapping(): boolean {
    const selected = this.#link.mapping?.selected;
    if (selected === undefined) return false;
    const before = this.#stored.mapping;
    this.#stored = { ...this.#stored, mapping: selected.name };
    this.#emit("mappingChanged", `${before} → ${selected.name} (${selected.version})`);
    return true;
  }

  /** Steps the state machine; true when a printer that was unreachable is back. */
  async #happened(event: LifecycleEvent, reason: string): Promise<boolean> {
    const before = this.#state;
    const after = transition(before, event);
    if (after === before) return false;
    this.#state = after;
    if (after === "unreachable") this.#link.distrust();
    const isBack = before === "unreachable" && after === "online";
    if (after === "unreachable" && event === "displaced") this.#emit("stranger", reason);
    else if (after === "unreachable") this.#emit("unreachable", reason);
    else if (isBack) this.#emit("online", `answers at ${this.#stored.host}`);
    // First: that the printer is off is true, even when it cannot be saved.
    if (reachabilityOf(before) !== reachabilityOf(after)) this.#notify({ values: [], facts: true });
    if (!this.#isStateSaved()) await this.#save();
    return isBack;
  }

  #outdatedClasses(paths: readonly string[]): readonly PollClass[] {
    const { shape, readAtMs } = this.snapshot();
    const nowMs = this.#ports.clock.nowMs();
    const outdated = new Set(
      pollClasses.filter(
        (pollClass) => nowMs - (readAtMs[pollClass] ?? 0) > this.#scheduling.periodsMs[pollClass],
      ),
    );
    if (outdated.size === 0) return [];
    const wanted = new Set<PollClass>();
    for (const path of paths)
      for (const pollClass of classesBelow(shape, path))
        if (outdated.has(pollClass)) wanted.add(pollClass);
    return pollClasses.filter((pollClass) => wanted.has(pollClass));
  }

  #isStateSaved(): boolean {
    const { state, isUnreachable } = keptState(this.#state);
    return this.#stored.state === state && this.#stored.isUnreachable === isUnreachable;
  }

  async #save(): Promise<void> {
    const { upTime } = this.#link;
    const kept = keptState(this.#state);
    this.#stored = { ...this.#stored, ...kept, upTime, lastContactMs: this.#lastContactMs };
    this.#savedAtMs = this.#ports.clock.nowMs();
    await this.#ports.store.save(this.#stored);
  }

  #emit(kind: FleetEventKind, text: string): void {
    log.info(kind, { device: this.id, text });
    this.#ports.emit({ kind, device: this.id, atMs: this.#ports.clock.nowMs(), text });
  }

  #notify(change: PrinterChange): void {
    for (const listener of this.#changeListeners) listener(change);
  }
}

/** Poll classes of a parameter, or of everything below a partial path. */
function classesBelow(shape: Shape, path: string): Iterable<PollClass> {
  const position = shape.indexOf.get(path);
  const exact = position === undefined ? undefined : shape.pollClasses[position];
  if (exact !== undefined) return [exact];
  if (path !== "" && !path.endsWith(".")) return [];
  return new Set(shape.pollClasses.filter((_, n) => shape.paths[n]?.startsWith(path) === true));
}
