import type { CancelTimer } from "../../shared/clock.ts";
import { errorText } from "../../shared/errors.ts";
import { logger } from "../../shared/log.ts";
import type { AppliedVerdict, DownloadedFile, TransferTarget } from "../parameter-tree.ts";
import type { LiveTransfer } from "./live-transfer.ts";
import { type AttemptTools, TransferAttempt, partPath, removeFiles } from "./transfer-attempt.ts";
import { TransferError, transferFault } from "./transfer-error.ts";
import type { Transfer } from "./transfer.ts";
import type { TransferHost } from "./transfer-host.ts";
import type { TransferAction } from "./transfer-machine.ts";
import type { TransferHappening } from "./transfer-progress.ts";
import { judgeTime } from "./transfer-windows.ts";

const log = logger("cwmp.transfers.transfer-runner");

/** Transfers that move or apply a file at the same time, in the whole process. */
const mostRunning = 2;
/** A transfer that takes the process down with it must not do so for ever. */
const mostAttempts = 20;
/** How often a transfer that waits for an idle device looks again. */
const idleCheckMs = 5_000;
/** How long an order to restart may go without effect. */
const restartWithinMs = 3_600_000;
/** Pause after the disk refused to note a step. */
const diskPauseMs = 30_000;

/** A transfer the runner takes care of. */
export interface RunningTransfer {
  readonly live: LiveTransfer;
  readonly host: TransferHost;
  /** It is over: to be reported, or to be forgotten. */
  onReport(): void;
  onForget(): void;
}

/** What the runner works with. */
export interface RunnerTools extends AttemptTools {
  /** Called once for every transfer that is over and not cancelled, however it ended. */
  readonly onEnded?: (transfer: Transfer) => void;
}

interface Entry extends RunningTransfer {
  attempt?: TransferAttempt;
  /** What it does, or did last; settles when its files are no longer in use. */
  work: Promise<unknown>;
  /** It moves or applies a file. */
  isBusy: boolean;
  isDetached: boolean;
  cancelTimer?: CancelTimer;
}

/** Begins transfers when their time comes, at most two at once, and carries out what the table says. */
export class TransferRunner {
  readonly #tools: RunnerTools;
  readonly #entries = new Map<LiveTransfer, Entry>();
  #cancelPump: CancelTimer | undefined;

  constructor(tools: RunnerTools) {
    this.#tools = tools;
  }

  /** Takes over a new transfer, or one found on disk (`isKnown`). */
  add(transfer: RunningTransfer, isKnown: boolean): void {
    const entry: Entry = {
      ...transfer,
      work: Promise.resolve(),
      isBusy: false,
      isDetached: false,
    };
    this.#entries.set(transfer.live, entry);
    if (isKnown) this.#resume(entry);
    else this.#pump();
  }

  /** Lets go of a transfer as a kill would: what runs is ended, what is on disk stays. */
  detach(live: LiveTransfer): void {
    const entry = this.#entries.get(live);
    if (entry === undefined) return;
    this.#remove(entry);
    entry.attempt?.end(new TransferError(9002, "the service stops"));
    this.#pump();
  }

  /** CancelTransfer. False when its state does not allow that any more. */
  async cancel(live: LiveTransfer): Promise<boolean> {
    const entry = this.#entries.get(live);
    if (entry === undefined) return true;
    const action = await live.take({ input: "cancel" });
    if (action === "refuse") return false;
    this.#act(entry, action);
    return true;
  }

  /** The ACS has answered the report. On disk when it resolves. */
  async answered(live: LiveTransfer): Promise<void> {
    const action = await live.take({ input: "answered" });
    const entry = this.#entries.get(live);
    if (entry !== undefined) this.#act(entry, action);
  }

  /** The device restarted: files that waited for that are judged. */
  deviceRestarted(live: LiveTransfer): void {
    const entry = this.#entries.get(live);
    if (entry !== undefined && live.transfer.progress.state === "restarting")
      this.#take(entry, { input: "resumed" });
  }

  #resume(entry: Entry): void {
    const { state, attempts } = entry.live.transfer.progress;
    // At once: the first Inform after the start is to carry the events.
    if (state === "reporting") {
      this.#report(entry);
      return;
    }
    const isHopeless = state === "transferring" && attempts >= mostAttempts;
    const failure = transferFault(
      new TransferError(9010, `given up after ${attempts} interrupted attempts`),
    );
    this.#take(entry, isHopeless ? { input: "failed", failure } : { input: "resumed" });
  }

  /** Begins what is due, as far as there is room, and sets the alarm for the next. */
  #pump(): void {
    this.#cancelPump?.();
    const nowMs = this.#tools.clock.nowMs();
    let wakeAtMs = Infinity;
    for (const entry of this.#entries.values()) {
      if (entry.live.transfer.progress.state !== "waiting" || entry.isBusy) continue;
      wakeAtMs = Math.min(wakeAtMs, this.#beginIfDue(entry, nowMs));
    }
    if (wakeAtMs === Infinity) return;
    this.#cancelPump = this.#tools.clock.after(wakeAtMs - nowMs, () => {
      this.#pump();
    });
  }

  /** Begins a waiting transfer, or says when to look again. */
  #beginIfDue(entry: Entry, nowMs: number): number {
    const { transfer } = entry.live;
    const time = judgeTime(transfer, nowMs);
    if (time.verdict === "wait") return time.untilMs;
    if (time.verdict === "over") {
      entry.isBusy = true;
      this.#take(entry, { input: "windowClosed" });
      return Infinity;
    }
    const mode = transfer.request.windows[time.window]?.mode;
    const isDisturbing = mode === "3 When Idle" && !entry.host.isIdle();
    // A free place begins the next one by itself, but its window may close before.
    if (isDisturbing || this.#busyCount() >= mostRunning) return nowMs + idleCheckMs;
    entry.isBusy = true;
    this.#take(entry, { input: "due", window: time.window });
    return Infinity;
  }

  #busyCount(): number {
    return [...this.#entries.values()].filter(({ isBusy }) => isBusy).length;
  }

  /** Notes something that happened and does what follows; a disk that refuses is asked again. */
  #take(entry: Entry, happening: Omit<TransferHappening, "atMs">): void {
    entry.live
      .take(happening)
      .then((action) => {
        if (!entry.isDetached) this.#act(entry, action);
      })
      .catch((error: unknown) => {
        log.error("transfer cannot be written down", { ...fieldsOf(entry), error });
        if (entry.isDetached) return;
        entry.cancelTimer = this.#tools.clock.after(diskPauseMs, () => {
          this.#take(entry, happening);
        });
      });
  }

  #act(entry: Entry, action: TransferAction): void {
    switch (action) {
      case "wait":
      case "waitForWindow":
        entry.isBusy = false;
        this.#pump();
        return;
      case "transfer":
        this.#run(entry, (target) => this.#attempt(entry, target));
        return;
      case "apply":
        this.#run(entry, (target) => this.#apply(entry, target));
        return;
      case "judge":
        this.#run(entry, (target) => this.#judge(entry, target));
        return;
      case "restart":
        this.#orderRestart(entry);
        return;
      case "report":
        this.#ended(entry);
        this.#report(entry);
        return;
      case "abort":
      case "forget":
        this.#forget(entry);
        return;
      case "refuse":
      case "ignore":
        return;
    }
  }

  /** Does work whose result is the next happening. */
  #run(
    entry: Entry,
    work: (target: TransferTarget) => Promise<Omit<TransferHappening, "atMs">>,
  ): void {
    entry.isBusy = true;
    entry.cancelTimer?.();
    log.info("transfer goes on", fieldsOf(entry));
    const target = entry.host.target();
    const working =
      target === undefined
        ? Promise.reject(new TransferError(9001, "the device takes no files at present"))
        : work(target);
    entry.work = working.catch(() => undefined);
    working
      .catch((error: unknown) => this.#failed(entry, error))
      .then((happening) => {
        if (!entry.isDetached) this.#take(entry, happening);
      })
      .catch((error: unknown) => {
        log.error("transfer lost", { ...fieldsOf(entry), error });
      });
  }

  async #attempt(entry: Entry, target: TransferTarget): Promise<Omit<TransferHappening, "atMs">> {
    const attempt = new TransferAttempt(entry.live.transfer, target, this.#tools);
    entry.attempt = attempt;
    try {
      return { input: await attempt.run() };
    } finally {
      delete entry.attempt;
    }
  }

  async #apply(entry: Entry, target: TransferTarget): Promise<Omit<TransferHappening, "atMs">> {
    const { needsRestart } = await target.apply(this.#fileOf(entry));
    return { input: needsRestart ? "restartNeeded" : "applied" };
  }

  /** A target that cannot tell what became of the file gets no second chance to apply it twice. */
  async #judge(entry: Entry, target: TransferTarget): Promise<Omit<TransferHappening, "atMs">> {
    const verdict = await target.judge?.(this.#fileOf(entry));
    if (verdict === undefined)
      throw new TransferError(9002, "interrupted while the file was applied");
    return { input: judged[verdict] };
  }

  #fileOf({ live: { transfer } }: Entry): DownloadedFile {
    const { fileType, targetFileName, fileSize } = transfer.request;
    const path = partPath(this.#tools.folder, transfer.id);
    return { path, fileType, targetFileName, fileSize };
  }

  #failed(entry: Entry, error: unknown): Omit<TransferHappening, "atMs"> {
    const { faultCode, faultString, isRetryable } = transferFault(error);
    if (!entry.isDetached) this.#logFailure(entry, faultCode, error);
    const failure = { faultCode, faultString };
    if (faultCode === 9020) return { input: "windowClosed", failure };
    const canTryAgain = isRetryable && entry.live.transfer.progress.state === "transferring";
    return { input: canTryAgain ? "stumbled" : "failed", failure };
  }

  #logFailure(entry: Entry, fault: number, error: unknown): void {
    const fields = { ...fieldsOf(entry), fault, reason: errorText(error) };
    // A stack says nothing about a file server that is away, and everything about a mistake of ours.
    if (error instanceof TransferError) log.warn("transfer failed", fields);
    else log.error("transfer failed", { ...fields, error });
  }

  /** Restarts the device as soon as no session is under way; a device that never comes back has failed. */
  #orderRestart(entry: Entry): void {
    entry.isBusy = false;
    const { clock } = this.#tools;
    const giveUpAtMs = clock.nowMs() + restartWithinMs;
    let isOrdered = false;
    const look = (): void => {
      if (clock.nowMs() >= giveUpAtMs) {
        const failure = transferFault(
          new TransferError(9002, "the device did not restart within an hour"),
        );
        this.#take(entry, { input: "failed", failure });
        return;
      }
      if (!isOrdered && entry.host.isIdle()) {
        isOrdered = true;
        this.#restart(entry);
      }
      entry.cancelTimer = clock.after(idleCheckMs, look);
    };
    entry.cancelTimer?.();
    entry.cancelTimer = clock.after(0, look);
    this.#pump();
  }

  #restart(entry: Entry): void {
    log.info("restart ordered for an applied file", fieldsOf(entry));
    entry.host.restart().catch((error: unknown) => {
      log.error("device cannot be restarted", { ...fieldsOf(entry), error });
      const failure = transferFault(new TransferError(9002, "the device cannot be restarted"));
      this.#take(entry, { input: "failed", failure });
    });
  }

  #ended(entry: Entry): void {
    const { transfer } = entry.live;
    log.info("transfer is over", { ...fieldsOf(entry), fault: transfer.progress.faultCode });
    this.#tools.onEnded?.(transfer);
  }

  #report(entry: Entry): void {
    entry.isBusy = false;
    entry.cancelTimer?.();
    this.#removeFiles(entry);
    entry.onReport();
    this.#pump();
  }

  #forget(entry: Entry): void {
    this.#remove(entry);
    entry.attempt?.end(new TransferError(9001, "cancelled"));
    this.#removeFiles(entry);
    entry.onForget();
    this.#pump();
  }

  #remove(entry: Entry): void {
    entry.isDetached = true;
    entry.cancelTimer?.();
    this.#entries.delete(entry.live);
    if (this.#entries.size === 0) this.#cancelPump?.();
  }

  #removeFiles({ live, work }: Entry): void {
    const { id } = live.transfer;
    work
      .then(() => removeFiles(this.#tools.folder, id))
      .catch((error: unknown) => {
        log.warn("files of a transfer remain until the next start", { transfer: id, error });
      });
  }
}

const judged: Readonly<Record<AppliedVerdict, TransferHappening["input"]>> = {
  inForce: "applied",
  notApplied: "notApplied",
  waiting: "restartNeeded",
};

function fieldsOf({ live: { transfer } }: Entry): Readonly<Record<string, unknown>> {
  const { id, endpointId, request, progress } = transfer;
  return {
    device: endpointId,
    transfer: id,
    kind: request.kind,
    fileType: request.fileType,
    state: progress.state,
  };
}
