import { createHash } from "node:crypto";
import { once } from "node:events";
import { type Socket, connect } from "node:net";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import SftpClient from "ssh2-sftp-client";
import { errorText } from "../../../shared/errors.ts";
import { logger } from "../../../shared/log.ts";
import { type FileServerAddresses, type PinnedAddress, hostOf } from "../file-server-addresses.ts";
import { TransferError } from "../transfer-error.ts";
import { countedFile } from "./counted-file.ts";
import { refusalOf, remotePath } from "./ftp.ts";
import type {
  FetchRequest,
  FetchedFile,
  FileProtocol,
  FileServerRequest,
  SendRequest,
} from "./protocol.ts";

const log = logger("cwmp.transfers.protocols.sftp");

const readyMs = 30_000;
const defaultPort = 22;

/** What transfers by SFTP need to know. */
export interface SftpProtocolOptions {
  readonly addresses: FileServerAddresses;
  /** `SHA256:…` as `ssh-keygen -l` prints them. A server with another key is not talked to. */
  readonly hostKeys: readonly string[];
}

/** Files over SFTP with a password. A server is known by its host key, never taken on trust. */
export class SftpProtocol implements FileProtocol {
  readonly #options: SftpProtocolOptions;

  constructor(options: SftpProtocolOptions) {
    this.#options = options;
  }

  async fetch(request: FetchRequest): Promise<FetchedFile> {
    await request.part.begin(undefined);
    await this.#with(request, "download", async (client, path) => {
      const writable = request.part.writable();
      // `get` resolves when everything was read, which may not be written yet.
      await Promise.all([client.get(path, writable), finished(writable)]);
    });
    return { checksums: [] };
  }

  async send(request: SendRequest): Promise<void> {
    await this.#with(request, "upload", (client, path) =>
      client.put(Readable.from(countedFile(request.path, request.onBytes)), path),
    );
  }

  async #with(
    request: FileServerRequest,
    direction: Direction,
    work: (client: SftpClient, path: string) => Promise<unknown>,
  ): Promise<void> {
    const { url, signal } = request;
    const host = hostOf(url);
    const path = remotePath(url);
    const socket = await openSocket(url, await this.#options.addresses.pin(url), signal);
    const client = new SftpClient();
    // Without a listener a late error of the connection would end the process.
    client.on("error", (error) => {
      log.debug("connection ended", { host, reason: error.message });
    });
    const stage: { now: Stage; fingerprint?: string } = { now: "connect" };
    try {
      await this.#login(client, socket, request, stage);
      stage.now = "transfer";
      await work(client, path);
      await client.end();
    } catch (error) {
      const cause: unknown = signal.aborted ? signal.reason : (refusalOf(request) ?? error);
      throw sftpError(cause, { host, ...stage, direction });
    } finally {
      socket.destroy();
    }
  }

  async #login(
    client: SftpClient,
    sock: Socket,
    { url, username, password }: FileServerRequest,
    stage: { now: Stage; fingerprint?: string },
  ): Promise<void> {
    await client.connect({
      sock,
      host: hostOf(url),
      username,
      password,
      readyTimeout: readyMs,
      tryKeyboard: false,
      hostVerifier: (key) => {
        const fingerprint = fingerprintOf(key);
        if (this.#options.hostKeys.includes(fingerprint)) {
          stage.now = "login";
          return true;
        }
        stage.fingerprint = fingerprint;
        return false;
      },
    });
  }
}

type Direction = "download" | "upload";
type Stage = "connect" | "login" | "transfer";

function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

async function openSocket(
  url: URL,
  { address }: PinnedAddress,
  signal: AbortSignal,
): Promise<Socket> {
  const port = url.port === "" ? defaultPort : Number(url.port);
  const socket = connect({ host: address, port, signal });
  try {
    await once(socket, "connect");
    return socket;
  } catch (error) {
    socket.destroy();
    const cause: unknown = signal.aborted ? signal.reason : error;
    throw sftpError(cause, { host: hostOf(url), now: "connect", direction: "download" });
  }
}

/** What went wrong, by how far it got; the SFTP status is only in the text (`No such file`, `Permission denied`). */
function sftpError(
  cause: unknown,
  about: { host: string; now: Stage; direction: Direction; fingerprint?: string },
): TransferError {
  if (cause instanceof TransferError) return cause;
  const { host, now, direction, fingerprint } = about;
  if (fingerprint !== undefined)
    return new TransferError(
      9012,
      `${host} shows the host key ${fingerprint}, which is not among transfers.sftpHostKeys`,
      { cause },
    );
  const text = errorText(cause);
  const what = `${host}: ${text}`;
  if (now === "connect") return new TransferError(9015, what, { retryable: true, cause });
  if (now === "login") return new TransferError(9012, what, { cause });
  if (/no such file|permission denied|bad path/i.test(text))
    return new TransferError(direction === "download" ? 9016 : 9011, what, { cause });
  return new TransferError(direction === "download" ? 9017 : 9011, what, {
    retryable: true,
    cause,
  });
}
