import type { ModelValue } from "../model/definition.ts";
import type { ShapeRegistry } from "../model/shapes.ts";
import type { Snapshot, ValueChange } from "../model/snapshot.ts";
import { CounterGuard, type CounterNotice, hasMeterChange, meterReading } from "./counter-guard.ts";
import { type Layout, type TemplateKey, layoutOfShape } from "./layout.ts";
import { type Merged, type Reading, layOut, merge } from "./merge.ts";
import type { PrinterStore, QuarantinedValue } from "./printer-store.ts";
import { RowNumbers } from "./row-numbers.ts";

/** Reading times alone are saved this often; a restart may show values older than they are, never newer. */
const saveTimesEveryMs = 600_000;

/** Whose values, and where they are kept. */
export interface KnownValuesOptions {
  readonly printerId: string;
  readonly store: PrinterStore;
  readonly shapes: ShapeRegistry;
  readonly isWritable: (template: string) => boolean;
}

/** What one printer is known to say: last values, meaning of their paths, counters held back. On disk before in memory. */
export class KnownValues {
  readonly #options: KnownValuesOptions;
  readonly #rows: RowNumbers;
  readonly #guard: CounterGuard;
  #layout: Layout;
  #snapshot: Snapshot;
  #savedAtMs = 0;

  private constructor(
    options: KnownValuesOptions,
    rows: RowNumbers,
    guard: CounterGuard,
    stored: Snapshot | undefined,
  ) {
    this.#options = options;
    this.#rows = rows;
    this.#guard = guard;
    this.#snapshot = stored ?? layOut([], {}, { ...options, rows }).snapshot;
    this.#layout = layoutOfShape(this.#snapshot.shape, rows);
    this.forgetPlacements(); // the configuration may have changed since the snapshot was saved
  }

  /** What the store remembers. */
  static async load(options: KnownValuesOptions): Promise<KnownValues> {
    const { store, printerId } = options;
    const rows = await RowNumbers.load(store, printerId);
    const guard = new CounterGuard(await store.quarantine(printerId));
    return new KnownValues(options, rows, guard, await store.loadSnapshot(printerId));
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  get quarantine(): readonly QuarantinedValue[] {
    return this.#guard.list();
  }

  /** What a path of the snapshot stands for. */
  keyOf(path: string): TemplateKey | undefined {
    return this.#layout.keys[this.#snapshot.shape.indexOf.get(path) ?? -1];
  }

  /** What can be set has changed (another credential): the next reading works out the shape anew. */
  forgetPlacements(): void {
    this.#layout = { ...this.#layout, placements: new Map() };
  }

  /**
   * Merges a reading and saves what it changed; memory follows the disk.
   * @throws {StoreError} when it could not be saved; nothing has changed then
   */
  async take(
    reading: Reading,
  ): Promise<{ changes: readonly ValueChange[]; notices: readonly CounterNotice[] }> {
    const previous = { layout: this.#layout, snapshot: this.#snapshot };
    const merged = await merge(previous, reading, { ...this.#options, rows: this.#rows });
    const guarded = this.#guard.apply(this.#snapshot, merged, reading);
    if (guarded.isChanged) await this.#saveQuarantine();
    await this.#save(guarded.merged, reading.readAtMs);
    return { changes: guarded.merged.changes, notices: guarded.notices };
  }

  /** The operator takes a counter's new level for right; false when nothing is held back at `path`. */
  async acceptCounter(path: string, atMs: number): Promise<readonly ValueChange[] | undefined> {
    const value = this.#guard.accept(path);
    const position = this.#snapshot.shape.indexOf.get(path);
    if (value === undefined) return undefined;
    await this.#saveQuarantine();
    if (position === undefined) return [];
    const { shape, values, readAtMs } = this.#snapshot;
    const corrected: ModelValue[] = [...values];
    corrected[position] = value;
    const changes = [{ path, before: values[position], after: value }];
    const snapshot = { shape, values: corrected, readAtMs };
    await this.#save({ layout: this.#layout, snapshot, changes }, atMs);
    return changes;
  }

  /** Notes a setting that could not be put back, for the operator. */
  async noteUnresolved(entry: QuarantinedValue): Promise<void> {
    this.#guard.note(entry);
    await this.#saveQuarantine();
  }

  /** These settings were written well. */
  async settle(paths: readonly string[]): Promise<void> {
    const settled = paths.map((path) => this.#guard.settle(path));
    if (settled.includes(true)) await this.#saveQuarantine();
  }

  async #save(merged: Merged, atMs: number): Promise<void> {
    const { layout, snapshot, changes } = merged;
    const isSameShape = snapshot.shape.id === this.#snapshot.shape.id;
    const isDue = atMs - this.#savedAtMs >= saveTimesEveryMs;
    if (changes.length > 0 || !isSameShape || isDue) {
      const changed = changes.map(({ path, after }) => ({ path, value: after }));
      const meter = hasMeterChange(changes) ? [meterReading(layout, snapshot, atMs)] : [];
      const { store, printerId } = this.#options;
      await store.saveSnapshot(printerId, snapshot, changed, ...meter);
      this.#savedAtMs = atMs;
    }
    this.#layout = layout;
    this.#snapshot = snapshot;
  }

  async #saveQuarantine(): Promise<void> {
    await this.#options.store.saveQuarantine(this.#options.printerId, this.#guard.list());
  }
}
