import { posix } from "node:path";
import { Client, FTPError } from "basic-ftp";
import { errorText } from "../../../shared/errors.ts";
import { type FileServerAddresses, hostOf } from "../file-server-addresses.ts";
import { TransferError, type TransferFaultCode } from "../transfer-error.ts";
import type {
  FetchRequest,
  FetchedFile,
  FileProtocol,
  FileServerRequest,
  SendRequest,
} from "./protocol.ts";

const silenceMs = 60_000;
const defaultPort = 21;

/**
 * Files over FTP, passive mode only; the data connection goes to the address of the control connection, whatever the
 * server says. No resume: FTP has nothing to tell whether the rest belongs to the same file.
 * @see RFC 959, RFC 2428 (EPSV)
 */
export class FtpProtocol implements FileProtocol {
  readonly #addresses: FileServerAddresses;

  constructor(addresses: FileServerAddresses) {
    this.#addresses = addresses;
  }

  async fetch(request: FetchRequest): Promise<FetchedFile> {
    await request.part.begin(undefined);
    await this.#with(request, "download", async (client, path) => {
      const told = await sizeOf(client, path);
      await client.downloadTo(request.part.writable(), path);
      if (told !== undefined && told !== request.part.size)
        throw new TransferError(9017, `${told} bytes told, ${request.part.size} came`, {
          retryable: true,
        });
    });
    return { checksums: [] };
  }

  async send(request: SendRequest): Promise<void> {
    await this.#with(request, "upload", (client, path) => {
      let sent = 0;
      client.trackProgress(({ bytesOverall }) => {
        request.onBytes(bytesOverall - sent);
        sent = bytesOverall;
      });
      return client.uploadFrom(request.path, path);
    });
  }

  async #with(
    request: FileServerRequest,
    direction: Direction,
    work: (client: Client, path: string) => Promise<unknown>,
  ): Promise<void> {
    const { url, signal } = request;
    const path = remotePath(url);
    const { address } = await this.#addresses.pin(url);
    const client = new Client(silenceMs, { allowSeparateTransferHost: false });
    const close = (): void => {
      client.close();
    };
    signal.addEventListener("abort", close);
    let stage: Stage = "connect";
    try {
      signal.throwIfAborted();
      await client.connect(address, url.port === "" ? defaultPort : Number(url.port));
      stage = "login";
      const { username, password } = request;
      if (username === "") await client.login();
      else await client.login(username, password);
      await client.useDefaultSettings();
      stage = "transfer";
      await work(client, path);
    } catch (error) {
      const cause: unknown = signal.aborted ? signal.reason : (refusalOf(request) ?? error);
      throw ftpError(cause, { host: hostOf(url), stage, direction });
    } finally {
      signal.removeEventListener("abort", close);
      client.close();
    }
  }
}

type Direction = "download" | "upload";
type Stage = "connect" | "login" | "transfer";

/**
 * What the server says of the size (RFC 3659 §4); undefined when it does not know the command. Asked first, because ProFTPD
 * cuts the data connection of a file it does not have before it says so.
 */
async function sizeOf(client: Client, path: string): Promise<number | undefined> {
  try {
    return await client.size(path);
  } catch (error) {
    if (error instanceof FTPError && (error.code === 500 || error.code === 502)) return undefined;
    throw error;
  }
}

/** Why the file on its way here took no more. */
export function refusalOf(request: FileServerRequest | FetchRequest): TransferError | undefined {
  return "part" in request ? request.part.refusal : undefined;
}

/** The file as a name relative to the login folder, or absolute when the path begins with `%2F` (RFC 1738 §3.2.2). */
export function remotePath(url: URL): string {
  const decoded = url.pathname.slice(1).split("/").map(decodeSegment);
  const path = posix.normalize(decoded.join("/"));
  // A line end would begin another command.
  const isUsable = path !== "." && !path.endsWith("/") && !/[\r\n\0]/.test(path);
  if (!isUsable) throw new TransferError(9016, `${url.protocol} URL names no file`);
  return path;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}

/** What went wrong, by how far it got and by what the server said. */
function ftpError(
  cause: unknown,
  { host, stage, direction }: { host: string; stage: Stage; direction: Direction },
): TransferError {
  if (cause instanceof TransferError) return cause;
  const what = `${host}: ${errorText(cause)}`;
  const isDownload = direction === "download";
  if (!(cause instanceof FTPError)) {
    const brokenOff = isDownload ? 9017 : 9011;
    const faultCode = stage === "transfer" ? brokenOff : 9015;
    return new TransferError(faultCode, what, { retryable: true, cause });
  }
  if (stage === "login") return new TransferError(9012, what, { cause });
  const reply = ftpReplies[cause.code];
  const faultCode = (isDownload ? reply?.download : undefined) ?? reply?.both;
  return new TransferError(faultCode ?? (isDownload ? 9010 : 9011), what, {
    retryable: cause.code < 500,
    cause,
  });
}

/** Replies that mean something (RFC 959 §4.2); the others are generic, and those from 500 on final. */
const ftpReplies: Readonly<
  Record<number, { readonly both?: TransferFaultCode; readonly download?: TransferFaultCode }>
> = {
  530: { both: 9012 },
  532: { both: 9012 },
  450: { download: 9016 },
  550: { download: 9016 },
  553: { download: 9016 },
  425: { download: 9017 },
  426: { download: 9017 },
};
