import { logger } from "../../shared/log.ts";
import type { EndpointState } from "../endpoint/endpoint-state.ts";
import { CwmpFault, faultFromCode } from "../faults.ts";
import { managementServerPath } from "../management-server/management-server.ts";
import type { Notifications } from "../notifications/notifications.ts";
import type { ParameterTree } from "../parameter-tree.ts";
import { mostAliases } from "./aliases.ts";
import type { MergedTree } from "./merged-tree.ts";
import { ownTableAt } from "./own-tables.ts";
import { aliasInTable, countOfTable, isRow, numberOfRow, tableOfRow } from "./paths.ts";

const log = logger("cwmp.tree.rows");

/** What rows are added to and taken from. */
export interface RowParts {
  readonly tree: MergedTree;
  readonly device: ParameterTree;
  readonly state: EndpointState;
  readonly notifications: Notifications;
}

/** What came of it; `committed` rows come into force later (Status 1). */
export interface AddedRow {
  readonly instanceNumber: number;
  readonly outcome: "applied" | "committed";
}

/**
 * Adds a row to a table of the endpoint or of its device (TR-069a6 A.3.2.6), on disk when it resolves. `Table.[alias].`
 * gives the row its alias.
 *
 * @param settings stored together with the row (`ParameterKey`)
 * @throws {CwmpFault} 9005 no such table, or the alias is no alias or taken; 9004 full; else what the device says
 */
export async function addRow(
  path: string,
  settings: ReadonlyMap<string, string>,
  parts: RowParts,
): Promise<AddedRow> {
  const { table, alias } = tableToAddTo(path, parts.tree);
  const own = ownTableAt(table);
  if (own === undefined) return addToDevice(table, alias, settings, parts);
  const added = parts.tree.ownTables.withRow(own);
  if (added === undefined) throw new CwmpFault(9004, `${table} is full`);
  const { number, setting } = added;
  const stored = new Map([setting, ...settings, ...aliasSettings(table, number, alias, parts)]);
  const rows = String(parts.tree.ownTables.numbers(own).length + 1);
  const known = new Map([...pathsOf(settings), [countOfTable(table), rows] as const]);
  await parts.state.commit({ setSettings: stored, setReported: watched(known, parts) });
  return { instanceNumber: number, outcome: "applied" };
}

/**
 * Deletes a row with everything below (TR-069a6 A.3.2.7) and forgets its attributes, aliases and what was reported of
 * it.
 *
 * @throws {CwmpFault} 9005 no such row, or one that cannot be deleted; else what the device says
 */
export async function deleteRow(
  path: string,
  settings: ReadonlyMap<string, string>,
  parts: RowParts,
): Promise<"applied" | "committed"> {
  const { tree, device } = parts;
  const row = tree.resolve(path);
  if (row === undefined || !isRow(row) || tree.node(row)?.writable !== true) {
    throw new CwmpFault(9005, `${path} is no instance that can be deleted`);
  }
  const own = ownTableAt(row);
  if (own !== undefined) {
    const setting = tree.ownTables.withoutRow(own, numberOfRow(row));
    const count = String(tree.ownTables.numbers(own).length - 1);
    await forget(row, new Map([setting, ...settings]), parts, count);
    return "applied";
  }
  const count = countOfTable(tableOfRow(row));
  const result = await parts.notifications.withOwnChange(
    count,
    async () => (await device.deleteObject?.(row)) ?? nothingThere(path),
  );
  if (result.outcome === "refused") throw faultFromCode(result.code, result.text);
  await forget(row, settings, parts, tree.get(count)?.value);
  return result.outcome;
}

function tableToAddTo(
  path: string,
  tree: MergedTree,
): { readonly table: string; readonly alias: string | undefined } {
  const named = aliasInTable(path);
  const table = tree.resolve(named?.table ?? path);
  const node = table === undefined ? undefined : tree.node(table);
  if (table === undefined || isRow(table) || node?.type !== undefined || node?.writable !== true) {
    throw new CwmpFault(9005, `${path} is no table that instances can be added to`);
  }
  if (named !== undefined && !tree.canBeAdded(table, named.alias)) {
    throw new CwmpFault(9005, `${path}: the alias is none, or taken`);
  }
  return { table, alias: named?.alias };
}

async function addToDevice(
  table: string,
  alias: string | undefined,
  settings: ReadonlyMap<string, string>,
  parts: RowParts,
): Promise<AddedRow> {
  const { device, state, notifications } = parts;
  const count = countOfTable(table);
  const result = await notifications.withOwnChange(
    count,
    async () => (await device.addObject?.(table)) ?? nothingThere(table),
  );
  if (result.outcome === "refused") throw faultFromCode(result.code, result.text);
  const { instanceNumber, outcome } = result;
  try {
    await state.commit({
      setSettings: new Map([...settings, ...aliasSettings(table, instanceNumber, alias, parts)]),
      setReported: new Map([
        ...notifications.toReport([count]),
        ...watched(pathsOf(settings), parts),
      ]),
    });
  } catch (error) {
    await undoAdding(`${table}${instanceNumber}.`, parts);
    throw error;
  }
  return { instanceNumber, outcome };
}

async function undoAdding(row: string, { device, state, notifications }: RowParts): Promise<void> {
  const count = countOfTable(tableOfRow(row));
  const result = await notifications.withOwnChange(count, async () => device.deleteObject?.(row));
  if (result?.outcome === "refused") {
    log.error("row stays that the ACS was refused", { device: state.endpointId, row });
  }
}

function aliasSettings(
  table: string,
  number: number,
  alias: string | undefined,
  { tree }: RowParts,
): readonly (readonly [string, string])[] {
  if (alias === undefined) return [];
  const row = `${table}${number}.`;
  if (tree.aliases.given().size >= mostAliases) throw new CwmpFault(9004, "too many aliases");
  return [tree.aliases.settingWith(new Map([[row, alias]]))];
}

/** One commit for all that goes with a row. */
async function forget(
  row: string,
  settings: ReadonlyMap<string, string>,
  parts: RowParts,
  rowCount: string | undefined,
): Promise<void> {
  const { tree, state } = parts;
  const isGone = (path: string): boolean => path.startsWith(row);
  const count = countOfTable(tableOfRow(row));
  const aliases = [...tree.aliases.given().keys()].filter(isGone);
  const aliasSetting = tree.aliases.settingWith(new Map(aliases.map((gone) => [gone, undefined])));
  const known = new Map([
    ...pathsOf(settings),
    ...(rowCount === undefined ? [] : [[count, rowCount] as const]),
  ]);
  await state.commit({
    setSettings: new Map([...settings, ...(aliases.length > 0 ? [aliasSetting] : [])]),
    setReported: watched(known, parts),
    removeReported: [...state.reported.keys()].filter(isGone),
    removeAttributes: [...state.attributes.keys()].filter(isGone),
    removePendingChanges: [...state.pendingChanges].filter(isGone),
  });
}

/** Scalars by their paths. */
function pathsOf(settings: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...settings].map(([name, text]) => [managementServerPath + name, text]));
}

/** Values the ACS knows, of those it wants to be told. */
function watched(
  values: ReadonlyMap<string, string>,
  { notifications }: RowParts,
): ReadonlyMap<string, string> {
  return new Map([...values].filter(([path]) => notifications.isWatched(path)));
}

function nothingThere(path: string): never {
  throw new CwmpFault(9005, path);
}
