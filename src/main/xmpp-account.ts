import type { Config, XmppConfig } from "../config/config.ts";
import type { ServerConnectAlgorithm } from "../cwmp/connection-request/xmpp/find-servers.ts";
import type { XmppSettings } from "../cwmp/connection-request/xmpp/xmpp-connection.ts";
import { bareHost } from "../shared/hosts.ts";
import { registerSecret } from "../shared/redact.ts";
import type { Settings } from "../store/settings.ts";

/** What the ACS set, without the password: JSON, name → text. */
const settingsName = "xmpp.settings";
/** Encrypted by the store, as its name says. */
const passwordName = "xmpp.password";

const plainPort = 5_222;
/** TLS from the first byte by custom (XEP-0368). */
const directTlsPort = 5_223;

/** `Device.XMPP.Connection.1.`: what the configuration says, and over it what the ACS set. */
export class XmppAccount {
  readonly #config: Config["connectionRequest"]["xmpp"];
  readonly #store: Settings;
  #values: Map<string, string>;

  private constructor(
    config: Config["connectionRequest"]["xmpp"],
    store: Settings,
    values: ReadonlyMap<string, string>,
  ) {
    this.#config = config;
    this.#store = store;
    this.#values = new Map(values);
  }

  static async load(
    config: Config["connectionRequest"]["xmpp"],
    store: Settings,
  ): Promise<XmppAccount> {
    const password = await store.get(passwordName);
    if (password !== undefined) registerSecret(password);
    const values = new Map([
      ...configured(config),
      ...parseSettings((await store.get(settingsName)) ?? "{}"),
      ...(password === undefined ? [] : [["Password", password] as const]),
    ]);
    return new XmppAccount(config, store, values);
  }

  setting(name: string): string {
    return this.#values.get(name) ?? "";
  }

  /** In force for the next {@link connectionSettings}; resolves when it is on disk. */
  async set(changes: ReadonlyMap<string, string>): Promise<void> {
    const password = changes.get("Password");
    if (password !== undefined) {
      registerSecret(password);
      await this.#store.set(passwordName, password);
    }
    const kept = new Map([
      ...parseSettings((await this.#store.get(settingsName)) ?? "{}"),
      ...[...changes].filter(([name]) => name !== "Password"),
    ]);
    await this.#store.set(settingsName, JSON.stringify(Object.fromEntries(kept)));
    for (const [name, value] of changes) this.#values.set(name, value);
  }

  /** As configured again; resolves when what was set is off the disk. */
  async reset(): Promise<void> {
    await Promise.all([this.#store.remove(settingsName), this.#store.remove(passwordName)]);
    this.#values = new Map(configured(this.#config));
  }

  /** What the connection is to be opened with. */
  connectionSettings(): XmppSettings {
    return {
      isEnabled: this.setting("Enable") === "true",
      username: this.setting("Username"),
      password: this.setting("Password"),
      domain: this.setting("Domain"),
      resource: this.setting("Resource"),
      algorithm: algorithmOf(this.setting("ServerConnectAlgorithm")),
      server: this.#server(),
      keepAliveS: this.#number("KeepAliveInterval"),
      retry: {
        initialS: this.#number("ServerRetryInitialInterval"),
        multiplier: this.#number("ServerRetryIntervalMultiplier"),
        maximumS: this.#number("ServerRetryMaxInterval"),
      },
      ca: this.#config?.tls.ca,
      insecure: this.#config?.tls.insecure === true,
    };
  }

  #server(): XmppSettings["server"] {
    const host = this.setting("Server.1.ServerAddress");
    if (this.setting("Server.1.Enable") !== "true" || host === "") return undefined;
    const port = this.#number("Server.1.Port");
    const named = serviceOf(this.#config?.service);
    const isNamed = host === named?.host && port === named.port;
    return { host, port, isDirectTls: isNamed ? named.isDirectTls : port === directTlsPort };
  }

  #number(name: string): number {
    return Number(this.setting(name));
  }
}

/** TR-181i2 defaults of a new row, and what the configuration says over them. */
function configured(
  xmpp: Config["connectionRequest"]["xmpp"],
): readonly (readonly [string, string])[] {
  return [...newRow, ...(xmpp === undefined ? [] : [...accountOf(xmpp), ...serverOf(xmpp)])];
}

const newRow = [
  ["Enable", "false"],
  ["Resource", "mfpgate"],
  ["ServerConnectAlgorithm", "DNS-SRV"],
  ["KeepAliveInterval", "-1"],
  ["ServerRetryInitialInterval", "60"],
  ["ServerRetryIntervalMultiplier", "2000"],
  // Half a day, as the standard has it, would be long for a box nobody reaches otherwise.
  ["ServerRetryMaxInterval", "1800"],
  ["Server.1.Enable", "false"],
  ["Server.1.Port", String(plainPort)],
] as const;

function accountOf(xmpp: XmppConfig): readonly (readonly [string, string])[] {
  return [
    ["Enable", String(xmpp.enabled)],
    ["Username", xmpp.username],
    ["Password", xmpp.password],
    ["Domain", xmpp.domain],
    ["Resource", xmpp.resource],
    ["KeepAliveInterval", String(Math.round(xmpp.keepAliveMs / 1_000))],
  ];
}

function serverOf({ service }: XmppConfig): readonly (readonly [string, string])[] {
  const named = serviceOf(service);
  if (named === undefined) return [];
  return [
    ["ServerConnectAlgorithm", "ServerTable"],
    ["Server.1.Enable", "true"],
    ["Server.1.ServerAddress", named.host],
    ["Server.1.Port", String(named.port)],
  ];
}

function serviceOf(url: string | undefined) {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { protocol, hostname, port } = new URL(url);
  const isDirectTls = protocol === "xmpps:";
  return {
    host: bareHost(hostname),
    port: port === "" ? (isDirectTls ? directTlsPort : plainPort) : Number(port),
    isDirectTls,
  };
}

function algorithmOf(text: string): ServerConnectAlgorithm {
  return text === "DNS" || text === "ServerTable" ? text : "DNS-SRV";
}

/** Written by {@link XmppAccount.set}; what is no text is not ours. */
function parseSettings(json: string): readonly (readonly [string, string])[] {
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== "object" || parsed === null) return [];
  return Object.entries(parsed).flatMap(([name, value]: [string, unknown]) =>
    typeof value === "string" ? [[name, value] as const] : [],
  );
}
