import type { Config } from "../config/config.ts";
import type { EndpointManager } from "../cwmp/endpoint-manager.ts";
import type { ConnectionRequestServer } from "../cwmp/http/connection-request-server.ts";
import type { DeviceActions } from "../cwmp/parameter-tree.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { Printer } from "../fleet/printer.ts";
import { VirtualTree } from "../presentation/virtual/virtual-tree.ts";
import type { VirtualEnvironment } from "../presentation/virtual/context.ts";
import { logger } from "../shared/log.ts";
import type { Store } from "../store/store.ts";
import type { ConnectionRequests } from "./connection-requests.ts";
import type { EndpointDefaults } from "./endpoint-defaults.ts";
import { presentAs } from "./presentation-rules.ts";
import { storedProvisioningCode } from "./provisioning-code.ts";

const log = logger("main.virtual-devices");

/** Owner and table under which the rows of `VirtualDevice.{i}.` get their numbers. */
const rowOwner = "proxier";
const rowTable = "VirtualDevice";

/** What is needed to make printers CWMP devices. */
export interface VirtualDevicesOptions {
  readonly config: Config;
  readonly store: Store;
  readonly fleet: Fleet;
  readonly endpoints: EndpointManager;
  readonly listener: ConnectionRequestServer;
  readonly requests: ConnectionRequests;
  readonly defaults: EndpointDefaults;
  readonly environment: VirtualEnvironment;
}

interface Shown {
  readonly printer: Printer;
  readonly tree: VirtualTree;
  readonly row: number;
  readonly stop: () => void;
}

/**
 * Keeps one CWMP endpoint per printer that the rules present as a virtual device, and the list of them for the
 * proxier's own model.
 */
export class VirtualDevices {
  readonly #options: VirtualDevicesOptions;
  readonly #shown = new Map<string, Shown>();
  readonly #listeners = new Set<() => void>();
  #changing: Promise<void> = Promise.resolve();

  constructor(options: VirtualDevicesOptions) {
    this.#options = options;
  }

  /** Shows the printers known already, then follows the fleet. */
  async start(): Promise<void> {
    const { fleet } = this.#options;
    for (const printer of fleet.printers()) await this.#show(printer);
    fleet.onAdopted((printer) => {
      this.#change(printer, () => this.#show(printer));
    });
    fleet.onRetired((printer) => {
      this.#change(printer, () => this.#hide(printer, false));
    });
    fleet.onRemoved((printer) => {
      this.#change(printer, () => this.#hide(printer, true));
    });
  }

  list(): readonly Printer[] {
    return [...this.#shown.values()].map(({ printer }) => printer);
  }

  /** How the ACS sees a printer: `virtual` or `none`. */
  presentationOf(printer: Printer): string {
    return presentAs(this.#options.config.presentation, printer.identity);
  }

  instanceOf(printerId: string): number {
    const shown = this.#shown.get(printerId);
    if (shown === undefined) throw new RangeError(`${printerId} is not presented`);
    return shown.row;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The trees shown, to publish device-type documents. */
  trees(): readonly VirtualTree[] {
    return [...this.#shown.values()].map(({ tree }) => tree);
  }

  /** Resolves when every arrival and departure so far has been dealt with. */
  async settled(): Promise<void> {
    await this.#changing;
  }

  /** Arrivals and departures one after the other: a printer retired while it is being added must end up gone. */
  #change(printer: Printer, work: () => Promise<void>): void {
    this.#changing = this.#changing.then(work).catch((error: unknown) => {
      log.error("presentation of a printer could not be changed", { device: printer.id, error });
    });
  }

  async #show(printer: Printer): Promise<void> {
    if (this.#shown.has(printer.id) || this.presentationOf(printer) !== "virtual") return;
    const { store, endpoints, environment, listener, requests, defaults, config } = this.#options;
    const numbers = await store.instances.assign(rowOwner, rowTable, [printer.id]);
    const tree = new VirtualTree({
      view: printer,
      environment,
      provisioningCode: await storedProvisioningCode(store, printer.id),
    });
    const path = defaults.pathOf(printer.id);
    const endpoint = await endpoints.add({
      endpointId: printer.id,
      deviceId: printer.identity,
      tree,
      actions: actionsOf(printer),
      defaults: defaults.managementServer(printer.id, printer.identity),
      tls: defaults.tls,
      bootsWithProcess: false,
      isReachable: () => ["Online", "Asleep"].includes(printer.facts().reachability),
      live: requests.virtualLive,
      connectionRequestUrl: () => defaults.urlOf(path),
    });
    const unregister = listener.register(path, endpoint.connectionRequestTarget());
    const leave = requests.join(endpoint);
    const unsubscribe = printer.onRestart(() =>
      endpoint.deviceRestarted().catch((error: unknown) => {
        log.error("restart could not be reported", { device: printer.id, error });
      }),
    );
    const stop = (): void => {
      unregister();
      leave();
      unsubscribe();
    };
    this.#shown.set(printer.id, { printer, tree, row: numbers.get(printer.id) ?? 0, stop });
    log.info("presented as a virtual device", { device: printer.id, acs: config.acs.url });
    this.#tell();
  }

  async #hide(printer: Printer, forget: boolean): Promise<void> {
    const shown = this.#shown.get(printer.id);
    if (shown === undefined) return;
    this.#shown.delete(printer.id);
    shown.stop();
    await this.#options.endpoints.remove(printer.id, { forget });
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** What the printer can do at this moment; a mapping or credential may come and go. */
function actionsOf(printer: Printer): DeviceActions {
  return {
    get reboot() {
      const { reboot } = printer;
      return reboot === undefined ? undefined : () => reboot();
    },
  };
}
