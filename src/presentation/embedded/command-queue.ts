import type { ModelValue } from "../../model/definition.ts";
import { registerSecretValues } from "../../model/secret-values.ts";
import { valueAt } from "../../model/shapes.ts";
import type { CancelTimer, Clock } from "../../shared/clock.ts";
import { errorText } from "../../shared/errors.ts";
import { logger } from "../../shared/log.ts";
import type { PrinterView, PrinterWrite } from "../printer-view.ts";
import type { TreeWriter } from "../tree.ts";
import {
  type CommandProcessed,
  type CommandRecord,
  type CommandStore,
  type PendingCommand,
  commandProcessed,
  noCommands,
  processingMessage,
  withAttempt,
  withCommand,
  withoutCommand,
  withoutPaths,
} from "./command-record.ts";
import {
  type SettledWrite,
  type Verdict,
  giveUpAfterMs,
  isExpired,
  judgeAttempt,
  retryAfterMs,
} from "./command-rules.ts";

const log = logger("presentation.embedded.command-queue");

/** An RPC is answered within 25 s; a write that takes longer than this is promised and goes on. */
const answerWithinMs = 10_000;

/** Commands kept per printer. Each holds at least one parameter that no other holds, so few printers come near. */
const mostCommands = 500;

/** What a queue works with. */
export interface CommandQueueOptions {
  readonly view: PrinterView;
  readonly store: CommandStore;
  readonly clock: Clock;
  /** As kept on disk. */
  readonly record?: CommandRecord;
}

/** What came of a write. */
export type WriteReceipt =
  | {
      readonly outcome: "applied" | "committed";
      /** Takes the write back, as far as that is possible; for a write that another one of the same RPC spoils. */
      readonly undo: () => Promise<void>;
    }
  | Extract<SettledWrite, { readonly outcome: "failed" }>
  | { readonly outcome: "full" };

/**
 * The configuration commands of one printer (TR-069a6 Annex J, embedded objects): done at once where the printer
 * answers, otherwise kept on disk, in order, and done when it does. A later value of a parameter replaces one that waits.
 * A crash between the write and the note of it repeats the write, with the same value.
 */
export class CommandQueue {
  readonly #options: CommandQueueOptions;
  readonly #listeners = new Set<(paths: readonly string[]) => void>();
  #record: CommandRecord;
  #nextId: number;
  /** Values on their way to the printer at this moment; what comes of them is no news. */
  #underWay: ReadonlyMap<string, ModelValue> = new Map();
  #isDirect = false;
  #isDraining = false;
  #isStopped = true;
  #isReachable = false;
  #saving: Promise<unknown> = Promise.resolve();
  #cancelTimer: CancelTimer | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(options: CommandQueueOptions) {
    this.#options = options;
    this.#record = options.record ?? noCommands;
    for (const { writes } of this.#record.commands) registerSecretValues(writes);
    this.#nextId = Math.max(0, ...this.#record.commands.map(({ id }) => id)) + 1;
  }

  /** Begins to work off what waits, and follows the printer. */
  start(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    const { view } = this.#options;
    this.#isReachable = isOnline(view);
    this.#unsubscribe = view.onChange(({ facts }) => {
      if (!facts) return;
      const wasReachable = this.#isReachable;
      this.#isReachable = isOnline(view);
      if (this.#isReachable && !wasReachable) this.#drain();
    });
    this.#drain();
  }

  /** Begins nothing more; what waits stays on disk. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer?.();
    this.#unsubscribe?.();
  }

  get processed(): CommandProcessed {
    return commandProcessed(this.#record);
  }

  get message(): string {
    return processingMessage(this.#record);
  }

  /** The value promised for a parameter and not yet on the printer. */
  pendingValue(path: string): ModelValue | undefined {
    for (const { writes } of this.#record.commands) {
      const write = writes.find((candidate) => candidate.path === path);
      if (write !== undefined) return write.value;
    }
    return undefined;
  }

  /** Whether `value` is being written to `path` just now. */
  isWriting(path: string, value: ModelValue | undefined): boolean {
    return this.#underWay.has(path) && this.#underWay.get(path) === value;
  }

  /** Called when the state of processing, or what is promised for these parameters, is another. */
  onChange(listener: (paths: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Does the write at once, or promises it. On disk when `committed`. @throws {ProxierError} when that is impossible */
  async write(writes: readonly PrinterWrite[], who: TreeWriter = "acs"): Promise<WriteReceipt> {
    // What waits must come first, and only one write is under way at a time.
    if (this.#record.commands.length > 0 || this.#isDirect) return this.#promise(writes, who);
    this.#isDirect = true;
    const before = this.#options.view.snapshot();
    let sayPending = (): void => undefined;
    const pending = new Promise<undefined>((resolve) => {
      sayPending = () => {
        resolve(undefined);
      };
    });
    const attempt = this.#attempt(writes, who, sayPending).finally(() => {
      this.#isDirect = false;
      this.#drain(); // what was asked for meanwhile
    });
    const settled = await Promise.race([this.#within(answerWithinMs, attempt), pending]);
    if (settled === undefined) return this.#promiseUnderWay(writes, who, attempt);
    if (settled.outcome === "failed") return settled;
    if (settled.outcome === "unreachable") return this.#promise(writes, who);
    await this.#update((record) => ({ ...record, failures: [] }), []);
    const old = writes.flatMap(({ path }) => {
      const value = valueAt(before, path);
      return value === undefined ? [] : [{ path, value }];
    });
    return { outcome: "applied", undo: () => this.#putBack(old, who) };
  }

  /** These parameters were written in another way since; what waits for them is out of date. */
  async supersede(paths: readonly string[]): Promise<void> {
    if (this.#record.commands.length === 0) return;
    await this.#update((record) => withoutPaths(record, paths), paths);
    this.#arm();
  }

  /** Forgets what waits and what failed. On disk when it resolves. */
  async clear(): Promise<void> {
    const paths = this.#record.commands.flatMap(({ writes }) => pathsOf(writes));
    await this.#update(() => noCommands, paths);
    this.#arm();
  }

  /** Promises a write and leaves it to the queue. */
  async #promise(writes: readonly PrinterWrite[], who: TreeWriter): Promise<WriteReceipt> {
    if (this.#record.commands.length >= mostCommands) return { outcome: "full" };
    const command = await this.#note(writes, who);
    if (this.#cancelTimer === undefined) this.#arm(); // else many commands would put the next attempt off for ever
    return this.#receiptOf(command);
  }

  /** Promises a write that is taking long; it goes on though the ACS has its answer. */
  async #promiseUnderWay(
    writes: readonly PrinterWrite[],
    who: TreeWriter,
    attempt: Promise<SettledWrite>,
  ): Promise<WriteReceipt> {
    this.#isDraining = true; // nothing else may begin until this has ended
    const command = await this.#note(writes, who).catch((error: unknown) => {
      this.#isDraining = false;
      throw error;
    });
    this.#finishDrain(this.#settle(attempt, command));
    return this.#receiptOf(command);
  }

  async #note(writes: readonly PrinterWrite[], who: TreeWriter): Promise<PendingCommand> {
    const id = this.#nextId;
    this.#nextId += 1;
    const acceptedAtMs = this.#options.clock.nowMs();
    const command = { id, writes, who, acceptedAtMs, attempts: 0, refusals: 0, lastError: "" };
    await this.#update((record) => withCommand(record, command), pathsOf(writes));
    return command;
  }

  #receiptOf({ id, writes }: PendingCommand): WriteReceipt {
    const undo = () => this.#update((record) => withoutCommand(record, id), pathsOf(writes));
    return { outcome: "committed", undo };
  }

  /** Works off what waits, unless it is being done already. */
  #drain(): void {
    if (this.#isDraining || this.#isStopped || this.#isDirect) return;
    this.#isDraining = true;
    this.#finishDrain(this.#workOff());
  }

  #finishDrain(work: Promise<unknown>): void {
    work
      .catch((error: unknown) => {
        this.#trouble(error);
      })
      .finally(() => {
        this.#isDraining = false;
        this.#arm();
      });
  }

  async #workOff(): Promise<void> {
    for (;;) {
      const [command] = this.#record.commands;
      if (command === undefined || this.#isStopped) return;
      if (!this.#isReachable && !isExpired(command, this.#options.clock.nowMs())) return;
      const isOver = await this.#settle(
        this.#attempt(command.writes, command.who ?? "acs"),
        command,
      );
      if (!isOver) return;
    }
  }

  /** Notes what came of an attempt; true when the command is over. */
  async #settle(attempt: Promise<SettledWrite>, command: PendingCommand): Promise<boolean> {
    const { clock, view } = this.#options;
    const verdict = judgeAttempt(await attempt, command, clock.nowMs());
    const paths = pathsOf(command.writes);
    if (verdict.next !== "done") {
      const { next, error } = verdict;
      log.warn("command not done", { device: view.id, paths, next, reason: error });
    }
    await this.#update((record) => after(record, command.id, verdict), paths);
    return verdict.next !== "retry";
  }

  /** `onPending`: all is sent and the printer restarts, so that the rest takes minutes. */
  async #attempt(
    writes: readonly PrinterWrite[],
    who: TreeWriter,
    onPending?: () => void,
  ): Promise<SettledWrite> {
    this.#underWay = new Map(writes.map(({ path, value }) => [path, value]));
    try {
      const result = await this.#options.view.write(writes, { who });
      if (result.outcome !== "pending") return result;
      onPending?.();
      return afterRestart(await this.#within(giveUpAfterMs, result.settled), writes);
    } finally {
      this.#underWay = new Map();
    }
  }

  /** Undefined when it takes longer. */
  async #within<T>(mostMs: number, work: Promise<T>): Promise<T | undefined> {
    const { clock } = this.#options;
    let cancel: CancelTimer = () => undefined;
    const late = new Promise<undefined>((resolve) => {
      cancel = clock.after(mostMs, () => {
        resolve(undefined);
      });
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      cancel();
    }
  }

  async #putBack(writes: readonly PrinterWrite[], who: TreeWriter): Promise<void> {
    const result = await this.#options.view.write(writes, { who });
    if (result.outcome === "applied") return;
    const fields = { device: this.#options.view.id, paths: pathsOf(writes) };
    log.error("values not put back", { ...fields, result: result.outcome });
  }

  /** Changes the record, disk first, one change after the other. */
  #update(
    change: (record: CommandRecord) => CommandRecord,
    paths: readonly string[],
  ): Promise<void> {
    const work = this.#saving.then(async () => {
      const next = change(this.#record);
      if (isSame(next, this.#record)) return;
      await this.#options.store.save(this.#options.view.id, next);
      this.#record = next;
      for (const listener of this.#listeners) listener(paths);
    });
    this.#saving = work.catch(() => undefined); // whoever asked for the change is told
    return work;
  }

  /** Waits for the next attempt, or for the end of patience with a printer that is away. */
  #arm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const [command] = this.#record.commands;
    if (command === undefined || this.#isStopped) return;
    const { clock } = this.#options;
    const giveUpInMs = Math.max(0, command.acceptedAtMs + giveUpAfterMs - clock.nowMs());
    const retryInMs = this.#isReachable ? retryAfterMs(command.attempts) : Infinity;
    this.#cancelTimer = clock.after(Math.min(giveUpInMs, retryInMs), () => {
      this.#cancelTimer = undefined;
      this.#drain();
    });
  }

  #trouble(error: unknown): void {
    log.error("commands cannot be worked off now", {
      device: this.#options.view.id,
      reason: errorText(error),
      error,
    });
  }
}

/**
 * A value that did not take in a restart is not tried again: that would take another one. `end` is undefined when the
 * printer stayed away.
 */
function afterRestart(
  end: "applied" | "undone" | "undoFailed" | undefined,
  writes: readonly PrinterWrite[],
): SettledWrite {
  if (end === undefined)
    return { outcome: "unreachable", reason: "the printer did not come back from its restart" };
  if (end === "applied") return { outcome: "applied" };
  const rest = end === "undone" ? "everything is as before" : "not everything could be put back";
  const reason = `not taken, as seen after the restart it needed; ${rest}`;
  const failures = writes.map(({ path }) => ({ path, reason, isInvalidValue: true }));
  return { outcome: "failed", failures };
}

function isOnline(view: PrinterView): boolean {
  return view.facts().reachability === "Online";
}

function pathsOf(writes: readonly PrinterWrite[]): readonly string[] {
  return writes.map(({ path }) => path);
}

/** The record after an attempt; a command that was replaced meanwhile leaves no trace. */
function after(record: CommandRecord, id: number, verdict: Verdict): CommandRecord {
  if (!record.commands.some((command) => command.id === id)) return record;
  switch (verdict.next) {
    case "done":
      return withoutCommand(record, id);
    case "giveUp":
      return withoutCommand(record, id, verdict.error);
    case "retry":
      return withAttempt(record, id, verdict);
  }
}

function isSame(left: CommandRecord, right: CommandRecord): boolean {
  return (
    haveSameItems(left.commands, right.commands) && haveSameItems(left.failures, right.failures)
  );
}

function haveSameItems(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}
