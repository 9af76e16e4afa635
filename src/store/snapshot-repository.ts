import { createHash } from "node:crypto";
import type { ModelValue } from "../model/definition.ts";
import { type PollClass, type Shape, type Snapshot, pollClasses } from "../model/snapshot.ts";
import { StoreError } from "./errors.ts";
import type { Transactor } from "./group-commit.ts";
import { isModelValueOrNull, isModelValues, isNumberRecord, parseStored } from "./json.ts";
import { type Tables, type Tx, run } from "./kysely.ts";
import { type MeterContent, appendMeter } from "./meter-chain.ts";
import { addNames, nameId } from "./names.ts";
import { packJson, unpackJson } from "./packed-json.ts";
import { shapeFromRow, shapeToRow } from "./shape-codec.ts";

/** A value that changed; undefined = the parameter is gone. */
export interface Changed {
  readonly path: string;
  readonly value: ModelValue | undefined;
}

/** One entry of a parameter's history. */
export interface HistoryEntry {
  readonly atMs: number;
  readonly value: ModelValue | undefined;
}

/** Last known values of each printer: one row of values, one of reading times, a history row per change. */
export class SnapshotRepository {
  readonly #transactor: Transactor;
  /** One object per shape, so that printers loaded later share it; held only as long as one of them lives. */
  readonly #shapes = new Map<string, WeakRef<Shape>>();
  readonly #intern: (shape: Shape) => Shape;

  /** `intern` may replace a shape read from disk by an equal one already in memory. */
  constructor(transactor: Transactor, intern: (shape: Shape) => Shape) {
    this.#transactor = transactor;
    this.#intern = intern;
  }

  load(printerId: string): Promise<Snapshot | undefined> {
    return this.#transactor.transact(async (tx) => {
      const row = await loadRow(tx, printerId);
      if (row === undefined) return undefined;
      const where = `snapshot of printer ${printerId}`;
      const shape = this.#shapes.get(row.shape)?.deref() ?? (await this.#loadShape(tx, row.shape));
      const values = parseStored(unpackJson(row.values, where), where, isModelValues);
      if (values.length !== shape.paths.length)
        throw new StoreError(
          "store.corrupt",
          `${where} does not fit its shape; delete it or restore a backup`,
        );
      return { shape, values, readAtMs: readTimes(row.read_at_json, where) };
    });
  }

  /** Saves everything of one poll in one transaction; values equal to those on disk cost no write. */
  save(
    printerId: string,
    snapshot: Snapshot,
    changed: readonly Changed[],
    meter?: MeterContent,
  ): Promise<void> {
    const json = JSON.stringify(snapshot.values);
    const digest = createHash("sha1").update(snapshot.shape.id).update("\0").update(json).digest();
    const atMs = Math.max(0, ...Object.values(snapshot.readAtMs));
    return this.#transactor.transact(async (tx) => {
      const before = await savedState(tx, printerId);
      if (before === undefined || !before.digest.equals(digest)) {
        await saveShape(tx, snapshot.shape);
        await saveValues(tx, printerId, snapshot.shape.id, packJson(json), digest);
        if (before !== undefined && before.shape !== snapshot.shape.id)
          await dropUnusedShape(tx, before.shape);
      }
      await saveReadTimes(tx, printerId, snapshot.readAtMs);
      if (changed.length > 0) await addHistory(tx, printerId, atMs, changed);
      if (meter !== undefined) await appendMeter(tx, printerId, meter);
    });
  }

  /** Values a parameter had from `sinceMs` on, oldest first, at most `limit`. */
  history(
    printerId: string,
    path: string,
    sinceMs: number,
    limit = 10_000,
  ): Promise<readonly HistoryEntry[]> {
    return this.#transactor.transact(async (tx) => {
      const rows = await run<{ at_ms: number; value_json: string }>(
        tx,
        `SELECT at_ms, value_json FROM history WHERE printer = ${nameId} AND path = ${nameId} ` +
          "AND at_ms >= ? ORDER BY at_ms LIMIT ?",
        [printerId, path, sinceMs, limit],
      );
      return rows.map(({ at_ms, value_json }) => ({
        atMs: at_ms,
        value: parseStored(value_json, `history of ${path}`, isModelValueOrNull) ?? undefined,
      }));
    });
  }

  async #loadShape(tx: Tx, id: string): Promise<Shape> {
    const row = await tx
      .selectFrom("shapes")
      .selectAll()
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    const shape = this.#intern(shapeFromRow(row));
    this.#shapes.set(id, new WeakRef(shape));
    return shape;
  }
}

type SnapshotRow = Tables["snapshots"] & { read_at_json: string | null };

async function loadRow(tx: Tx, printerId: string): Promise<SnapshotRow | undefined> {
  const [row] = await run<SnapshotRow>(
    tx,
    'SELECT s.printer, s.shape, s."values", s.digest, f.read_at_json FROM snapshots s ' +
      "LEFT JOIN freshness f ON f.printer = s.printer WHERE s.printer = ?",
    [printerId],
  );
  return row;
}

async function savedState(
  tx: Tx,
  printerId: string,
): Promise<{ readonly shape: string; readonly digest: Buffer } | undefined> {
  const [row] = await run<{ shape: string; digest: Buffer }>(
    tx,
    "SELECT shape, digest FROM snapshots WHERE printer = ?",
    [printerId],
  );
  return row;
}

async function saveShape(tx: Tx, shape: Shape): Promise<void> {
  const known = await run(tx, "SELECT 1 FROM shapes WHERE id = ?", [shape.id]);
  if (known.length === 0) await tx.insertInto("shapes").values(shapeToRow(shape)).execute();
}

/** Alert rows never reuse a number, so printers change shape all the time; the old ones must not pile up. */
async function dropUnusedShape(tx: Tx, id: string): Promise<void> {
  await run(
    tx,
    "DELETE FROM shapes WHERE id = ? AND NOT EXISTS (SELECT 1 FROM snapshots WHERE shape = ?)",
    [id, id],
  );
}

async function saveValues(
  tx: Tx,
  printerId: string,
  shapeId: string,
  values: Buffer,
  digest: Buffer,
): Promise<void> {
  await run(
    tx,
    'INSERT INTO snapshots (printer, shape, "values", digest) VALUES (?, ?, ?, ?) ON CONFLICT (printer) ' +
      'DO UPDATE SET shape = excluded.shape, "values" = excluded."values", digest = excluded.digest',
    [printerId, shapeId, values, digest],
  );
}

async function saveReadTimes(
  tx: Tx,
  printerId: string,
  readAtMs: Snapshot["readAtMs"],
): Promise<void> {
  await run(
    tx,
    "INSERT INTO freshness (printer, read_at_json) VALUES (?, ?) " +
      "ON CONFLICT (printer) DO UPDATE SET read_at_json = excluded.read_at_json",
    [printerId, JSON.stringify(readAtMs)],
  );
}

/** One statement however many values changed: a first reading changes hundreds. */
async function addHistory(
  tx: Tx,
  printerId: string,
  atMs: number,
  changed: readonly Changed[],
): Promise<void> {
  await addNames(tx, [printerId, ...changed.map(({ path }) => path)]);
  const rows = changed.map(({ path, value }) => [path, JSON.stringify(value ?? null)]);
  await run(
    tx,
    "INSERT INTO history (printer, path, at_ms, value_json) " +
      `SELECT ${nameId}, n.id, ?, c.value ->> 1 FROM json_each(?) c JOIN names n ON n.name = c.value ->> 0 WHERE true ` +
      "ON CONFLICT DO UPDATE SET value_json = excluded.value_json",
    [printerId, atMs, JSON.stringify(rows)],
  );
}

function readTimes(json: string | null, where: string): Snapshot["readAtMs"] {
  const stored = parseStored(json ?? "{}", where, isNumberRecord);
  const times: Partial<Record<PollClass, number>> = {};
  for (const pollClass of pollClasses) {
    const atMs = stored[pollClass];
    if (atMs !== undefined) times[pollClass] = atMs;
  }
  return times;
}
