import type { ActiveNotify, ParameterType } from "../../model/definition.ts";

/** One parameter with its present value; a value that is never the same twice is worked out when asked for. */
export interface Entry {
  readonly path: string;
  readonly type: ParameterType;
  readonly value: string | (() => string);
  readonly notification?: ActiveNotify;
}

/** A string, cut to the length its parameter allows. */
export function text(path: string, value: string, maxLength = 64): Entry {
  return { path, type: "string", value: Array.from(value).slice(0, maxLength).join("") };
}

/** A boolean. */
export function flag(path: string, value: boolean): Entry {
  return { path, type: "boolean", value: value.toString() };
}

/** A whole number from 0. */
export function whole(path: string, value: number): Entry {
  return { path, type: "unsignedInt", value: Math.max(0, Math.floor(value)).toString() };
}

/** The same, of which the ACS cannot have active notification (TR-106 `canDeny`): it changes all the time. */
export function volatile(entry: Entry): Entry {
  return { ...entry, notification: "canDeny" };
}

/** A parameter that is only there when its value is known. */
export function known<T>(value: T | undefined, entry: (value: T) => Entry): readonly Entry[] {
  return value === undefined ? [] : [entry(value)];
}

/** A table without its count. */
export interface TableRows<Row> {
  /** Path of the table with a dot at the end. */
  readonly table: string;
  readonly rows: readonly (readonly [number: number, row: Row])[];
  /** Parameters of one row; `base` ends with a dot. */
  readonly entries: (base: string, row: Row) => readonly Entry[];
}

/** A table and its `…NumberOfEntries`, which every table has in its parent (TR-106a15 §3.2.2). */
export function table<Row>({ table: path, rows, entries }: TableRows<Row>): readonly Entry[] {
  return [
    whole(`${path.slice(0, -1)}NumberOfEntries`, rows.length),
    ...rows.flatMap(([number, row]) => entries(`${path}${number.toString()}.`, row)),
  ];
}

/** Rows numbered from 1 in their order: for tables whose order never changes. */
export function inOrder<Row>(rows: readonly Row[]): readonly (readonly [number, Row])[] {
  return rows.map((row, index) => [index + 1, row] as const);
}
