import type { PresentAs } from "../config/config.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { Printer } from "../fleet/printer.ts";
import type {
  PresentationWord,
  ProxiedDevice,
} from "../presentation/proxier/proxied-device-table.ts";
import type { ProxierRows } from "../presentation/proxier/proxier-tree.ts";
import { logger } from "../shared/log.ts";
import type { Store } from "../store/store.ts";
import type { CommandQueues } from "./command-queues.ts";
import type { EmbeddedDevices } from "./embedded-devices.ts";
import type { PresentationChoice, PresentationChoices } from "./presentation-rules.ts";
import type { RowNumbers } from "./row-numbers.ts";
import type { VirtualDevices } from "./virtual-devices.ts";

const log = logger("main.presented-printers");

/** Shown side by side at the start; the store bounds its own queue. */
const shownAtOnce = 100;

/** What presenting printers takes. */
export interface PresentedPrintersOptions {
  readonly store: Store;
  readonly fleet: Fleet;
  readonly rows: ProxierRows;
  readonly numbers: RowNumbers;
  readonly choices: PresentationChoices;
  readonly queues: CommandQueues;
  readonly virtual: VirtualDevices;
  readonly embedded: EmbeddedDevices;
}

/** How the ACS sees a printer, or will once it is approved. */
export interface Presentation {
  readonly as: PresentAs;
  /** Row of the service object, while it is embedded. */
  readonly row?: number;
}

interface Place {
  readonly hostRow: number;
  readonly proxiedRow: number;
  /** As it is shown at this moment. */
  as: PresentAs;
}

/**
 * Shows every printer of the fleet in the way chosen for it, and lets that be changed while it runs. The printer keeps all
 * it had in either way: identity, row numbers, and per endpoint attributes, events and settings.
 */
export class PresentedPrinters {
  readonly #options: PresentedPrintersOptions;
  readonly #places = new Map<string, Place>();
  #changing: Promise<void> = Promise.resolve();

  constructor(options: PresentedPrintersOptions) {
    this.#options = options;
  }

  /** Shows the printers known already, then follows the fleet. */
  async start(): Promise<void> {
    const { fleet } = this.#options;
    const all = fleet.printers();
    for (let first = 0; first < all.length; first += shownAtOnce)
      await Promise.all(
        all.slice(first, first + shownAtOnce).map((printer) => this.#arrive(printer)),
      );
    fleet.onAdopted((printer) => {
      this.#report(
        printer,
        this.#change(() => this.#arrive(printer)),
      );
    });
    fleet.onRetired((printer) => {
      this.#report(
        printer,
        this.#change(() => this.#leave(printer)),
      );
    });
    fleet.onRemoved((printer) => {
      this.#report(
        printer,
        this.#change(() => this.#forget(printer)),
      );
    });
  }

  /** How the ACS sees a printer now. */
  presentationOf(printer: Printer): Presentation {
    const as = this.#places.get(printer.id)?.as ?? this.#options.choices.of(printer);
    const row = this.#options.embedded.serviceRowOf(printer.id);
    return row === undefined ? { as } : { as, row };
  }

  /** What somebody chose for a printer; `auto`: the rules decide. */
  chosen(printerId: string): PresentationChoice {
    return this.#options.choices.chosen(printerId);
  }

  /** Shows a printer in another way. In force and on disk when it resolves. */
  choose(printer: Printer, choice: PresentationChoice): Promise<void> {
    return this.#change(async () => {
      await this.#options.choices.choose(printer.id, choice);
      await this.#apply(printer);
    });
  }

  /**
   * Shows every printer as the rules of the configuration say, whatever was chosen, and forgets what was promised for printers
   * that are away. Embedded printers are talked to as configured. The printers themselves, their numbers and what they were set to stay.
   */
  reset(): Promise<void> {
    return this.#change(async () => {
      const { choices, queues, fleet } = this.#options;
      await queues.reset();
      for (const printer of fleet.printers())
        if (this.presentationOf(printer).as === "embedded") await printer.interaction.reset();
      const chosen = await choices.reset();
      for (const printer of fleet.printers())
        if (chosen.has(printer.id)) await this.#apply(printer);
    });
  }

  /** Resolves when every arrival, departure and change so far has been dealt with. */
  async settled(): Promise<void> {
    await this.#changing;
  }

  /** One after the other: a printer retired while it is being added must end up gone. */
  #change(work: () => Promise<void>): Promise<void> {
    const done = this.#changing.then(work);
    this.#changing = done.catch(() => undefined); // told to whoever asked
    return done;
  }

  #report(printer: Printer, change: Promise<void>): void {
    change.catch((error: unknown) => {
      log.error("presentation of a printer could not be changed", { device: printer.id, error });
    });
  }

  async #arrive(printer: Printer): Promise<void> {
    if (this.#places.has(printer.id)) return;
    const { rows, numbers, queues } = this.#options;
    const hostRow = await numbers.of("Host", printer.id);
    const proxiedRow = await numbers.of("X_MFPGATE-ORG_ProxiedDevice", printer.id);
    this.#places.set(printer.id, { hostRow, proxiedRow, as: "none" });
    rows.hosts.put(hostRow, printer);
    await this.#apply(printer);
    rows.proxiedDevices.put(proxiedRow, this.#proxiedDevice(printer));
    queues.resume(printer);
  }

  /** Shows the printer as it is to be shown now. */
  async #apply(printer: Printer): Promise<void> {
    const place = this.#places.get(printer.id);
    const { choices, virtual, embedded, rows } = this.#options;
    const as = choices.of(printer);
    if (place === undefined) return;
    if (place.as !== as) {
      await this.#hide(printer, place);
      if (as === "virtual") await virtual.show(printer, place.hostRow);
      if (as === "embedded") await embedded.show(printer, place.hostRow);
      place.as = as;
    }
    const row = rows.proxiedDevices.get(place.proxiedRow);
    if (row !== undefined) rows.proxiedDevices.put(place.proxiedRow, row);
  }

  async #hide(printer: Printer, place: Place): Promise<void> {
    if (place.as === "virtual") await this.#options.virtual.hide(printer.id);
    if (place.as === "embedded") this.#options.embedded.hide(printer.id);
    place.as = "none";
  }

  async #leave(printer: Printer): Promise<void> {
    const place = this.#places.get(printer.id);
    if (place === undefined) return;
    const { rows, queues } = this.#options;
    await this.#hide(printer, place);
    this.#places.delete(printer.id);
    rows.proxiedDevices.remove(place.proxiedRow);
    rows.hosts.remove(place.hostRow);
    queues.pause(printer.id);
  }

  /** Found again, it is a new printer: nothing that was kept for its device may speak for it. */
  async #forget(printer: Printer): Promise<void> {
    await this.#leave(printer);
    const { store, queues, choices } = this.#options;
    queues.forget(printer.id);
    choices.forget(printer.id);
    await store.endpoints.remove(printer.id);
    await store.presentation.remove(printer.id);
  }

  #proxiedDevice(printer: Printer): ProxiedDevice {
    return {
      view: printer,
      presentation: () => words[this.chosen(printer.id)],
      presentedAs: () => words[this.presentationOf(printer).as],
      choose: (word) => this.choose(printer, choiceOf[word]),
    };
  }
}

/** The words of the data model. */
const words = {
  virtual: "Virtual",
  embedded: "Embedded",
  none: "None",
  auto: "Auto",
} as const satisfies Record<PresentationChoice, PresentationWord>;

const choiceOf = {
  Virtual: "virtual",
  Embedded: "embedded",
  None: "none",
  Auto: "auto",
} as const satisfies Record<PresentationWord, PresentationChoice>;
