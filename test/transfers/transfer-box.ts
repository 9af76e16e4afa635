import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CwmpFault } from "../../src/cwmp/faults.ts";
import type { CwmpMessage, MessageOf } from "../../src/cwmp/soap/message.ts";
import type { AcsTlsSettings } from "../../src/cwmp/transport.ts";
import {
  FileServerAddresses,
  type ResolveHost,
} from "../../src/cwmp/transfers/file-server-addresses.ts";
import { createProtocols } from "../../src/cwmp/transfers/protocols/protocols.ts";
import {
  type TransferRpcContext,
  cancelTransfer,
  download,
  getAllQueuedTransfers,
  getQueuedTransfers,
  scheduleDownload,
  upload,
} from "../../src/cwmp/transfers/transfer-rpcs.ts";
import type { TransferStore } from "../../src/cwmp/transfers/transfer-store.ts";
import type { TransferQueue } from "../../src/cwmp/transfers/transfer-queue.ts";
import { Transfers } from "../../src/cwmp/transfers/transfers.ts";
import { ManualClock } from "../../src/shared/manual-clock.ts";
import { waitUntil } from "../support/wait-until.ts";
import { FileTarget } from "./file-target.ts";
import { MemoryTransferStore } from "./memory-transfer-store.ts";

/** What a box is made with; every member has a default. */
export interface TransferBoxOptions {
  readonly store?: TransferStore;
  readonly allowHosts?: readonly string[];
  readonly resolve?: ResolveHost;
  readonly tls?: AcsTlsSettings;
  readonly maxBytes?: number;
  readonly sftpHostKeys?: readonly string[];
  readonly requireSignature?: boolean;
}

/** Transfers of one endpoint with their disk, clock and device; what is exchanged with file servers is real. */
export class TransferBox {
  readonly clock = new ManualClock();
  readonly disk = new MemoryTransferStore();
  readonly target = new FileTarget();
  readonly folder = mkdtempSync(join(tmpdir(), "mfpgate-transfers-"));
  readonly restarts: number[] = [];
  isIdle = true;
  #process = { isAlive: true };
  #transfers: Transfers | undefined;
  readonly #options: TransferBoxOptions;

  constructor(options: TransferBoxOptions = {}) {
    this.#options = options;
  }

  /** The process starts, over whatever is on disk. */
  async start(): Promise<TransferQueue> {
    this.#process = { isAlive: true };
    const { allowHosts = ["*", "127.0.0.1", "localhost"], resolve, tls = {} } = this.#options;
    const addresses = new FileServerAddresses(allowHosts, resolve);
    const { sftpHostKeys = [] } = this.#options;
    this.#transfers = await Transfers.open({
      clock: this.clock,
      store: this.#storeOf(this.#process),
      addresses,
      protocols: createProtocols({
        clock: this.clock,
        addresses,
        tls,
        userAgent: "test",
        sftpHostKeys,
      }),
      folder: join(this.folder, "transfers"),
      maxBytes: this.#options.maxBytes ?? 1024 * 1024,
      requireSignature: this.#options.requireSignature ?? false,
    });
    return this.queue();
  }

  /** The process dies without a word: nothing it still does reaches the disk. */
  kill(): void {
    this.#process.isAlive = false;
    this.transfers.detach("device-1");
  }

  get transfers(): Transfers {
    if (this.#transfers === undefined) throw new Error("not started");
    return this.#transfers;
  }

  queue(): TransferQueue {
    return this.transfers.queueOf({
      endpointId: "device-1",
      target: () => this.target,
      isIdle: () => this.isIdle,
      restart: () => {
        this.restarts.push(this.clock.nowMs());
        return Promise.resolve();
      },
    });
  }

  download(order: Partial<MessageOf<"Download">>): Promise<CwmpMessage> {
    return this.#ask((context) => download({ ...anyDownload, ...order }, context));
  }

  upload(order: Partial<MessageOf<"Upload">>): Promise<CwmpMessage> {
    return this.#ask((context) => upload({ ...anyUpload, ...order }, context));
  }

  schedule(order: Partial<MessageOf<"ScheduleDownload">>): Promise<CwmpMessage> {
    return this.#ask((context) => scheduleDownload({ ...anySchedule, ...order }, context));
  }

  cancel(commandKey: string): Promise<CwmpMessage> {
    return this.#ask((context) =>
      cancelTransfer({ method: "CancelTransfer", commandKey }, context),
    );
  }

  /** Both lists, as the ACS gets them. */
  queued(): readonly CwmpMessage[] {
    return [
      getQueuedTransfers({ method: "GetQueuedTransfers" }, this.#context()),
      getAllQueuedTransfers({ method: "GetAllQueuedTransfers" }, this.#context()),
    ];
  }

  /** What waits to be told to the ACS. */
  reports(): readonly CwmpMessage[] {
    return this.queue()
      .pending()
      .map(({ message }) => message);
  }

  /** Waits for one report and returns it. */
  reported(): Promise<CwmpMessage> {
    return waitUntil("a report", () => this.reports()[0]);
  }

  /** The same for a transfer that stumbles: lets the pauses between its attempts pass. */
  reportedInTheEnd(): Promise<CwmpMessage> {
    return waitUntil("a report after all attempts", async () => {
      const [transfer] = this.queue().transfers();
      if (transfer?.progress.state === "waiting" && transfer.progress.attempts > 0) {
        const pauseMs = transfer.progress.notBeforeMs - this.clock.nowMs();
        await this.clock.advance(Math.max(0, pauseMs));
      }
      return this.reports()[0];
    });
  }

  /** The ACS answers everything that is pending. */
  async answerReports(): Promise<void> {
    for (const request of this.queue().pending())
      await request.settled({ method: "TransferCompleteResponse" });
  }

  /** Files on their way. */
  files(): readonly string[] {
    return readdirSync(join(this.folder, "transfers")).sort();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #ask(rpc: (context: TransferRpcContext) => Promise<CwmpMessage>): Promise<CwmpMessage> {
    try {
      return await rpc(this.#context());
    } catch (error) {
      if (!(error instanceof CwmpFault)) throw error;
      return { method: "Fault", code: error.faultCode, text: error.message };
    }
  }

  #context(): TransferRpcContext {
    return {
      actions: { transfers: this.target },
      transfers: { services: this.transfers.services, queue: () => this.queue() },
    };
  }

  #storeOf(process: { readonly isAlive: boolean }): TransferStore {
    const store = this.#options.store ?? this.disk;
    const alive = <Result>(work: () => Promise<Result>): Promise<Result> =>
      process.isAlive ? work() : new Promise<Result>(() => undefined);
    return {
      load: () => store.load(),
      add: (endpointId, request, progress) => alive(() => store.add(endpointId, request, progress)),
      update: (id, progress) => alive(() => store.update(id, progress)),
      remove: (ids) => alive(() => store.remove(ids)),
    };
  }
}

/** A Download of a configuration; the URL must be given. */
const anyDownload: MessageOf<"Download"> = {
  method: "Download",
  commandKey: "key",
  fileType: "3 Vendor Configuration File",
  url: "",
  username: "",
  password: "",
  fileSize: 0,
  targetFileName: "",
  delaySeconds: 0,
  successUrl: "",
  failureUrl: "",
};

const anyUpload: MessageOf<"Upload"> = {
  method: "Upload",
  commandKey: "key",
  fileType: "4 Vendor Log File 1",
  url: "",
  username: "",
  password: "",
  delaySeconds: 0,
};

const anySchedule: MessageOf<"ScheduleDownload"> = {
  method: "ScheduleDownload",
  commandKey: "key",
  fileType: "3 Vendor Configuration File",
  url: "",
  username: "",
  password: "",
  fileSize: 0,
  targetFileName: "",
  windows: [],
};
