import { createAcsClient } from "../../src/cwmp/http/acs-client.ts";
import { EndpointManager } from "../../src/cwmp/endpoint/endpoint-manager.ts";
import type { CwmpEndpoint } from "../../src/cwmp/endpoint/endpoint.ts";
import { managementServerNodes } from "../../src/cwmp/management-server/management-server.ts";
import type { Printer } from "../../src/fleet/printer.ts";
import { storedProvisioningCode } from "../../src/main/provisioning-code.ts";
import { DeviceTypes } from "../../src/presentation/device-types.ts";
import type { VirtualEnvironment } from "../../src/presentation/virtual/context.ts";
import { VirtualTree } from "../../src/presentation/virtual/virtual-tree.ts";
import { systemClock } from "../../src/shared/clock.ts";
import type { Store } from "../../src/store/store.ts";
import { periodsMs, type Site } from "./site.ts";

const proxier = {
  manufacturer: "Bench",
  oui: "00005E",
  productClass: "mfpgate",
  serialNumber: "BENCH",
};
const listener = "http://127.0.0.1:7547";

/** All printers of a site as CWMP endpoints towards one ACS, joined as `main.ts` joins them. */
export class VirtualDevices {
  readonly endpoints: readonly CwmpEndpoint[];
  readonly #manager: EndpointManager;
  readonly #sessions: SessionCounter;

  private constructor(
    endpoints: readonly CwmpEndpoint[],
    manager: EndpointManager,
    sessions: SessionCounter,
  ) {
    this.endpoints = endpoints;
    this.#manager = manager;
    this.#sessions = sessions;
  }

  /** Shows every printer and resolves after their first sessions (`0 BOOTSTRAP`, `1 BOOT`). */
  static async show({ store, fleet }: Site, acsPort: number): Promise<VirtualDevices> {
    const sessions = new SessionCounter();
    const manager = new EndpointManager({
      clock: systemClock,
      transport: createAcsClient({ clock: systemClock, userAgent: "mfpgate/bench" }),
      store: store.endpoints,
      onSession: ({ errorCode }) => {
        sessions.count(errorCode);
      },
    });
    const environment: VirtualEnvironment = {
      clock: systemClock,
      periodsMs,
      proxier,
      deviceTypes: new DeviceTypes(() => listener),
      managementNodes: managementServerNodes,
    };
    const url = `http://127.0.0.1:${acsPort}/`;
    const endpoints: CwmpEndpoint[] = [];
    for (const printer of fleet.printers())
      endpoints.push(await addEndpoint(manager, { printer, store, environment, url }));
    const devices = new VirtualDevices(endpoints, manager, sessions);
    const first = sessions.next(endpoints.length);
    await manager.start();
    await first;
    return devices;
  }

  /** One periodic session of every device. @throws {Error} when one fails */
  async informAll(): Promise<void> {
    const done = this.#sessions.next(this.endpoints.length);
    for (const endpoint of this.endpoints) endpoint.requestSession("2 PERIODIC");
    await done;
  }

  async stop(): Promise<void> {
    await this.#manager.stop();
  }
}

interface Shown {
  readonly printer: Printer;
  readonly store: Store;
  readonly environment: VirtualEnvironment;
  readonly url: string;
}

async function addEndpoint(
  manager: EndpointManager,
  { printer, store, environment, url }: Shown,
): Promise<CwmpEndpoint> {
  return manager.add({
    endpointId: printer.id,
    deviceId: printer.identity,
    tree: new VirtualTree({
      view: printer,
      environment,
      provisioningCode: await storedProvisioningCode(store, printer.id),
    }),
    actions: {
      get reboot() {
        return printer.reboot;
      },
    },
    defaults: {
      url,
      username: "",
      password: "",
      periodicInformEnable: true,
      periodicInformIntervalS: 86_400,
      connectionRequestUsername: printer.id,
      connectionRequestPassword: `password of ${printer.id}`,
    },
    bootsWithProcess: false,
    isReachable: () => true,
    connectionRequestUrl: () => `${listener}/${printer.id}`,
  });
}

/** Tells when so many sessions have succeeded. */
class SessionCounter {
  #left = 0;
  #done: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;

  next(count: number): Promise<void> {
    this.#left = count;
    return new Promise((resolve, reject) => {
      this.#done = { resolve, reject };
    });
  }

  count(errorCode: string | undefined): void {
    this.#left -= 1;
    if (errorCode !== undefined) this.#done?.reject(new Error(`a session failed: ${errorCode}`));
    else if (this.#left === 0) this.#done?.resolve();
  }
}
