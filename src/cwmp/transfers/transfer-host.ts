import type { TransferTarget } from "../parameter-tree.ts";

/** What transfers need of the endpoint they are for. */
export interface TransferHost {
  readonly endpointId: string;
  /** What takes and gives the files; undefined while the device cannot. */
  target(): TransferTarget | undefined;
  /** No session is under way, nor anything else that a transfer `3 When Idle` or a restart must not disturb. */
  isIdle(): boolean;
  /** Restarts the device, because an applied file asks for it. */
  restart(): Promise<void>;
}
