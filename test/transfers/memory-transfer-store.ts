import type {
  Transfer,
  TransferProgress,
  TransferRequest,
} from "../../src/cwmp/transfers/transfer.ts";
import type { TransferStore } from "../../src/cwmp/transfers/transfer-store.ts";

/** A complete TransferStore in memory: what a "disk" is to tests that restart the transfers. */
export class MemoryTransferStore implements TransferStore {
  /** While true every write rejects, as a full disk would make it. */
  isFull = false;
  /** Every state written, in order. */
  readonly states: string[] = [];
  readonly #kept = new Map<number, Transfer>();
  #lastId = 0;

  load(): Promise<readonly Transfer[]> {
    return Promise.resolve([...this.#kept.values()]);
  }

  add(endpointId: string, request: TransferRequest, progress: TransferProgress): Promise<number> {
    if (this.isFull) return Promise.reject(new Error("disk full"));
    this.#lastId += 1;
    this.#kept.set(this.#lastId, { id: this.#lastId, endpointId, request, progress });
    return Promise.resolve(this.#lastId);
  }

  update(id: number, progress: TransferProgress): Promise<void> {
    if (this.isFull) return Promise.reject(new Error("disk full"));
    const known = this.#kept.get(id);
    if (known !== undefined) this.#kept.set(id, { ...known, progress });
    this.states.push(progress.state);
    return Promise.resolve();
  }

  remove(ids: readonly number[]): Promise<void> {
    if (this.isFull) return Promise.reject(new Error("disk full"));
    for (const id of ids) this.#kept.delete(id);
    return Promise.resolve();
  }
}
