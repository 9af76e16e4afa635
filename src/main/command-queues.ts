import { CommandQueue } from "../presentation/embedded/command-queue.ts";
import { type CommandRecord, noCommands } from "../presentation/embedded/command-record.ts";
import type { PrinterView } from "../presentation/printer-view.ts";
import type { Clock } from "../shared/clock.ts";
import type { Store } from "../store/store.ts";

/**
 * What was promised to the ACS for printers that were away. A printer that is shown in another way since keeps its queue
 * until it is worked off: nothing promised is lost by a switch.
 */
export class CommandQueues {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #records: Map<string, CommandRecord>;
  readonly #queues = new Map<string, CommandQueue>();

  private constructor(store: Store, clock: Clock, records: Map<string, CommandRecord>) {
    this.#store = store;
    this.#clock = clock;
    this.#records = records;
  }

  static async load(store: Store, clock: Clock): Promise<CommandQueues> {
    return new CommandQueues(store, clock, new Map(await store.presentation.commands()));
  }

  /** The queue of a printer, begun. */
  of(view: PrinterView): CommandQueue {
    let queue = this.#queues.get(view.id);
    if (queue === undefined) {
      const record = this.#records.get(view.id);
      this.#records.delete(view.id);
      const parts = { view, store: this.#store.presentation, clock: this.#clock };
      queue = new CommandQueue(record === undefined ? parts : { ...parts, record });
      this.#queues.set(view.id, queue);
    }
    queue.start();
    return queue;
  }

  /** Goes on with what is left from an earlier life, however the printer is shown now. */
  resume(view: PrinterView): void {
    if (this.#records.has(view.id)) this.of(view);
  }

  /** These parameters were written in another way; see `CommandQueue.supersede`. */
  async supersede(printerId: string, paths: readonly string[]): Promise<void> {
    await this.#queues.get(printerId)?.supersede(paths);
  }

  /** Forgets what was promised for any printer, and what failed; a command under way is not called back. */
  async reset(): Promise<void> {
    const unread = [...this.#records.keys()];
    this.#records.clear();
    await Promise.all([
      ...unread.map((printerId) => this.#store.presentation.save(printerId, noCommands)),
      ...[...this.#queues.values()].map((queue) => queue.clear()),
    ]);
  }

  /** Stops the queue of a printer that is not served any more; what waits stays on disk. */
  pause(printerId: string): void {
    this.#queues.get(printerId)?.stop();
  }

  /** The printer is gone for good, and what was kept about it on disk too. */
  forget(printerId: string): void {
    this.pause(printerId);
    this.#queues.delete(printerId);
    this.#records.delete(printerId);
  }

  /** Begins nothing more. */
  stop(): void {
    for (const queue of this.#queues.values()) queue.stop();
  }
}
