/** The only file that touches axios; the rest of the room sees these types. */

import { type Agent, IncomingMessage, request as httpRequest } from "node:http";
import type { ClientRequest, IncomingHttpHeaders, RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import axios, { isAxiosError } from "axios";

/** One request over one connection of `agent`. Header values are octets below 256. */
export interface HttpCall {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  readonly agent: Agent;
  /** Takes header lines that are against RFC 9112; only for servers seen to need it. */
  readonly isLenient: boolean;
  readonly maxHeaderBytes: number;
  readonly signal: AbortSignal;
}

/** Head of an answer; the body is read, or destroyed, by the caller. It is not decompressed. */
export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingMessage;
}

/** A call that gave no answer; `cause` is the error of Node or of the agent. */
export class HttpCallError extends Error {
  override readonly name = "HttpCallError";
  /** Whether the connection had served an earlier request, and may just have been closed by the server. */
  readonly wasReused: boolean;

  constructor(cause: unknown, wasReused: boolean) {
    super("no answer", { cause });
    this.wasReused = wasReused;
  }
}

/** What axios would add by itself: nothing. */
const bare = axios.create({ transformRequest: [], transformResponse: [] });
bare.defaults.headers.common = {};
bare.defaults.headers.post = {};
bare.defaults.headers.put = {};
bare.defaults.headers.patch = {};

/**
 * Sends one request and returns the head of its answer, whatever the status. Redirects, proxies, cookies and
 * decompression are nobody's business here.
 * @throws {HttpCallError}
 */
export async function callServer(call: HttpCall): Promise<HttpReply> {
  let sent: ClientRequest | undefined;
  try {
    const { data } = await bare.request<unknown>({
      url: call.url.href,
      method: call.method,
      headers: withoutDefaults(call.headers),
      data: call.body === undefined ? undefined : Buffer.from(call.body),
      httpAgent: call.agent,
      httpsAgent: call.agent,
      signal: call.signal,
      insecureHTTPParser: call.isLenient,
      transport: transportOf(call, (request) => (sent = request)),
      adapter: "http",
      responseType: "stream",
      decompress: false,
      maxRedirects: 0,
      proxy: false,
      validateStatus: () => true,
    });
    if (!(data instanceof IncomingMessage)) throw new TypeError("axios gave no stream");
    return { status: data.statusCode ?? 0, headers: data.headers, body: data };
  } catch (error) {
    const cause: unknown = isAxiosError(error) ? (error.cause ?? error) : error;
    throw new HttpCallError(cause, sent?.reusedSocket ?? false);
  }
}

/** axios sets these when nobody else does; `false` stops it, but also whoever spells them differently. */
function withoutDefaults(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string | false>> {
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const unset = ["Accept", "User-Agent", "Accept-Encoding", "Content-Type"].filter(
    (name) => !given.has(name.toLowerCase()),
  );
  return { ...Object.fromEntries(unset.map((name) => [name, false as const])), ...headers };
}

/** node:http itself, with a cap on headers that axios has no option for. */
function transportOf(
  call: HttpCall,
  onRequest: (request: ClientRequest) => void,
): { request: (options: RequestOptions, done: (res: IncomingMessage) => void) => ClientRequest } {
  const start = call.url.protocol === "https:" ? httpsRequest : httpRequest;
  return {
    request: (options, done) => {
      const request = start({ ...options, maxHeaderSize: call.maxHeaderBytes }, done);
      onRequest(request);
      return request;
    },
  };
}
