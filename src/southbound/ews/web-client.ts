import type { IncomingHttpHeaders } from "node:http";
import type { Clock } from "../../shared/clock.ts";
import { authority } from "../../shared/hosts.ts";
import { isHeaderSafe } from "../../shared/http/auth-header.ts";
import { logger } from "../../shared/log.ts";
import type { EwsAccess } from "../driver.ts";
import { HttpCallError, type HttpReply, callServer } from "./axios.ts";
import { readBody } from "./body.ts";
import { Connection } from "./connection.ts";
import { PrinterCookies } from "./cookie-jar.ts";
import {
  type EwsError,
  EwsProtocolError,
  EwsTimeoutError,
  EwsTlsError,
  EwsUnreachableError,
} from "./errors.ts";
import type { EwsMemory, Origin } from "./ews-memory.ts";
import { ewsFailure, isParseError, parseErrorCode } from "./failure.ts";
import { Patience } from "./patience.ts";
import { mostRedirects, sameHostTarget } from "./redirect.ts";
import { defaultTlsPolicy } from "./tls-policy.ts";

const log = logger("southbound.ews.web-client");

/** One request to the printer's web server. */
export interface WebRequest {
  readonly method: string;
  /** Path and query, or an address on the printer. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** For this request only. */
  readonly cookies?: Readonly<Record<string, string>> | undefined;
  readonly body?: { readonly type: string; readonly bytes: Uint8Array } | undefined;
}

/** The answer after all redirects. */
export interface WebAnswer {
  readonly status: number;
  /** Status of the request itself, before redirects to other pages were followed. */
  readonly firstStatus: number;
  /** Where it came from in the end. */
  readonly url: URL;
  /** By lower-case name; without `set-cookie`. */
  readonly headers: ReadonlyMap<string, string>;
  readonly bytes: Uint8Array;
}

/** Headers to be sent with a request, known only when it is sent: authentication, tokens. */
export type HeaderSource = (method: string, url: URL) => Readonly<Record<string, string>>;

/** What a client is made of. */
export interface WebClientOptions {
  readonly access: EwsAccess;
  readonly memory: EwsMemory;
  readonly clock: Clock;
  readonly onPinned: (fingerprint: string) => void;
}

/** Used when the access names none. */
export const defaultTimeoutMs = 15_000;
/** A printer that wakes up takes some seconds to accept a connection. */
const longestConnectMs = 10_000;
/** A request may take so many times the longest silence in all. */
const wholeFactor = 2;
const mostHeaderBytes = 32 * 1024;

/** What a browser says of itself and embedded servers look for; no language, that is the profile's. */
const browserHeaders = {
  "User-Agent": "Mozilla/5.0 (compatible; mfpgate)",
  Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
  "Accept-Encoding": "gzip",
};

/**
 * HTTP with one printer for one conversation: one connection at a time, its own cookies, redirects within the printer
 * only, everything capped.
 */
export class WebClient {
  readonly cookies = new PrinterCookies();
  /** Headers with every request. */
  headers: HeaderSource = () => ({});
  /** Answers of the server in this conversation. */
  answerCount = 0;
  readonly #options: WebClientOptions;
  readonly #connection: Connection;
  #origin: Origin | undefined;

  constructor(options: WebClientOptions) {
    this.#options = options;
    const { access, memory, clock, onPinned } = options;
    this.#connection = new Connection({
      host: access.host,
      tls: access.tls ?? defaultTlsPolicy,
      memory,
      clock,
      connectTimeoutMs: Math.min(this.#configuredMs, longestConnectMs),
      onPinned,
    });
  }

  /** The printer's name for messages. */
  get host(): string {
    return this.#options.access.host;
  }

  /** Whether the printer took a connection. */
  get isConnected(): boolean {
    return this.#connection.remoteAddress !== undefined;
  }

  /** The address `path` has now; for cookies and `Referer`. */
  url(path: string): URL {
    return new URL(path, baseUrl(this.host, this.#origin ?? this.#candidates()[0]));
  }

  /**
   * Sends one request and follows its redirects. Any status is an answer.
   * @throws {EwsError} time-outs, broken connections, TLS, nonsense, caps
   */
  async send(request: WebRequest, signal?: AbortSignal): Promise<WebAnswer> {
    if (this.#origin !== undefined) return this.#follow(request, signal);
    const candidates = this.#candidates();
    for (const [index, origin] of candidates.entries()) {
      this.#origin = origin;
      try {
        return await this.#follow(request, signal);
      } catch (error) {
        const isElsewhere = error instanceof EwsUnreachableError || error instanceof EwsTlsError;
        if (this.answerCount > 0) throw error;
        this.#origin = undefined;
        if (!isElsewhere || index === candidates.length - 1) throw error;
      }
    }
    throw new EwsUnreachableError(`${this.host} has no web server`);
  }

  close(): void {
    this.#connection.close();
  }

  get #configuredMs(): number {
    return this.#options.access.timeoutMs ?? defaultTimeoutMs;
  }

  /** Where to look for the server: where it was last, where it is configured, and on TLS. Never out of TLS. */
  #candidates(): readonly [Origin, ...Origin[]] {
    const { access, memory } = this.#options;
    const configured: Origin = { scheme: access.scheme, port: access.port };
    const isDowngrade = configured.scheme === "https" && memory.origin?.scheme === "http";
    const known = isDowngrade && access.credential !== undefined ? undefined : memory.origin;
    const more: Origin[] = [];
    if (known !== undefined && !isSameOrigin(known, configured)) more.push(configured);
    const secure: Origin = { scheme: "https", port: 443 };
    if (configured.scheme === "http" && configured.port === 80) more.push(secure);
    return [known ?? configured, ...more.filter((origin) => !isSameOrigin(origin, known))];
  }

  async #follow(request: WebRequest, signal: AbortSignal | undefined): Promise<WebAnswer> {
    let current = { ...request, url: this.#target(this.url("/"), request.path) };
    let firstStatus: number | undefined;
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      const answer = await this.#once(current, signal);
      const location = answer.headers.get("location");
      if (!isRedirect(answer.status) || location === undefined)
        return { ...answer, firstStatus: firstStatus ?? answer.status };
      const url = this.#target(current.url, location);
      const isMove = isSamePage(current.url, url);
      if (isMove) this.#moveTo(url);
      else firstStatus ??= answer.status;
      current = redirected(current, url, answer.status);
    }
    throw new EwsProtocolError("redirect-refused", `${this.host} redirects in a circle`);
  }

  #target(from: URL, location: string): URL {
    const { host, credential } = this.#options.access;
    const address = this.#connection.remoteAddress;
    return sameHostTarget(from, location, {
      host,
      address,
      allowDowngrade: credential === undefined,
    });
  }

  /** The same page elsewhere on the printer: from now on, and next time, it is asked there at once. */
  #moveTo(url: URL): void {
    this.#origin = originOf(url);
    this.#options.memory.origin = this.#origin;
  }

  /** One request and its answer; asked once more where that can do no harm and may help. */
  async #once(call: LocatedRequest, signal: AbortSignal | undefined): Promise<Answered> {
    const { memory } = this.#options;
    try {
      return await this.#exchange(call, signal);
    } catch (error) {
      const failure = this.#failure(call, error);
      if (call.method !== "GET" || !(error instanceof HttpCallError)) throw failure;
      if (isParseError(error) && memory.lenientBecause === undefined) {
        const because = parseErrorCode(error);
        log.info("answers are against HTTP and read leniently", { device: this.host, because });
        memory.noteLenient(because);
      } else if (!error.wasReused || !(failure instanceof EwsUnreachableError)) throw failure;
    }
    try {
      return await this.#exchange(call, signal);
    } catch (error) {
      throw this.#failure(call, error);
    }
  }

  #failure(call: LocatedRequest, error: unknown): EwsError {
    return ewsFailure(authority(this.host, originOf(call.url).port), error);
  }

  async #exchange(call: LocatedRequest, signal: AbortSignal | undefined): Promise<Answered> {
    const { clock, memory } = this.#options;
    const idleMs = memory.timeoutMs(this.#configuredMs);
    const server = authority(this.host, originOf(call.url).port);
    const wholeMs = idleMs * wholeFactor;
    const patience = new Patience({ server, clock, idleMs, wholeMs, signal });
    const startedMs = clock.nowMs();
    // A change is sent over a new connection: PAPPL 1.3 (LPrint) promises to keep the old one and closes it, and whether
    // a change that met a closing connection was made, nobody knows.
    if (call.method !== "GET") this.#connection.close();
    try {
      const reply = await callServer({
        method: call.method,
        url: call.url,
        headers: this.#headersOf(call),
        body: call.body?.bytes,
        agent: this.#connection.agentFor(originOf(call.url)),
        isLenient: memory.lenientBecause !== undefined,
        maxHeaderBytes: mostHeaderBytes,
        signal: patience.signal,
      });
      this.answerCount += 1;
      memory.noteFast(this.#configuredMs, clock.nowMs() - startedMs);
      return await this.#receive(call.url, reply, server, patience);
    } catch (error) {
      if (patience.reason instanceof EwsTimeoutError) memory.noteSlow(this.#configuredMs);
      throw patience.reason ?? error;
    } finally {
      patience.end();
    }
  }

  async #receive(
    url: URL,
    reply: HttpReply,
    server: string,
    patience: Patience,
  ): Promise<Answered> {
    patience.touch();
    this.cookies.store(reply.headers["set-cookie"] ?? [], url);
    const bytes = await readBody(reply.body, {
      server,
      encoding: hasNoBody(reply) ? undefined : reply.headers["content-encoding"],
      onPiece: () => {
        patience.touch();
      },
    });
    return { status: reply.status, url, headers: headerMap(reply.headers), bytes };
  }

  #headersOf(call: LocatedRequest): Readonly<Record<string, string>> {
    const cookie = this.cookies.header(call.url, call.cookies);
    const headers: Record<string, string> = {
      ...browserHeaders,
      ...(call.body && { "Content-Type": call.body.type }),
      ...this.headers(call.method, call.url),
      ...call.headers,
      ...(cookie !== undefined && { Cookie: cookie }),
    };
    for (const [name, value] of Object.entries(headers)) {
      if (!isHeaderSafe(value))
        throw new EwsProtocolError("malformed", `${name} for ${this.host} cannot be sent`);
      headers[name] = asOctets(addressed(name, value, call.url.origin));
    }
    return headers;
  }
}

type LocatedRequest = WebRequest & { readonly url: URL };
type Answered = Omit<WebAnswer, "firstStatus">;

/** 303 and, as browsers do it, 301 and 302 turn a POST into a GET (RFC 9110 §15.4). */
function redirected(call: LocatedRequest, url: URL, status: number): LocatedRequest {
  if (status === 307 || status === 308 || call.method === "GET") return { ...call, url };
  const { headers, cookies } = call;
  return { method: "GET", path: url.pathname, url, headers, cookies };
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/** Such answers keep the header of the body they do not have. */
function hasNoBody({ status, headers }: HttpReply): boolean {
  return status === 204 || status === 304 || headers["content-length"] === "0";
}

function isSamePage(from: URL, to: URL): boolean {
  return from.origin !== to.origin && from.pathname === to.pathname && from.search === to.search;
}

function originOf(url: URL): Origin {
  const scheme = url.protocol === "https:" ? "https" : "http";
  const port = url.port === "" ? (scheme === "https" ? 443 : 80) : Number(url.port);
  return { scheme, port };
}

function isSameOrigin(a: Origin, b: Origin | undefined): boolean {
  return a.scheme === b?.scheme && a.port === b.port;
}

function baseUrl(host: string, { scheme, port }: Origin): string {
  return `${scheme}://${authority(host, port)}/`;
}

function headerMap(headers: IncomingHttpHeaders): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (name === "set-cookie" || value === undefined) continue;
    map.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  return map;
}

/** A path in `Referer` or `Origin` is one of the printer's own; Kyocera answers only to the whole address. */
function addressed(name: string, value: string, origin: string): string {
  if (!value.startsWith("/")) return value;
  switch (name.toLowerCase()) {
    case "referer":
      return origin + value;
    case "origin":
      // Has no path (RFC 6454 §7).
      return origin;
    default:
      return value;
  }
}

/** Header strings of Node are octets. What came as octets goes back as it came; other text is sent as UTF-8. */
function asOctets(value: string): string {
  // eslint-disable-next-line no-control-regex -- the range is that of octets
  return /^[\u0000-\u00ff]*$/.test(value) ? value : Buffer.from(value, "utf8").toString("latin1");
}
