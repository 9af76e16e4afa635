import { CwmpFault } from "../faults.ts";
import type { MergedTree } from "./merged-tree.ts";
import { splitPath } from "./paths.ts";
import { type RowParts, addRow, deleteRow } from "./rows.ts";

/** Rows one SetParameterValues may bring forth. */
const mostCreated = 64;

/**
 * Adds the rows that paths name by an alias nobody has (TR-181i2 AutoCreateInstances), so that what is below them can be
 * set. A path that cannot be made to exist is left for the caller to refuse.
 *
 * @returns the rows added, to be taken back when nothing comes of the rest
 * @throws {CwmpFault} 9004 a table is full, or too many rows; rows added are gone again
 */
export async function addMissingRows(
  paths: readonly string[],
  parts: RowParts,
): Promise<readonly string[]> {
  const added: string[] = [];
  try {
    for (const path of paths.filter((asked) => asked.includes("["))) {
      // Row by row from above: a row may be missing within a row that was missing.
      for (let missing = missingRow(path, parts.tree); missing !== undefined;) {
        if (added.length >= mostCreated) throw new CwmpFault(9004, "too many rows to be created");
        const { instanceNumber } = await addRow(missing.path, new Map(), parts);
        added.push(`${missing.table}${instanceNumber}.`);
        missing = missingRow(path, parts.tree);
      }
    }
  } catch (error) {
    await takeBack(added, parts);
    throw error;
  }
  return added;
}

/** Deletes rows that {@link addMissingRows} added. */
export async function takeBack(rows: readonly string[], parts: RowParts): Promise<void> {
  for (const row of [...rows].reverse()) await deleteRow(row, new Map(), parts);
}

/** The first `Table.[alias].` of a path that no row answers to, in a table to which rows can be added. */
function missingRow(
  path: string,
  tree: MergedTree,
): { readonly table: string; readonly path: string } | undefined {
  let above = "";
  for (const { kind, text } of splitPath(path) ?? []) {
    if (kind === "wildcard") return undefined;
    const here = kind === "alias" ? `${above}[${text}].` : `${above}${text}.`;
    const resolved = tree.resolve(here);
    if (resolved !== undefined) {
      above = resolved;
      continue;
    }
    return tree.canBeAdded(above, text) ? { table: above, path: here } : undefined;
  }
  return undefined;
}
