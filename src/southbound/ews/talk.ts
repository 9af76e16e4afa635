import type { Clock } from "../../shared/clock.ts";
import type { EwsAccess } from "../driver.ts";
import type { Given, WebProfile } from "../exchange.ts";
import { findTexts } from "./answer-texts.ts";
import { EwsProtocolError, EwsTimeoutError } from "./errors.ts";
import type { EwsMemory } from "./ews-memory.ts";
import { ExchangeRunner } from "./exchange-runner.ts";
import type { PagePool } from "./page-pool.ts";
import { GivenValues } from "./given-values.ts";
import { Login } from "./login.ts";
import type { EwsNoticeSink } from "./notice.ts";
import { PageExtractor } from "./page-extractor.ts";
import { statusReason } from "./unavailable.ts";
import { type WebAnswer, WebClient, type WebRequest } from "./web-client.ts";

/** What a talk is made of. */
export interface TalkOptions {
  readonly access: EwsAccess;
  readonly memory: EwsMemory;
  readonly clock: Clock;
  readonly pool: PagePool;
  readonly profile: WebProfile | undefined;
  readonly notice: EwsNoticeSink;
}

/** A challenge may be answered, found stale, and answered again. */
const mostRepeats = 4;

/**
 * One conversation with one printer in its maker's manner: cookies, headers, login and home of the pages. One request
 * after another.
 */
export class Talk {
  readonly client: WebClient;
  readonly extractor: PageExtractor;
  readonly values: GivenValues;
  readonly runner: ExchangeRunner;
  /** Undefined when the mapping knows no login. */
  readonly login: Login | undefined;
  readonly #options: TalkOptions;
  /** Once known; without path when the server has no pages of this printer. */
  #home: { readonly path: string | undefined } | undefined;

  constructor(options: TalkOptions) {
    this.#options = options;
    const { access, memory, clock, pool, profile, notice } = options;
    const host = access.host;
    const onPinned = (fingerprint: string): void => {
      notice({
        kind: "certificate-pinned",
        text: `${host}: certificate SHA-256 ${fingerprint} seen first`,
      });
    };
    this.client = new WebClient({ access, memory, clock, onPinned });
    this.extractor = new PageExtractor({ host, memory, pool, clock, notice });
    this.values = new GivenValues({ client: this.client, credential: access.credential, clock });
    this.runner = new ExchangeRunner(this);
    const { runner } = this;
    if (profile?.login !== undefined) {
      const { credential } = access;
      const flow = profile.login;
      this.login = new Login({ host, flow, credential, memory, clock, runner, notice });
    }
    for (const [name, value] of Object.entries(profile?.cookies ?? {}))
      this.client.cookies.set(name, value, this.client.url("/"));
    this.client.headers = (method, url) => this.#headers(method, url);
  }

  /**
   * Sends a request; when the server wants a login for it and the mapping has one, logs in and sends it again.
   * @throws {EwsError}
   */
  async send(request: WebRequest, signal?: AbortSignal): Promise<WebAnswer> {
    const located = { ...request, path: await this.path(request.path, signal) };
    let answer = await this.client.send(located, signal);
    const { login } = this;
    if (login === undefined || login.isEntering) return answer;
    for (let repeats = 0; isRefused(answer) && repeats < mostRepeats; repeats++) {
      if (!(await login.refused(answer, repeats > 0, signal))) return answer;
      answer = await this.client.send(located, signal);
      if (answer.status !== 401) login.accepted();
    }
    return answer;
  }

  /**
   * The path with `{home}` filled in.
   * @throws {EwsProtocolError} `ews.not-there` when the server has no pages of this printer; {EwsError} when the page that
   * tells cannot be had
   */
  async path(path: string, signal?: AbortSignal): Promise<string> {
    if (!path.includes(homeMark)) return path;
    this.#home ??= { path: await this.#findHome(signal) };
    if (this.#home.path === undefined)
      throw new EwsProtocolError("not-there", `${this.client.host} has no pages of this printer`);
    return path.replaceAll(homeMark, this.#home.path);
  }

  /** Logs out and lets go of the connection. Never throws. */
  async close(): Promise<void> {
    try {
      await this.login?.leave();
    } finally {
      this.client.close();
    }
  }

  #headers(method: string, url: URL): Readonly<Record<string, string>> {
    const { profile } = this.#options;
    const { login } = this;
    const authorization = login?.authorization(method, url);
    const own: Readonly<Record<string, Given>> =
      login?.isIn === true ? (profile?.login?.headers ?? {}) : {};
    return {
      ...profile?.headers,
      ...this.values.texts(own),
      ...(authorization !== undefined && { Authorization: authorization }),
    };
  }

  async #findHome(signal: AbortSignal | undefined): Promise<string | undefined> {
    const home = this.#options.profile?.home;
    if (home === undefined || home.page.includes(homeMark)) return undefined;
    const answer = await this.send({ method: "GET", path: home.page }, signal);
    if (statusReason(answer.status) === "timeout")
      throw new EwsTimeoutError(`${this.client.host} has no time now (HTTP ${answer.status})`);
    const texts = await findTexts(this.extractor, answer, { home: home.at });
    const address = texts.get("home")?.[0];
    if (address === undefined || !URL.canParse(address, answer.url.href)) return undefined;
    return new URL(address, answer.url.href).pathname.replace(/\/$/, "");
  }
}

const homeMark = "{home}";

function isRefused({ status }: WebAnswer): boolean {
  return status === 401 || status === 403;
}
