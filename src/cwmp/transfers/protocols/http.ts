import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { Clock } from "../../../shared/clock.ts";
import { isHeaderSafe } from "../../../shared/http/auth-header.ts";
import { HttpAuthentication } from "../../../shared/http/digest-client.ts";
import type { AcsTlsSettings } from "../../transport.ts";
import { checksumsIn } from "../checksum.ts";
import type { FileServerAddresses } from "../file-server-addresses.ts";
import type { PartFile } from "../part-file.ts";
import { TransferError } from "../transfer-error.ts";
import { printableTransferUrl } from "../transfer-url.ts";
import { countedFile } from "./counted-file.ts";
import { type HttpExchange, httpExchange } from "./http-exchange.ts";
import { httpSocketError, httpStatusError } from "./http-errors.ts";
import type {
  FetchRequest,
  FetchedFile,
  FileProtocol,
  FileServerRequest,
  SendRequest,
} from "./protocol.ts";

/** What all transfers by HTTP share. */
export interface HttpProtocolOptions {
  readonly clock: Clock;
  readonly addresses: FileServerAddresses;
  /** Trust and identity as towards the ACS. */
  readonly tls: AcsTlsSettings;
  readonly userAgent: string;
}

const mostRedirects = 5;
const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Files over HTTP and HTTPS: GET with range resume, PUT; basic and digest authentication, redirects.
 * @see RFC 9110 §13.1.5 (If-Range), §14 (ranges), §15.4 (redirection)
 */
export class HttpProtocol implements FileProtocol {
  readonly #options: HttpProtocolOptions;

  constructor(options: HttpProtocolOptions) {
    this.#options = options;
  }

  async fetch(request: FetchRequest): Promise<FetchedFile> {
    const { part } = request;
    const response = await this.#follow(request, "GET", () => ({
      headers: { "Accept-Encoding": "identity", ...rangeHeaders(part) },
    }));
    const { url, message } = response;
    try {
      if (message.statusCode === 416 && part.size > 0) {
        // What is here is no part of what the server has now.
        message.destroy();
        await part.begin(undefined);
        return await this.fetch(request);
      }
      await preparePart(part, message, url);
      for await (const bytes of message) await part.append(bytes as Buffer);
    } catch (error) {
      const cause: unknown = request.signal.aborted ? request.signal.reason : error;
      throw httpSocketError(cause, url, "download", true);
    } finally {
      message.destroy();
    }
    return { checksums: checksumsIn(message.headers, message.statusCode === 200) };
  }

  async send(request: SendRequest): Promise<void> {
    const { path, size, contentType, onBytes } = request;
    const body = () => Readable.from(countedFile(path, onBytes));
    const { url, message } = await this.#follow(request, "PUT", () => ({
      headers: {
        "Content-Type": contentType,
        "Content-Length": String(size),
        Expect: "100-continue",
      },
      body,
    }));
    const { statusCode: status = 0 } = message;
    message.destroy();
    if (status < 200 || status > 299) throw httpStatusError(status, url, "upload");
  }

  /** Sends until the answer is neither a redirect nor a challenge. */
  async #follow(
    request: FileServerRequest,
    method: HttpExchange["method"],
    prepare: () => Pick<HttpExchange, "headers" | "body">,
  ): Promise<{ readonly url: URL; readonly message: IncomingMessage }> {
    let hop = this.#hop(request.url, request);
    for (let redirects = 0; ;) {
      const message = await this.#exchange(hop, request, method, prepare());
      const { statusCode: status = 0 } = message;
      if (status === 401) {
        answerChallenge(hop, message);
      } else if (redirectStatuses.has(status)) {
        redirects += 1;
        if (redirects > mostRedirects)
          throw new TransferError(9010, `more than ${mostRedirects} redirects`);
        hop = this.#hop(redirectTarget(hop.url, message), request);
      } else if (status === 200 || status === 206 || status === 416 || method === "PUT") {
        return { url: hop.url, message };
      } else {
        message.destroy();
        throw httpStatusError(status, hop.url, "download");
      }
      message.destroy();
    }
  }

  async #exchange(
    { url, authentication }: Hop,
    { signal }: FileServerRequest,
    method: HttpExchange["method"],
    { headers, body }: Pick<HttpExchange, "headers" | "body">,
  ): Promise<IncomingMessage> {
    const authorization = authentication.header(method, url.pathname + url.search);
    const address = await this.#options.addresses.pin(url);
    return httpExchange({
      method,
      url,
      address,
      tls: this.#options.tls,
      clock: this.#options.clock,
      signal,
      headers: {
        "User-Agent": this.#options.userAgent,
        ...headers,
        ...(authorization === undefined ? {} : { Authorization: authorization }),
      },
      ...(body === undefined ? {} : { body }),
    });
  }

  /** Credentials are for the host the ACS named; no other learns them. */
  #hop(url: URL, request: FileServerRequest): Hop {
    const { username, password } = request;
    const isTheirs = url.host === request.url.host;
    const isUsable = username !== "" && isHeaderSafe(username) && isHeaderSafe(password);
    const credentials = isTheirs && isUsable ? { username, password } : undefined;
    return { url, authentication: new HttpAuthentication(credentials, { allowBasic: true }) };
  }
}

interface Hop {
  readonly url: URL;
  readonly authentication: HttpAuthentication;
}

function answerChallenge({ url, authentication }: Hop, message: IncomingMessage): void {
  const verdict = authentication.challenged(message.headers["www-authenticate"]);
  if (verdict === "retry") return;
  message.destroy();
  throw new TransferError(9012, `${printableTransferUrl(url)} asks for a login (${verdict})`);
}

function redirectTarget(from: URL, { headers: { location = "" } }: IncomingMessage): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  if (target === undefined) throw new TransferError(9010, "redirected to nowhere");
  const isAllowed =
    target.protocol === "https:" || (target.protocol === "http:" && from.protocol === "http:");
  if (!isAllowed || target.username !== "" || target.password !== "")
    throw new TransferError(9010, `redirected to ${target.protocol} or with user information`);
  return target;
}

function rangeHeaders(part: PartFile): Readonly<Record<string, string>> {
  if (part.validator === undefined) return {};
  return { Range: `bytes=${part.size}-`, "If-Range": part.validator };
}

/** Makes the part file fit what the server is about to send: the rest (206) or everything (200). */
async function preparePart(part: PartFile, message: IncomingMessage, url: URL): Promise<void> {
  const { headers, statusCode } = message;
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    const text = `${printableTransferUrl(url)} encodes the file as ${encoding}, which nobody asked for`;
    throw new TransferError(9010, text);
  }
  if (statusCode !== 206) {
    await part.begin(validatorOf(message));
    return;
  }
  const [, start] = /^bytes (\d+)-\d+\/(?:\d+|\*)$/.exec(headers["content-range"] ?? "") ?? [];
  if (start !== String(part.size))
    throw new TransferError(9017, `${printableTransferUrl(url)} answered with another range`);
}

/**
 * A strong ETag, or a Last-Modified that is strong because a minute had passed since (RFC 9110 §8.8.2.2). Undefined: the
 * file cannot be continued.
 */
function validatorOf({ headers }: IncomingMessage): string | undefined {
  const { etag, date, "last-modified": modified } = headers;
  if (etag?.startsWith('"') === true) return etag;
  if (modified === undefined || date === undefined) return undefined;
  return Date.parse(date) - Date.parse(modified) >= 60_000 ? modified : undefined;
}
