import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../shared/clock.ts";
import type { TransferTarget } from "../parameter-tree.ts";
import { verifyChecksums } from "./checksum.ts";
import { PartFile } from "./part-file.ts";
import { ProgressWatch } from "./progress-watch.ts";
import type { FileProtocol, FileProtocols, FileServerRequest } from "./protocols/protocol.ts";
import { type Transfer, isDownload } from "./transfer.ts";
import { TransferError } from "./transfer-error.ts";
import { parseTransferUrl } from "./transfer-url.ts";
import { attemptEndsAtMs } from "./transfer-windows.ts";

/** What every attempt is made with. */
export interface AttemptTools {
  readonly clock: Clock;
  readonly protocols: FileProtocols;
  /** Private folder for files on their way; exists. */
  readonly folder: string;
  readonly maxBytes: number;
}

/** One attempt to move the file of a transfer, which can be ended from outside. */
export class TransferAttempt {
  readonly #transfer: Transfer;
  readonly #target: TransferTarget;
  readonly #tools: AttemptTools;
  readonly #watch: ProgressWatch;

  constructor(transfer: Transfer, target: TransferTarget, tools: AttemptTools) {
    this.#transfer = transfer;
    this.#target = target;
    this.#tools = tools;
    this.#watch = new ProgressWatch(tools.clock, isDownload(transfer.request) ? 9017 : 9011);
  }

  /** Moves the file. @throws {TransferError} and whatever the target throws */
  async run(): Promise<"arrived" | "sent"> {
    const endsAtMs = attemptEndsAtMs(this.#transfer);
    const { clock } = this.#tools;
    const cancelEnd =
      endsAtMs === undefined
        ? undefined
        : clock.after(endsAtMs - clock.nowMs(), () => {
            this.end(new TransferError(9020, "the window closed"));
          });
    try {
      return isDownload(this.#transfer.request) ? await this.#fetch() : await this.#send();
    } finally {
      cancelEnd?.();
      this.#watch.stop();
    }
  }

  /** Ends the attempt; {@link run} rejects with `error`. */
  end(error: Error): void {
    this.#watch.end(error);
  }

  async #fetch(): Promise<"arrived"> {
    const { id, request } = this.#transfer;
    const { fileSize } = request;
    const { maxBytes } = this.#tools;
    const { protocol, ...server } = this.#server();
    const path = partPath(this.#tools.folder, id);
    const part = await PartFile.open(path, {
      maxBytes: fileSize > 0 ? Math.min(fileSize, maxBytes) : maxBytes,
      tooLarge: () =>
        fileSize > 0
          ? new TransferError(9018, `it is larger than the FileSize told, ${fileSize}`)
          : new TransferError(9010, `it is larger than transfers.maxSize, ${maxBytes} bytes`),
      onBytes: (bytes) => {
        this.#watch.noteBytes(bytes);
      },
    });
    try {
      const { checksums } = await protocol.fetch({ ...server, part }).finally(() => part.close());
      if (fileSize > 0 && part.size !== fileSize)
        throw new TransferError(9018, `it has ${part.size} bytes, FileSize says ${fileSize}`);
      await verifyChecksums(path, checksums);
      return "arrived";
    } catch (error) {
      // What is known to be wrong must not be continued.
      if (error instanceof TransferError && error.faultCode === 9018) await PartFile.remove(path);
      throw error;
    }
  }

  async #send(): Promise<"sent"> {
    const { id, request } = this.#transfer;
    const folder = snapshotFolder(this.#tools.folder, id);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { mode: 0o700 });
    try {
      const { path, contentType } = await this.#target.collect(request.fileType, folder);
      const { size } = await stat(path);
      const { protocol, ...server } = this.#server();
      const onBytes = (bytes: number): void => {
        this.#watch.noteBytes(bytes);
      };
      await protocol.send({ ...server, path, size, contentType, onBytes });
      return "sent";
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  #server(): FileServerRequest & { readonly protocol: FileProtocol } {
    const { url: text, username, password } = this.#transfer.request;
    const parsed = parseTransferUrl(text);
    if ("reason" in parsed) throw new TransferError(9010, parsed.reason);
    const protocol = this.#tools.protocols[parsed.scheme];
    if (protocol === undefined) throw new TransferError(9010, `${parsed.scheme} is switched off`);
    return { protocol, url: parsed.url, username, password, signal: this.#watch.signal };
  }
}

/** Where the file of a download is while the transfer lives. */
export function partPath(folder: string, id: number): string {
  return join(folder, `${id}.part`);
}

/** Where the snapshot of an upload is made. */
export function snapshotFolder(folder: string, id: number): string {
  return join(folder, `${id}.upload`);
}

/** Deletes every file of a transfer. */
export async function removeFiles(folder: string, id: number): Promise<void> {
  await PartFile.remove(partPath(folder, id));
  await rm(snapshotFolder(folder, id), { recursive: true, force: true });
}
