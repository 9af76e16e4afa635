import type { CpeRequest, CpeRequestSource } from "../requests/cpe-requests.ts";
import { CwmpFault } from "../faults.ts";
import type { AnyQueuedTransfer } from "../soap/message.ts";
import { LiveTransfer } from "./live-transfer.ts";
import {
  type Transfer,
  type TransferRequest,
  type TransferState,
  isDownload,
  noProgress,
} from "./transfer.ts";
import type { TransferHost } from "./transfer-host.ts";
import { transferCompleteOf } from "./transfer-report.ts";
import type { TransferRunner } from "./transfer-runner.ts";
import type { TransferServices } from "./transfers.ts";

/** Transfers of one endpoint that are not over, those to be reported included (CWMP XSD: lists of at most 16). */
const mostTransfers = 16;

/** The transfers of one endpoint, oldest first; what is over and not yet reported is pending towards the ACS. */
export class TransferQueue implements CpeRequestSource {
  readonly #host: TransferHost;
  readonly #services: TransferServices;
  readonly #runner: TransferRunner;
  readonly #lives: LiveTransfer[] = [];
  readonly #reports = new Map<LiveTransfer, CpeRequest>();
  readonly #listeners = new Set<() => void>();
  /** Orders on their way to the disk; they count. */
  #ordering = 0;

  constructor(host: TransferHost, services: TransferServices, runner: TransferRunner) {
    this.#host = host;
    this.#services = services;
    this.#runner = runner;
  }

  /** Goes on with transfers found on disk. */
  resume(stored: readonly Transfer[]): void {
    for (const transfer of stored) this.#begin(transfer, true);
  }

  /** Queues a transfer; on disk when it resolves. @throws {CwmpFault} 9004 when the queue is full */
  async order(request: TransferRequest): Promise<void> {
    if (this.#lives.length + this.#ordering >= mostTransfers)
      throw new CwmpFault(9004, `${mostTransfers} transfers are queued already`);
    this.#ordering += 1;
    try {
      const { endpointId } = this.#host;
      const id = await this.#services.store.add(endpointId, request, noProgress);
      this.#begin({ id, endpointId, request, progress: noProgress }, false);
    } finally {
      this.#ordering -= 1;
    }
  }

  /**
   * Cancels every transfer with this CommandKey; one cancelled is never reported. An unknown key is no mistake.
   * @throws {CwmpFault} 9021 when one of them is being applied or is over; then none is cancelled
   */
  async cancel(commandKey: string): Promise<void> {
    const meant = this.#lives.filter(({ transfer }) => transfer.request.commandKey === commandKey);
    const isLate = meant.some(({ transfer }) => !cancellable.has(transfer.progress.state));
    const cancelled = isLate
      ? [false]
      : await Promise.all(meant.map((live) => this.#runner.cancel(live)));
    if (cancelled.includes(false)) throw new CwmpFault(9021);
  }

  /** As GetAllQueuedTransfers shows them. */
  list(): readonly AnyQueuedTransfer[] {
    return this.#lives.map(({ transfer: { request, progress } }) => ({
      commandKey: request.commandKey,
      state: queuedStates[progress.state],
      isDownload: isDownload(request),
      fileType: request.fileType,
      fileSize: request.fileSize,
      targetFileName: request.targetFileName,
    }));
  }

  /** In full, for the operator. */
  transfers(): readonly Transfer[] {
    return this.#lives.map(({ transfer }) => transfer);
  }

  /** Nothing is queued and nothing to be reported. */
  get isEmpty(): boolean {
    return this.#lives.length === 0 && this.#ordering === 0;
  }

  /** The device restarted: applied files that waited for it are judged. */
  deviceRestarted(): void {
    for (const live of this.#lives) this.#runner.deviceRestarted(live);
  }

  /** Lets go of everything as a kill would; what is on disk is found at the next start. */
  detach(): void {
    for (const live of this.#lives) this.#runner.detach(live);
  }

  pending(): readonly CpeRequest[] {
    return this.#reports.size === 0 ? none : [...this.#reports.values()];
  }

  onPending(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #begin(transfer: Transfer, isKnown: boolean): void {
    const { store, clock } = this.#services;
    const live = new LiveTransfer(transfer, store, clock);
    this.#lives.push(live);
    const running = {
      live,
      host: this.#host,
      onReport: () => {
        this.#report(live);
      },
      onForget: () => {
        this.#forget(live);
      },
    };
    this.#runner.add(running, isKnown);
  }

  #report(live: LiveTransfer): void {
    const { kind, commandKey } = live.transfer.request;
    this.#reports.set(live, {
      message: transferCompleteOf(live.transfer),
      events: [
        { eventCode: "7 TRANSFER COMPLETE", commandKey: "" },
        { eventCode: `M ${kind}`, commandKey },
      ],
      // A fault leaves it pending: it is sent again in the next session.
      settled: async ({ method }) => {
        if (method === "TransferCompleteResponse") await this.#runner.answered(live);
      },
    });
    for (const listener of this.#listeners) listener();
  }

  #forget(live: LiveTransfer): void {
    this.#reports.delete(live);
    const at = this.#lives.indexOf(live);
    if (at >= 0) this.#lives.splice(at, 1);
  }
}

const none: readonly CpeRequest[] = [];

const cancellable: ReadonlySet<TransferState> = new Set(["waiting", "transferring", "done"]);

/** QueuedTransferStruct: 1 not yet started, 2 in progress, 3 completed, finishing up. */
const queuedStates: Readonly<Record<TransferState, AnyQueuedTransfer["state"]>> = {
  waiting: 1,
  transferring: 2,
  applying: 2,
  restarting: 2,
  reporting: 3,
  done: 3,
};
