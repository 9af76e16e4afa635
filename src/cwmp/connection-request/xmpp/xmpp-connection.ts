import type { CancelTimer, Clock } from "../../../shared/clock.ts";
import { errorText } from "../../../shared/errors.ts";
import { logger } from "../../../shared/log.ts";
import {
  type ConnectionInput,
  type ConnectionState,
  nextConnectionStep,
} from "./connection-machine.ts";
import { type ServerConnectAlgorithm, type XmppServer, findServers } from "./find-servers.ts";
import { type ReconnectPolicy, reconnectWaitMs } from "./reconnect-wait.ts";
import { XmppError } from "./xmpp-error.ts";
import {
  type XmppStatistics,
  type XmppStream,
  type XmppStreamOptions,
  openXmppStream,
} from "./xmpp-package.ts";
import type { XmppReply, XmppRequest } from "./xmpp-requests.ts";

const log = logger("cwmp.connection-request.xmpp.xmpp-connection");

/** Where the standard leaves it to us; RFC 6120 §4.6.4 wants five minutes at least. */
const ownKeepAliveS = 300;

/** What `Device.XMPP.Connection.{i}.` says, with what only the configuration knows. */
export interface XmppSettings {
  readonly isEnabled: boolean;
  readonly username: string;
  readonly password: string;
  readonly domain: string;
  readonly resource: string;
  readonly algorithm: ServerConnectAlgorithm;
  readonly server: XmppServer | undefined;
  /** 0: never; -1: as we like. */
  readonly keepAliveS: number;
  readonly retry: ReconnectPolicy;
  readonly ca: string | undefined;
  readonly insecure: boolean;
}

/** `Status` of the row (TR-181i2 2.17). */
export type XmppStatus =
  | "Disabled"
  | "Connecting"
  | "Enabled"
  | "ServerNotPresent"
  | "Error_Misconfigured"
  | "Error_AuthenticationFailure"
  | "Error";

/** How the connection is. */
export interface XmppState {
  readonly status: XmppStatus;
  readonly changedAtMs: number;
  /** Full Jabber ID of the last stream; empty before the first and while switched off. */
  readonly jabberId: string;
}

/** What the connection is joined to. */
export interface XmppConnectionOptions {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** As it was when the process ended; holds until a stream has another, or XMPP is off. */
  readonly lastJabberId: string;
  readonly onRequest: (request: XmppRequest) => XmppReply;
  readonly onChange: (state: XmppState) => void;
}

/**
 * The one XMPP connection of the box: opens it, sees that it lives, opens it again.
 * @see TR-069a6 Annex K.2.1
 */
export class XmppConnection {
  readonly statistics: XmppStatistics = { received: 0, sent: 0, receivedErrors: 0, sentErrors: 0 };
  readonly #options: XmppConnectionOptions;
  #settings: XmppSettings | undefined;
  #state: ConnectionState = "off";
  #shown: XmppState;
  #stream: XmppStream | undefined;
  #cancelTimer: CancelTimer | undefined;
  #failures = 0;
  /** What was begun under other settings must not be heard any more. */
  #turn = 0;

  constructor(options: XmppConnectionOptions) {
    this.#options = options;
    const changedAtMs = options.clock.nowMs();
    this.#shown = { status: "Disabled", changedAtMs, jabberId: options.lastJabberId };
  }

  get state(): XmppState {
    return this.#shown;
  }

  /** Puts settings in force at once; the same ones again change nothing. */
  configure(settings: XmppSettings): void {
    if (JSON.stringify(settings) === JSON.stringify(this.#settings)) return;
    this.#settings = settings;
    this.#failures = 0;
    this.#happened(settings.isEnabled ? "configured" : "disabled");
  }

  /** Ends the stream. The Jabber ID is not taken back: it will be the same when the process comes again. */
  async stop(): Promise<void> {
    this.#state = "off";
    this.#settings = undefined;
    await this.#endTurn();
  }

  #happened(input: ConnectionInput): void {
    const { state, action } = nextConnectionStep(this.#state, input);
    if (action === "ignore") return;
    this.#state = state;
    switch (action) {
      case "open":
        void this.#open(); // never rejects
        return;
      case "attend":
        this.#attend();
        return;
      case "ping":
        void this.#ping(); // never rejects
        return;
      case "wait":
        this.#wait();
        return;
      case "close":
        void this.#endTurn(); // never rejects
        this.#show("Disabled", "");
    }
  }

  async #open(): Promise<void> {
    void this.#endTurn(); // never rejects
    const turn = this.#turn;
    const settings = this.#settings;
    if (settings === undefined) return;
    const { username, domain, resource } = settings;
    if (username === "" || domain === "" || resource === "") {
      this.#show("Error_Misconfigured");
      this.#happened("failed");
      return;
    }
    this.#show("Connecting");
    try {
      const stream = await this.#openFirst(settings, turn);
      if (turn === this.#turn) this.#opened(stream);
      else await stream.close();
    } catch (error) {
      if (turn === this.#turn) this.#failed(error);
    }
  }

  /** Tries one server after the other; the last one's trouble is what is told. */
  async #openFirst(settings: XmppSettings, turn: number): Promise<XmppStream> {
    const { domain, algorithm, server: table } = settings;
    let trouble: unknown = new XmppError(`no XMPP server for ${domain} is known`, "unreachable");
    for (const server of await findServers(domain, algorithm, table)) {
      if (turn !== this.#turn) break;
      try {
        return await openXmppStream(this.#streamOptions(settings, server, turn));
      } catch (error) {
        trouble = error;
      }
    }
    throw trouble;
  }

  #streamOptions(settings: XmppSettings, server: XmppServer, turn: number): XmppStreamOptions {
    const { clock, onRequest } = this.#options;
    const { username, password, domain, resource, ca, insecure } = settings;
    return {
      clock,
      ...server,
      domain,
      username,
      password,
      resource,
      ca,
      insecure,
      statistics: this.statistics,
      // A stream that is being closed may still be written to, but cannot answer: what came that way was not heard.
      onRequest: (request) => (turn === this.#turn ? onRequest(request) : "service-unavailable"),
      onClose: () => {
        if (turn === this.#turn) this.#closed();
      },
    };
  }

  #opened(stream: XmppStream): void {
    this.#stream = stream;
    this.#failures = 0;
    log.info("XMPP stream open", { jabberId: stream.jabberId });
    this.#show("Enabled", stream.jabberId);
    this.#happened("opened");
  }

  #failed(error: unknown): void {
    this.#show(statusAfter(error));
    this.#failures += 1;
    if (this.#failures === 1)
      log.warn("no XMPP stream, will retry", {
        reason: errorText(error),
        status: this.#shown.status,
      });
    this.#happened("failed");
  }

  #closed(): void {
    this.#stream = undefined;
    this.#failures += 1;
    log.warn("XMPP stream lost, will retry", { failures: this.#failures });
    this.#show("Connecting");
    this.#happened("closed");
  }

  #attend(): void {
    const { keepAliveS = -1 } = this.#settings ?? {};
    const periodS = keepAliveS === -1 ? ownKeepAliveS : keepAliveS;
    if (periodS > 0) this.#due(periodS * 1_000);
  }

  async #ping(): Promise<void> {
    const turn = this.#turn;
    try {
      await this.#stream?.ping();
      if (turn === this.#turn && this.#state === "open") this.#attend();
    } catch (error) {
      if (turn !== this.#turn || this.#state !== "open") return;
      log.debug("no sign of life", { reason: errorText(error) });
      void this.#endTurn(); // never rejects
      this.#closed();
    }
  }

  #wait(): void {
    const { retry } = this.#settings ?? {};
    if (retry === undefined) return;
    this.#due(reconnectWaitMs(Math.max(1, this.#failures), retry, this.#options.random()));
  }

  #due(delayMs: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#options.clock.after(delayMs, () => {
      this.#happened("due");
    });
  }

  /** Never rejects: what becomes of a stream that is not wanted any more does not matter. */
  async #endTurn(): Promise<void> {
    this.#turn += 1;
    this.#cancelTimer?.();
    const stream = this.#stream;
    this.#stream = undefined;
    try {
      await stream?.close();
    } catch (error) {
      log.debug("XMPP stream not closed in order", { reason: errorText(error) });
    }
  }

  /** TR-181i2 ConnReqJabberID: unchanged while the connection is lost. */
  #show(status: XmppStatus, jabberId = this.#shown.jabberId): void {
    const before = this.#shown;
    if (before.status === status && before.jabberId === jabberId) return;
    const changedAtMs = before.status === status ? before.changedAtMs : this.#options.clock.nowMs();
    this.#shown = { status, jabberId, changedAtMs };
    this.#options.onChange(this.#shown);
  }
}

function statusAfter(error: unknown): XmppStatus {
  if (!(error instanceof XmppError)) return "Error";
  switch (error.problem) {
    case "refused":
      return "Error_AuthenticationFailure";
    case "unreachable":
    case "closed":
      return "ServerNotPresent";
    case "no-tls":
    case "untrusted":
    case "malformed":
    case "flood":
      return "Error";
  }
}
