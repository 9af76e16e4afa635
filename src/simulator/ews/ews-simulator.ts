import type { IncomingMessage, ServerResponse } from "node:http";
import type { ServerOptions } from "node:https";
import type { Clock } from "../../shared/clock.ts";
import { errorText } from "../../shared/errors.ts";
import { authority } from "../../shared/hosts.ts";
import { BoundedLog } from "../acs/bounded-log.ts";
import { EwsEngine, type EwsEngineOptions } from "./engine.ts";
import type { EwsSite, EwsStyle } from "./ews-site.ts";
import type { EwsFailure } from "./failures.ts";
import { type Listener, startListener } from "./listener.ts";
import {
  type SelfSignedCertificate,
  makeSelfSignedCertificate,
} from "./self-signed-certificate.ts";
import { EwsSimulatorError, type SettingsStore } from "./settings-store.ts";
import { type EwsAnswer, type EwsRequest, plain, readRequest } from "./web-message.ts";

/** What to serve, and where. */
export interface EwsSimulatorOptions extends Omit<EwsEngineOptions, "restartNetwork"> {
  readonly style: EwsStyle;
  /** 127.0.0.1 by default. */
  readonly host?: string;
  /** A free one by default. */
  readonly port?: number;
  /** `off` (default): only http; `only`: only https; `offered`: both; `forced`: http redirects to https. */
  readonly https?: "off" | "only" | "offered" | "forced";
  /** Port of https where http is served as well; a free one by default. */
  readonly securePort?: number;
  /** The https side speaks nothing newer than TLS 1.0, as printers of 2010 do. */
  readonly hasLegacyTls?: boolean;
}

/** One request as it arrived and what became of it. */
export interface EwsExchange {
  readonly atMs: number;
  readonly request: EwsRequest;
  /** 0 when the connection was cut. */
  readonly status: number;
}

const exchangesKept = 500;

/** A running simulated web server. */
export class EwsSimulator {
  readonly #options: EwsSimulatorOptions;
  readonly #clock: Clock;
  readonly #host: string;
  readonly #engine: EwsEngine;
  readonly #site: EwsSite;
  readonly #log = new BoundedLog<EwsExchange>(exchangesKept);
  #http: Listener | undefined;
  #https: Listener | undefined;
  #awayAfterAnswerMs: number | undefined;
  #certificate: SelfSignedCertificate | undefined;

  /** Use {@link startEwsSimulator}. */
  constructor(options: EwsSimulatorOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#host = options.host ?? "127.0.0.1";
    this.#engine = new EwsEngine({
      ...options,
      restartNetwork: (awayMs) => {
        this.#awayAfterAnswerMs = awayMs;
      },
    });
    this.#site = options.style(this.#engine);
  }

  get host(): string {
    return this.#host;
  }

  /** Port of http; of https where nothing else is served. */
  get port(): number {
    return (this.#http ?? this.#https)?.port ?? 0;
  }

  /** Port of https, if it is served. */
  get securePort(): number | undefined {
    return this.#https?.port;
  }

  /** Where a browser begins; without a final slash. */
  get url(): string {
    return `${this.#http === undefined ? "https" : "http"}://${authority(this.#host, this.port)}`;
  }

  /** PEM of the certificate of the https side. */
  get certificate(): string | undefined {
    return this.#certificate?.cert;
  }

  /** The settings behind the pages, as the panel sees them. */
  get settings(): Pick<SettingsStore, "get" | "set" | "all"> {
    return this.#engine.settings;
  }

  /** The last requests, oldest first. */
  get requests(): readonly EwsExchange[] {
    return this.#log.all();
  }

  /** Lets something go wrong from now on; the result takes it back. */
  fail(failure: EwsFailure): () => void {
    return this.#engine.failures.add(failure);
  }

  /** Nothing goes wrong any longer. */
  recover(): void {
    this.#engine.failures.clear();
  }

  /** Begins to listen. @throws {EwsSimulatorError} when an address is taken; nothing is left open then */
  async start(): Promise<void> {
    const { https = "off", port = 0, securePort = 0 } = this.#options;
    try {
      if (https !== "only") this.#http = await this.#listen(port, undefined);
      if (https !== "off")
        this.#https = await this.#listen(https === "only" ? port : securePort, this.#tls());
    } catch (error) {
      await this.stop();
      throw new EwsSimulatorError(
        `cannot listen on ${authority(this.#host, port)}: ${errorText(error)}`,
        error,
      );
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.#http?.stop(), this.#https?.stop()]);
  }

  #listen(port: number, tls: ServerOptions | undefined): Promise<Listener> {
    return startListener({
      host: this.#host,
      port,
      clock: this.#clock,
      ...(tls === undefined ? {} : { tls }),
      handle: (message, response) => {
        this.#serve(message, response, tls !== undefined).catch(() => {
          // The other side went away in the middle of its request.
          response.destroy();
        });
      },
    });
  }

  #tls(): ServerOptions {
    this.#certificate ??= makeSelfSignedCertificate(this.#host, this.#clock.nowMs());
    const legacy = {
      minVersion: "TLSv1",
      maxVersion: "TLSv1",
      ciphers: "DEFAULT@SECLEVEL=0",
    } as const;
    return { ...this.#certificate, ...(this.#options.hasLegacyTls === true ? legacy : {}) };
  }

  async #serve(
    message: IncomingMessage,
    response: ServerResponse,
    isSecure: boolean,
  ): Promise<void> {
    const request = await readRequest(message, isSecure);
    if (request === undefined) {
      send(response, plain(413, "Request too large", { Connection: "close" }));
      return;
    }
    const slow = this.#engine.failures.meet("slow", request);
    if (slow !== undefined) await this.#pause(slow.ms);
    const answer = this.#answer(request);
    this.#log.push({ atMs: this.#clock.nowMs(), request, status: answer?.status ?? 0 });
    if (answer === undefined) response.destroy();
    else send(response, answer);
    this.#goAwayAfter(response);
  }

  /** What is answered; undefined: the connection is cut. */
  #answer(request: EwsRequest): EwsAnswer | undefined {
    const { failures } = this.#engine;
    const cut = failures.meet("cut", request);
    if (cut?.when === "before") return undefined;
    if (this.#isRedirected(request)) return this.#toHttps(request);
    if (failures.meet("unavailable", request) !== undefined)
      return plain(503, "Service Unavailable", { "Retry-After": "5" });
    const answer =
      failures.meet("missing", request) === undefined ? this.#route(request) : undefined;
    if (cut !== undefined) return undefined;
    return answer ?? this.#site.notFound?.(request) ?? plain(404, "Not Found");
  }

  #route(request: EwsRequest): EwsAnswer | undefined {
    const method = request.method === "HEAD" ? "GET" : request.method;
    const { routes } = this.#site;
    const handler =
      routes.get(`${method} ${request.target}`) ?? routes.get(`${method} ${request.path}`);
    return handler?.(request);
  }

  #isRedirected(request: EwsRequest): boolean {
    if (request.isSecure || this.#https === undefined) return false;
    if (this.#options.https === "forced") return true;
    return this.#engine.failures.meet("redirectToHttps", request) !== undefined;
  }

  #toHttps({ target }: EwsRequest): EwsAnswer {
    const origin = `https://${authority(this.#host, this.#https?.port ?? 0)}`;
    return plain(301, "Moved Permanently", { Location: origin + target });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(ms, resolve);
    });
  }

  #goAwayAfter(response: ServerResponse): void {
    const awayMs = this.#awayAfterAnswerMs;
    if (awayMs === undefined) return;
    this.#awayAfterAnswerMs = undefined;
    response.once("close", () => {
      this.#http?.away(awayMs);
      this.#https?.away(awayMs);
    });
  }
}

/** Starts a simulated web server. @throws {EwsSimulatorError} when its address is taken */
export async function startEwsSimulator(options: EwsSimulatorOptions): Promise<EwsSimulator> {
  const simulator = new EwsSimulator(options);
  await simulator.start();
  return simulator;
}

function send(response: ServerResponse, { status, headers, body }: EwsAnswer): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader("Content-Length", Buffer.byteLength(body));
  response.writeHead(status).end(body);
}
