import type { CancelTimer, Clock } from "../shared/clock.ts";
import { logger } from "../shared/log.ts";
import { usagePercent } from "./processor.ts";
import type { Machine, ReadMachine } from "./read-machine.ts";

const log = logger("system.machine-monitor");

/** What was read this recently is served again. */
const freshForMs = 1_000;
/** How often somebody looks without being asked: a changed address must be noticed. */
const lookEveryMs = 60_000;

/** The machine, and how busy it was since the reading before. */
export interface MachineState extends Machine {
  readonly cpuPercent: number | undefined;
}

/**
 * Keeps the last reading of the machine. Nobody who reads it waits for a file; who wants it fresh asks for
 * {@link refresh}, which reads at most once a second.
 */
export class MachineMonitor {
  readonly #clock: Clock;
  readonly #read: ReadMachine;
  readonly #listeners = new Set<() => void>();
  #state: MachineState;
  #readAtMs: number;
  #underWay: Promise<void> | undefined;
  #cancel: CancelTimer | undefined;

  private constructor(clock: Clock, read: ReadMachine, first: Machine) {
    this.#clock = clock;
    this.#read = read;
    this.#state = stateOf(first);
    this.#readAtMs = clock.nowMs();
  }

  /** Reads the machine for the first time. */
  static async open(clock: Clock, read: ReadMachine): Promise<MachineMonitor> {
    return new MachineMonitor(clock, read, await read());
  }

  get state(): MachineState {
    return this.#state;
  }

  /** Begins to look every minute. */
  start(): void {
    this.#cancel = this.#clock.after(lookEveryMs, () => {
      this.start();
      void this.refresh();
    });
  }

  stop(): void {
    this.#cancel?.();
  }

  /** Resolves when the state is no older than a second; also when it could not be read, which is logged. */
  refresh(): Promise<void> {
    if (this.#underWay !== undefined) return this.#underWay;
    if (this.#clock.nowMs() - this.#readAtMs < freshForMs) return Promise.resolve();
    this.#underWay = this.#readAgain().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  /** Called after each reading. Returns the unsubscribe function. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #readAgain(): Promise<void> {
    try {
      this.#state = stateOf(await this.#read(), this.#state);
      this.#readAtMs = this.#clock.nowMs();
    } catch (error) {
      log.error("the machine could not be read", { error });
      return;
    }
    for (const listener of this.#listeners) listener();
  }
}

function stateOf(machine: Machine, before?: MachineState): MachineState {
  const { processorTime } = machine;
  const cpuPercent =
    processorTime === undefined
      ? undefined
      : (usagePercent(processorTime, before?.processorTime) ?? before?.cpuPercent);
  return { ...machine, cpuPercent };
}
