import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { ClientRequest } from "node:http";
import type { LookupFunction, Socket } from "node:net";
import type { Clock } from "../../shared/clock.ts";
import { logger } from "../../shared/log.ts";
import {
  type AcsConnection,
  type AcsPostOptions,
  type AcsResponse,
  type AcsSettings,
  type AcsTransport,
  AcsTransportError,
} from "../transport.ts";
import { AcsAddresses } from "./acs-addresses.ts";
import { isHeaderSafe } from "../../shared/http/auth-header.ts";
import { type ContentCoding, compress } from "./compression.ts";
import { CookieJar } from "./cookies.ts";
import { type ChallengeVerdict, HttpAuthentication } from "../../shared/http/digest-client.ts";
import { acsError, printableUrl, socketError } from "./http-errors.ts";
import {
  type ExchangeResponse,
  IdleConnectionLost,
  exchange,
  requestTarget,
} from "./http-exchange.ts";
import { lookupElsewhere, redirectTarget } from "./redirect.ts";
import { decodeText } from "./response-text.ts";
import { parseRetryAfterMs } from "./retry-after.ts";
import { TlsContexts, type TlsProfile } from "./tls-contexts.ts";

const log = logger("cwmp.http.acs-client");

/** What holds for all sessions; every member has a default. */
export interface AcsClientOptions {
  readonly clock: Clock;
  /** For the response headers, and again for the rest of the response (default 30 s, TR-069a6 §3.4.1). */
  readonly responseTimeoutMs?: number;
  /** Bytes of one response, compressed or not (default 4 MiB). */
  readonly largestResponse?: number;
  /** Sends the password readable over the network (default: only over TLS or to this very machine). */
  readonly allowBasicOverHttp?: boolean;
  /** Follows a redirect from https to http (default no). */
  readonly allowDowngrade?: boolean;
  readonly userAgent?: string;
  /** Which address of the ACS to try first. */
  readonly addresses?: AcsAddresses;
}

/** TR-069a6 §3.4.5: more consecutive redirects fail the session. */
const mostRedirects = 5;
const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 307, 308]);
const envelopeHeaders = { "Content-Type": 'text/xml; charset="utf-8"', SOAPAction: "" };

/** Makes the HTTP leg of CWMP sessions over node:http and node:https. */
export function createAcsClient(options: AcsClientOptions): AcsTransport {
  const shared = {
    responseTimeoutMs: 30_000,
    largestResponse: 4 * 1024 * 1024,
    allowBasicOverHttp: false,
    allowDowngrade: false,
    userAgent: "mfpgate",
    addresses: new AcsAddresses(),
    ...options,
    tls: new TlsContexts(),
  };
  return { connect: (settings) => new AcsHttpConnection(settings, shared) };
}

type Shared = Required<AcsClientOptions> & { readonly tls: TlsContexts };

/** One session: one agent with one socket, one cookie jar, one authentication state, the URL as redirected. */
class AcsHttpConnection implements AcsConnection {
  readonly #settings: AcsSettings;
  readonly #shared: Shared;
  readonly #cookies = new CookieJar();
  #peer: Peer | undefined;
  #running: ClientRequest | undefined;
  /** Address the session is connected to. */
  #address: string | undefined;
  #isClosed = false;
  #coding: ContentCoding | undefined;

  constructor(settings: AcsSettings, shared: Shared) {
    this.#settings = settings;
    this.#coding = settings.compression;
    this.#shared = shared;
  }

  async post(body: string | undefined, options: AcsPostOptions = {}): Promise<AcsResponse> {
    let peer = (this.#peer ??= this.#peerFor(parseAcsUrl(this.#settings.url)));
    peer.authentication.beginRequest();
    let payload = await this.#payloadOf(body);
    for (let redirects = 0; ;) {
      const response = await this.#exchange(peer, payload, options);
      this.#cookies.store(
        response.headers["set-cookie"] ?? [],
        peer.url,
        this.#shared.clock.nowMs(),
      );
      const { status } = response;
      if (status === 200 || status === 204) {
        return { status, body: decodeText(response, peer.url) };
      }
      if (status === 415 && payload?.coding !== undefined) {
        payload = await this.#withoutCompression(peer, body);
      } else if (status === 401) {
        answerChallenge(peer, response);
      } else if (redirectStatuses.has(status)) {
        redirects += 1;
        peer = this.#follow(peer, response, redirects);
      } else {
        throw statusError(peer.url, response, this.#shared.clock.nowMs());
      }
    }
  }

  close(): void {
    this.#isClosed = true;
    if (this.#peer !== undefined) {
      this.#running?.destroy(closedError(this.#peer.url));
      this.#peer.agent.destroy();
    }
  }

  async #payloadOf(body: string | undefined): Promise<Payload | undefined> {
    if (body === undefined) return undefined;
    const coding = this.#coding;
    return coding === undefined ? { body } : { body: await compress(body, coding), coding };
  }

  /** An ACS that switched compression on and does not understand it would have lost its CPE for ever. */
  #withoutCompression(peer: Peer, body: string | undefined): Promise<Payload | undefined> {
    log.warn("ACS does not take compressed envelopes", { url: printableUrl(peer.url) });
    this.#coding = undefined;
    return this.#payloadOf(body);
  }

  /** Sends once, and once more over a fresh connection when the kept one was dead. */
  async #exchange(
    peer: Peer,
    payload: Payload | undefined,
    options: AcsPostOptions,
  ): Promise<ExchangeResponse> {
    try {
      return await this.#exchangeOnce(peer, payload, options);
    } catch (error) {
      if (!(error instanceof IdleConnectionLost)) throw error;
      log.debug("kept connection was closed, reconnecting", { url: printableUrl(peer.url) });
    }
    try {
      return await this.#exchangeOnce(peer, payload, options);
    } catch (error) {
      throw error instanceof IdleConnectionLost ? socketError(error.cause, peer.url) : error;
    }
  }

  async #exchangeOnce(
    peer: Peer,
    payload: Payload | undefined,
    { headers = {} }: AcsPostOptions,
  ): Promise<ExchangeResponse> {
    if (this.#isClosed) throw closedError(peer.url);
    const { clock, responseTimeoutMs, largestResponse, tls } = this.#shared;
    const { url, agent } = peer;
    const answer = exchange({
      url,
      agent,
      clock,
      largestResponse,
      timeoutMs: responseTimeoutMs,
      headers: { ...this.#headers(peer, payload), ...headers },
      body: payload?.body ?? "",
      onSocket: (socket) => {
        if (peer.tls !== undefined) tls.watch(socket, url.origin, peer.tls);
        this.#noteAddress(socket);
      },
      onStart: (running) => {
        this.#running = running;
      },
    });
    return await this.#judged(answer, url);
  }

  #noteAddress(socket: Socket): void {
    const note = (): void => {
      this.#address = socket.remoteAddress;
    };
    if (socket.connecting) socket.once("connect", note);
    else note();
  }

  /** Lets the next session begin with another address when this one does not serve. */
  async #judged(answer: Promise<ExchangeResponse>, url: URL): Promise<ExchangeResponse> {
    const { addresses } = this.#shared;
    try {
      const response = await answer;
      if (this.#address === undefined) return response;
      if (response.status >= 500) addresses.failed(url.hostname, this.#address);
      else addresses.succeeded(url.hostname, this.#address);
      return response;
    } catch (error) {
      const isOurs = this.#isClosed || error instanceof IdleConnectionLost;
      if (this.#address !== undefined && !isOurs) addresses.failed(url.hostname, this.#address);
      throw error;
    }
  }

  #headers({ url, authentication }: Peer, payload: Payload | undefined): Record<string, string> {
    const cookie = this.#cookies.header(url, this.#shared.clock.nowMs());
    const authorization = authentication.header("POST", requestTarget(url));
    return {
      ...(payload === undefined ? {} : envelopeHeaders),
      ...(payload?.coding === undefined ? {} : { "Content-Encoding": payload.coding }),
      ...(this.#coding === undefined ? {} : { "Accept-Encoding": this.#coding }),
      "User-Agent": this.#shared.userAgent,
      ...(cookie === undefined ? {} : { Cookie: cookie }),
      ...(authorization === undefined ? {} : { Authorization: authorization }),
    };
  }

  /** Moves the rest of the session to the redirect's target. */
  #follow(from: Peer, response: ExchangeResponse, count: number): Peer {
    const { allowDowngrade } = this.#shared;
    const url = redirectTarget(from.url, response.headers.location, allowDowngrade);
    if (count > mostRedirects) {
      const problem = `more than ${mostRedirects} redirects, the last to ${printableUrl(url)}`;
      throw acsError(from.url, problem, { code: "cwmp.redirect-limit" });
    }
    const isSameOrigin = url.origin === from.url.origin;
    if (!isSameOrigin) from.agent.destroy();
    this.#peer = isSameOrigin ? { ...from, url } : this.#peerFor(url, lookupElsewhere(url));
    return this.#peer;
  }

  #peerFor(url: URL, lookup: LookupFunction = this.#shared.addresses.lookup): Peer {
    const { username, password, tls = {} } = this.#settings;
    if (!isHeaderSafe(username)) {
      const problem = "the user name holds control characters; correct acs.username";
      throw acsError(url, problem, { code: "cwmp.auth" });
    }
    const isSecure = url.protocol === "https:";
    const allowBasic = isSecure || this.#shared.allowBasicOverHttp || isLoopback(url.hostname);
    const credentials = username === "" ? undefined : { username, password };
    const profile = isSecure ? this.#shared.tls.profile(tls, url) : undefined;
    return {
      url,
      tls: profile,
      agent: makeAgent(url, profile, lookup),
      authentication: new HttpAuthentication(credentials, { allowBasic }),
    };
  }
}

/** An envelope as it goes on the wire. */
interface Payload {
  readonly body: string | Buffer;
  readonly coding?: ContentCoding;
}

/** Where the session talks to at the moment. */
interface Peer {
  readonly url: URL;
  readonly agent: HttpAgent;
  readonly tls: TlsProfile | undefined;
  readonly authentication: HttpAuthentication;
}

/** An agent of its own keeps the session on one socket, which ACSs tie their state to. */
function makeAgent(url: URL, profile: TlsProfile | undefined, lookup: LookupFunction): HttpAgent {
  const common = { keepAlive: true, maxSockets: 1, lookup };
  if (profile === undefined) return new HttpAgent(common);
  const session = profile.tickets.get(url.origin);
  return new HttpsAgent({
    ...common,
    secureContext: profile.context,
    rejectUnauthorized: !profile.isInsecure,
    maxCachedSessions: 0,
    ...(session === undefined ? {} : { session }),
  });
}

function parseAcsUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.protocol === "http:" || url.protocol === "https:")) return url;
  throw new AcsTransportError("acs.url is not an http or https URL; correct it", {
    code: "cwmp.acs-unreachable",
  });
}

const challengeProblems = {
  "no-credentials": "it asks for authentication; set acs.username and acs.password",
  "wrong-credentials": "it refuses the credentials; check acs.username and acs.password",
  "no-usable-scheme":
    "it offers no authentication that may be used here (digest, or basic over https only)",
} as const satisfies Record<Exclude<ChallengeVerdict, "retry">, string>;

function answerChallenge({ url, authentication }: Peer, { headers }: ExchangeResponse): void {
  const verdict = authentication.challenged(headers["www-authenticate"]);
  if (verdict === "retry") return;
  throw acsError(url, challengeProblems[verdict], { code: "cwmp.auth", status: 401 });
}

function statusError(url: URL, { status, headers, body }: ExchangeResponse, nowMs: number): Error {
  const retryAfterMs = parseRetryAfterMs(headers["retry-after"], nowMs);
  const text = body
    .subarray(0, 120)
    .toString("latin1")
    .replace(/[^!-~]+/g, " ")
    .trim();
  const problem = `answered HTTP ${status}${text === "" ? "" : ` (${text})`}`;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  return acsError(url, problem, { code: "cwmp.http-status", status, ...wait });
}

function closedError(url: URL): Error {
  return acsError(url, "the session was closed", { code: "cwmp.connection-closed" });
}

/** Nobody but this machine can listen on these. */
function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
