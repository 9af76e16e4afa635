import type { ModelValue } from "../model/definition.ts";
import { parameterAt } from "../model/model.ts";
import type { WriteAudit } from "./ports.ts";
import type { JournalEntry } from "./printer-store.ts";
import type { PrinterWrite, WriteEnd, Writer } from "./write-port.ts";
import type { WriteReport } from "./write.ts";

/** Stands for a value that is nobody's business. */
const hiddenValue = "[hidden]";

/** What is needed to write an audit row. */
export interface AuditContext {
  /** Printer id. */
  readonly device: string;
  readonly who: Writer;
  readonly templateOf: (path: string) => string | undefined;
  /** Values known before, for rows of writes that were refused. */
  readonly known: (path: string) => ModelValue | undefined;
}

/**
 * One row per parameter of a write that has just been tried. What was journalled and is over has its rows already: they
 * are written together with the end of the journal ({@link auditOfEnd}).
 */
export function auditOf(
  writes: readonly PrinterWrite[],
  { result, entry }: WriteReport,
  context: AuditContext,
): readonly WriteAudit[] {
  const reasons = new Map<string, string>(
    result.outcome === "failed" ? result.failures.map(({ path, reason }) => [path, reason]) : [],
  );
  const isOver = result.outcome === "applied" || result.outcome === "failed";
  return writes.flatMap(({ path, value }) => {
    const journalled = entry?.writes.find((write) => write.path === path);
    if (journalled !== undefined && isOver) return [];
    const before = entry === undefined ? context.known(path) : (journalled?.before ?? undefined);
    const isTold = journalled !== undefined || entry === undefined;
    const old = isTold ? before : value; // what the printer had already was left alone
    return row(
      path,
      old,
      value,
      outcomeOf(path, { result, ...(entry && { entry }) }, reasons),
      context,
    );
  });
}

/** How a journalled write ended; `stuck` are the paths that could not be put back. */
export interface JournalEnd {
  readonly end: WriteEnd;
  readonly stuck: ReadonlySet<string>;
}

/** One row per parameter of a journalled write that is over, at once or after a crash, an outage, a restart. */
export function auditOfEnd(
  entry: JournalEntry,
  { end, stuck }: JournalEnd,
  context: AuditContext,
): readonly WriteAudit[] {
  const others = end === "undoFailed" ? "undone" : end;
  return entry.writes.map(({ path, before, after }) =>
    row(path, before, after, stuck.has(path) ? "undoFailed" : others, context),
  );
}

/** One row per setting of mfpgate's own that somebody set or tried to. */
export function auditOfSettings(
  writes: readonly PrinterWrite[],
  outcome: string,
  context: AuditContext,
): readonly WriteAudit[] {
  return writes.map(({ path, value }) => row(path, context.known(path), value, outcome, context));
}

function outcomeOf(
  path: string,
  { result, entry }: WriteReport,
  reasons: ReadonlyMap<string, string>,
): string {
  switch (result.outcome) {
    case "applied":
    case "pending":
      return result.outcome;
    case "unreachable":
      return entry === undefined ? `refused: ${result.reason}` : "pending";
    case "failed": {
      const reason = reasons.get(path) ?? "another value of the same write was refused";
      return entry === undefined ? `refused: ${reason}` : "undone";
    }
  }
}

function row(
  path: string,
  before: ModelValue | undefined,
  after: ModelValue,
  outcome: string,
  { device, who, templateOf }: AuditContext,
): WriteAudit {
  const isHidden = parameterAt(templateOf(path) ?? "")?.hidden === true;
  if (isHidden) return { who, device, path, before: undefined, after: hiddenValue, outcome };
  return { who, device, path, before, after, outcome };
}
