import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../shared/clock.ts";
import type { FileServerAddresses } from "./file-server-addresses.ts";
import type { FileProtocols } from "./protocols/protocol.ts";
import type { Transfer } from "./transfer.ts";
import type { TransferHost } from "./transfer-host.ts";
import { TransferQueue } from "./transfer-queue.ts";
import { TransferRunner } from "./transfer-runner.ts";
import type { TransferStore } from "./transfer-store.ts";

/** What the transfers of all endpoints share. */
export interface TransferServices {
  readonly clock: Clock;
  readonly store: TransferStore;
  readonly protocols: FileProtocols;
  readonly addresses: FileServerAddresses;
  /** Files on their way; created with mode 0700, emptied of what no transfer owns. */
  readonly folder: string;
  /** Largest file, bytes. */
  readonly maxBytes: number;
  /** Refuses every download: this version knows no signed files. */
  readonly requireSignature: boolean;
  /** Called once for every transfer that is over and not cancelled, however it ended. */
  readonly onEnded?: (transfer: Transfer) => void;
}

/** The transfers of all endpoints. An endpoint without any costs nothing: its queue is made at the first use. */
export class Transfers {
  readonly services: TransferServices;
  readonly #runner: TransferRunner;
  readonly #queues = new Map<string, TransferQueue>();
  /** Found on disk, until the endpoint comes. */
  readonly #stored: Map<string, readonly Transfer[]>;

  private constructor(services: TransferServices, stored: readonly Transfer[]) {
    this.services = services;
    this.#runner = new TransferRunner(services);
    this.#stored = groupedByEndpoint(stored);
  }

  /** Reads what is on disk. Nothing goes on before the endpoints ask for their queues. */
  static async open(services: TransferServices): Promise<Transfers> {
    const stored = await services.store.load();
    await mkdir(services.folder, { recursive: true, mode: 0o700 });
    await removeStrangers(services.folder, new Set(stored.map(({ id }) => String(id))));
    return new Transfers(services, stored);
  }

  /** Whether an endpoint has transfers, so that its queue must be made at its start. */
  has(endpointId: string): boolean {
    return this.#stored.has(endpointId) || this.#queues.has(endpointId);
  }

  /** The queue of an endpoint, made at the first call; transfers found on disk go on then. */
  queueOf(host: TransferHost): TransferQueue {
    const { endpointId } = host;
    const known = this.#queues.get(endpointId);
    if (known !== undefined) return known;
    const queue = new TransferQueue(host, this.services, this.#runner);
    this.#queues.set(endpointId, queue);
    const stored = this.#stored.get(endpointId) ?? [];
    this.#stored.delete(endpointId);
    queue.resume(stored);
    return queue;
  }

  /** The queue of an endpoint that has one. */
  find(endpointId: string): TransferQueue | undefined {
    return this.#queues.get(endpointId);
  }

  /** The endpoint stops. What it has is on disk and comes back with it, in this process or the next. */
  detach(endpointId: string): void {
    const queue = this.#queues.get(endpointId);
    if (queue === undefined) return;
    this.#queues.delete(endpointId);
    queue.detach();
    if (!queue.isEmpty) this.#stored.set(endpointId, queue.transfers());
  }

  /** The endpoint is gone for good; its rows are deleted with the rest of its state. */
  forget(endpointId: string): void {
    this.detach(endpointId);
    this.#stored.delete(endpointId);
  }

  /** The device was reset: whatever it was ordered is deleted, reported or not. */
  async clear(endpointId: string): Promise<void> {
    const transfers = this.find(endpointId)?.transfers() ?? this.#stored.get(endpointId) ?? [];
    this.forget(endpointId);
    await this.services.store.remove(transfers.map(({ id }) => id));
  }

  /** Every transfer not over or not reported, oldest first. */
  list(): readonly Transfer[] {
    const live = [...this.#queues.values()].flatMap((queue) => queue.transfers());
    return [...[...this.#stored.values()].flat(), ...live].sort((a, b) => a.id - b.id);
  }
}

function groupedByEndpoint(stored: readonly Transfer[]): Map<string, readonly Transfer[]> {
  const groups = new Map<string, readonly Transfer[]>();
  for (const transfer of stored) {
    const { endpointId } = transfer;
    groups.set(endpointId, [...(groups.get(endpointId) ?? []), transfer]);
  }
  return groups;
}

/** Files of transfers that ended while nobody could delete them. */
async function removeStrangers(folder: string, ids: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder)) {
    const [id = ""] = name.split(".");
    if (!ids.has(id)) await rm(join(folder, name), { recursive: true, force: true });
  }
}
