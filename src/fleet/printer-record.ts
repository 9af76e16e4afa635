import {
  type LifecycleEvent,
  type LifecycleState,
  initialState,
  keptState,
  transition,
} from "./lifecycle.ts";
import type { FleetPorts, PrinterAddress } from "./ports.ts";
import type { StoredPrinter } from "./printer-store.ts";
import type { UpTime } from "./restart-detection.ts";

/** Contact times alone are saved this often. */
const saveContactEveryMs = 600_000;

/** A printer's record: what the store has of it, and what of that is newer in memory. */
export class PrinterRecord {
  readonly #ports: Pick<FleetPorts, "store" | "clock">;
  readonly #upTime: () => UpTime | undefined;
  #stored: StoredPrinter;
  #state: LifecycleState;
  #lastContactMs: number | undefined;
  #savedAtMs = 0;

  /** `upTime` is asked whenever the record is saved. */
  constructor(
    stored: StoredPrinter,
    ports: Pick<FleetPorts, "store" | "clock">,
    upTime: () => UpTime | undefined,
  ) {
    this.#ports = ports;
    this.#upTime = upTime;
    this.#stored = stored;
    this.#state = initialState(stored);
    this.#lastContactMs = stored.lastContactMs;
  }

  /** As the store has or will have it. */
  get stored(): StoredPrinter {
    return this.#stored;
  }

  get state(): LifecycleState {
    return this.#state;
  }

  get lastContactMs(): number | undefined {
    return this.#lastContactMs;
  }

  /** In memory only, until {@link saveIfDue}. */
  noteContact(atMs: number): void {
    this.#lastContactMs = atMs;
  }

  /** In memory only, until saved. */
  noteMapping(mapping: string): void {
    this.#stored = { ...this.#stored, mapping };
  }

  /** Steps the state machine, in memory; the state it left. */
  step(event: LifecycleEvent): LifecycleState {
    const before = this.#state;
    this.#state = transition(before, event);
    return before;
  }

  /** Keeps where the printer is and the settings of the conversation with it: both or neither. */
  async saveInteraction(host: string, text: string | undefined): Promise<void> {
    const moved = { ...this.#stored, host };
    await this.#ports.store.saveInteraction(moved, text);
    this.#stored = { ...this.#stored, host };
  }

  async moveTo({ host, snmpPort, credential, ews }: PrinterAddress): Promise<void> {
    this.#stored = { ...this.#stored, host, snmpPort, credential, ews };
    await this.save();
  }

  /** Saves what is newer; contact times alone wait. */
  async saveIfDue(): Promise<void> {
    const sinceMs = (this.#lastContactMs ?? 0) - this.#savedAtMs;
    if (!this.#isStateSaved() || sinceMs >= saveContactEveryMs) await this.save();
  }

  /** Saves whatever is newer; for an orderly end. */
  async saveAll(): Promise<void> {
    if (this.#lastContactMs !== this.#stored.lastContactMs || !this.#isStateSaved())
      await this.save();
  }

  async save(): Promise<void> {
    const kept = keptState(this.#state);
    const lastContactMs = this.#lastContactMs;
    this.#stored = { ...this.#stored, ...kept, upTime: this.#upTime(), lastContactMs };
    this.#savedAtMs = this.#ports.clock.nowMs();
    await this.#ports.store.save(this.#stored);
  }

  #isStateSaved(): boolean {
    const { state, isUnreachable } = keptState(this.#state);
    return this.#stored.state === state && this.#stored.isUnreachable === isUnreachable;
  }
}
