import { type PollClass, pollClasses } from "../model/snapshot.ts";
import type { CancelTimer, Clock } from "../shared/clock.ts";
import { errorText } from "../shared/errors.ts";
import { logger } from "../shared/log.ts";
import { DueQueue } from "./due-queue.ts";
import { FleetError } from "./errors.ts";
import { unitInterval } from "./jitter.ts";

const log = logger("fleet.poll-scheduler");

/** How often each class is read, milliseconds; any period of 1 s or more (configuration `polling`). */
export type PollPeriods = Readonly<Record<PollClass, number>>;

/** Reads `classes` of a printer. `false`: it was silent. A rejection is a fault of ours and is logged. */
export type PollRunner = (
  id: string,
  classes: readonly PollClass[],
  signal: AbortSignal,
) => Promise<boolean>;

/** Periods and places; what has a default says so. */
export interface PollSchedulerOptions {
  readonly clock: Clock;
  readonly periodsMs: PollPeriods;
  readonly run: PollRunner;
  /** Printers polled at the same time; reads asked for by an ACS or the CLI get `urgentExtra` more. */
  readonly concurrency?: number;
  readonly urgentExtra?: number;
}

/** Counts for status displays and metrics. */
export interface PollSchedulerStatus {
  readonly printers: number;
  /** Due, but waiting for a free place. */
  readonly queued: number;
  readonly running: number;
}

interface Printer {
  readonly id: string;
  readonly dueMs: Record<PollClass, number>;
  /** Those of the scheduler, unless it has its own. */
  periodsMs: PollPeriods;
  /** Conversations without an answer in a row; drives the back-off. */
  silences: number;
  cycle: number;
  isRunning: boolean;
  /** Classes asked for at once, waiting for a place or for the running poll to end. */
  urgent: Set<PollClass>;
  waiters: { readonly resolve: () => void; readonly reject: (error: unknown) => void }[];
}

/** The first poll after a start is spread over this long, so that a big fleet is not asked at once. */
const startSpreadMs = 10_000;
/** Classes due soon ride along with the one that is due: fewer conversations, a sleeping printer woken less often. */
const rideAlongShare = 0.1;
const longestRideAlongMs = 5_000;
/** Silent printers are asked after 5, 10, 20 … seconds, at least every five minutes. */
const firstBackOffMs = 5_000;
const longestBackOffMs = 300_000;
/** More waiting callers than this for one printer are turned away. */
const mostWaiters = 64;

/**
 * Decides which printer is read when. A printer is queued once however late it is (late polls merge), at most
 * `concurrency` are read at a time, on-demand reads go first, silent printers are left alone for longer and longer.
 * Times are spread by a jitter that depends on the printer's id only, so that a restart does not shift the load.
 */
export class PollScheduler {
  readonly #clock: Clock;
  readonly #periodsMs: PollPeriods;
  readonly #run: PollRunner;
  readonly #concurrency: number;
  readonly #urgentExtra: number;
  readonly #printers = new Map<string, Printer>();
  readonly #queue = new DueQueue();
  readonly #urgentIds = new Set<string>();
  readonly #abort = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #cancelTimer: CancelTimer | undefined;
  #isStarted = false;

  constructor(options: PollSchedulerOptions) {
    this.#clock = options.clock;
    this.#periodsMs = options.periodsMs;
    this.#run = options.run;
    this.#concurrency = options.concurrency ?? 32;
    this.#urgentExtra = options.urgentExtra ?? 8;
  }

  start(): void {
    this.#isStarted = true;
    this.#pump();
  }

  /** Starts nothing more, aborts what runs and resolves when it has ended. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    this.#cancelTimer?.();
    this.#abort.abort();
    for (const printer of this.#printers.values()) this.#turnAway(printer);
    await Promise.all(this.#running);
  }

  /** Takes a printer in; classes read before (`readAtMs`) wait for their period, the others are due soon. */
  add(
    id: string,
    readAtMs: Readonly<Partial<Record<PollClass, number>>>,
    periodsMs = this.#periodsMs,
  ): void {
    if (this.#printers.has(id)) return;
    const nowMs = this.#clock.nowMs();
    const dueMs = { status: 0, supplies: 0, counters: 0, settings: 0, identity: 0 };
    for (const pollClass of pollClasses) {
      const periodMs = periodsMs[pollClass];
      const soonMs = nowMs + unitInterval(id, "start") * Math.min(periodMs, startSpreadMs);
      const lastMs = readAtMs[pollClass];
      dueMs[pollClass] = lastMs === undefined ? soonMs : Math.max(soonMs, lastMs + periodMs);
    }
    // Who has not been heard since the start is asked for its state first of all.
    dueMs.status = Math.min(dueMs.status, nowMs + unitInterval(id, "start") * startSpreadMs);
    const printer: Printer = {
      id,
      dueMs,
      periodsMs,
      silences: 0,
      cycle: 0,
      isRunning: false,
      urgent: new Set(),
      waiters: [],
    };
    this.#printers.set(id, printer);
    this.#enqueue(printer);
    this.#pump();
  }

  /** From now on a printer is read this often; nothing is due later than it would be with the new periods. */
  setPeriods(id: string, periodsMs: PollPeriods): void {
    const printer = this.#printers.get(id);
    if (printer === undefined) return;
    printer.periodsMs = periodsMs;
    const nowMs = this.#clock.nowMs();
    for (const pollClass of pollClasses)
      printer.dueMs[pollClass] = Math.min(printer.dueMs[pollClass], nowMs + periodsMs[pollClass]);
    if (!printer.isRunning && printer.silences === 0) this.#enqueue(printer);
    this.#pump();
  }

  remove(id: string): void {
    const printer = this.#printers.get(id);
    if (printer === undefined) return;
    this.#printers.delete(id);
    this.#queue.delete(id);
    this.#urgentIds.delete(id);
    this.#turnAway(printer);
  }

  /**
   * Reads `classes` ahead of everybody else; resolves when they have been tried.
   * @throws {FleetError} `fleet.unknown-printer`, `fleet.printer-busy`, `fleet.stopped`
   */
  async pollNow(id: string, classes: readonly PollClass[] = pollClasses): Promise<void> {
    const printer = this.#printers.get(id);
    if (printer === undefined)
      throw new FleetError("fleet.unknown-printer", `printer ${id} is not being polled`);
    if (!this.#isStarted)
      throw new FleetError("fleet.stopped", "polling has not been started or was stopped");
    if (printer.waiters.length >= mostWaiters)
      throw new FleetError("fleet.printer-busy", `too many reads of printer ${id} are waiting`);
    await new Promise<void>((resolve, reject) => {
      for (const pollClass of classes) printer.urgent.add(pollClass);
      printer.waiters.push({ resolve, reject });
      this.#urgentIds.add(id);
      this.#pump();
    });
  }

  /** A silent printer showed up elsewhere (discovery): the back-off ends. */
  wake(id: string): void {
    const printer = this.#printers.get(id);
    if (printer === undefined) return;
    printer.silences = 0;
    if (!printer.isRunning) this.#enqueue(printer);
    this.#pump();
  }

  status(): PollSchedulerStatus {
    const queued = this.#queue.countDue(this.#clock.nowMs()) + this.#urgentIds.size;
    return { printers: this.#printers.size, queued, running: this.#running.size };
  }

  #turnAway(printer: Printer): void {
    const error = new FleetError("fleet.stopped", `polling of printer ${printer.id} has ended`);
    for (const waiter of printer.waiters.splice(0)) waiter.reject(error);
  }

  #enqueue(printer: Printer): void {
    this.#queue.set(printer.id, this.#nextDueMs(printer));
  }

  #nextDueMs(printer: Printer): number {
    const dueMs = Math.min(...pollClasses.map((pollClass) => printer.dueMs[pollClass]));
    if (printer.silences === 0) return dueMs;
    const backOffMs = Math.min(firstBackOffMs * 2 ** (printer.silences - 1), longestBackOffMs);
    return this.#clock.nowMs() + backOffMs * (1 + unitInterval(printer.id, "silent") * 0.1);
  }

  /** Starts whatever may run now and sets the timer for what is due next. */
  #pump(): void {
    if (!this.#isStarted) return;
    this.#startUrgent();
    while (this.#running.size < this.#concurrency) {
      const id = this.#queue.take(this.#clock.nowMs());
      const printer = id === undefined ? undefined : this.#printers.get(id);
      if (printer === undefined) break;
      this.#start(printer);
    }
    this.#arm();
  }

  #startUrgent(): void {
    for (const id of this.#urgentIds) {
      if (this.#running.size >= this.#concurrency + this.#urgentExtra) return;
      const printer = this.#printers.get(id);
      if (printer === undefined || printer.isRunning) continue;
      this.#queue.delete(id);
      this.#start(printer);
    }
  }

  #arm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#running.size >= this.#concurrency) return; // the next poll to end pumps again
    const nextMs = this.#queue.nextDueMs();
    if (nextMs === undefined) return;
    this.#cancelTimer = this.#clock.after(nextMs - this.#clock.nowMs(), () => {
      this.#pump();
    });
  }

  /** What somebody waits for, else what is due. A silent printer is asked for its state only until it is back. */
  #classesFor(printer: Printer): readonly PollClass[] {
    const { urgent, periodsMs } = printer;
    if (urgent.size > 0) return pollClasses.filter((pollClass) => urgent.has(pollClass));
    if (printer.silences > 0) return ["status"];
    const nowMs = this.#clock.nowMs();
    return pollClasses.filter((pollClass) => {
      const rideAlongMs = Math.min(periodsMs[pollClass] * rideAlongShare, longestRideAlongMs);
      return printer.dueMs[pollClass] <= nowMs + rideAlongMs;
    });
  }

  #start(printer: Printer): void {
    const classes = this.#classesFor(printer);
    printer.isRunning = true;
    this.#urgentIds.delete(printer.id);
    printer.urgent.clear();
    const waiters = printer.waiters.splice(0);
    const poll = this.#poll(printer, classes).finally(() => {
      this.#running.delete(poll);
      printer.isRunning = false;
      for (const waiter of waiters) waiter.resolve();
      if (this.#printers.get(printer.id) === printer) this.#enqueue(printer);
      this.#pump();
    });
    this.#running.add(poll);
  }

  async #poll(printer: Printer, classes: readonly PollClass[]): Promise<void> {
    const startedAtMs = this.#clock.nowMs();
    try {
      const hasAnswered = await this.#run(printer.id, classes, this.#abort.signal);
      if (hasAnswered) this.#answered(printer, classes, startedAtMs);
      else printer.silences++;
    } catch (error) {
      this.#answered(printer, classes, startedAtMs); // not the printer's fault: its next poll comes in its own time
      log.error("poll failed", { device: printer.id, classes, error: errorText(error) });
    }
  }

  #answered(printer: Printer, classes: readonly PollClass[], startedAtMs: number): void {
    const nowMs = this.#clock.nowMs();
    printer.silences = 0;
    printer.cycle++;
    for (const pollClass of classes) {
      const periodMs = printer.periodsMs[pollClass];
      const jitter = (unitInterval(printer.id, `${pollClass}${printer.cycle % 16}`) - 0.5) * 0.1;
      printer.dueMs[pollClass] = Math.max(nowMs, startedAtMs + periodMs * (1 + jitter));
    }
  }
}
