import { open } from "node:fs/promises";
import type { Clock } from "../../../shared/clock.ts";
import { type FileServerAddresses, hostOf } from "../file-server-addresses.ts";
import { TransferError } from "../transfer-error.ts";
import { remotePath } from "./ftp.ts";
import type { FetchRequest, FetchedFile, FileProtocol, SendRequest } from "./protocol.ts";
import { TftpExchange, TftpRefusal } from "./tftp-exchange.ts";
import type { TftpPacket } from "./tftp-packet.ts";

/** Fits an Ethernet frame (RFC 2348 §3); a server that knows no options sends 512. */
const wantedBlockBytes = 1_428;
const plainBlockBytes = 512;
const defaultPort = 69;

/** What transfers by TFTP need to know. */
export interface TftpProtocolOptions {
  readonly clock: Clock;
  readonly addresses: FileServerAddresses;
}

/**
 * Files over TFTP, one block at a time. No resume, no authentication, nothing that vouches for the content but its size.
 * @see RFC 1350, RFC 2347, RFC 2348, RFC 2349
 */
export class TftpProtocol implements FileProtocol {
  readonly #options: TftpProtocolOptions;

  constructor(options: TftpProtocolOptions) {
    this.#options = options;
  }

  async fetch(request: FetchRequest): Promise<FetchedFile> {
    const { part } = request;
    await part.begin(undefined);
    await this.#with(request, "download", async (exchange, file) => {
      let answer = await exchange.ask({ kind: "read", file, options: wanted("0") });
      const options = optionsOf(answer);
      const blockBytes = blockBytesOf(options);
      if (answer.kind === "options")
        answer = await exchange.ask({ kind: "acknowledgement", block: 0 }, isData(1));
      for (let block = 1; ; block += 1) {
        const { bytes } = dataOf(answer, block);
        await part.append(bytes);
        const acknowledgement = { kind: "acknowledgement", block: block & 0xffff } as const;
        if (bytes.length < blockBytes) {
          exchange.tell(acknowledgement);
          break;
        }
        answer = await exchange.ask(acknowledgement, isData(block + 1));
      }
      const told = Number(options.get("tsize") ?? part.size);
      if (told !== part.size)
        throw new TransferError(9018, `it has ${part.size} bytes, the server said ${told}`);
    });
    return { checksums: [] };
  }

  async send(request: SendRequest): Promise<void> {
    const { path, size, onBytes } = request;
    await this.#with(request, "upload", async (exchange, file) => {
      const answer = await exchange.ask({ kind: "write", file, options: wanted(String(size)) });
      const blockBytes = blockBytesOf(optionsOf(answer));
      const content = await open(path, "r");
      try {
        for (let block = 1; ; block += 1) {
          const buffer = Buffer.alloc(blockBytes);
          const { bytesRead } = await content.read(buffer, 0, blockBytes);
          const bytes = buffer.subarray(0, bytesRead);
          const packet = { kind: "data", block: block & 0xffff, bytes } as const;
          await exchange.ask(packet, isAcknowledgement(block));
          onBytes(bytesRead);
          if (bytesRead < blockBytes) return;
        }
      } finally {
        await content.close();
      }
    });
  }

  async #with(
    request: FetchRequest | SendRequest,
    direction: "download" | "upload",
    work: (exchange: TftpExchange, file: string) => Promise<void>,
  ): Promise<void> {
    const { url, signal } = request;
    const file = remotePath(url);
    const { clock, addresses } = this.#options;
    const { address, family } = await addresses.pin(url);
    const port = url.port === "" ? defaultPort : Number(url.port);
    const exchange = await TftpExchange.open({ address, family, port, clock, signal });
    try {
      await work(exchange, file);
    } catch (error) {
      const cause: unknown = signal.aborted ? signal.reason : error;
      throw tftpError(cause, hostOf(url), direction, exchange.hasBegun);
    } finally {
      exchange.close();
    }
  }
}

function wanted(size: string): ReadonlyMap<string, string> {
  return new Map([
    ["blksize", String(wantedBlockBytes)],
    ["tsize", size],
  ]);
}

function optionsOf(answer: TftpPacket): ReadonlyMap<string, string> {
  return answer.kind === "options" ? answer.options : new Map<string, string>();
}

/** A server may choose smaller blocks, never larger ones (RFC 2348). */
function blockBytesOf(options: ReadonlyMap<string, string>): number {
  const told = options.get("blksize");
  if (told === undefined) return plainBlockBytes;
  const bytes = Number(told);
  if (!Number.isInteger(bytes) || bytes < 8 || bytes > wantedBlockBytes)
    throw new TransferError(9010, `the server wants blocks of ${told} bytes`);
  return bytes;
}

function isData(block: number): (packet: TftpPacket) => boolean {
  return (packet) => packet.kind === "data" && packet.block === (block & 0xffff);
}

function isAcknowledgement(block: number): (packet: TftpPacket) => boolean {
  return (packet) => packet.kind === "acknowledgement" && packet.block === (block & 0xffff);
}

function dataOf(answer: TftpPacket, block: number): Extract<TftpPacket, { kind: "data" }> {
  if (answer.kind === "data" && answer.block === (block & 0xffff)) return answer;
  throw new TransferError(9010, "the server does not begin with the first block");
}

/** Error codes of RFC 1350 §5: 1 file not found, 2 access violation, 3 disk full, 6 file exists. */
function tftpError(
  cause: unknown,
  host: string,
  direction: "download" | "upload",
  hasBegun: boolean,
): TransferError {
  if (cause instanceof TransferError) return cause;
  const generic = direction === "download" ? 9010 : 9011;
  if (cause instanceof TftpRefusal) {
    const isAccess = cause.errorCode === 1 || cause.errorCode === 2;
    const faultCode = isAccess && direction === "download" ? 9016 : generic;
    return new TransferError(faultCode, `${host}: ${cause.message}`, { cause });
  }
  const retryable = { retryable: true, cause };
  if (!hasBegun) return new TransferError(9015, `${host} does not answer`, retryable);
  const brokenOff = direction === "download" ? 9017 : 9011;
  return new TransferError(brokenOff, `${host} stopped answering`, retryable);
}
