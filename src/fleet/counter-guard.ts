import type { ModelValue } from "../model/definition.ts";
import { toTemplate } from "../model/model.ts";
import type { Snapshot, ValueChange } from "../model/snapshot.ts";
import { type CounterReading, type HeldBack, judgeCounter } from "./counters.ts";
import type { Layout } from "./layout.ts";
import type { Merged, Reading } from "./merge.ts";
import type { MeterReading, QuarantinedValue } from "./printer-store.ts";

/** A counter whose standing changed, for the event list. */
export interface CounterNotice {
  readonly kind: "counterQuarantined" | "counterReleased";
  readonly path: string;
  readonly text: string;
}

/** A merged reading with what the meters' rule held back or let go. */
export interface GuardedState {
  readonly merged: Merged;
  readonly notices: readonly CounterNotice[];
  /** The quarantine list is different and must be saved. */
  readonly isChanged: boolean;
}

/** Lifetime counters below `Counters.`, and the life count of each marker (RFC 3805 prtMarkerLifeCount). */
function isCounter(template: string): boolean {
  return template.startsWith("Counters.") || template === "Marker.{i}.LifeCount";
}

/** Keeps impossible meter readings of one printer out of its snapshot; the rule is in `counters.ts`. */
export class CounterGuard {
  readonly #heldBack = new Map<string, HeldBack>();
  /** Values of settings that could not be undone, kept for the operator until the setting is written again. */
  readonly #unresolved = new Map<string, QuarantinedValue>();
  /** Last accepted value of counters the printer does not tell at present. */
  readonly #vanished = new Map<string, CounterReading>();

  constructor(quarantine: readonly QuarantinedValue[]) {
    for (const entry of quarantine) {
      const { path, accepted, rejected, reason, sinceMs } = entry;
      if (
        typeof accepted !== "number" ||
        typeof rejected !== "number" ||
        !isCounter(templateOf(path))
      )
        this.#unresolved.set(path, entry);
      else
        this.#heldBack.set(path, {
          accepted: { value: accepted, atMs: sinceMs },
          latest: { value: rejected, atMs: sinceMs },
          reason,
          sinceMs,
          confirmations: 1,
          hasAdvanced: false,
        });
    }
  }

  /** Puts the accepted values back where `merged` has impossible ones. */
  apply(previous: Snapshot, merged: Merged, reading: Reading): GuardedState {
    if (reading.isNewMapping) return this.#startAnew(merged);
    const notices: CounterNotice[] = [];
    const rejected = new Map<string, number>();
    const judged = new Set<string>();
    const before = [...this.#heldBack.values()];
    for (const change of merged.changes) {
      if (!isCounter(templateOf(change.path))) continue;
      judged.add(change.path);
      const accepted = this.#judge(change, previous, merged, reading, notices);
      if (accepted !== undefined) rejected.set(change.path, accepted);
    }
    this.#releaseUnchanged(merged, reading, judged, notices);
    const after = [...this.#heldBack.values()];
    const isChanged = before.length !== after.length || before.some((held, n) => held !== after[n]);
    return { merged: withAccepted(merged, rejected), notices, isChanged };
  }

  /** The list as it is to be saved. */
  list(): readonly QuarantinedValue[] {
    const held = [...this.#heldBack].map(([path, { accepted, latest, reason, sinceMs }]) => ({
      path,
      accepted: accepted.value,
      rejected: latest.value,
      reason,
      sinceMs,
    }));
    return [...held, ...this.#unresolved.values()];
  }

  /** The operator takes the level held back for right; undefined when nothing is held back at `path`. */
  accept(path: string): number | undefined {
    const held = this.#heldBack.get(path);
    this.#heldBack.delete(path);
    return held?.latest.value;
  }

  /** Notes a setting that is neither as before nor as wanted. */
  note(entry: QuarantinedValue): void {
    this.#unresolved.set(entry.path, entry);
  }

  /** A later write of the setting took; true when something had been noted. */
  settle(path: string): boolean {
    return this.#unresolved.delete(path);
  }

  /** Another mapping may count otherwise: its first readings are the new levels. */
  #startAnew(merged: Merged): GuardedState {
    const isChanged = this.#heldBack.size > 0;
    this.#heldBack.clear();
    this.#vanished.clear();
    return { merged, notices: [], isChanged };
  }

  /** The accepted value when the change is not to be believed. */
  #judge(
    change: ValueChange,
    previous: Snapshot,
    merged: Merged,
    reading: Reading,
    notices: CounterNotice[],
  ): number | undefined {
    const { path, before, after } = change;
    const atMs = acceptedAtMs(previous, path) ?? reading.readAtMs;
    const accepted =
      typeof before === "number" ? { value: before, atMs } : this.#vanished.get(path);
    if (typeof after !== "number") {
      if (accepted !== undefined) this.#vanished.set(path, accepted);
      return undefined;
    }
    this.#vanished.delete(path);
    if (accepted === undefined) return undefined;
    const heldBack = this.#heldBack.get(path);
    const countsPages = isPageCounter(merged, path);
    const now = { value: after, atMs: reading.readAtMs };
    const verdict = judgeCounter({ accepted, heldBack, countsPages }, now);
    if (verdict.verdict === "heldBack") {
      this.#heldBack.set(path, verdict.heldBack);
      const text = `${path} ${verdict.heldBack.reason}; ${accepted.value} stays`;
      if (heldBack === undefined) notices.push({ kind: "counterQuarantined", path, text });
      return accepted.value;
    }
    this.#heldBack.delete(path);
    if (verdict.released !== "no") notices.push(released(path, after, verdict.released));
    return undefined;
  }

  /** Counters that read exactly their accepted value again do not show up as changes. */
  #releaseUnchanged(
    merged: Merged,
    reading: Reading,
    judged: ReadonlySet<string>,
    notices: CounterNotice[],
  ): void {
    for (const path of this.#heldBack.keys()) {
      const position = merged.snapshot.shape.indexOf.get(path);
      const pollClass =
        position === undefined ? undefined : merged.layout.shape.pollClasses[position];
      if (judged.has(path) || pollClass === undefined) continue;
      if (!reading.classes.includes(pollClass) || reading.incomplete.has(pollClass)) continue;
      const { template = "" } = merged.layout.keys[position ?? -1] ?? {};
      if (reading.evaluation.untold?.has(template) === true) continue;
      this.#heldBack.delete(path);
      const value = merged.snapshot.values[position ?? -1];
      notices.push(released(path, Number(value), "backToNormal"));
    }
  }
}

/** All meters of a snapshot, names relative to the service object, for the meter history. */
export function meterReading(layout: Layout, snapshot: Snapshot, readAtMs: number): MeterReading {
  const counters: Record<string, number> = {};
  for (const [position, { template }] of layout.keys.entries()) {
    const value = snapshot.values[position];
    if (template.startsWith("Counters.") && typeof value === "number") counters[template] = value;
  }
  return { readAtMs, counters };
}

/** Whether any of the changes is one of a meter kept in the meter history. */
export function hasMeterChange(changes: readonly ValueChange[]): boolean {
  return changes.some(({ path }) => templateOf(path).startsWith("Counters."));
}

function templateOf(path: string): string {
  return toTemplate(path) ?? path;
}

function released(path: string, value: number, how: "backToNormal" | "confirmed"): CounterNotice {
  const why = how === "confirmed" ? "the new level was confirmed" : "it reads sanely again";
  return { kind: "counterReleased", path, text: `${path} is ${value}: ${why}` };
}

function acceptedAtMs(previous: Snapshot, path: string): number | undefined {
  const position = previous.shape.indexOf.get(path);
  const pollClass = position === undefined ? undefined : previous.shape.pollClasses[position];
  return pollClass === undefined ? undefined : previous.readAtMs[pollClass];
}

/** A marker counts what its CounterUnit says (RFC 3805 prtMarkerCounterUnit); only pages have a known top speed. */
function isPageCounter(merged: Merged, path: string): boolean {
  if (!path.endsWith(".LifeCount")) return true;
  const position = merged.snapshot.shape.indexOf.get(path.replace(/LifeCount$/, "CounterUnit"));
  const unit = position === undefined ? undefined : merged.snapshot.values[position];
  return unit === "Impressions" || unit === "Sheets";
}

function withAccepted(merged: Merged, accepted: ReadonlyMap<string, number>): Merged {
  if (accepted.size === 0) return merged;
  const { shape, values, readAtMs } = merged.snapshot;
  const corrected: ModelValue[] = [...values];
  for (const [path, value] of accepted) corrected[shape.indexOf.get(path) ?? -1] = value;
  const changes = merged.changes.flatMap((change) => {
    const value = accepted.get(change.path);
    if (value === undefined) return [change];
    return change.before === value ? [] : [{ ...change, after: value }];
  });
  return { layout: merged.layout, snapshot: { shape, values: corrected, readAtMs }, changes };
}
