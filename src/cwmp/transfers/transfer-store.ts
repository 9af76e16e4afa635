import type { Transfer, TransferProgress, TransferRequest } from "./transfer.ts";

/** Transfers across restarts. The store room implements this. Everything is on disk when its promise resolves. */
export interface TransferStore {
  /** The transfers of all endpoints, oldest first. */
  load(): Promise<readonly Transfer[]>;
  /** Returns the id. User name and password are kept encrypted. */
  add(endpointId: string, request: TransferRequest, progress: TransferProgress): Promise<number>;
  /** Replaces the progress of a known transfer; one that was removed stays so. */
  update(id: number, progress: TransferProgress): Promise<void>;
  remove(ids: readonly number[]): Promise<void>;
}
