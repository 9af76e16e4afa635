import type { Evaluation } from "../mapping/evaluation.ts";
import { objectAt, parsePath, tableCountedBy, tableOf } from "../model/model.ts";
import type { PollClass, Shape } from "../model/snapshot.ts";
import type { RowNumbers } from "./row-numbers.ts";

/** A parameter without its instance number: template and the key of its row. */
export interface TemplateKey {
  readonly template: string;
  readonly rowKey: string | undefined;
}

/** Where the values of one kind of evaluation go in a snapshot, so that an unchanged printer costs no string work. */
export interface Placement {
  readonly keys: readonly TemplateKey[];
  /** `positions[n]` is the place of `keys[n]` in the snapshot, -1 for none. */
  readonly positions: readonly number[];
  /** Number of tables the evaluation named, with or without rows. */
  readonly tableCount: number;
  /** The layout holds nothing of these poll classes that the evaluation did not mention. */
  readonly isExact: boolean;
}

/** A shape with the meaning of its paths: `keys[n]` belongs to `shape.paths[n]`. Shared by printers of one kind. */
export interface Layout {
  readonly shape: Shape;
  readonly keys: readonly TemplateKey[];
  /** By the poll classes evaluated (joined with `,`); at most one per combination of classes. */
  readonly placements: Map<string, Placement>;
}

/** Printers of one shape nearly always have the same row keys; others get a layout of their own. */
const mostSharedPerShape = 8;
const sharedLayouts = new WeakMap<Shape, Layout[]>();

/** The layout of these keys, an existing one where possible. */
export function layoutOf(shape: Shape, keys: readonly TemplateKey[]): Layout {
  const shared = sharedLayouts.get(shape) ?? [];
  const known = shared.find((layout) => haveSameKeys(layout.keys, keys));
  if (known !== undefined) return known;
  const layout = { shape, keys, placements: new Map<string, Placement>() };
  if (shared.length < mostSharedPerShape) sharedLayouts.set(shape, [...shared, layout]);
  return layout;
}

/** The layout of a snapshot that came from the store. */
export function layoutOfShape(shape: Shape, rows: RowNumbers): Layout {
  const keys = shape.paths.map((path) => {
    const { template, instance } = parsePath(path) ?? { template: path };
    const table = tableOf(template);
    if (table === undefined || instance === undefined) return { template, rowKey: undefined };
    return { template, rowKey: rows.rowKey(table, instance) };
  });
  return layoutOf(shape, keys);
}

/** Works out where the values of `evaluation` go in `layout`. */
export function createPlacement(
  layout: Layout,
  evaluation: Evaluation,
  classes: readonly PollClass[],
): Placement {
  const positionOf = new Map(layout.keys.map((key, position) => [entryKey(key), position]));
  const keys = evaluation.parameters.map(({ template, rowKey }) => ({ template, rowKey }));
  const positions = keys.map((key) => positionOf.get(entryKey(key)) ?? -1);
  const mentioned = new Set(positions);
  const isExact = layout.keys.every(({ template }, position) => {
    const pollClass = layout.shape.pollClasses[position];
    const isRead = pollClass !== undefined && classes.includes(pollClass);
    return !isRead || mentioned.has(position) || isRowCount(template);
  });
  return { keys, positions, tableCount: evaluation.tables.length, isExact };
}

/** Whether `evaluation` lists the same parameters in the same order as the one `placement` was made for. */
export function fits(placement: Placement, evaluation: Evaluation): boolean {
  const { parameters, tables } = evaluation;
  return tables.length === placement.tableCount && haveSameKeys(parameters, placement.keys);
}

function haveSameKeys(a: readonly TemplateKey[], b: readonly TemplateKey[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) {
    const left = a[index];
    const right = b[index];
    if (left?.template !== right?.template || left?.rowKey !== right?.rowKey) return false;
  }
  return true;
}

/** Identifies a parameter within a printer, whatever its instance number. */
export function entryKey({ template, rowKey }: TemplateKey): string {
  return rowKey === undefined ? template : `${template}\n${rowKey}`;
}

/** Row counts (`…NumberOfEntries`) are made here, not by the mapping. */
export function isRowCount(template: string): boolean {
  return tableCountedBy(template) !== undefined;
}

/** Template of the parameter that counts the rows of `table` (`Supply.{i}.` → `SupplyNumberOfEntries`). */
export function rowCountOf(table: string): string | undefined {
  const name = objectAt(table)?.countedBy;
  return name === undefined ? undefined : table.replace(/[^.]+\.\{i\}\.$/, "") + name;
}
