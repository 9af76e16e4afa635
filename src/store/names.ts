import { type Tx, run } from "./kysely.ts";

/** SQL for the number of a name given as parameter; printer ids and paths are kept once, tables hold numbers. */
export const nameId = "(SELECT id FROM names WHERE name = ?)";

/** Puts several names into the dictionary, those that are not there. */
export async function addNames(tx: Tx, names: readonly string[]): Promise<void> {
  await run(
    tx,
    "INSERT INTO names (name) SELECT DISTINCT value FROM json_each(?) WHERE value NOT IN (SELECT name FROM names)",
    [JSON.stringify(names)],
  );
}

/** Puts `name` into the dictionary unless it is there. */
export async function addName(tx: Tx, name: string): Promise<void> {
  const known = await run(tx, "SELECT 1 FROM names WHERE name = ?", [name]);
  if (known.length === 0) await run(tx, "INSERT INTO names (name) VALUES (?)", [name]);
}
