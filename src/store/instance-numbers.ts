import type { Transactor } from "./group-commit.ts";
import { type Tx, run } from "./kysely.ts";

/** One row's instance number. */
export interface Assignment {
  readonly table: string;
  readonly rowKey: string;
  readonly instance: number;
}

/**
 * Instance numbers of table rows, given once and never given again, not even after the row or its owner is gone
 * (a number used again would make the ACS take a new row for an old one). `owner` is a printer id or any other name (`proxier`).
 */
export class InstanceNumbers {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  /** All numbers of `owner`, by table, ascending. */
  list(owner: string): Promise<readonly Assignment[]> {
    return this.#transactor.transact((tx) =>
      run<Assignment>(
        tx,
        'SELECT kind AS "table", row_key AS "rowKey", instance FROM instances WHERE owner = ? ORDER BY kind, instance',
        [owner],
      ),
    );
  }

  /** Numbers for all of `rowKeys`; new keys get the next numbers in the order given, the first ever is 1. */
  assign(
    owner: string,
    table: string,
    rowKeys: readonly string[],
  ): Promise<ReadonlyMap<string, number>> {
    return this.#transactor.transact(async (tx) => {
      // A box gives thousands of printers a number each; going through all of them every time would add up.
      const [only] = rowKeys.length === 1 ? rowKeys : [];
      const known = await loadTable(tx, owner, table, only);
      const first = await nextInstance(tx, owner, table);
      const fresh = [...new Set(rowKeys)].filter((key) => !known.has(key));
      for (const [offset, key] of fresh.entries()) {
        await insertInstance(tx, owner, table, key, first + offset);
        known.set(key, first + offset);
      }
      if (fresh.length > 0) await saveMark(tx, owner, table, first + fresh.length);
      return new Map(rowKeys.map((key) => [key, known.get(key) ?? 0]));
    });
  }

  /** Forgets one row; its number stays used. */
  release(owner: string, table: string, rowKey: string): Promise<void> {
    return this.#transactor.transact(async (tx) => {
      await run(tx, "DELETE FROM instances WHERE owner = ? AND kind = ? AND row_key = ?", [
        owner,
        table,
        rowKey,
      ]);
    });
  }
}

/** The numbers of a table, or of one of its rows. */
async function loadTable(
  tx: Tx,
  owner: string,
  table: string,
  only: string | undefined,
): Promise<Map<string, number>> {
  const all = "SELECT row_key, instance FROM instances WHERE owner = ? AND kind = ?";
  const rows = await run<{ row_key: string; instance: number }>(
    tx,
    only === undefined ? all : `${all} AND row_key = ?`,
    only === undefined ? [owner, table] : [owner, table, only],
  );
  return new Map(rows.map(({ row_key, instance }) => [row_key, instance]));
}

async function nextInstance(tx: Tx, owner: string, table: string): Promise<number> {
  const [mark] = await run<{ next: number }>(
    tx,
    "SELECT next FROM instance_marks WHERE owner = ? AND kind = ?",
    [owner, table],
  );
  return mark?.next ?? 1;
}

async function insertInstance(
  tx: Tx,
  owner: string,
  table: string,
  rowKey: string,
  instance: number,
): Promise<void> {
  await run(tx, "INSERT INTO instances (owner, kind, row_key, instance) VALUES (?, ?, ?, ?)", [
    owner,
    table,
    rowKey,
    instance,
  ]);
}

async function saveMark(tx: Tx, owner: string, table: string, next: number): Promise<void> {
  await run(
    tx,
    "INSERT INTO instance_marks (owner, kind, next) VALUES (?, ?, ?) " +
      "ON CONFLICT (owner, kind) DO UPDATE SET next = excluded.next",
    [owner, table, next],
  );
}
