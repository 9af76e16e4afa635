import type { EndpointConfig, SessionRecord } from "../../src/cwmp/endpoint/endpoint-config.ts";
import {
  EndpointManager,
  type EndpointManagerOptions,
} from "../../src/cwmp/endpoint/endpoint-manager.ts";
import type { CwmpEndpoint } from "../../src/cwmp/endpoint/endpoint.ts";
import type { CwmpMessage, DecodedEnvelope } from "../../src/cwmp/soap/message.ts";
import { ManualClock } from "../../src/shared/manual-clock.ts";
import { MemoryEndpointStore } from "./memory-endpoint-store.ts";
import { MemoryTree } from "./memory-tree.ts";
import { ScriptedAcs } from "./scripted-acs.ts";

/** Settings of a box's endpoints before the ACS changes them. */
export const boxDefaults = {
  url: "http://acs.example.net/",
  username: "cpe",
  password: "cpe-password",
  periodicInformEnable: false,
  periodicInformIntervalS: 900,
  connectionRequestUsername: "acs",
  connectionRequestPassword: "acs-password",
};

/** One box with its disk, its clock and its ACS. `restart` is what happens to a process that is killed. */
export class Box {
  readonly clock = new ManualClock();
  readonly store = new MemoryEndpointStore();
  readonly acs = new ScriptedAcs();
  readonly tree = new MemoryTree();
  readonly reboots: string[] = [];
  readonly records: SessionRecord[] = [];
  isReachable = true;
  connectionRequestUrl = "http://192.0.2.1:7547/cr/abc";
  #process = { isAlive: true };
  #manager: EndpointManager;
  readonly #options: Partial<EndpointManagerOptions>;

  constructor(options: Partial<EndpointManagerOptions> = {}) {
    this.#options = options;
    this.#manager = this.#createManager();
  }

  get manager(): EndpointManager {
    return this.#manager;
  }

  /** Adds an endpoint, starts everything and lets the first session happen. */
  async start(changes: Partial<EndpointConfig> = {}): Promise<CwmpEndpoint> {
    await this.#manager.start();
    const endpoint = await this.add(changes);
    await this.settle();
    return endpoint;
  }

  add(changes: Partial<EndpointConfig> = {}): Promise<CwmpEndpoint> {
    return this.#manager.add(this.#config(changes));
  }

  /** The process dies without a word and starts again over the same disk. */
  async restart(changes: Partial<EndpointConfig> = {}): Promise<CwmpEndpoint> {
    this.#process.isAlive = false;
    await this.#manager.stop();
    this.#process = { isAlive: true };
    this.#manager = this.#createManager();
    return this.start(changes);
  }

  /** Lets everything happen that needs no time to pass. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 40; turn += 1) await this.clock.advance(0);
  }

  /** Lets time pass, in steps fine enough for sessions to follow one another. */
  async pass(seconds: number): Promise<void> {
    await this.clock.advance(seconds * 1_000);
    await this.settle();
  }

  /** Has the ACS ask these in one session, and returns the answers. */
  async ask(
    endpoint: CwmpEndpoint,
    ...requests: readonly CwmpMessage[]
  ): Promise<readonly DecodedEnvelope["message"][]> {
    this.acs.requests.push(...requests);
    endpoint.requestSession("6 CONNECTION REQUEST");
    await this.settle();
    return this.acs.answers();
  }

  #createManager(): EndpointManager {
    const process = this.#process;
    return new EndpointManager({
      clock: this.clock,
      transport: this.acs,
      store: {
        load: (id) => this.store.load(id),
        // A dead process writes nothing any more.
        commit: (id, change) =>
          process.isAlive ? this.store.commit(id, change) : Promise.reject(new Error("killed")),
        remove: (id) => this.store.remove(id),
      },
      random: () => 0.5,
      onSession: (record) => this.records.push(record),
      ...this.#options,
    });
  }

  #config(changes: Partial<EndpointConfig>): EndpointConfig {
    return {
      endpointId: "device-1",
      deviceId: {
        manufacturer: "Example",
        oui: "00005E",
        productClass: "Laser 500",
        serialNumber: "S1",
      },
      tree: this.tree,
      actions: {
        reboot: (commandKey) => {
          this.reboots.push(commandKey);
          return Promise.resolve();
        },
      },
      defaults: boxDefaults,
      bootsWithProcess: false,
      isReachable: () => this.isReachable,
      connectionRequestUrl: () => this.connectionRequestUrl,
      ...changes,
    };
  }
}
