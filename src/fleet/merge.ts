import type { Evaluation } from "../mapping/evaluation.ts";
import type { ModelValue } from "../model/definition.ts";
import { parameterAt, tableOf, toPath } from "../model/model.ts";
import { type ShapeRegistry, type SnapshotEntry, diffSnapshots } from "../model/shapes.ts";
import type { PollClass, Snapshot, ValueChange } from "../model/snapshot.ts";
import {
  type Layout,
  type TemplateKey,
  createPlacement,
  entryKey,
  fits,
  isRowCount,
  layoutOf,
  rowCountOf,
} from "./layout.ts";
import type { RowNumbers } from "./row-numbers.ts";

/** One reading of a printer, ready to be merged into what is known of it. */
export interface Reading {
  readonly evaluation: Evaluation;
  readonly classes: readonly PollClass[];
  /** Classes of which something was asked but not answered (time-out, cut): what they miss keeps its old value. */
  readonly incomplete: ReadonlySet<PollClass>;
  readonly readAtMs: number;
  /** Another mapping than before made this evaluation: nothing of the old one's making may stay behind. */
  readonly isNewMapping: boolean;
}

/** A snapshot with the meaning of its paths. */
export interface LaidOut {
  readonly layout: Layout;
  readonly snapshot: Snapshot;
}

/** The state after a reading; arrays are shared with the state before where nothing changed. */
export interface Merged extends LaidOut {
  readonly changes: readonly ValueChange[];
}

/** What merging needs besides the two states. */
export interface MergeOptions {
  readonly shapes: ShapeRegistry;
  readonly rows: RowNumbers;
  /** Whether the mapping and the credential allow setting the parameter on this printer. */
  readonly isWritable: (template: string) => boolean;
}

/**
 * Merges a reading into the previous state. What was read replaces, what the printer no longer has disappears, what
 * was not read stays. Asks the store for numbers of rows never seen.
 */
export async function merge(
  previous: LaidOut,
  reading: Reading,
  options: MergeOptions,
): Promise<Merged> {
  const placement = previous.layout.placements.get(reading.classes.join());
  if (!reading.isNewMapping && placement?.isExact === true && fits(placement, reading.evaluation))
    return mergeInPlace(previous, reading, placement.positions);
  return rebuild(previous, reading, options);
}

/** The usual case: the same parameters as last time. */
function mergeInPlace(
  { layout, snapshot }: LaidOut,
  reading: Reading,
  positions: readonly number[],
): Merged {
  const { parameters } = reading.evaluation;
  const changes: ValueChange[] = [];
  let values: ModelValue[] | undefined;
  for (let index = 0; index < parameters.length; index++) {
    const position = positions[index] ?? -1;
    const before = snapshot.values[position];
    const after = parameters[index]?.value;
    if (position < 0 || after === undefined || before === after) continue;
    values ??= [...snapshot.values];
    values[position] = after;
    changes.push({ path: layout.shape.paths[position] ?? "", before, after });
  }
  const readAtMs = mergedTimes(snapshot, reading);
  const merged = { shape: layout.shape, values: values ?? snapshot.values, readAtMs };
  return { layout, snapshot: merged, changes };
}

/** A parameter with its value, before it has a path. */
interface Content extends TemplateKey {
  readonly pollClass: PollClass;
  readonly value: ModelValue;
}

/** Parameters came, went or changed places. */
async function rebuild(
  previous: LaidOut,
  reading: Reading,
  options: MergeOptions,
): Promise<Merged> {
  const { tables, parameters } = reading.evaluation;
  for (const { template, rowKeys } of tables) await options.rows.ensure(template, rowKeys);
  const content = keptContent(previous, reading);
  const held = heldClasses(content, reading);
  for (const parameter of parameters) content.set(entryKey(parameter), parameter);
  countRows(content, reading);
  const readAtMs = mergedTimes(previous.snapshot, reading, held);
  const { layout, snapshot } = layOut(content.values(), readAtMs, options);
  const placement = createPlacement(layout, reading.evaluation, reading.classes);
  layout.placements.set(reading.classes.join(), placement);
  return { layout, snapshot, changes: diffSnapshots(previous.snapshot, snapshot) };
}

/** Gives every parameter its path; what the model does not know, or what lost its row number, is left out. */
export function layOut(
  content: Iterable<Content>,
  readAtMs: Snapshot["readAtMs"],
  options: MergeOptions,
): LaidOut {
  const entries: SnapshotEntry[] = [];
  const keys = new Map<string, TemplateKey>();
  for (const { template, rowKey, pollClass, value } of content) {
    const definition = parameterAt(template);
    const path = pathOf({ template, rowKey }, options.rows);
    if (definition === undefined || path === undefined) continue;
    const writable = definition.access === "readWrite" && options.isWritable(template);
    entries.push({ path, type: definition.type, pollClass, writable, value });
    keys.set(path, { template, rowKey });
  }
  const snapshot = options.shapes.snapshot(entries, readAtMs);
  const inOrder = snapshot.shape.paths.map(
    (path) => keys.get(path) ?? { template: path, rowKey: undefined },
  );
  return { layout: layoutOf(snapshot.shape, inOrder), snapshot };
}

function pathOf({ template, rowKey }: TemplateKey, rows: RowNumbers): string | undefined {
  if (rowKey === undefined) return toPath(template);
  const table = tableOf(template);
  const instance = table === undefined ? undefined : rows.get(table, rowKey);
  return instance === undefined ? undefined : toPath(template, instance);
}

/** What stays of the previous state: what was not read, without the rows that are gone. */
function keptContent(previous: LaidOut, reading: Reading): Map<string, Content> {
  const { keys, shape } = previous.layout;
  const { tables } = reading.evaluation;
  const rowsOf = new Map(tables.map(({ template, rowKeys }) => [template, new Set(rowKeys)]));
  const kept = new Map<string, Content>();
  for (const [position, key] of keys.entries()) {
    const pollClass = shape.pollClasses[position];
    const value = previous.snapshot.values[position];
    if (pollClass === undefined || value === undefined) continue;
    const table = tableOf(key.template);
    const rows = table === undefined ? undefined : rowsOf.get(table);
    if (key.rowKey !== undefined && rows?.has(key.rowKey) === false) continue;
    const wasRead = reading.classes.includes(pollClass) && !reading.incomplete.has(pollClass);
    const isHeld = isRowCount(key.template) || isUntold(key.template, reading);
    if (wasRead && (reading.isNewMapping || !isHeld)) continue;
    kept.set(entryKey(key), { ...key, pollClass, value });
  }
  return kept;
}

/** Sets `…NumberOfEntries` of every table that was read to the number of rows that have parameters. */
function countRows(content: Map<string, Content>, reading: Reading): void {
  const { tables } = reading.evaluation;
  const rowsOf = new Map(tables.map(({ template }) => [template, new Set<string>()]));
  const classOf = new Map<string, PollClass>();
  for (const { template, rowKey, pollClass } of content.values()) {
    const table = tableOf(template);
    if (table === undefined || rowKey === undefined) continue;
    rowsOf.get(table)?.add(rowKey);
    if (!classOf.has(table)) classOf.set(table, pollClass);
  }
  const firstClass = reading.classes[0] ?? "status";
  for (const [table, rows] of rowsOf) {
    const template = rowCountOf(table);
    if (template === undefined) continue;
    const pollClass = content.get(template)?.pollClass ?? classOf.get(table) ?? firstClass;
    content.set(template, { template, rowKey: undefined, pollClass, value: rows.size });
  }
}

function isUntold(template: string, { evaluation }: Reading): boolean {
  return evaluation.untold?.has(template) === true;
}

/** Classes of which something known was not told again: they are as old as they were, so that it shows as stale. */
function heldClasses(kept: ReadonlyMap<string, Content>, reading: Reading): ReadonlySet<PollClass> {
  if (reading.evaluation.untold === undefined) return new Set();
  const held = [...kept.values()].filter(({ template }) => isUntold(template, reading));
  return new Set(held.map(({ pollClass }) => pollClass));
}

function mergedTimes(
  previous: Snapshot,
  reading: Reading,
  held: ReadonlySet<PollClass> = new Set(),
): Snapshot["readAtMs"] {
  const readAtMs = { ...previous.readAtMs };
  for (const pollClass of reading.classes)
    if (!reading.incomplete.has(pollClass) && !held.has(pollClass))
      readAtMs[pollClass] = reading.readAtMs;
  return readAtMs;
}
