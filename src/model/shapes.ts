import { createHash } from "node:crypto";
import type { ModelValue, ParameterType } from "./definition.ts";
import {
  type PollClass,
  type Shape,
  type Snapshot,
  type ValueChange,
  comparePaths,
} from "./snapshot.ts";

/** One parameter of a printer as a poll found it. */
export interface SnapshotEntry {
  /** Absolute, as seen on a virtual device. */
  readonly path: string;
  readonly type: ParameterType;
  readonly pollClass: PollClass;
  readonly writable: boolean;
  readonly value: ModelValue;
}

/** Values longer than this are rarely shared between printers. */
const longestInternedText = 64;
const mostInternedTexts = 50_000;

/**
 * Makes snapshots that share everything but their values: equal parameter lists become one `Shape`, equal short texts one
 * string. Shapes nobody uses any more are collected, because alert rows never reuse a number and so keep making new ones.
 */
export class ShapeRegistry {
  readonly #shapes = new Map<string, WeakRef<Shape>>();
  readonly #collected = new FinalizationRegistry<string>((id) => {
    if (this.#shapes.get(id)?.deref() === undefined) this.#shapes.delete(id);
  });
  readonly #paths = new InternTable(mostInternedTexts);
  readonly #texts = new InternTable(mostInternedTexts);

  /**
   * Builds a snapshot from entries in any order.
   *
   * @param previous the printer's last snapshot; when its shape fits, building costs one look-up per entry
   * @throws {RangeError} when a path occurs twice
   */
  snapshot(
    entries: readonly SnapshotEntry[],
    readAtMs: Snapshot["readAtMs"],
    previous?: Snapshot,
  ): Snapshot {
    if (previous !== undefined) {
      const values = this.#valuesFitting(previous, entries);
      if (values !== undefined) return { shape: previous.shape, values, readAtMs };
    }
    const sorted = sortEntries(entries);
    const values = sorted.map((entry) => this.#shared(entry.value));
    return { shape: this.#intern(sorted), values, readAtMs };
  }

  /** The registered shape equal to `shape`, which may come from the store; registers it when there is none. */
  adopt(shape: Shape): Shape {
    const known = this.#shapes.get(shape.id)?.deref();
    if (known !== undefined) return known;
    this.#register(shape);
    return shape;
  }

  /** Number of distinct shapes alive. */
  get size(): number {
    return this.#shapes.size;
  }

  #valuesFitting(
    previous: Snapshot,
    entries: readonly SnapshotEntry[],
  ): readonly ModelValue[] | undefined {
    const { shape } = previous;
    if (entries.length !== shape.paths.length) return undefined;
    const values = new Array<ModelValue | undefined>(entries.length).fill(undefined);
    for (const { path, type, pollClass, writable, value } of entries) {
      const index = shape.indexOf.get(path);
      if (index === undefined || values[index] !== undefined) return undefined;
      if (shape.types[index] !== type || shape.pollClasses[index] !== pollClass) return undefined;
      if (shape.writable[index] !== writable) return undefined;
      values[index] =
        value === previous.values[index] ? previous.values[index] : this.#shared(value);
    }
    // Equal counts and no path twice: every place is filled.
    return values as ModelValue[];
  }

  #shared(value: ModelValue): ModelValue {
    if (typeof value !== "string" || value.length > longestInternedText) return value;
    return this.#texts.intern(value);
  }

  #intern(sorted: readonly SnapshotEntry[]): Shape {
    const id = shapeId(sorted);
    const known = this.#shapes.get(id)?.deref();
    if (known !== undefined) return known;
    const paths = sorted.map((entry) => this.#paths.intern(entry.path));
    const shape: Shape = {
      id,
      paths,
      types: sorted.map((entry) => entry.type),
      pollClasses: sorted.map((entry) => entry.pollClass),
      writable: sorted.map((entry) => entry.writable),
      indexOf: new Map(paths.map((path, index) => [path, index])),
    };
    this.#register(shape);
    return shape;
  }

  #register(shape: Shape): void {
    this.#shapes.set(shape.id, new WeakRef(shape));
    this.#collected.register(shape, shape.id);
  }
}

/** Keeps one copy of equal strings, the most recently added ones. */
class InternTable {
  readonly #limit: number;
  readonly #texts = new Map<string, string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  intern(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size >= this.#limit) this.#texts.clear(); // rare; sharing starts over
    this.#texts.set(text, text);
    return text;
  }
}

function sortEntries(entries: readonly SnapshotEntry[]): readonly SnapshotEntry[] {
  const sorted = [...entries].sort((left, right) => comparePaths(left.path, right.path));
  sorted.forEach((entry, index) => {
    if (entry.path === sorted[index + 1]?.path)
      throw new RangeError(`parameter ${entry.path} occurs twice in one snapshot`);
  });
  return sorted;
}

/** Content hash, so that it stays equal over restarts and between boxes. */
function shapeId(sorted: readonly SnapshotEntry[]): string {
  const hash = createHash("sha256");
  for (const { path, type, pollClass, writable } of sorted)
    hash.update(`${path}|${type}|${pollClass}|${writable ? "w" : "r"}\n`);
  return hash.digest("hex").slice(0, 32);
}

/** The parameters of a snapshot one by one, in path order. */
export function* entriesOf(snapshot: Snapshot): Generator<SnapshotEntry> {
  const { shape, values } = snapshot;
  for (const [index, path] of shape.paths.entries()) {
    const type = shape.types[index];
    const pollClass = shape.pollClasses[index];
    const value = values[index];
    if (type === undefined || pollClass === undefined || value === undefined) continue;
    yield { path, type, pollClass, writable: shape.writable[index] === true, value };
  }
}

/** The value of one parameter; undefined when the snapshot has none. */
export function valueAt(snapshot: Snapshot, path: string): ModelValue | undefined {
  const index = snapshot.shape.indexOf.get(path);
  return index === undefined ? undefined : snapshot.values[index];
}

/** What differs: parameters changed or new in path order, then those gone. */
export function diffSnapshots(before: Snapshot | undefined, after: Snapshot): ValueChange[] {
  const changes: ValueChange[] = [];
  const sameShape = before?.shape === after.shape;
  after.shape.paths.forEach((path, index) => {
    const now = after.values[index];
    const then =
      before === undefined ? undefined : sameShape ? before.values[index] : valueAt(before, path);
    if (now !== then) changes.push({ path, before: then, after: now });
  });
  if (before === undefined || sameShape) return changes;
  before.shape.paths.forEach((path, index) => {
    if (!after.shape.indexOf.has(path))
      changes.push({ path, before: before.values[index], after: undefined });
  });
  return changes;
}
