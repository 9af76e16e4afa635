import { createHash } from "node:crypto";
import { isRecord } from "./json.ts";
import { type Tx, run } from "./kysely.ts";
import { nameId } from "./names.ts";

/** Raw readings, and what is left of them after thinning. */
export type MeterTable = "meter_days" | "meter_readings";

/** A link of a chain as kept. */
export interface ChainRow {
  readonly seq: number;
  readonly content: string;
  readonly hash: Buffer;
}

/** Where the two chains of a printer end; shows when rows at the end were removed. */
export interface Head {
  readonly seq: number;
  readonly hash: Buffer;
  readonly day_seq: number;
  readonly day_hash: Buffer;
}

/** The hash before the first link. */
export const genesis = Buffer.alloc(32);
const emptyHead: Head = { seq: 0, hash: genesis, day_seq: 0, day_hash: genesis };

/** SHA-256 over the hash before and the canonical content. */
export function chainHash(previous: Buffer, content: string): Buffer {
  return createHash("sha256").update(previous).update(content).digest();
}

/** JSON with the keys of every object sorted: equal content, equal bytes. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    isRecord(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** Sequence number of the first row that does not follow, or undefined. */
export function firstBroken(
  rows: readonly ChainRow[],
  start: { readonly seq: number; readonly hash: Buffer },
): number | undefined {
  let before = start;
  for (const row of rows) {
    if (row.seq !== before.seq + 1 || !row.hash.equals(chainHash(before.hash, row.content)))
      return row.seq;
    before = row;
  }
  return undefined;
}

/** The oldest `limit` links of a printer in order. */
export async function loadRows(
  tx: Tx,
  table: MeterTable,
  printerId: string,
  limit: number,
): Promise<readonly ChainRow[]> {
  return run<ChainRow>(
    tx,
    `SELECT seq, content, hash FROM ${table} WHERE printer = ${nameId} ORDER BY seq LIMIT ?`,
    [printerId, limit],
  );
}

/** The ends of both chains; the start for a printer without readings. */
export async function loadHead(tx: Tx, printerId: string): Promise<Head> {
  const [head] = await run<Head>(
    tx,
    `SELECT seq, hash, day_seq, day_hash FROM meter_heads WHERE printer = ${nameId}`,
    [printerId],
  );
  return head ?? emptyHead;
}

/** Adds a link; the printer must be in the dictionary. */
export async function insertLink(
  tx: Tx,
  table: MeterTable,
  printerId: string,
  link: ChainRow,
): Promise<void> {
  await run(tx, `INSERT INTO ${table} (printer, seq, content, hash) VALUES (${nameId}, ?, ?, ?)`, [
    printerId,
    link.seq,
    link.content,
    link.hash,
  ]);
}

/** Records the ends of both chains. */
export async function saveHead(tx: Tx, printerId: string, head: Head): Promise<void> {
  await run(
    tx,
    "INSERT INTO meter_heads (printer, seq, hash, day_seq, day_hash) " +
      `VALUES (${nameId}, ?, ?, ?, ?) ON CONFLICT (printer) DO UPDATE SET ` +
      "seq = excluded.seq, hash = excluded.hash, day_seq = excluded.day_seq, day_hash = excluded.day_hash",
    [printerId, head.seq, head.hash, head.day_seq, head.day_hash],
  );
}
