import type { Clock } from "../../shared/clock.ts";
import type { Transfer } from "./transfer.ts";
import type { TransferAction } from "./transfer-machine.ts";
import { type TransferHappening, outcomeOf } from "./transfer-progress.ts";
import type { TransferStore } from "./transfer-store.ts";

/** A transfer in memory and on disk. Happenings are taken one after the other, each on disk before the next. */
export class LiveTransfer {
  readonly #store: TransferStore;
  readonly #clock: Clock;
  #transfer: Transfer;
  #taking: Promise<unknown> = Promise.resolve();

  constructor(transfer: Transfer, store: TransferStore, clock: Clock) {
    this.#transfer = transfer;
    this.#store = store;
    this.#clock = clock;
  }

  /** As it is on disk. */
  get transfer(): Transfer {
    return this.#transfer;
  }

  /** Takes something that happened. Resolves, once it is on disk, with what to do; nothing happened when it rejects. */
  take(happening: Omit<TransferHappening, "atMs">): Promise<TransferAction> {
    const taken = this.#taking.then(() => this.#take(happening));
    // Whoever asked hears of a failure; the next one begins all the same.
    this.#taking = taken.catch(() => undefined);
    return taken;
  }

  async #take(happening: Omit<TransferHappening, "atMs">): Promise<TransferAction> {
    const { id } = this.#transfer;
    const outcome = outcomeOf(this.#transfer, { ...happening, atMs: this.#clock.nowMs() });
    const { progress, action } = outcome;
    if (action === "ignore" || action === "refuse") return action;
    if (progress.state === "done") await this.#store.remove([id]);
    else await this.#store.update(id, progress);
    this.#transfer = { ...this.#transfer, progress };
    return action;
  }
}
