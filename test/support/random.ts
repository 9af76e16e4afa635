/** Numbers from a seed, so that a failed run can be repeated. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 up to but not including 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** One of several. */
  of<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new RangeError("nothing to choose from");
    return item;
  }
}

/** The seed of this run: `MFPGATE_TEST_SEED`, or a new one; printed, so that a failure can be repeated. */
export function seedOf(test: string): number {
  const seed = Number(process.env["MFPGATE_TEST_SEED"] ?? Math.floor(Math.random() * 1e9));
  process.stdout.write(`${test}: MFPGATE_TEST_SEED=${seed}\n`);
  return seed;
}
