import {
  type Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestHttp,
} from "node:http";
import { request as requestHttps } from "node:https";
import type { Socket } from "node:net";
import type { Clock } from "../../shared/clock.ts";
import { bareHost } from "../../shared/hosts.ts";
import { AcsTransportError } from "../transport.ts";
import { decompress } from "./compression.ts";
import { acsError, socketError } from "./http-errors.ts";

/** One HTTP request as it goes out; `body` is sent with its exact length. */
export interface ExchangeRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** Holds the one connection of the session. */
  readonly agent: Agent;
  readonly clock: Clock;
  /** Until the response headers, and again until the response is complete. */
  readonly timeoutMs: number;
  /** Bytes, before and after decompression. */
  readonly largestResponse: number;
  /** Called with the socket used, new or kept. */
  readonly onSocket: (socket: Socket) => void;
  /** Called with what `destroy(error)` ends; the promise then rejects with that error. */
  readonly onStart: (running: ClientRequest) => void;
}

/** A complete response, decompressed. */
export interface ExchangeResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A kept connection ended before the first byte of an answer: the peer had closed it while idle. */
export class IdleConnectionLost extends Error {
  override readonly name = "IdleConnectionLost";
}

/**
 * POSTs once and reads the whole answer.
 * @throws {AcsTransportError}
 * @throws {IdleConnectionLost} when the same request deserves a fresh connection
 */
export function exchange(request: ExchangeRequest): Promise<ExchangeResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = startRequest(request);
    const deadline = new Deadline(request, outgoing);
    let isAnswered = false;
    const fail = (error: unknown): void => {
      deadline.stop();
      outgoing.destroy();
      reject(asFailure(error, request.url, outgoing.reusedSocket && !isAnswered));
    };
    outgoing.on("error", fail);
    // Both end without an error of their own: the promise would never settle, and with it the session.
    outgoing.on("upgrade", (_response, socket: Socket) => {
      socket.destroy();
      fail(switchedProtocols(request));
    });
    outgoing.on("close", () => {
      if (!isAnswered) fail(new Error("closed without an answer"));
    });
    outgoing.on("socket", request.onSocket);
    outgoing.on("response", (response) => {
      isAnswered = true;
      deadline.restart();
      readBody(response, request)
        .then((body) => {
          deadline.stop();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        })
        .catch(fail);
    });
    request.onStart(outgoing);
    outgoing.end(request.body);
  });
}

function startRequest({ url, headers, agent, body }: ExchangeRequest): ClientRequest {
  const start = url.protocol === "https:" ? requestHttps : requestHttp;
  return start({
    method: "POST",
    protocol: url.protocol,
    hostname: bareHost(url.hostname),
    port: url.port === "" ? undefined : Number(url.port),
    path: requestTarget(url),
    agent,
    maxHeaderSize: 32_768,
    headers: { ...headers, "Content-Length": Buffer.byteLength(body) },
  });
}

/** The request target of `url`, as it stands in the request line and in the digest. */
export function requestTarget(url: URL): string {
  return url.pathname + url.search;
}

/** One time limit for the response headers and one more for the rest, so that a drip cannot hold a session open. */
class Deadline {
  readonly #request: ExchangeRequest;
  readonly #outgoing: ClientRequest;
  #cancel: () => void;

  constructor(request: ExchangeRequest, outgoing: ClientRequest) {
    this.#request = request;
    this.#outgoing = outgoing;
    this.#cancel = this.#arm();
  }

  restart(): void {
    this.#cancel();
    this.#cancel = this.#arm();
  }

  stop(): void {
    this.#cancel();
  }

  #arm(): () => void {
    const { clock, timeoutMs, url } = this.#request;
    return clock.after(timeoutMs, () => {
      const problem = `no complete answer within ${timeoutMs / 1_000} s`;
      this.#outgoing.destroy(acsError(url, problem, { code: "cwmp.timeout" }));
    });
  }
}

function asFailure(error: unknown, url: URL, wasIdle: boolean): Error {
  if (error instanceof AcsTransportError) return error;
  return wasIdle
    ? new IdleConnectionLost("idle connection lost", { cause: error })
    : socketError(error, url);
}

async function readBody(response: IncomingMessage, request: ExchangeRequest): Promise<Buffer> {
  const raw = await collect(response, request);
  return decoded(raw, response.headers["content-encoding"], request);
}

/** Event handlers rather than an async iterator: this runs for every message of every session. */
function collect(response: IncomingMessage, request: ExchangeRequest): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    response.on("data", (part: Buffer) => {
      length += part.length;
      if (length > request.largestResponse) reject(tooLarge(request));
      else parts.push(part);
    });
    response.on("end", () => {
      const [first = Buffer.alloc(0)] = parts;
      resolve(parts.length > 1 ? Buffer.concat(parts) : first);
    });
    response.on("error", reject);
  });
}

async function decoded(
  raw: Buffer,
  encoding: string | undefined,
  request: ExchangeRequest,
): Promise<Buffer> {
  const body = await decompress(raw, encoding, request.largestResponse);
  if (Buffer.isBuffer(body)) return body;
  const { problem, cause } = body;
  if (problem === "too-large") throw tooLarge(request);
  const text =
    problem === "unknown"
      ? `it answered with Content-Encoding ${encoding ?? ""}, which nobody asked for`
      : `its ${encoding ?? ""} answer is damaged`;
  throw acsError(request.url, text, { code: "cwmp.bad-response", cause });
}

function switchedProtocols({ url }: ExchangeRequest): AcsTransportError {
  const problem = "it wants to speak another protocol (HTTP 101); check acs.url";
  return acsError(url, problem, { code: "cwmp.bad-response", status: 101 });
}

function tooLarge({ url, largestResponse }: ExchangeRequest): AcsTransportError {
  const problem = `its answer is larger than ${largestResponse} bytes, or expands out of all proportion`;
  return acsError(url, problem, { code: "cwmp.response-too-large" });
}
