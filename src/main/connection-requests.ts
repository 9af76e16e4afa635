import type { Config } from "../config/config.ts";
import type { CwmpEndpoint } from "../cwmp/endpoint/endpoint.ts";
import { authorityOf } from "../cwmp/connection-request/stun/address.ts";
import {
  type Binding,
  StunClient,
  type StunSettings,
} from "../cwmp/connection-request/stun/stun-client.ts";
import { UdpPort } from "../cwmp/connection-request/udp/udp-port.ts";
import { UdpRequests } from "../cwmp/connection-request/udp/udp-requests.ts";
import type {
  LiveValues,
  ManagementServerName,
} from "../cwmp/management-server/management-server.ts";
import type { Clock } from "../shared/clock.ts";
import { logger } from "../shared/log.ts";
import { publicBaseUrl } from "./addresses.ts";
import { BoxXmpp } from "./box-xmpp.ts";
import type { Store } from "../store/store.ts";
import type { Life } from "./life.ts";

const log = logger("main.connection-requests");

/** Setting that keeps the address outside: a restart is no change of address. */
const bindingSetting = "stun.binding";

/** What connection requests other than by HTTP are joined to. */
export interface ConnectionRequestsOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: Store;
  readonly life: Life;
  /** Called after every request, with its kind and outcome. */
  readonly onOutcome: (outcome: string) => void;
}

/**
 * Connection requests through NAT: one UDP port, one STUN client and one XMPP connection for all endpoints of the box. The
 * settings of the proxier drive them; virtual devices show the same values and cannot change them.
 */
export class ConnectionRequests {
  /** What the proxier shows of them. */
  readonly boxLive: LiveValues;
  /** What virtual devices show of them. */
  readonly virtualLive: LiveValues;
  /** The XMPP connection, for the proxier's tree. */
  readonly xmpp: BoxXmpp;
  readonly #port: UdpPort;
  readonly #udp: UdpRequests;
  readonly #stun: StunClient;
  readonly #endpoints = new Set<CwmpEndpoint>();
  #box: CwmpEndpoint | undefined;
  #isStarted = false;
  #ownAddress = "";

  private constructor(
    { config, clock, store, onOutcome }: ConnectionRequestsOptions,
    lastBinding: Binding | undefined,
    loadXmpp: (isUsed: () => boolean) => BoxXmpp,
  ) {
    const { host, port } = config.connectionRequest.listen;
    this.#udp = new UdpRequests({
      clock,
      onOutcome: (outcome) => {
        onOutcome(`udp-${outcome}`);
      },
    });
    this.#port = new UdpPort(
      { host, port },
      {
        onRequest: (datagram) => {
          this.#stun.noteTraffic();
          void this.#udp.receive(datagram); // never rejects
        },
        onStun: (datagram, from) => {
          this.#stun.receive(datagram, from);
        },
      },
    );
    this.#stun = new StunClient({
      clock,
      network: this.#port,
      random: Math.random,
      lastBinding,
      onBinding: (binding) => {
        this.#tell("UDPConnectionRequestAddress", "NATDetected");
        keepBinding(store, binding);
      },
    });
    this.xmpp = loadXmpp(() => this.#isXmppUsed());
    this.xmpp.onChange(() => {
      this.#tell("ConnReqJabberID");
    });
    this.boxLive = this.#liveOfBox();
    this.virtualLive = this.#liveOfVirtualDevices();
  }

  /** Opens the UDP port. @throws {ListenError} port in use */
  static async open(options: ConnectionRequestsOptions): Promise<ConnectionRequests> {
    const { config, store, life } = options;
    const last = await store.settings.get(bindingSetting);
    const xmpp = await BoxXmpp.load(options);
    const requests = new ConnectionRequests(options, parseBinding(last), xmpp);
    const port = await requests.#port.start();
    life.onEnd(() => requests.#port.stop());
    const url = await publicBaseUrl({
      publicUrl: "auto",
      host: config.connectionRequest.listen.host,
      port,
      acsUrl: config.acs.url,
    });
    requests.#ownAddress = new URL(url).host;
    log.debug("UDP port open", { address: requests.#ownAddress });
    return requests;
  }

  /** Lets an endpoint be asked. Returns what takes it away again. */
  join(endpoint: CwmpEndpoint): () => void {
    this.#endpoints.add(endpoint);
    const target = endpoint.connectionRequestTarget();
    const leave = [this.#udp.register(target), this.xmpp.register(target)];
    return () => {
      this.#endpoints.delete(endpoint);
      for (const take of leave) take();
    };
  }

  /** The endpoint whose settings count. */
  own(box: CwmpEndpoint): void {
    this.#box = box;
    this.join(box);
  }

  /** Puts the settings of the proxier in force, and from now on what becomes of them. */
  start(life: Life): void {
    this.#isStarted = true;
    this.settingsChanged();
    life.onEnd(async () => {
      this.#isStarted = false;
      this.#stun.stop();
      await this.xmpp.stop();
    });
  }

  /** The settings of the proxier are others now. */
  settingsChanged(): void {
    if (this.#box === undefined || !this.#isStarted) return;
    this.#stun.configure(stunSettings(this.#box));
    this.xmpp.apply();
    this.#tell("ConnReqJabberID");
  }

  #isXmppUsed(): boolean {
    const box = this.#box;
    return box?.setting("EnableCWMP") === "true" && box.setting("ConnReqXMPPConnection") !== "";
  }

  #liveOfBox(): LiveValues {
    return {
      UDPConnectionRequestAddress: () => this.#udpAddress(),
      NATDetected: () => String(this.#stun.binding?.isNat === true),
      ConnReqJabberID: () => this.xmpp.jabberId(),
    };
  }

  #liveOfVirtualDevices(): LiveValues {
    const ofBox = (name: ManagementServerName) => () => this.#box?.setting(name) ?? "";
    return {
      ...this.boxLive,
      STUNEnable: ofBox("STUNEnable"),
      STUNMaximumKeepAlivePeriod: ofBox("STUNMaximumKeepAlivePeriod"),
      STUNMinimumKeepAlivePeriod: ofBox("STUNMinimumKeepAlivePeriod"),
      STUNPassword: ofBox("STUNPassword"),
      STUNServerAddress: ofBox("STUNServerAddress"),
      STUNServerPort: ofBox("STUNServerPort"),
      STUNUsername: ofBox("STUNUsername"),
      // The row is in the proxier's model, and a path leads nowhere outside its own.
      ConnReqXMPPConnection: () => "",
    };
  }

  /** TR-181i2 UDPConnectionRequestAddress: the one seen outside once it is learned, else the box's own. */
  #udpAddress(): string {
    const address = this.#stun.binding?.address;
    return address === undefined ? this.#ownAddress : authorityOf(address);
  }

  #tell(...names: readonly ManagementServerName[]): void {
    for (const endpoint of this.#endpoints) endpoint.settingsMoved(...names);
  }
}

/** At worst the ACS is told of the same address once more after a restart. */
function keepBinding({ settings }: Store, binding: Binding | undefined): void {
  const kept =
    binding === undefined
      ? settings.remove(bindingSetting)
      : settings.set(
          bindingSetting,
          `${binding.address.host} ${binding.address.port} ${binding.isNat ? "nat" : "own"}`,
        );
  kept.catch((error: unknown) => {
    log.warn("address for UDP connection requests not written down", { error });
  });
}

function parseBinding(text = ""): Binding | undefined {
  const [, host, port, kind] = /^(\S+) (\d+) (nat|own)$/.exec(text) ?? [];
  if (host === undefined) return undefined;
  return { address: { host, port: Number(port) }, isNat: kind === "nat" };
}

function stunSettings(box: CwmpEndpoint): StunSettings {
  const isEnabled = box.setting("STUNEnable") === "true" && box.setting("EnableCWMP") === "true";
  return {
    isEnabled,
    host: box.setting("STUNServerAddress") || hostOf(box.setting("URL")),
    port: Number(box.setting("STUNServerPort")),
    username: box.setting("STUNUsername"),
    password: box.setting("STUNPassword"),
    minimumKeepAliveS: Number(box.setting("STUNMinimumKeepAlivePeriod")),
    maximumKeepAliveS: Number(box.setting("STUNMaximumKeepAlivePeriod")),
  };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : "";
}
