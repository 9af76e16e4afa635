import type { ModelValue, ParameterType } from "../../src/model/definition.ts";
import { parameterAt, toPath, toTemplate } from "../../src/model/model.ts";
import { type SnapshotEntry, ShapeRegistry, diffSnapshots } from "../../src/model/shapes.ts";
import { type PollClass, type Snapshot, pollClasses } from "../../src/model/snapshot.ts";
import type {
  InteractionView,
  PrinterView,
  PrinterWrite,
  PrinterWriteResult,
  WriteFailure,
} from "../../src/presentation/printer-view.ts";

type Listener = Parameters<PrinterView["onChange"]>[0];
type Facts = ReturnType<PrinterView["facts"]>;

const shapes = new ShapeRegistry();

/** A printer in memory that keeps the promises of `PrinterView`; what it holds is given as template → value. */
export class MemoryPrinter implements PrinterView {
  readonly id: string;
  readonly identity;
  reboot: undefined;
  readonly interaction = new MemoryInteraction(() => {
    this.#tell({ values: [], facts: true });
  });
  /** What `write` answers instead of applying. */
  writeAnswer: PrinterWriteResult | undefined;
  /** Why what is not writable is not. */
  readOnlyReason: string | undefined;
  readonly written: (readonly PrinterWrite[])[] = [];
  /** Who wanted each of {@link written}. */
  readonly writers: string[] = [];
  readonly refreshed: (readonly string[])[] = [];
  readonly #listeners = new Set<Listener>();
  readonly #entries = new Map<string, SnapshotEntry>();
  #facts: Facts = {
    host: "192.0.2.10",
    reachability: "Online",
    lastContactMs: Date.UTC(2026, 0, 1),
    mapping: "vendor/acme/laser",
    mappingVersion: "abc",
    discoveredBy: "snmp",
    proxyProtocol: "X_MFPGATE-ORG_SNMP",
  };
  #snapshot: Snapshot = shapes.snapshot([], {});

  constructor(serialNumber = "SN1", model = "Laser 500") {
    this.id = serialNumber;
    this.identity = {
      manufacturer: "Acme",
      oui: "00005E",
      productClass: model,
      serialNumber,
    };
  }

  /** Puts values as a poll would, and tells listeners. A value of undefined takes the parameter away. */
  poll(
    values: Readonly<Record<string, ModelValue | undefined>>,
    options: { atMs?: number; pollClass?: PollClass; writable?: boolean } = {},
  ): void {
    const { atMs = Date.UTC(2026, 0, 1), pollClass = "status", writable = false } = options;
    for (const [name, value] of Object.entries(values)) {
      const path = name.startsWith("Device.") ? name : toPath(name);
      const type = parameterAt(toTemplate(path) ?? "")?.type;
      if (type === undefined) throw new Error(`${name} is not in the model`);
      if (value === undefined) this.#entries.delete(path);
      else this.#entries.set(path, { path, type, pollClass, writable, value });
    }
    const before = this.#snapshot;
    const readAtMs = Object.fromEntries(pollClasses.map((name) => [name, atMs]));
    this.#snapshot = shapes.snapshot([...this.#entries.values()], readAtMs, before);
    this.#tell({ values: diffSnapshots(before, this.#snapshot), facts: false });
  }

  changeFacts(facts: Partial<Facts>): void {
    this.#facts = { ...this.#facts, ...facts };
    this.#tell({ values: [], facts: true });
  }

  facts(): Facts {
    return this.#facts;
  }

  snapshot(): Snapshot {
    return this.#snapshot;
  }

  refresh(paths: readonly string[]): Promise<void> {
    this.refreshed.push(paths);
    return Promise.resolve();
  }

  write(
    writes: readonly PrinterWrite[],
    { who }: { readonly who: string },
  ): Promise<PrinterWriteResult> {
    this.written.push(writes);
    this.writers.push(who);
    if (this.writeAnswer !== undefined) return Promise.resolve(this.writeAnswer);
    this.poll(Object.fromEntries(writes.map(({ path, value }) => [path, value])), {
      writable: true,
    });
    return Promise.resolve({ outcome: "applied" });
  }

  whyReadOnly(): string | undefined {
    return this.readOnlyReason;
  }

  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onRestart(): () => void {
    return () => undefined;
  }

  #tell(change: Parameters<Listener>[0]): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** Settings in memory; `failure` makes storing fail, `objection` is said of whatever is set. */
export class MemoryInteraction implements InteractionView {
  readonly values = new Map<string, ModelValue>();
  failure: Error | undefined;
  objection: string | undefined;
  /** Who was refused. */
  readonly refused: string[] = [];
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get(template: string): ModelValue | undefined {
    const definition = parameterAt(template);
    if (definition === undefined || definition.hidden === true) return definition && "";
    return this.values.get(template) ?? usualValues[definition.type];
  }

  objections(writes: readonly PrinterWrite[]): readonly WriteFailure[] {
    const { objection: reason } = this;
    return reason === undefined
      ? []
      : writes.map(({ path }) => ({ path, reason, isInvalidValue: true }));
  }

  noteRefusal(...[, , { who }]: Parameters<InteractionView["noteRefusal"]>): Promise<void> {
    this.refused.push(who);
    return Promise.resolve();
  }

  set(writes: readonly PrinterWrite[]): ReturnType<InteractionView["set"]> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const before = new Map(this.values);
    for (const { path, value } of writes) this.values.set(toTemplate(path) ?? path, value);
    this.#changed();
    const undo = (): Promise<void> => {
      this.values.clear();
      for (const [template, value] of before) this.values.set(template, value);
      this.#changed();
      return Promise.resolve();
    };
    return Promise.resolve({ outcome: "applied", undo });
  }
}

const usualValues: Readonly<Record<ParameterType, ModelValue>> = {
  string: "",
  boolean: true,
  dateTime: "0001-01-01T00:00:00Z",
  int: 0,
  unsignedInt: 60,
  long: 0,
  unsignedLong: 0,
};

/** A ProvisioningCode in memory; `failure` makes storing fail. */
export class MemoryProvisioningCode {
  value = "";
  failure: Error | undefined;

  get(): string {
    return this.value;
  }

  set(value: string): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.value = value;
    return Promise.resolve();
  }
}
