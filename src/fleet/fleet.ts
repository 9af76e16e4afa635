import type { Candidate } from "../discovery/candidate.ts";
import type { PollClass } from "../model/snapshot.ts";
import { errorText } from "../shared/errors.ts";
import { logger } from "../shared/log.ts";
import { SouthboundError } from "../southbound/errors.ts";
import { StoreError } from "../store/errors.ts";
import {
  type Applicant,
  type Member,
  addressOf,
  decide,
  interview,
  isInPlace,
} from "./adoption.ts";
import { CandidateQueue } from "./candidate-queue.ts";
import { FleetError } from "./errors.ts";
import type { FleetEventKind } from "./fleet-event.ts";
import { FleetListeners } from "./fleet-listeners.ts";
import type { LifecycleState } from "./lifecycle.ts";
import { type PollPeriods, PollScheduler, type PollSchedulerStatus } from "./poll-scheduler.ts";
import type { DriverNews, FleetPorts } from "./ports.ts";
import { Printer, type PrinterExplanation } from "./printer.ts";
import type { JournalEntry, StoredPrinter } from "./printer-store.ts";

const log = logger("fleet.fleet");

/** Printers read from the store side by side at the start; the store bounds its own queue. */
const loadedAtOnce = 100;

/** The part of the configuration the fleet obeys. */
export interface FleetConfig {
  readonly periodsMs: PollPeriods;
  /** `manual`: a new printer waits for `approve` before it is polled and presented. */
  readonly approval: "auto" | "manual";
  /** Printers polled at the same time; 32 unless told. */
  readonly concurrency?: number;
}

/** Whether printers answered in their places, as far as it was asked for one candidate. */
type Presence = Map<string, Promise<boolean>>;

/** Counts for status displays and metrics. */
export interface FleetStatus {
  readonly printers: Readonly<Record<LifecycleState, number>>;
  readonly polling: PollSchedulerStatus;
  /** Candidates waiting to be looked at. */
  readonly candidates: number;
  /** Values held back or left half-written, all printers. */
  readonly quarantined: number;
}

/**
 * All printers this box looks after: takes candidates in, polls, writes, retires. Restart-safe: what the store knows is
 * presented at once, and a new printer is on disk before anybody hears of it.
 */
export class Fleet {
  readonly #ports: FleetPorts;
  readonly #config: FleetConfig;
  readonly #printers = new Map<string, Printer>();
  readonly #scheduler: PollScheduler;
  readonly #candidates: CandidateQueue;
  readonly #listeners = new FleetListeners<Printer>();
  readonly #abort = new AbortController();
  #deciding: Promise<void> = Promise.resolve();
  #isStoreFailing = false;

  constructor(ports: FleetPorts, config: FleetConfig) {
    this.#ports = ports;
    this.#config = config;
    this.#scheduler = new PollScheduler({
      clock: ports.clock,
      periodsMs: config.periodsMs,
      run: (id, classes, signal) => this.#poll(id, classes, signal),
      ...(config.concurrency === undefined ? {} : { concurrency: config.concurrency }),
    });
    this.#candidates = new CandidateQueue((candidate) => this.#consider(candidate));
  }

  /** Loads what the store knows and starts polling. @throws {StoreError} */
  async start(): Promise<void> {
    const unfinished = await this.#ports.store.unfinishedJournal();
    const all = await this.#ports.store.list();
    for (let first = 0; first < all.length; first += loadedAtOnce)
      await Promise.all(
        all.slice(first, first + loadedAtOnce).map((stored) => {
          const open = unfinished.filter(({ printerId }) => printerId === stored.id);
          return this.#load(stored, open);
        }),
      );
    for (const printer of this.printers())
      this.#scheduler.add(printer.id, printer.snapshot().readAtMs, printer.periodsMs);
    this.#scheduler.start();
    log.info("fleet started", { printers: this.#printers.size, unfinished: unfinished.length });
  }

  /** Ends polling and adoption; resolves when nothing talks to a printer any more. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await Promise.all([this.#scheduler.stop(), this.#candidates.stop()]);
    await this.#deciding;
    for (const printer of this.#printers.values()) await printer.close();
  }

  /** Printers that are presented: adopted, approved, not retired. */
  printers(): readonly Printer[] {
    return this.inventory().filter(({ state }) => state !== "pending" && state !== "retired");
  }

  /** All printers, also those awaiting approval and retired ones. */
  inventory(): readonly Printer[] {
    return [...this.#printers.values()];
  }

  /** Any printer of the inventory. */
  printer(id: string): Printer | undefined {
    return this.#printers.get(id);
  }

  /** Takes in what discovery found; returns at once. False when the queue is full or the fleet was stopped. */
  offer(candidate: Candidate): boolean {
    return this.#candidates.add(candidate);
  }

  /** Resolves when every candidate offered so far has been dealt with. */
  async settled(): Promise<void> {
    await this.#candidates.idle();
    await this.#deciding;
  }

  /** Lets a waiting (or retired) printer in; false when there is none with this id or it is in already. */
  async approve(id: string): Promise<boolean> {
    const printer = this.#printers.get(id);
    if (printer?.state !== "pending" && printer?.state !== "retired") return false;
    await printer.happen("approved");
    this.#emit("approved", id, "approved by the operator");
    await this.#welcome(printer);
    return true;
  }

  /** Stops polling and presenting a printer; it stays in the inventory and is not adopted again. */
  async retire(id: string): Promise<boolean> {
    const printer = this.#printers.get(id);
    if (printer === undefined || printer.state === "retired") return false;
    const wasPresented = printer.state !== "pending";
    this.#scheduler.remove(id);
    await printer.happen("retired");
    this.#emit("retired", id, "retired by the operator");
    if (wasPresented) this.#listeners.tell("retired", printer);
    return true;
  }

  /** Forgets a printer altogether; found again, it is a new one. */
  async remove(id: string): Promise<boolean> {
    const printer = this.#printers.get(id);
    if (printer === undefined) return false;
    this.#scheduler.remove(id);
    this.#printers.delete(id);
    await this.#ports.store.remove(id);
    this.#listeners.tell("removed", printer);
    return true;
  }

  /**
   * Reads a printer now, all classes unless told; resolves when tried.
   * @throws {FleetError} `fleet.unknown-printer`, `fleet.printer-busy`, `fleet.stopped`
   */
  pollNow(id: string, classes?: readonly PollClass[]): Promise<void> {
    return this.#scheduler.pollNow(id, classes);
  }

  /**
   * The mapping files were loaded anew. Printers whose mapping changed are read at once, the others are matched anew
   * with their next poll.
   */
  async reloadMappings(): Promise<void> {
    const mappings = this.#ports.mappings();
    const affected = this.printers().filter((printer) => {
      const { mapping, mappingVersion } = printer.facts();
      return mappings.byName(mapping)?.selected.version !== mappingVersion;
    });
    await Promise.allSettled(affected.map(({ id }) => this.#scheduler.pollNow(id, ["identity"])));
  }

  /** A live read of one parameter with its provenance; undefined for an unknown printer or path. */
  async explain(id: string, path: string): Promise<PrinterExplanation | undefined> {
    return this.#printers.get(id)?.explain(path);
  }

  /** Takes the level a counter was held back at for right; false when it is not held back. */
  async acceptCounter(id: string, path: string): Promise<boolean> {
    return (await this.#printers.get(id)?.acceptCounter(path)) ?? false;
  }

  /** A printer is to be presented: newly adopted, or approved. Not called for those known at `start`. */
  onAdopted(listener: (printer: Printer) => void): () => void {
    return this.#listeners.on("adopted", listener);
  }

  onRetired(listener: (printer: Printer) => void): () => void {
    return this.#listeners.on("retired", listener);
  }

  onRemoved(listener: (printer: Printer) => void): () => void {
    return this.#listeners.on("removed", listener);
  }

  status(): FleetStatus {
    const printers = { pending: 0, online: 0, doubtful: 0, unreachable: 0, retired: 0 };
    let quarantined = 0;
    for (const printer of this.#printers.values()) {
      printers[printer.state]++;
      quarantined += printer.quarantine.length;
    }
    const polling = this.#scheduler.status();
    return { printers, polling, candidates: this.#candidates.size, quarantined };
  }

  async #load(stored: StoredPrinter, unfinished: readonly JournalEntry[] = []): Promise<Printer> {
    const printer = await Printer.load({
      stored,
      unfinished,
      ports: this.#ports,
      scheduling: {
        periodsMs: this.#config.periodsMs,
        pollNow: (classes) => this.#scheduler.pollNow(stored.id, classes),
        setPeriods: (periodsMs) => {
          this.#scheduler.setPeriods(stored.id, periodsMs);
        },
      },
    });
    this.#printers.set(stored.id, printer);
    return printer;
  }

  /** Polls and presents a printer from now on; its values are read before anybody hears of it. */
  async #welcome(printer: Printer): Promise<void> {
    this.#scheduler.add(printer.id, printer.snapshot().readAtMs, printer.periodsMs);
    try {
      await this.#scheduler.pollNow(printer.id);
    } catch (error) {
      if (!(error instanceof FleetError)) throw error;
      log.debug("first poll refused", { device: printer.id, error: error.message });
    }
    this.#listeners.tell("adopted", printer);
  }

  async #poll(id: string, classes: readonly PollClass[], signal: AbortSignal): Promise<boolean> {
    const printer = this.#printers.get(id);
    if (printer === undefined) return false;
    try {
      const hasAnswered = await printer.poll(classes, signal);
      if (hasAnswered && this.#isStoreFailing) {
        this.#isStoreFailing = false;
        this.#emit("storeRecovered", "store", "values are saved again");
      }
      return hasAnswered;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#storeFailed(error);
      return true;
    }
  }

  /** Says once that nothing can be saved; values stay as they are on disk until it is possible again. */
  #storeFailed(error: StoreError): void {
    if (this.#isStoreFailing) return;
    this.#isStoreFailing = true;
    this.#emit("storeFailed", "store", error.message);
  }

  /** Interviews a candidate; deciding is serial, so that one printer with two addresses is not adopted twice. */
  async #consider(candidate: Candidate): Promise<void> {
    const { host } = candidate.access;
    if (this.#isOldNews(candidate)) return;
    try {
      const tell: DriverNews = (kind, text) => {
        this.#emit(kind, host, text);
      };
      const applicant = await interview(candidate, this.#ports, tell, this.#abort.signal);
      if ("refused" in applicant) {
        this.#emit("adoptionRefused", host, applicant.refused);
        return;
      }
      const presence: Presence = new Map();
      // Asking takes long where nobody answers any more; done here, many that moved wait side by side.
      await decide(applicant, this.#members(presence), this.#ports.clock.nowMs());
      const decided = this.#deciding.then(() => this.#decide(applicant, presence));
      this.#deciding = decided.then(
        () => undefined,
        () => undefined, // reported below
      );
      const adopted = await decided;
      if (adopted !== undefined) await this.#welcome(adopted);
    } catch (error) {
      if (error instanceof StoreError) this.#storeFailed(error);
      else if (error instanceof SouthboundError)
        log.info("candidate fell silent", { host, error: error.message });
      else log.error("candidate could not be adopted", { host, error: errorText(error) });
    }
  }

  /** The printer known in this place answers there. */
  #isOldNews(candidate: Candidate): boolean {
    return this.inventory().some(
      ({ stored, state }) => state === "online" && isInPlace(stored, candidate),
    );
  }

  /** Carries a decision out; the printer to welcome, if any. */
  async #decide(applicant: Applicant, presence: Presence): Promise<Printer | undefined> {
    const { candidate } = applicant;
    const members = this.#members(presence);
    const decision = await decide(applicant, members, this.#ports.clock.nowMs());
    const { host } = candidate.access;
    switch (decision.decision) {
      case "ignore":
        log.debug("candidate is known", { device: decision.id, host, why: decision.why });
        this.#scheduler.wake(decision.id);
        return undefined;
      case "refuse":
        this.#emit("adoptionRefused", host, decision.why);
        return undefined;
      case "move":
        await this.#displaceOthers(applicant, decision.id);
        await this.#printers.get(decision.id)?.moveTo(addressOf(candidate));
        this.#scheduler.wake(decision.id);
        return undefined;
      case "adopt":
        await this.#displaceOthers(applicant, decision.printer.id);
        return this.#adopt(decision.printer);
    }
  }

  async #adopt(found: StoredPrinter): Promise<Printer | undefined> {
    const isWaiting = this.#config.approval === "manual";
    const stored: StoredPrinter = isWaiting ? { ...found, state: "pending" } : found;
    await this.#ports.store.save(stored);
    const printer = await this.#load(stored);
    const text = `${stored.manufacturer} ${stored.productClass} ${stored.serialNumber} at ${stored.host}`;
    this.#emit(isWaiting ? "awaitingApproval" : "adopted", stored.id, text);
    return isWaiting ? undefined : printer;
  }

  /** Whoever was believed to be in this place is not: the applicant is. */
  async #displaceOthers({ candidate }: Applicant, exceptId: string): Promise<void> {
    for (const printer of this.printers())
      if (printer.id !== exceptId && isInPlace(printer.stored, candidate))
        await printer.happen("displaced");
  }

  /** Everybody known; each is asked once in each place, and `presence` keeps the answer. */
  #members(presence: Presence): readonly Member[] {
    return this.inventory().map((printer) => ({
      stored: printer.stored,
      isThere: () => {
        const { host, snmpPort = "", ews, credential = "" } = printer.stored;
        const place = `${printer.id} ${host}:${snmpPort} ${ews?.port ?? ""} ${credential}`;
        const answer = presence.get(place) ?? printer.isThere();
        presence.set(place, answer);
        return answer;
      },
    }));
  }

  #emit(kind: FleetEventKind, device: string, text: string): void {
    log.info(kind, { device, text });
    this.#ports.emit({ kind, device, atMs: this.#ports.clock.nowMs(), text });
  }
}
