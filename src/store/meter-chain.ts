import type { Transactor } from "./group-commit.ts";
import { isNumberRecord, isRecord, parseStored } from "./json.ts";
import { type Tx, run } from "./kysely.ts";
import {
  type ChainRow,
  canonical,
  chainHash,
  firstBroken,
  genesis,
  insertLink,
  loadHead,
  loadRows,
  saveHead,
} from "./meter-rows.ts";
import { addName, nameId } from "./names.ts";

/** Counters of one poll. */
export interface MeterContent {
  readonly readAtMs: number;
  readonly counters: Readonly<Record<string, number>>;
}

/** Whether a printer's meter history is as it was written. */
export type ChainVerdict =
  | { readonly intact: true; readonly days: number; readonly readings: number }
  /** `at` names the first link that does not hold. */
  | { readonly intact: false; readonly at: string; readonly reason: string };

/** Readings worked on in one transaction, so that maintenance never keeps the event loop for long. */
const batchLimit = 500;

const dayMs = 86_400_000;

/**
 * Meter history: append-only and hash-chained. Each reading's hash covers the hash before it, so that a reading
 * changed, removed or slipped in later shows. Old readings are thinned to one a day; the daily rows form a chain of
 * their own whose newest link names the hash at which the remaining readings go on.
 */
export class MeterRepository {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  /** Daily rows and readings since `sinceMs`, oldest first, at most `limit`. */
  readings(printerId: string, sinceMs: number, limit = 10_000): Promise<readonly MeterContent[]> {
    return this.#transactor.transact(async (tx) => {
      const rows = await run<{ content: string }>(
        tx,
        `SELECT content FROM (SELECT 1 AS part, seq, content FROM meter_days WHERE printer = ${nameId} ` +
          `UNION ALL SELECT 2, seq, content FROM meter_readings WHERE printer = ${nameId}) ` +
          "WHERE json_extract(content, '$.readAtMs') >= ? ORDER BY part, seq LIMIT ?",
        [printerId, printerId, sinceMs, limit],
      );
      return rows.map(({ content }) => parseContent(content, printerId));
    });
  }

  /** Recomputes the whole chain of a printer. */
  verify(printerId: string): Promise<ChainVerdict> {
    return this.#transactor.transact((tx) => verifyChain(tx, printerId));
  }

  /**
   * Replaces readings before `beforeMs` by the last one of each UTC day, the oldest 500 at most; call again until it
   * returns 0. Links that do not hold are left alone, as evidence for `verify`.
   *
   * @returns how many readings were replaced
   */
  thin(printerId: string, beforeMs: number): Promise<number> {
    return this.#transactor.transact((tx) => thinChain(tx, printerId, beforeMs));
  }
}

/** Appends a reading within the caller's transaction. */
export async function appendMeter(tx: Tx, printerId: string, meter: MeterContent): Promise<void> {
  await addName(tx, printerId);
  const head = await loadHead(tx, printerId);
  const content = canonical({
    printer: printerId,
    readAtMs: meter.readAtMs,
    counters: meter.counters,
  });
  const link = { seq: head.seq + 1, content, hash: chainHash(head.hash, content) };
  await insertLink(tx, "meter_readings", printerId, link);
  await saveHead(tx, printerId, { ...head, seq: link.seq, hash: link.hash });
}

async function verifyChain(tx: Tx, printerId: string): Promise<ChainVerdict> {
  const head = await loadHead(tx, printerId);
  const days = await loadRows(tx, "meter_days", printerId, Number.MAX_SAFE_INTEGER);
  const brokenDay = firstBroken(days, { seq: 0, hash: genesis });
  if (brokenDay !== undefined) return broken(`day ${brokenDay}`, "does not follow the one before");
  if ((days.at(-1)?.seq ?? 0) !== head.day_seq) return broken("the end", "daily rows are missing");
  const start = continuation(days.at(-1), printerId);
  const readings = await loadRows(tx, "meter_readings", printerId, Number.MAX_SAFE_INTEGER);
  const brokenReading = firstBroken(readings, start);
  if (brokenReading !== undefined)
    return broken(`reading ${brokenReading}`, "does not follow the one before");
  const end = readings.at(-1) ?? start;
  if (end.seq !== head.seq || !end.hash.equals(head.hash))
    return broken("the end", "readings are missing");
  return { intact: true, days: days.length, readings: readings.length };
}

function broken(at: string, reason: string): ChainVerdict {
  return { intact: false, at, reason };
}

/** Where the readings go on after the last daily row. */
function continuation(
  day: ChainRow | undefined,
  printerId: string,
): { readonly seq: number; readonly hash: Buffer } {
  if (day === undefined) return { seq: 0, hash: genesis };
  const content = parseStored(day.content, `meter day of ${printerId}`, isDayContent);
  return { seq: content.throughSeq, hash: Buffer.from(content.throughHash, "hex") };
}

async function thinChain(tx: Tx, printerId: string, beforeMs: number): Promise<number> {
  const old = await oldestReadings(tx, printerId, beforeMs);
  const last = old.at(-1);
  if (last === undefined) return 0;
  let head = await loadHead(tx, printerId);
  for (const [index, row] of old.entries()) {
    const next = old[index + 1];
    if (next !== undefined && dayOf(next.readAtMs) === dayOf(row.readAtMs)) continue;
    const content = canonical({
      printer: printerId,
      readAtMs: row.readAtMs,
      counters: row.counters,
      throughSeq: row.seq,
      throughHash: row.hash.toString("hex"),
    });
    const link = { seq: head.day_seq + 1, content, hash: chainHash(head.day_hash, content) };
    await insertLink(tx, "meter_days", printerId, link);
    head = { ...head, day_seq: link.seq, day_hash: link.hash };
  }
  await run(tx, `DELETE FROM meter_readings WHERE printer = ${nameId} AND seq <= ?`, [
    printerId,
    last.seq,
  ]);
  await saveHead(tx, printerId, head);
  return old.length;
}

/** The oldest readings before `beforeMs`, up to the first younger one; none when their links do not hold. */
async function oldestReadings(
  tx: Tx,
  printerId: string,
  beforeMs: number,
): Promise<readonly (MeterContent & ChainRow)[]> {
  const [lastDay] = await run<ChainRow>(
    tx,
    `SELECT seq, content, hash FROM meter_days WHERE printer = ${nameId} ORDER BY seq DESC LIMIT 1`,
    [printerId],
  );
  const rows = await loadRows(tx, "meter_readings", printerId, batchLimit);
  if (firstBroken(rows, continuation(lastDay, printerId)) !== undefined) return [];
  const readings = rows.map((row) => ({ ...row, ...parseContent(row.content, printerId) }));
  const young = readings.findIndex(({ readAtMs }) => readAtMs >= beforeMs);
  return young === -1 ? readings : readings.slice(0, young);
}

function dayOf(atMs: number): number {
  return Math.floor(atMs / dayMs);
}

function parseContent(content: string, printerId: string): MeterContent {
  const { readAtMs, counters } = parseStored(content, `meter of ${printerId}`, isMeterContent);
  return { readAtMs, counters };
}

function isMeterContent(value: unknown): value is MeterContent {
  return (
    isRecord(value) && typeof value["readAtMs"] === "number" && isNumberRecord(value["counters"])
  );
}

function isDayContent(value: unknown): value is { throughSeq: number; throughHash: string } {
  return (
    isRecord(value) &&
    typeof value["throughSeq"] === "number" &&
    typeof value["throughHash"] === "string"
  );
}
