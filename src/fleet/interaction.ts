import type { ModelValue } from "../model/definition.ts";
import { toTemplate } from "../model/model.ts";
import { logger } from "../shared/log.ts";
import type { FleetEventKind } from "./fleet-event.ts";
import { type NextInteraction, objectionsTo } from "./interaction-rules.ts";
import {
  type InteractionSettings,
  formatSettings,
  interactionName,
  withSetting,
} from "./interaction-settings.ts";
import { interactionValue } from "./interaction-values.ts";
import { reachabilityOf } from "./lifecycle.ts";
import type { FleetPorts } from "./ports.ts";
import type { PrinterLink } from "./printer-link.ts";
import type { PrinterRecord } from "./printer-record.ts";
import { auditOfSettings } from "./write-audit.ts";
import type { PrinterWrite, WriteFailure, Writer } from "./write-port.ts";

const log = logger("fleet.interaction");

/** What became another one: the access, or only how often it is used; the address. */
export interface InteractionChange {
  readonly isAccess: boolean;
  readonly isMoved: boolean;
}

/** Whose interaction it is. */
export interface InteractionParts {
  readonly id: string;
  readonly ports: FleetPorts;
  readonly link: PrinterLink;
  readonly record: PrinterRecord;
  /** Period of the class `status` as configured, milliseconds. */
  readonly statusPeriodMs: number;
  /** Called when the settings are other ones and in force. */
  readonly changed: (change: InteractionChange) => void;
  readonly emit: (kind: FleetEventKind, text: string) => void;
}

/** What came of setting. `undo` puts everything back as it was before. */
export type InteractionResult =
  | { readonly outcome: "applied"; readonly undo: () => Promise<void> }
  | { readonly outcome: "failed"; readonly failures: readonly WriteFailure[] };

/** How mfpgate talks to one printer: what stands below `Interaction.`, readable and settable. */
export class Interaction {
  readonly #parts: InteractionParts;
  #setting: Promise<unknown> = Promise.resolve();

  constructor(parts: InteractionParts) {
    this.#parts = parts;
  }

  /** Names below `Interaction.` that somebody set; the others are as configured. */
  get overridden(): readonly string[] {
    return Object.keys(this.#parts.link.settings);
  }

  /** Milliseconds between two polls of the class `status`. */
  get statusPeriodMs(): number {
    const { link, statusPeriodMs } = this.#parts;
    const seconds = link.settings.PollInterval;
    return seconds === undefined ? statusPeriodMs : seconds * 1000;
  }

  /** By template (`Interaction.SNMP.Port`) or path. Secrets read empty; undefined: it has no such parameter. */
  get(template: string): ModelValue | undefined {
    const name = interactionName(template);
    if (name === undefined) return undefined;
    const { link, ports, statusPeriodMs, record } = this.#parts;
    return interactionValue(name, {
      link,
      accessFor: ports.accessFor,
      statusPeriodMs,
      reachability: reachabilityOf(record.state),
      lastContactMs: record.lastContactMs,
    });
  }

  /** Why these may not be set together. Values fit the model. */
  objections(writes: readonly PrinterWrite[]): readonly WriteFailure[] {
    const { link, ports } = this.#parts;
    const { accessFor } = ports;
    return objectionsTo(writes, this.#next(writes), { link, accessFor });
  }

  /** Somebody tried to set what is objected to. */
  noteRefusal(
    writes: readonly PrinterWrite[],
    failures: readonly WriteFailure[],
    { who }: { readonly who: Writer },
  ): Promise<void> {
    return this.#audit(writes, who, `refused: ${failures.map(({ reason }) => reason).join("; ")}`);
  }

  /**
   * Sets all or nothing; in force from the next conversation, which follows at once. On disk when it resolves.
   * @throws {StoreError} when it cannot be stored; everything is as before
   */
  set(
    writes: readonly PrinterWrite[],
    { who }: { readonly who: Writer },
  ): Promise<InteractionResult> {
    const work = this.#setting.then(() => this.#set(writes, who));
    this.#setting = work.catch(() => undefined); // whoever asked is told
    return work;
  }

  /** Everything as configured again; the printer stays where it is. @throws {StoreError} */
  reset(): Promise<void> {
    const work = this.#setting.then(async () => {
      if (this.overridden.length === 0) return;
      const { link, emit } = this.#parts;
      await this.#change({ settings: {}, host: link.address.host }, this.overridden);
      emit("interactionChanged", "as configured again: factory reset");
    });
    this.#setting = work.catch(() => undefined); // whoever asked is told
    return work;
  }

  async #set(writes: readonly PrinterWrite[], who: Writer): Promise<InteractionResult> {
    const failures = this.objections(writes);
    if (failures.length > 0) {
      await this.noteRefusal(writes, failures, { who });
      return { outcome: "failed", failures };
    }
    const { link } = this.#parts;
    const before: NextInteraction = { settings: link.settings, host: link.address.host };
    const rows = this.#rows(writes, who, "applied");
    const names = writes.map(({ path }) => interactionName(path) ?? path);
    await this.#change(this.#next(writes), names);
    await this.#append(rows);
    this.#parts.emit("interactionChanged", `${names.join(", ")}: set (${who})`);
    const undo = async (): Promise<void> => {
      await this.#change(before, names);
      await this.#audit(writes, who, "undone");
      this.#parts.emit("interactionChanged", `${names.join(", ")}: as before again`);
    };
    return { outcome: "applied", undo };
  }

  #next(writes: readonly PrinterWrite[]): NextInteraction {
    const { link } = this.#parts;
    let settings: InteractionSettings = link.settings;
    let { host } = link.address;
    for (const { path, value } of writes) {
      const name = interactionName(path) ?? "";
      if (name === "SNMP.Address") host = String(value);
      else if (name !== "EWS.AuthMethod") settings = withSetting(settings, name, value);
    }
    const isUsual = settings["SNMP.Enable"] === true && link.address.snmpPort !== undefined;
    return { settings: isUsual ? withSetting(settings, "SNMP.Enable", "") : settings, host };
  }

  /** Disk first. `names`: what is changed. */
  async #change(next: NextInteraction, names: readonly string[]): Promise<void> {
    const { link, record, changed, emit } = this.#parts;
    const from = link.address.host;
    await record.saveInteraction(next.host, formatSettings(next.settings));
    link.changeInteraction({ ...next, isPasswordSet: names.includes("EWS.Password") });
    const isMoved = from !== next.host;
    if (isMoved) emit("moved", `is to be found at ${next.host}, was at ${from}`);
    changed({ isAccess: names.some((name) => name !== "PollInterval"), isMoved });
  }

  #audit(writes: readonly PrinterWrite[], who: Writer, outcome: string): Promise<void> {
    return this.#append(this.#rows(writes, who, outcome));
  }

  #rows(writes: readonly PrinterWrite[], who: Writer, outcome: string) {
    const context = {
      device: this.#parts.id,
      who,
      templateOf: (path: string) => toTemplate(path),
      known: (path: string) => this.get(path),
    };
    return auditOfSettings(writes, outcome, context);
  }

  /** It is set, whether or not it can be written down. */
  async #append(rows: ReturnType<typeof auditOfSettings>): Promise<void> {
    try {
      await this.#parts.ports.audit(rows);
    } catch (error) {
      log.error("settings not audited", { device: this.#parts.id, error });
    }
  }
}
