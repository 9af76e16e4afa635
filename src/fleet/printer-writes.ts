import type { ModelValue } from "../model/definition.ts";
import type { PollClass } from "../model/snapshot.ts";
import type { SnmpSession } from "../southbound/driver.ts";
import type { AgentLink } from "./agent-link.ts";
import type { FleetEventKind } from "./fleet-event.ts";
import type { KnownValues } from "./known-values.ts";
import type { Reading } from "./merge.ts";
import type { FleetPorts } from "./ports.ts";
import type { JournalEntry } from "./printer-store.ts";
import { createWriteTarget } from "./write-target.ts";
import { type WriteOptions, recoverWrite, writeAll } from "./write.ts";
import type { PrinterWrite, PrinterWriteResult, WriteTarget } from "./write-port.ts";

/** The printer whose writing side this is. */
export interface PrinterWritesOptions {
  readonly id: string;
  readonly ports: FleetPorts;
  readonly link: AgentLink;
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

  constructor(options: PrinterWritesOptions) {
    this.#options = options;
    this.#unfinished = new Map(options.unfinished.map((entry) => [entry.id, entry]));
  }

  /** Writes within a conversation; earlier writes that were left open are ended first. */
  async write(session: SnmpSession, writes: readonly PrinterWrite[]): Promise<PrinterWriteResult> {
    await this.finish(session);
    const result = await this.#within(session, classesOf(writes, this.#options.known), (target) =>
      writeAll(writes, target, this.#journalled()),
    );
    if (result.outcome === "applied") {
      await this.#options.known.settle(writes.map(({ path }) => path));
      this.#options.emit("writeApplied", writes.map(({ path }) => path).join(", "));
    } else if (result.outcome === "failed")
      this.#options.emit("writeUndone", result.failures.map(describe).join("; "));
    return result;
  }

  /** Ends writes that a crash or an outage left open. */
  async finish(session: SnmpSession): Promise<void> {
    for (const entry of [...this.#unfinished.values()]) {
      const classes = classesOf(entry.writes, this.#options.known);
      const outcome = await this.#within(session, classes, (target) =>
        recoverWrite(entry, target, this.#journalled()),
      );
      const kind = outcome === "applied" ? "writeApplied" : "writeUndone";
      if (outcome !== "undoFailed")
        this.#options.emit(
          kind,
          `interrupted write of ${entry.writes.map(({ path }) => path).join(", ")}`,
        );
    }
  }

  /** Runs `task` on the device, then takes in what is there now. */
  async #within<T>(
    session: SnmpSession,
    classes: readonly PollClass[],
    task: (target: WriteTarget) => Promise<T>,
  ): Promise<T> {
    const { link, known, take } = this.#options;
    let last: Reading | undefined;
    const read = async (wanted: readonly PollClass[]): Promise<Reading> => {
      last = await link.read(session, wanted);
      return last;
    };
    if (link.mapping === undefined) await read(classes);
    const stuck: Promise<void>[] = [];
    const target = createWriteTarget({
      session,
      mapping: () => link.mapping,
      snapshot: () => known.snapshot,
      keyOf: (path) => known.keyOf(path),
      read,
      undoFailed: (path, wanted, found) => stuck.push(this.#noteStuck(path, wanted, found)),
    });
    const result = await task(target);
    await Promise.all(stuck);
    if (last !== undefined) await take(last);
    return result;
  }

  #journalled(): WriteOptions {
    const { store, clock } = this.#options.ports;
    return {
      printerId: this.#options.id,
      clock,
      store: {
        openJournal: async (entry) => {
          await store.openJournal(entry);
          this.#unfinished.set(entry.id, entry);
        },
        closeJournal: async (id, outcome) => {
          await store.closeJournal(id, outcome);
          this.#unfinished.delete(id);
        },
      },
    };
  }

  async #noteStuck(path: string, wanted: ModelValue, found: ModelValue | undefined): Promise<void> {
    const reason = "a write failed half-way and the old value could not be put back";
    const values = `the printer has ${JSON.stringify(found ?? null)}, before it was ${JSON.stringify(wanted)}`;
    this.#options.emit("writeUndoFailed", `${path}: ${reason}; ${values}`);
    const sinceMs = this.#options.ports.clock.nowMs();
    await this.#options.known.noteUnresolved({
      path,
      accepted: wanted,
      rejected: found ?? "",
      reason,
      sinceMs,
    });
  }
}

function classesOf(
  writes: readonly { readonly path: string }[],
  known: KnownValues,
): readonly PollClass[] {
  const { shape } = known.snapshot;
  const classes = writes.map(({ path }) => shape.pollClasses[shape.indexOf.get(path) ?? -1]);
  return [...new Set(classes)].filter((pollClass) => pollClass !== undefined);
}

function describe({ path, reason }: { readonly path: string; readonly reason: string }): string {
  return `${path}: ${reason}`;
}
