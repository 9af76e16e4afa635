/** About 30 names a GET fit the 484 octets every agent must take (RFC 3417 §3.2.1) and the 1472 of an Ethernet frame. */
const firstGetBatch = 30;
/** Varbinds asked of one GETBULK; with some 25 octets each they fill an Ethernet frame. */
const firstBulkVarbinds = 50;
const mostBulkVarbinds = 100;
const fewestBulkVarbinds = 8;
const firstRepetitions = 25;
const mostRepetitions = 50;
/** An OID that silences its agent or is absent in v1 is not asked again for this long. */
const avoidMs = 60 * 60 * 1000;
/** Bound of each table below; beyond it the printer is learned afresh. */
const maxEntries = 5_000;

/** Rows to ask for of a column never seen: tables of printers are short. */
const guessedRows = 9;

/** Why an OID is left out of requests; also the answer given for it. */
export type AvoidReason = "noSuchObject" | "timeout";

/**
 * What was learned of one agent: what it can do, how much fits, and what to leave alone. Kept by its session; hand the
 * same object to the next session of that printer to keep it longer.
 */
export class AgentMemory {
  /** Names in one GET or GETNEXT. */
  getBatch = firstGetBatch;
  /** Undefined until tried. */
  canBulk: boolean | undefined;
  bulkVarbinds = firstBulkVarbinds;
  maxRepetitions = firstRepetitions;
  readonly #rowCounts = new Map<string, number>();
  readonly #avoided = new Map<string, { reason: AvoidReason; untilMs: number }>();
  /** Indexes that GET answers although a walk does not find them; empty when tried in vain. */
  readonly #hiddenRows = new Map<string, readonly string[]>();

  /** The last GET or GETNEXT of `names` names was too big. */
  shrinkGetBatch(names: number): void {
    this.getBatch = Math.max(1, Math.floor(names / 2));
  }

  /** A GETBULK for `varbinds` varbinds was too big, silent or garbled. False when it cannot shrink any more. */
  shrinkBulk(varbinds: number): boolean {
    if (varbinds <= fewestBulkVarbinds) return false;
    // Before GETBULK has worked at all, each further trial costs a time-out: go down in one step.
    const half = this.canBulk === undefined ? fewestBulkVarbinds : Math.floor(varbinds / 2);
    this.bulkVarbinds = Math.max(fewestBulkVarbinds, half);
    this.maxRepetitions = Math.max(fewestBulkVarbinds, Math.floor(this.maxRepetitions / 2));
    return true;
  }

  /** A GETBULK for `varbinds` was answered in full. */
  growBulk(varbinds: number): void {
    if (varbinds * 2 < this.bulkVarbinds) return;
    this.bulkVarbinds = Math.min(mostBulkVarbinds, this.bulkVarbinds + 5);
    this.maxRepetitions = Math.min(mostRepetitions, this.maxRepetitions + 5);
  }

  /** Repetitions worth asking for a column of which `have` rows are known: the missing rows and the end. */
  repetitionsFor(column: string, have: number): number {
    const rows = this.#rowCounts.get(column);
    return rows === undefined || rows < have ? guessedRows + 1 : rows - have + 1;
  }

  noteRows(column: string, rows: number): void {
    remember(this.#rowCounts, column, rows);
  }

  avoid(oid: string, reason: AvoidReason, nowMs: number): void {
    remember(this.#avoided, oid, { reason, untilMs: nowMs + avoidMs });
  }

  /** Why not to ask for `oid` now. */
  avoided(oid: string, nowMs: number): AvoidReason | undefined {
    const entry = this.#avoided.get(oid);
    if (entry === undefined || entry.untilMs > nowMs) return entry?.reason;
    this.#avoided.delete(oid);
    return undefined;
  }

  /** Undefined when not tried yet. */
  hiddenRows(column: string): readonly string[] | undefined {
    return this.#hiddenRows.get(column);
  }

  noteHiddenRows(column: string, indexes: readonly string[]): void {
    remember(this.#hiddenRows, column, indexes);
  }
}

function remember<Value>(table: Map<string, Value>, key: string, value: Value): void {
  if (table.size >= maxEntries) table.clear();
  table.set(key, value);
}
