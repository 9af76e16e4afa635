import type { Config } from "../config/config.ts";
import type { EndpointManager } from "../cwmp/endpoint/endpoint-manager.ts";
import type { ConnectionRequestServer } from "../cwmp/http/connection-request-server.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { EmbeddedPrinter } from "../presentation/embedded/embedded-printer.ts";
import { ProxierRows } from "../presentation/proxier/proxier-tree.ts";
import type { VirtualEnvironment } from "../presentation/virtual/context.ts";
import type { Store } from "../store/store.ts";
import { CommandQueues } from "./command-queues.ts";
import type { ConnectionRequests } from "./connection-requests.ts";
import { EmbeddedDevices } from "./embedded-devices.ts";
import type { EndpointDefaults } from "./endpoint-defaults.ts";
import { PresentationChoices } from "./presentation-rules.ts";
import { PresentedPrinters } from "./presented-printers.ts";
import { RowNumbers } from "./row-numbers.ts";
import { VirtualDevices } from "./virtual-devices.ts";

/** What both faces of a printer are joined to. */
export interface PresentationParts {
  readonly config: Config;
  readonly store: Store;
  readonly fleet: Fleet;
  readonly endpoints: EndpointManager;
  readonly listener: ConnectionRequestServer;
  readonly requests: ConnectionRequests;
  readonly defaults: EndpointDefaults;
  readonly environment: Omit<VirtualEnvironment, "onWritten">;
}

/** Both faces, ready to show printers. */
export interface PresentationFaces {
  readonly printers: PresentedPrinters;
  /** For the proxier's tree. */
  readonly rows: ProxierRows;
  readonly modelRowOf: (printer: EmbeddedPrinter) => number | undefined;
  /** Makes every device-type document of a printer known to whoever serves them. */
  readonly publishTypes: () => void;
  /** Begins no further write to a printer. */
  readonly stop: () => void;
}

/** Loads what is kept about how printers are shown and what was promised for them. */
export async function createPresentation(parts: PresentationParts): Promise<PresentationFaces> {
  const { config, store, fleet, environment } = parts;
  const rows = new ProxierRows();
  const numbers = await RowNumbers.load(store);
  // The first number ever is 1, which is the row of the box's own model.
  await numbers.of("SupportedDataModel", "box");
  const queues = await CommandQueues.load(store, environment.clock);
  const choices = await PresentationChoices.load(config.presentation, store);
  const virtual = new VirtualDevices({
    ...parts,
    rows,
    numbers,
    environment: {
      ...environment,
      onWritten: (printerId, paths) => queues.supersede(printerId, paths),
    },
  });
  const { deviceTypes } = environment;
  const embedded = new EmbeddedDevices({ rows, numbers, queues, environment, deviceTypes });
  const printers = new PresentedPrinters({
    store,
    fleet,
    rows,
    numbers,
    choices,
    queues,
    virtual,
    embedded,
  });
  return {
    printers,
    rows,
    modelRowOf: (printer) => embedded.modelRowOf(printer),
    publishTypes: () => {
      for (const tree of virtual.trees()) tree.get("Device.DeviceInfo.SupportedDataModel.1.URL");
      for (const row of rows.supportedModels.instances()) rows.supportedModels.get(row)?.();
    },
    stop: () => {
      queues.stop();
    },
  };
}
