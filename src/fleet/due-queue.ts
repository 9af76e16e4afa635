interface Entry {
  readonly id: string;
  readonly dueMs: number;
  readonly version: number;
}

/**
 * Ids by the instant they are due (binary heap). An id is in the queue at most once: setting it again moves it, which
 * is how late polls merge instead of piling up. Bounded by the number of ids.
 */
export class DueQueue {
  readonly #heap: Entry[] = [];
  readonly #versions = new Map<string, number>();
  #sequence = 0;

  get size(): number {
    return this.#versions.size;
  }

  /** Puts `id` at `dueMs`, wherever it was before. */
  set(id: string, dueMs: number): void {
    const version = ++this.#sequence;
    this.#versions.set(id, version);
    this.#heap.push({ id, dueMs, version });
    this.#rise(this.#heap.length - 1);
    this.#compact();
  }

  delete(id: string): void {
    this.#versions.delete(id);
  }

  /** When the earliest id is due. */
  nextDueMs(): number | undefined {
    this.#dropOutdated();
    return this.#heap[0]?.dueMs;
  }

  /** Takes the earliest id that is due by `nowMs`. */
  take(nowMs: number): string | undefined {
    this.#dropOutdated();
    const top = this.#heap[0];
    if (top === undefined || top.dueMs > nowMs) return undefined;
    this.#pop();
    this.#versions.delete(top.id);
    return top.id;
  }

  /** How many ids are due by `nowMs`; for status displays, linear. */
  countDue(nowMs: number): number {
    return this.#heap.filter((entry) => entry.dueMs <= nowMs && this.#isCurrent(entry)).length;
  }

  #isCurrent(entry: Entry): boolean {
    return this.#versions.get(entry.id) === entry.version;
  }

  #dropOutdated(): void {
    for (let top = this.#heap[0]; top !== undefined && !this.#isCurrent(top); top = this.#heap[0])
      this.#pop();
  }

  /** Outdated entries below the top are left behind by `set`; they must not outgrow the true ones. */
  #compact(): void {
    if (this.#heap.length < 64 || this.#heap.length < 2 * this.#versions.size) return;
    const current = this.#heap.filter((entry) => this.#isCurrent(entry));
    current.sort((a, b) => a.dueMs - b.dueMs); // a sorted array is a heap
    this.#heap.splice(0, this.#heap.length, ...current);
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(index: number): void {
    for (let child = index; child > 0;) {
      const parent = (child - 1) >> 1;
      if (!this.#swapIfEarlier(child, parent)) return;
      child = parent;
    }
  }

  #sink(index: number): void {
    for (let parent = index; ;) {
      const left = 2 * parent + 1;
      const right = left + 1;
      const child = this.#dueAt(right) < this.#dueAt(left) ? right : left;
      if (!this.#swapIfEarlier(child, parent)) return;
      parent = child;
    }
  }

  #dueAt(index: number): number {
    return this.#heap[index]?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  #swapIfEarlier(child: number, parent: number): boolean {
    const lower = this.#heap[child];
    const upper = this.#heap[parent];
    if (lower === undefined || upper === undefined || lower.dueMs >= upper.dueMs) return false;
    this.#heap[child] = upper;
    this.#heap[parent] = lower;
    return true;
  }
}
