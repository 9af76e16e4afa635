import { posix } from "node:path";
import { Client, FTPError } from "basic-ftp";
import { errorText } from "../../../shared/errors.ts";
import { type FileServerAddresses, hostOf } from "../file-server-addresses.ts";
import { TransferError } from "../transfer-error.ts";
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
    await this.#with(request, "download", (client, path) =>
      client.downloadTo(request.part.writable(), path),
    );
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
      const cause: unknown = signal.aborted ? signal.reason : error;
      throw ftpError(cause, { host: hostOf(url), stage, direction });
    } finally {
      signal.removeEventListener("abort", close);
      client.close();
    }
  }
}

type Direction = "download" | "upload";
type Stage = "connect" | "login" | "transfer";

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

/** RFC 959 §4.2: 530 not logged in, 55x no such file or not allowed, 42x connection trouble, 452 and 552 no space. */
function ftpError(
  cause: unknown,
  { host, stage, direction }: { host: string; stage: Stage; direction: Direction },
): TransferError {
  if (cause instanceof TransferError) return cause;
  const what = `${host}: ${errorText(cause)}`;
  const retryable = { retryable: true, cause };
  const generic = direction === "download" ? 9010 : 9011;
  if (!(cause instanceof FTPError)) {
    if (stage !== "transfer") return new TransferError(9015, what, retryable);
    return new TransferError(direction === "download" ? 9017 : 9011, what, retryable);
  }
  if (stage === "login" || cause.code === 530 || cause.code === 532)
    return new TransferError(9012, what, { cause });
  if (cause.code === 550 || cause.code === 553 || cause.code === 450)
    return new TransferError(direction === "download" ? 9016 : 9011, what, { cause });
  if (cause.code === 425 || cause.code === 426) {
    const brokenOff = direction === "download" ? 9017 : 9011;
    return new TransferError(brokenOff, what, retryable);
  }
  return new TransferError(generic, what, { retryable: cause.code < 500, cause });
}
