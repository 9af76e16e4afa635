import type { ModelValue } from "../model/definition.ts";
import type { Clock } from "../shared/clock.ts";
import { redact } from "../shared/redact.ts";
import type { Transactor } from "./group-commit.ts";
import { isModelValueOrNull, parseStored } from "./json.ts";
import { run } from "./kysely.ts";
import { isSecretName } from "./secret-box.ts";

/** One value somebody set. */
export interface AuditEntry {
  /** `acs`, `cli`, `api`, … */
  readonly who: string;
  /** Printer id, or `proxier`. */
  readonly device: string;
  readonly path: string;
  readonly before: ModelValue | undefined;
  readonly after: ModelValue | undefined;
  /** `applied`, `undone`, or the reason for refusal. */
  readonly outcome: string;
}

/** An entry as kept. */
export interface RecordedAudit extends AuditEntry {
  readonly id: number;
  readonly atMs: number;
}

const largestLimit = 10_000;

/** Who set what, from which value to which, and what came of it. Values of secret parameters are not kept. */
export class AuditLog {
  readonly #transactor: Transactor;
  readonly #clock: Clock;

  constructor(transactor: Transactor, clock: Clock) {
    this.#transactor = transactor;
    this.#clock = clock;
  }

  append(entries: readonly AuditEntry[]): Promise<void> {
    const atMs = this.#clock.nowMs();
    return this.#transactor.transact(async (tx) => {
      for (const entry of entries)
        await run(
          tx,
          "INSERT INTO audit (at_ms, who, device, path, before_json, after_json, outcome) VALUES (?, ?, ?, ?, ?, ?, ?)",
          [
            atMs,
            entry.who,
            entry.device,
            entry.path,
            keptValue(entry.path, entry.before),
            keptValue(entry.path, entry.after),
            redact(entry.outcome),
          ],
        );
    });
  }

  /** The newest entries, of one device or all, oldest first. */
  query(device?: string, limit = 100): Promise<readonly RecordedAudit[]> {
    return this.#transactor.transact(async (tx) => {
      const all = tx.selectFrom("audit").selectAll();
      const select = device === undefined ? all : all.where("device", "=", device);
      const rows = await select
        .orderBy("id", "desc")
        .limit(Math.min(limit, largestLimit))
        .execute();
      return rows.reverse().map((row) => ({
        id: row.id ?? 0,
        atMs: row.at_ms,
        who: row.who,
        device: row.device,
        path: row.path,
        before:
          parseStored(row.before_json, `audit of ${row.path}`, isModelValueOrNull) ?? undefined,
        after: parseStored(row.after_json, `audit of ${row.path}`, isModelValueOrNull) ?? undefined,
        outcome: row.outcome,
      }));
    });
  }
}

function keptValue(path: string, value: ModelValue | undefined): string {
  if (value === undefined) return "null";
  if (isSecretName(path)) return JSON.stringify("[redacted]");
  return JSON.stringify(typeof value === "string" ? redact(value) : value);
}
