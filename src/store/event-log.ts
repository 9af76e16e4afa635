import type { Clock } from "../shared/clock.ts";
import { redact } from "../shared/redact.ts";
import type { Transactor } from "./group-commit.ts";
import { isRecord, parseStored } from "./json.ts";
import { run } from "./kysely.ts";

/** Something the operator may want to know later (`mfpgate events`). */
export interface OperationsEvent {
  /** Printer id; absent for the service itself. */
  readonly device?: string;
  /** Stable word, dotted (`printer.adopted`, `counter.quarantined`). */
  readonly kind: string;
  readonly text: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** When it happened; now unless told. */
  readonly atMs?: number;
}

/** An event as kept. */
export interface RecordedEvent {
  readonly id: number;
  readonly atMs: number;
  readonly device: string | undefined;
  readonly kind: string;
  readonly text: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Which events; all that is given must hold. */
export interface EventQuery {
  readonly device?: string;
  readonly kind?: string;
  /** Only events after this id. */
  readonly afterId?: number;
  /** The newest so many; 100 unless told, 10,000 at most. */
  readonly limit?: number;
}

const defaultLimit = 100;
const largestLimit = 10_000;

/** Operations events; the oldest beyond a cap are dropped by maintenance. Secrets are redacted before they are kept. */
export class EventLog {
  readonly #transactor: Transactor;
  readonly #clock: Clock;

  constructor(transactor: Transactor, clock: Clock) {
    this.#transactor = transactor;
    this.#clock = clock;
  }

  append(event: OperationsEvent): Promise<void> {
    const atMs = event.atMs ?? this.#clock.nowMs();
    return this.#transactor.transact(async (tx) => {
      await run(
        tx,
        "INSERT INTO events (at_ms, device, kind, text, details_json) VALUES (?, ?, ?, ?, ?)",
        [
          atMs,
          event.device ?? null,
          event.kind,
          redact(event.text),
          redact(JSON.stringify(event.details ?? {})),
        ],
      );
    });
  }

  /** The newest events that fit, oldest first. */
  query(query: EventQuery = {}): Promise<readonly RecordedEvent[]> {
    return this.#transactor.transact(async (tx) => {
      let select = tx.selectFrom("events").selectAll();
      if (query.device !== undefined) select = select.where("device", "=", query.device);
      if (query.kind !== undefined) select = select.where("kind", "=", query.kind);
      if (query.afterId !== undefined) select = select.where("id", ">", query.afterId);
      const limit = Math.min(query.limit ?? defaultLimit, largestLimit);
      const rows = await select.orderBy("id", "desc").limit(limit).execute();
      return rows.reverse().map((row) => ({
        id: row.id ?? 0,
        atMs: row.at_ms,
        device: row.device ?? undefined,
        kind: row.kind,
        text: row.text,
        details: parseStored(row.details_json, `event ${String(row.id)}`, isRecord),
      }));
    });
  }
}
