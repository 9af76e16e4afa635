import type { ValueCheck } from "../value-check.ts";
import type { SettingType } from "./definition.ts";
import type { SettingNode } from "./management-server.ts";

/** One parameter of a row; all of them are writable, apart from the Alias every row has. */
export interface ColumnDefinition {
  readonly type: SettingType;
  /** In a new row (TR-106 `default type="object"`). */
  readonly initial: string;
  readonly check: ValueCheck;
}

/** A table of the endpoint's own, to which the ACS adds rows. Numbers of rows are not used again. */
export interface TableDefinition {
  /** Ends with a dot. */
  readonly path: string;
  /** Name of the setting that keeps the rows. */
  readonly setting: string;
  /** In the order of their names. */
  readonly columns: Readonly<Record<string, ColumnDefinition>>;
  readonly mostRows: number;
  /** Column whose value no two rows may share, unless it is empty (TR-106 `uniqueKey`). */
  readonly unique: string;
}

/** What is below a row, relative to it, without its Alias. */
export function columnNodes({ columns }: TableDefinition): readonly SettingNode[] {
  return Object.entries(columns).map(([path, { type }]) => ({ path, writable: true, type }));
}
