import { ProxierError } from "../../shared/errors.ts";
import type { FailureBoard, Normalisation } from "./failures.ts";
import { type Setting, isAllowed } from "./setting.ts";

/** A setting, a page or a port that a simulated web server does not have (`simulator.ews`). */
export class EwsSimulatorError extends ProxierError {
  override readonly name = "EwsSimulatorError";

  constructor(message: string, cause?: unknown) {
    super(message, { code: "simulator.ews", cause });
  }
}

/** What became of a change: all of it was made, or nothing. */
export type ApplyOutcome =
  { readonly outcome: "done" } | { readonly outcome: "refused"; readonly setting: string };

const normalise: Readonly<Record<Normalisation, (value: string) => string>> = {
  trim: (value) => value.trim(),
  upperCase: (value) => value.toUpperCase(),
  roundTo5: (value) =>
    /^\d{1,10}$/.test(value) ? String(Math.round(Number(value) / 5) * 5) : value,
};

/** The settings of one simulated printer. */
export class SettingsStore {
  readonly #settings: ReadonlyMap<string, Setting>;
  readonly #values: Map<string, string>;
  readonly #failures: FailureBoard;

  constructor(settings: readonly Setting[], failures: FailureBoard) {
    this.#settings = new Map(settings.map((setting) => [setting.name, setting]));
    this.#values = new Map(settings.map(({ name, initial }) => [name, initial]));
    this.#failures = failures;
  }

  /** @throws {EwsSimulatorError} for a name the printer does not have */
  definition(name: string): Setting {
    const setting = this.#settings.get(name);
    if (setting === undefined) throw new EwsSimulatorError(`no setting ${name} is simulated`);
    return setting;
  }

  /** @throws {EwsSimulatorError} for a name the printer does not have */
  get(name: string): string {
    return this.#values.get(this.definition(name).name) ?? "";
  }

  /** Changes a value as if at the panel. @throws {EwsSimulatorError} for an unknown name or a value not allowed */
  set(name: string, value: string): void {
    if (!isAllowed(this.definition(name).kind, value))
      throw new EwsSimulatorError(`${value} is no value of the setting ${name}`);
    this.#values.set(name, value);
  }

  /** All values by name. */
  all(): ReadonlyMap<string, string> {
    return new Map(this.#values);
  }

  /** Changes several values as a page does: validates all of them first. */
  apply(changes: ReadonlyMap<string, string>): ApplyOutcome {
    for (const [setting, value] of changes) {
      const isChange = value !== this.get(setting);
      const isRefused = isChange && this.#failures.of("refuse", setting).length > 0;
      if (isRefused || !isAllowed(this.definition(setting).kind, value))
        return { outcome: "refused", setting };
    }
    for (const [setting, value] of changes)
      if (this.#failures.of("ignore", setting).length === 0)
        this.#values.set(setting, this.#normalised(setting, value));
    return { outcome: "done" };
  }

  #normalised(setting: string, value: string): string {
    return this.#failures
      .of("normalise", setting)
      .reduce((text, { how }) => normalise[how](text), value);
  }
}
