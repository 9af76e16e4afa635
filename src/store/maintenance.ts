import type { Clock } from "../shared/clock.ts";
import type { Transactor } from "./group-commit.ts";
import { run } from "./kysely.ts";
import type { MeterRepository } from "./meter-chain.ts";

/** How long and how much is kept. */
export interface Retention {
  /** Raw meter readings and history; meters are kept as daily rows after that. */
  readonly rawDays: number;
  readonly maxEvents: number;
  readonly maxAuditEntries: number;
}

/** What is kept unless the options say otherwise. */
export const defaultRetention: Retention = {
  rawDays: 90,
  maxEvents: 100_000,
  maxAuditEntries: 100_000,
};

/** What one run of maintenance removed. */
export interface MaintenanceReport {
  readonly meterReadingsThinned: number;
  readonly historyRowsRemoved: number;
  readonly eventsDropped: number;
  readonly auditEntriesDropped: number;
  readonly shapesRemoved: number;
}

const dayMs = 86_400_000;

/** Rows removed in one transaction, so that maintenance never keeps the event loop for long. */
const batchRows = 500;

/** Applies `retention`, in small transactions between which the service goes on. Meant to run once a day. */
export async function maintain(
  transactor: Transactor,
  meters: MeterRepository,
  clock: Clock,
  retention: Retention,
): Promise<MaintenanceReport> {
  const cutoffMs = startOfDay(clock.nowMs() - retention.rawDays * dayMs);
  return {
    meterReadingsThinned: await thinMeters(transactor, meters, cutoffMs),
    historyRowsRemoved: await removeHistory(transactor, cutoffMs),
    eventsDropped: await dropOldest(transactor, "events", retention.maxEvents),
    auditEntriesDropped: await dropOldest(transactor, "audit", retention.maxAuditEntries),
    shapesRemoved: await deleteRows(
      transactor,
      "DELETE FROM shapes WHERE id NOT IN (SELECT shape FROM snapshots)",
      [],
    ),
  };
}

function startOfDay(atMs: number): number {
  return Math.floor(atMs / dayMs) * dayMs;
}

async function thinMeters(
  transactor: Transactor,
  meters: MeterRepository,
  cutoffMs: number,
): Promise<number> {
  const printers = await transactor.transact((tx) =>
    run<{ name: string }>(
      tx,
      "SELECT name FROM names WHERE id IN (SELECT printer FROM meter_heads)",
    ),
  );
  let total = 0;
  for (const { name } of printers) {
    let thinned: number;
    do {
      thinned = await meters.thin(name, cutoffMs);
      total += thinned;
    } while (thinned > 0);
  }
  return total;
}

/** Goes through the history by printer and path, the order it is kept in, without an index by time. */
async function removeHistory(transactor: Transactor, cutoffMs: number): Promise<number> {
  const series = await transactor.transact((tx) =>
    run<{ printer: number; path: number }>(tx, "SELECT DISTINCT printer, path FROM history"),
  );
  let total = 0;
  for (let start = 0; start < series.length; start += batchRows) {
    const batch = series.slice(start, start + batchRows);
    total += await transactor.transact(async (tx) => {
      let removed = 0;
      for (const { printer, path } of batch) {
        const result = await tx
          .deleteFrom("history")
          .where("printer", "=", printer)
          .where("path", "=", path)
          .where("at_ms", "<", cutoffMs)
          .executeTakeFirst();
        removed += Number(result.numDeletedRows);
      }
      return removed;
    });
  }
  return total;
}

async function dropOldest(
  transactor: Transactor,
  table: "events" | "audit",
  keep: number,
): Promise<number> {
  let total = 0;
  let dropped: number;
  do {
    dropped = await deleteRows(
      transactor,
      `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE id <= ` +
        `(SELECT id FROM ${table} ORDER BY id DESC LIMIT 1 OFFSET ?) ORDER BY id LIMIT ?)`,
      [keep, batchRows],
    );
    total += dropped;
  } while (dropped > 0);
  return total;
}

function deleteRows(
  transactor: Transactor,
  sql: string,
  parameters: readonly unknown[],
): Promise<number> {
  return transactor.transact(async (tx) => {
    const rows = await run(tx, `${sql} RETURNING 1`, parameters);
    return rows.length;
  });
}
