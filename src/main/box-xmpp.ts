import type { Config } from "../config/config.ts";
import type { XmppRequestTarget } from "../cwmp/connection-request/target.ts";
import { XmppConnection } from "../cwmp/connection-request/xmpp/xmpp-connection.ts";
import {
  type XmppReply,
  type XmppRequest,
  XmppRequests,
} from "../cwmp/connection-request/xmpp/xmpp-requests.ts";
import type { XmppRow, XmppRowState } from "../presentation/proxier/xmpp-part.ts";
import type { Clock } from "../shared/clock.ts";
import { logger } from "../shared/log.ts";
import type { Store } from "../store/store.ts";
import { XmppAccount } from "./xmpp-account.ts";

const log = logger("main.box-xmpp");

/** Setting that keeps the Jabber ID: a restart is no change of it. */
const jabberIdSetting = "xmpp.jabberId";

/** What XMPP is joined to. */
export interface BoxXmppOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: Store;
  readonly onOutcome: (outcome: string) => void;
}

/** The XMPP connection of the box with its account, as a row of the proxier's model and as a way in for all endpoints. */
export class BoxXmpp implements XmppRow {
  readonly #account: XmppAccount;
  readonly #requests: XmppRequests;
  readonly #connection: XmppConnection;
  readonly #isUsed: () => boolean;
  #keptJabberId: string;
  readonly #listeners = new Set<() => void>();

  private constructor(
    { clock, store, onOutcome }: BoxXmppOptions,
    isUsed: () => boolean,
    { account, lastJabberId }: { readonly account: XmppAccount; readonly lastJabberId: string },
  ) {
    this.#account = account;
    this.#isUsed = isUsed;
    this.#keptJabberId = lastJabberId;
    this.#requests = new XmppRequests({
      clock,
      onOutcome: (outcome) => {
        onOutcome(`xmpp-${outcome}`);
      },
    });
    this.#connection = new XmppConnection({
      clock,
      random: Math.random,
      lastJabberId,
      onRequest: (request) => this.#receive(request),
      onChange: ({ jabberId }) => {
        if (jabberId !== this.#keptJabberId) keepJabberId(store, jabberId);
        this.#keptJabberId = jabberId;
        for (const listener of this.#listeners) listener();
      },
    });
  }

  /**
   * Loads what is kept, and makes the connection of it.
   * @returns a function that takes whether the proxier uses XMPP at all (ConnReqXMPPConnection, EnableCWMP)
   */
  static async load(options: BoxXmppOptions): Promise<(isUsed: () => boolean) => BoxXmpp> {
    const { settings } = options.store;
    const account = await XmppAccount.load(options.config.connectionRequest.xmpp, settings);
    const lastJabberId = (await settings.get(jabberIdSetting)) ?? "";
    return (isUsed) => new BoxXmpp(options, isUsed, { account, lastJabberId });
  }

  /** Lets an endpoint be asked. Returns what takes it away again. */
  register(target: XmppRequestTarget): () => void {
    return this.#requests.register(target);
  }

  /** Puts account and use in force as they are now. */
  apply(): void {
    const settings = this.#account.connectionSettings();
    this.#connection.configure({ ...settings, isEnabled: settings.isEnabled && this.#isUsed() });
  }

  async stop(): Promise<void> {
    await this.#connection.stop();
  }

  /** TR-181i2 ConnReqJabberID. */
  jabberId(): string {
    return this.#isUsed() ? this.#connection.state.jabberId : "";
  }

  setting(name: string): string {
    return this.#account.setting(name);
  }

  async set(settings: ReadonlyMap<string, string>): Promise<void> {
    await this.#account.set(settings);
    this.apply();
  }

  /** Forgets what the ACS set; the connection is that of the configuration again, or none. */
  async reset(): Promise<void> {
    await this.#account.reset();
    this.apply();
  }

  state(): XmppRowState {
    return { ...this.#connection.state, statistics: this.#connection.statistics };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #receive(request: XmppRequest): XmppReply {
    return this.#isUsed() ? this.#requests.receive(request) : "service-unavailable";
  }
}

/** At worst the ACS is told of the same Jabber ID once more after a restart. */
function keepJabberId({ settings }: Store, jabberId: string): void {
  settings.set(jabberIdSetting, jabberId).catch((error: unknown) => {
    log.warn("Jabber ID not written down", { error });
  });
}
