import type { Printer } from "../fleet/printer.ts";
import type { DeviceTypes } from "../presentation/device-types.ts";
import { EmbeddedPrinter } from "../presentation/embedded/embedded-printer.ts";
import type { ProxierRows } from "../presentation/proxier/proxier-tree.ts";
import type { TreeNode } from "../presentation/tree.ts";
import type { VirtualEnvironment } from "../presentation/virtual/context.ts";
import { errorText } from "../shared/errors.ts";
import { logger } from "../shared/log.ts";
import type { CommandQueues } from "./command-queues.ts";
import type { RowNumbers } from "./row-numbers.ts";

const log = logger("main.embedded-devices");

/** What is needed to show printers in the proxier's own model. */
export interface EmbeddedDevicesOptions {
  readonly rows: ProxierRows;
  readonly numbers: RowNumbers;
  readonly queues: CommandQueues;
  readonly environment: VirtualEnvironment;
  readonly deviceTypes: DeviceTypes;
}

interface Shown {
  readonly printer: EmbeddedPrinter;
  readonly deviceRow: number;
  readonly stop: () => void;
  /** Of the model last placed. */
  modelNodes: readonly TreeNode[];
  modelRow: number | undefined;
}

/** Keeps the rows of embedded printers, and one row of `SupportedDataModel.{i}.` per kind of them. */
export class EmbeddedDevices {
  readonly #options: EmbeddedDevicesOptions;
  readonly #shown = new Map<string, Shown>();
  readonly #modelUsers = new Map<number, number>();

  constructor(options: EmbeddedDevicesOptions) {
    this.#options = options;
  }

  /** Row of `SupportedDataModel.{i}.` that is this printer's model. */
  modelRowOf(printer: EmbeddedPrinter): number | undefined {
    return this.#shown.get(printer.view.id)?.modelRow;
  }

  /** Row of the service object; undefined for a printer that is not embedded. */
  serviceRowOf(printerId: string): number | undefined {
    return this.#shown.get(printerId)?.printer.serviceRow;
  }

  /** Gives the printer its rows. */
  async show(view: Printer, hostRow: number): Promise<void> {
    const { rows, numbers, queues, environment } = this.#options;
    const serviceRow = await numbers.of("X_MFPGATE-ORG_MFP", view.id);
    const deviceRow = await numbers.of("EmbeddedDevice", view.id);
    const commands = queues.of(view);
    const printer = new EmbeddedPrinter({ view, hostRow, serviceRow, commands, environment });
    const stop = view.onChange(() => {
      this.#followModel(view.id);
    });
    const shown: Shown = { printer, deviceRow, stop, modelNodes: [], modelRow: undefined };
    this.#shown.set(view.id, shown);
    await this.#placeModel(shown);
    rows.services.put(serviceRow, printer);
    rows.embeddedDevices.put(deviceRow, printer);
    log.info("presented as an embedded object", { device: view.id, row: serviceRow });
  }

  /** Takes its rows away; their numbers stay its own. */
  hide(printerId: string): void {
    const shown = this.#shown.get(printerId);
    if (shown === undefined) return;
    this.#shown.delete(printerId);
    shown.stop();
    const { rows } = this.#options;
    rows.embeddedDevices.remove(shown.deviceRow);
    rows.services.remove(shown.printer.serviceRow);
    this.#releaseModel(shown.modelRow);
  }

  /** A printer whose list of parameters is another may be of another model. */
  #followModel(printerId: string): void {
    const shown = this.#shown.get(printerId);
    if (shown === undefined || shown.printer.typeNodes() === shown.modelNodes) return;
    this.#placeModel(shown).catch((error: unknown) => {
      log.error("model of a printer has no row", {
        device: printerId,
        reason: errorText(error),
        error,
      });
    });
  }

  async #placeModel(shown: Shown): Promise<void> {
    const { rows, numbers, deviceTypes } = this.#options;
    const nodes = shown.printer.typeNodes();
    shown.modelNodes = nodes;
    const model = deviceTypes.serviceModelOf(nodes);
    if (model === undefined) return;
    const row = await numbers.of("SupportedDataModel", model.uuid);
    const isOutdated = shown.modelNodes !== nodes || !this.#isShown(shown);
    if (row === shown.modelRow || isOutdated) return;
    const before = shown.modelRow;
    shown.modelRow = row;
    this.#modelUsers.set(row, (this.#modelUsers.get(row) ?? 0) + 1);
    if (rows.supportedModels.get(row) === undefined)
      rows.supportedModels.put(row, () => deviceTypes.serviceModelOf(nodes));
    this.#releaseModel(before);
    if (rows.embeddedDevices.get(shown.deviceRow) !== undefined)
      rows.embeddedDevices.put(shown.deviceRow, shown.printer);
  }

  #isShown(shown: Shown): boolean {
    return this.#shown.get(shown.printer.view.id) === shown;
  }

  #releaseModel(row: number | undefined): void {
    if (row === undefined) return;
    const users = (this.#modelUsers.get(row) ?? 0) - 1;
    if (users > 0) {
      this.#modelUsers.set(row, users);
      return;
    }
    this.#modelUsers.delete(row);
    this.#options.rows.supportedModels.remove(row);
  }
}
