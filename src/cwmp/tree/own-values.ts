import {
  type ManagementServer,
  isHiddenSetting,
  isManagementServerScalar,
  managementServerPath,
} from "../management-server/management-server.ts";
import type { AssignmentFault, ParameterAssignment } from "../parameter-tree.ts";
import { mostAliases, rowOfAlias } from "./aliases.ts";
import type { MergedTree } from "./merged-tree.ts";
import { tableOfRow } from "./paths.ts";

/** What an ACS sets of what belongs to the endpoint itself: checked alone, checked together, turned into settings. */
export interface OwnWrite {
  readonly tree: MergedTree;
  readonly management: ManagementServer;
}

/** Checks one assignment to something of the endpoint's own, which exists and is writable. */
export function ownFault(
  assignment: ParameterAssignment,
  { tree, management }: OwnWrite,
): AssignmentFault | undefined {
  const { path, value } = assignment;
  const row = rowOfAlias(path);
  if (row !== undefined) {
    const problem = tree.aliases.problem(row, value);
    return problem === undefined ? undefined : { path, code: 9007, text: problem };
  }
  if (isManagementServerScalar(path)) return management.validate(assignment);
  return tree.ownTables.validate(assignment);
}

/** What is wrong with assignments taken together, each alone being right: what only one row may have, in two. */
export function ownConflicts(
  assignments: readonly ParameterAssignment[],
  { tree }: OwnWrite,
): readonly AssignmentFault[] {
  const aliases = aliasesIn(assignments);
  const isTooMany = tree.aliases.given().size + aliases.size > mostAliases;
  return [...tree.ownTables.conflicts(assignments)].concat(
    [...aliases].flatMap(([row, alias]): AssignmentFault[] => {
      const fault = (text: string): AssignmentFault[] => [
        { path: `${row}Alias`, code: 9007, text },
      ];
      if (isTooMany) return fault(`exceeds the ${mostAliases} aliases kept`);
      const others = tree.rows(tableOfRow(row)).filter((other) => other !== row);
      const isTaken = others.some(
        (other) => (aliases.get(other) ?? tree.aliases.of(other)) === alias,
      );
      return isTaken ? fault("is the alias of another row") : [];
    }),
  );
}

/** Settings to be stored for assignments that all passed. */
export function ownSettings(
  assignments: readonly ParameterAssignment[],
  { tree, management }: OwnWrite,
): ReadonlyMap<string, string> {
  const scalars = assignments.filter(({ path }) => isManagementServerScalar(path));
  const aliases = aliasesIn(assignments);
  return new Map([
    ...management.settingsFor(scalars),
    ...tree.ownTables.settingsFor(assignments),
    ...(aliases.size === 0 ? [] : [tree.aliases.settingWith(aliases)]),
  ]);
}

/** What the ACS will read of assignments to scalars and cells that all passed: path → text. */
export function ownTexts(
  assignments: readonly ParameterAssignment[],
  { tree, management }: OwnWrite,
): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const assignment of assignments) {
    const { path, value } = assignment;
    if (isManagementServerScalar(path)) {
      const name = path.slice(managementServerPath.length);
      const kept = management.settingsFor([assignment]).get(name);
      texts.set(path, isHiddenSetting(name) ? "" : (kept ?? value));
    } else {
      texts.set(path, tree.ownTables.textFor(assignment) ?? value);
    }
  }
  return texts;
}

function aliasesIn(assignments: readonly ParameterAssignment[]): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  for (const { path, value } of assignments) {
    const row = rowOfAlias(path);
    if (row !== undefined) aliases.set(row, value);
  }
  return aliases;
}
