import type { EndpointManager } from "../cwmp/endpoint/endpoint-manager.ts";
import type { ConnectionRequestServer } from "../cwmp/http/connection-request-server.ts";
import type { DeviceActions } from "../cwmp/parameter-tree.ts";
import { settingNodesOf } from "../cwmp/events/timed-reboots.ts";
import type { Printer } from "../fleet/printer.ts";
import type { ProxierRows } from "../presentation/proxier/proxier-tree.ts";
import type { VirtualEnvironment } from "../presentation/virtual/context.ts";
import { VirtualTree } from "../presentation/virtual/virtual-tree.ts";
import { logger } from "../shared/log.ts";
import type { Store } from "../store/store.ts";
import type { ConnectionRequests } from "./connection-requests.ts";
import type { EndpointDefaults } from "./endpoint-defaults.ts";
import { storedProvisioningCode } from "./provisioning-code.ts";
import type { RowNumbers } from "./row-numbers.ts";

const log = logger("main.virtual-devices");

/** What is needed to make printers CWMP devices. */
export interface VirtualDevicesOptions {
  readonly store: Store;
  readonly rows: ProxierRows;
  readonly numbers: RowNumbers;
  readonly endpoints: EndpointManager;
  readonly listener: ConnectionRequestServer;
  readonly requests: ConnectionRequests;
  readonly defaults: EndpointDefaults;
  readonly environment: VirtualEnvironment;
}

interface Shown {
  readonly tree: VirtualTree;
  readonly row: number;
  readonly stop: () => void;
}

/** Keeps one CWMP endpoint, and a row of `VirtualDevice.{i}.`, for each printer shown as a device of its own. */
export class VirtualDevices {
  readonly #options: VirtualDevicesOptions;
  readonly #shown = new Map<string, Shown>();
  #withoutReboot: VirtualEnvironment | undefined;

  constructor(options: VirtualDevicesOptions) {
    this.#options = options;
  }

  /** The trees shown, to publish device-type documents. */
  trees(): readonly VirtualTree[] {
    return [...this.#shown.values()].map(({ tree }) => tree);
  }

  /**
   * Adds the printer's endpoint. One that was there before goes on with all it had: events not delivered, attributes,
   * what the ACS set; it does not send `0 BOOTSTRAP` again.
   */
  async show(printer: Printer, hostRow: number): Promise<void> {
    const { store, rows, numbers, endpoints, listener, requests, defaults } = this.#options;
    const row = await numbers.of("VirtualDevice", printer.id);
    const provisioningCode = await storedProvisioningCode(store, printer.id);
    const environment = this.#environmentOf(printer);
    const tree = new VirtualTree({ view: printer, environment, provisioningCode });
    const path = defaults.pathOf(printer.id);
    const endpoint = await endpoints.add({
      endpointId: printer.id,
      deviceId: printer.identity,
      tree: defaults.root.present(tree),
      rootModel: defaults.root,
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
    this.#shown.set(printer.id, { tree, row, stop });
    rows.virtualDevices.put(row, { view: printer, hostRow });
    log.info("presented as a virtual device", { device: printer.id });
  }

  /** The device type says of restarts at a set time what the endpoint does: one object for all printers without. */
  #environmentOf({ reboot }: Printer): VirtualEnvironment {
    const { environment, requests } = this.#options;
    if (reboot !== undefined) return environment;
    return (this.#withoutReboot ??= {
      ...environment,
      managementNodes: settingNodesOf(requests.virtualLive, false),
    });
  }

  /** Takes the endpoint away, ending a session under way; what is kept of it stays, whatever waits is sent later. */
  async hide(printerId: string): Promise<void> {
    const shown = this.#shown.get(printerId);
    if (shown === undefined) return;
    this.#shown.delete(printerId);
    shown.stop();
    this.#options.rows.virtualDevices.remove(shown.row);
    await this.#options.endpoints.remove(printerId, { forget: false });
  }
}

/** What the printer can do at this moment; a mapping or credential may come and go. */
function actionsOf(printer: Printer): DeviceActions {
  return {
    get reboot() {
      const { reboot } = printer;
      return reboot === undefined ? undefined : () => reboot();
    },
    get factoryReset() {
      const { factoryReset } = printer;
      return factoryReset === undefined ? undefined : () => factoryReset();
    },
  };
}
