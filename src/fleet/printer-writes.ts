import type { ModelValue } from "../model/definition.ts";
import { registerSecretValues } from "../model/secret-values.ts";
import { valueAt } from "../model/shapes.ts";
import type { PollClass } from "../model/snapshot.ts";
import { logger } from "../shared/log.ts";
import { StoreError } from "../store/errors.ts";
import type { DeviceSession } from "../southbound/driver.ts";
import type { FleetEventKind } from "./fleet-event.ts";
import type { KnownValues } from "./known-values.ts";
import type { Reading } from "./merge.ts";
import type { FleetPorts, WriteAudit } from "./ports.ts";
import type { PrinterLink } from "./printer-link.ts";
import type { JournalEntry } from "./printer-store.ts";
import { type AuditContext, auditOf, auditOfEnd } from "./write-audit.ts";
import { type WritePreview, previewWrites } from "./write-preview.ts";
import { recoverWrite } from "./write-recovery.ts";
import { createWriteTarget } from "./write-target.ts";
import { type WriteReport, writeAll } from "./write.ts";
import type {
  PrinterWrite,
  PrinterWriteResult,
  WriteEnd,
  WriteTarget,
  Writer,
} from "./write-port.ts";
import type { Journal } from "./write-undo.ts";

const log = logger("fleet.printer-writes");

/** The printer whose writing side this is. */
export interface PrinterWritesOptions {
  readonly id: string;
  readonly ports: FleetPorts;
  readonly link: PrinterLink;
  readonly known: KnownValues;
  readonly unfinished: readonly JournalEntry[];
  /** Takes the last reading of a write into the snapshot. */
  readonly take: (reading: Reading) => Promise<void>;
  readonly emit: (kind: FleetEventKind, text: string) => void;
}

/** The writing side of one printer; knows which writes are still open in the journal. */
export class PrinterWrites {
  readonly #options: PrinterWritesOptions;
  readonly #unfinished: Map<string, JournalEntry>;
  /** Who waits for the end of a write that was promised. */
  readonly #waiting = new Map<string, (end: WriteEnd) => void>();
  /** Paths of the write under way that could not be put back. */
  readonly #stuck = new Set<string>();

  constructor(options: PrinterWritesOptions) {
    this.#options = options;
    this.#unfinished = new Map(options.unfinished.map((entry) => [entry.id, entry]));
    const writes = options.unfinished.flatMap((entry) => entry.writes);
    registerSecretValues(writes.map(({ path, after }) => ({ path, value: after })));
  }

  /** Writes within a conversation; earlier writes that were left open are ended first. */
  async write(
    session: DeviceSession,
    writes: readonly PrinterWrite[],
    who: Writer,
  ): Promise<PrinterWriteResult> {
    await this.finish(session);
    const report = this.#unfinished.size > 0 ? tooEarly : await this.#try(session, writes, who);
    await this.#audit(auditOf(writes, report, this.#auditContext(who)));
    const { result, entry } = report;
    switch (result.outcome) {
      case "applied":
        await this.#options.known.settle(writes.map(({ path }) => path));
        this.#options.emit("writeApplied", namesOf(writes));
        return result;
      case "failed":
        this.#options.emit("writeUndone", result.failures.map(describe).join("; "));
        return result;
      case "unreachable":
        return result;
      case "pending": {
        this.#options.emit("writePending", `${namesOf(writes)}: ${result.reason}`);
        const settled = new Promise<WriteEnd>((resolve) => {
          if (entry !== undefined) this.#waiting.set(entry.id, resolve);
        });
        return { ...result, settled };
      }
    }
  }

  /** A write that could not even begin. */
  async refuse(
    writes: readonly PrinterWrite[],
    who: Writer,
    reason: string,
  ): Promise<PrinterWriteResult> {
    const result = { outcome: "unreachable", reason } as const;
    await this.#audit(auditOf(writes, { result }, this.#auditContext(who)));
    return result;
  }

  /** What a write would do, step by step; the printer is read and nothing else. */
  async preview(session: DeviceSession, writes: readonly PrinterWrite[]): Promise<WritePreview> {
    const { writePolicy: policy, clock } = this.#options.ports;
    return this.#within(session, classesOf(writes, this.#options.known), (target) =>
      previewWrites(writes, target, { policy, clock }),
    );
  }

  /** Ends writes that a crash, an outage or a restart of the printer left open. */
  async finish(session: DeviceSession): Promise<void> {
    for (const entry of [...this.#unfinished.values()]) {
      const classes = classesOf(entry.writes, this.#options.known);
      const journal = this.#journal((end) => {
        this.#tellEnd(entry, end);
      });
      const end = await this.#within(session, classes, (target) =>
        recoverWrite(entry, target, journal),
      );
      if (end === "waiting") continue;
      this.#waiting.get(entry.id)?.(end);
      this.#waiting.delete(entry.id);
    }
  }

  #tellEnd(entry: JournalEntry, end: WriteEnd): void {
    const wasPromised = entry.phase === "restarting";
    const what = `${wasPromised ? "write that restarted the printer" : "interrupted write"} of ${namesOf(entry.writes)}`;
    if (end !== "undoFailed")
      this.#options.emit(end === "applied" ? "writeApplied" : "writeUndone", what);
  }

  #try(session: DeviceSession, writes: readonly PrinterWrite[], who: Writer): Promise<WriteReport> {
    const { id: printerId, ports, known } = this.#options;
    const options = { ...this.#journal(), printerId, who, policy: ports.writePolicy };
    return this.#within(session, classesOf(writes, known), (target) =>
      writeAll(writes, target, options),
    );
  }

  /** Runs `task` on the device, then takes in what is there now. */
  async #within<T>(
    session: DeviceSession,
    classes: readonly PollClass[],
    task: (target: WriteTarget) => Promise<T>,
  ): Promise<T> {
    const { link, known } = this.#options;
    let last: Reading | undefined;
    const read = async (wanted: readonly PollClass[]): Promise<Reading> => {
      last = await link.read(session, wanted);
      return last;
    };
    link.forgetPages();
    if (link.mapping === undefined) await read(classes);
    const stuck: Promise<void>[] = [];
    const target = createWriteTarget({
      session,
      mapping: () => link.mapping,
      snapshot: () => known.snapshot,
      keyOf: (path) => known.keyOf(path),
      read,
      undoFailed: (path, wanted, found) => {
        this.#stuck.add(path);
        stuck.push(this.#noteStuck(path, wanted, found));
      },
    });
    const result = await task(target);
    await Promise.all(stuck);
    if (last !== undefined) await this.#takeIn(last);
    return result;
  }

  /** What came of the write is decided, and told, though the values cannot be saved: the next poll reads them again. */
  async #takeIn(reading: Reading): Promise<void> {
    try {
      await this.#options.take(reading);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      log.error("values read back not saved", { device: this.#options.id, error });
    }
  }

  /**
   * Memory follows at once, whatever becomes of the disk: a write to be undone is never completed by this process.
   * `tellEnd` is called with what a write comes to, before that is on disk.
   */
  #journal(tellEnd: (end: WriteEnd) => void = () => undefined): Journal {
    const { store, clock } = this.#options.ports;
    return {
      clock,
      store: {
        openJournal: async (entry) => {
          await store.openJournal(entry);
          this.#unfinished.set(entry.id, entry);
        },
        noteJournal: async (id, phase, phaseAtMs) => {
          const entry = this.#unfinished.get(id);
          if (entry === undefined) return;
          this.#unfinished.set(id, { ...entry, phase, phaseAtMs });
          await store.noteJournal(id, phase, phaseAtMs);
        },
        closeJournal: async (id, end) => {
          tellEnd(end);
          // Asked for before the end of the journal, so never behind it: no write is over and not in the audit.
          const audited = this.#auditEnd(id, end);
          await Promise.all([audited, store.closeJournal(id, end)]);
          this.#unfinished.delete(id);
        },
      },
    };
  }

  async #auditEnd(id: string, end: WriteEnd): Promise<void> {
    const entry = this.#unfinished.get(id);
    const stuck = new Set(this.#stuck);
    this.#stuck.clear();
    if (entry === undefined) return;
    await this.#audit(auditOfEnd(entry, { end, stuck }, this.#auditContext(entry.who)));
  }

  #auditContext(who: Writer): AuditContext {
    const { id: device, known } = this.#options;
    return {
      device,
      who,
      templateOf: (path) => known.keyOf(path)?.template,
      known: (path) => valueAt(known.snapshot, path),
    };
  }

  /** The write is over, whether or not it can be written down. */
  async #audit(rows: readonly WriteAudit[]): Promise<void> {
    try {
      await this.#options.ports.audit(rows);
    } catch (error) {
      log.error("write not audited", { device: this.#options.id, error });
    }
  }

  async #noteStuck(
    path: string,
    wanted: ModelValue | undefined,
    found: ModelValue | undefined,
  ): Promise<void> {
    const reason = "a write failed half-way and the old value could not be put back";
    const values = `the printer has ${JSON.stringify(found ?? null)}, before it was ${JSON.stringify(wanted ?? null)}`;
    this.#options.emit("writeUndoFailed", `${path}: ${reason}; ${values}`);
    const sinceMs = this.#options.ports.clock.nowMs();
    await this.#options.known.noteUnresolved({
      path,
      accepted: wanted ?? "",
      rejected: found ?? "",
      reason,
      sinceMs,
    });
  }
}

const tooEarly: WriteReport = {
  result: {
    outcome: "unreachable",
    reason: "an earlier write restarts the printer, and what came of it is not known yet",
  },
};

function classesOf(
  writes: readonly { readonly path: string }[],
  known: KnownValues,
): readonly PollClass[] {
  const { shape } = known.snapshot;
  const classes = writes.map(({ path }) => shape.pollClasses[shape.indexOf.get(path) ?? -1]);
  return [...new Set(classes)].filter((pollClass) => pollClass !== undefined);
}

function namesOf(writes: readonly { readonly path: string }[]): string {
  return writes.map(({ path }) => path).join(", ");
}

function describe({ path, reason }: { readonly path: string; readonly reason: string }): string {
  return `${path}: ${reason}`;
}
