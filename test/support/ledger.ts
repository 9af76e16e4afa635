/** A value on its way; each write is its own, even when two write the same. */
interface Candidate {
  readonly value: string;
}

/** Values of one write, by name. */
export type PendingWrite = ReadonlyMap<string, Candidate>;

/**
 * What the values of one device may be, seen from the ACS. A value whose write was answered is certain; writes begun
 * after it whose answers were lost may have taken or not.
 */
export class Ledger {
  /** What did not agree with it. */
  readonly problems: string[] = [];
  readonly #device: string;
  /** By name: the certain value first, then what was begun since, in order. */
  readonly #candidates = new Map<string, readonly Candidate[]>();

  constructor(device: string, initial: Readonly<Record<string, string>>) {
    this.#device = device;
    for (const [name, value] of Object.entries(initial)) this.#candidates.set(name, [{ value }]);
  }

  /** A write goes out. */
  begin(values: Readonly<Record<string, string>>): PendingWrite {
    const write = new Map(Object.entries(values).map(([name, value]) => [name, { value }]));
    for (const [name, candidate] of write)
      this.#candidates.set(name, [...this.#of(name), candidate]);
    return write;
  }

  /** The write was answered: everything before it is history. */
  confirm(write: PendingWrite): void {
    for (const [name, candidate] of write) {
      const all = this.#of(name);
      this.#candidates.set(name, all.slice(all.indexOf(candidate)));
    }
  }

  /** Notes a problem when `value` cannot be. */
  check(name: string, value: string, where: string): void {
    const possible = this.#of(name).map((candidate) => candidate.value);
    if (possible.includes(value)) return;
    this.problems.push(
      `${this.#device} ${name}: ${where} has ${value}, expected ${possible.join(" or ")}`,
    );
  }

  #of(name: string): readonly Candidate[] {
    const candidates = this.#candidates.get(name);
    if (candidates === undefined) throw new RangeError(`${name} is not in the ledger`);
    return candidates;
  }
}
