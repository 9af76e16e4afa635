/** A log that forgets its oldest entries. */
export class BoundedLog<Entry> {
  readonly #capacity: number;
  #entries: Entry[] = [];
  #dropped = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Entries forgotten so far. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Appends an entry; at double capacity the older half goes, so that appending stays cheap. */
  push(entry: Entry): void {
    this.#entries.push(entry);
    if (this.#entries.length < this.#capacity * 2) return;
    this.#dropped += this.#capacity;
    this.#entries = this.#entries.slice(-this.#capacity);
  }

  /** Oldest first. */
  all(): readonly Entry[] {
    return this.#entries;
  }

  /** The newest entry. */
  last(): Entry | undefined {
    return this.#entries.at(-1);
  }
}
