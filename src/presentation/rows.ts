/** The rows of one table: instance number → what stands there. Whoever owns the rows puts them, parts of a tree show them. */
export class Rows<Row> {
  readonly #rows = new Map<number, Row>();
  readonly #listeners = new Set<(instance: number) => void>();
  #instances: readonly number[] | undefined;

  /** Replaces what stands at `instance`, if anything does. */
  put(instance: number, row: Row): void {
    const isNew = !this.#rows.has(instance);
    this.#rows.set(instance, row);
    if (isNew) this.#instances = undefined;
    this.#tell(instance);
  }

  remove(instance: number): void {
    if (!this.#rows.delete(instance)) return;
    this.#instances = undefined;
    this.#tell(instance);
  }

  get(instance: number): Row | undefined {
    return this.#rows.get(instance);
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Numbers of the rows there are, ascending. */
  instances(): readonly number[] {
    return (this.#instances ??= [...this.#rows.keys()].sort((left, right) => left - right));
  }

  /** Called after a row came, was replaced or went. Returns the unsubscribe function. */
  onChange(listener: (instance: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(instance: number): void {
    for (const listener of this.#listeners) listener(instance);
  }
}

/** A path within a table: the row and what is below it. */
export interface RowPath {
  readonly instance: number;
  /** Relative to the row: `Supply.3.Type`; "" for the row itself. */
  readonly rest: string;
}

/** Takes a path below `table` (ends with a dot) apart; undefined for any other. */
export function parseRowPath(table: string, path: string): RowPath | undefined {
  if (!path.startsWith(table)) return undefined;
  const end = path.indexOf(".", table.length);
  const number = path.slice(table.length, Math.max(end, table.length));
  if (!/^[1-9]\d{0,9}$/.test(number)) return undefined;
  return { instance: Number(number), rest: path.slice(end + 1) };
}
