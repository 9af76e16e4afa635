import type { CancelTimer, Clock } from "../../shared/clock.ts";
import { errorText } from "../../shared/errors.ts";
import { logger } from "../../shared/log.ts";
import type { TreeWriter } from "../tree.ts";
import type {
  DiagnosticArguments,
  DiagnosticKind,
  DiagnosticOutcome,
} from "./diagnostics-definition.ts";

const log = logger("presentation.proxier.diagnostics-run");

/** A test that takes longer is ended with `Error_Other`: arguments may ask for years. */
const longestRunMs = 600_000;

/** `waiting`: asked for by the ACS, whose session has to end first (TR-181i2 DiagnosticsState). */
type Phase = "idle" | "waiting" | "running";

/** `cleared`: an argument was set, or the test cancelled. */
type RunEvent = "requestedByAcs" | "requestedLocally" | "cleared" | "sessionEnded" | "ended";

/** The whole life of a test. A step into `running` begins a run, a step out of a run that has not ended aborts it. */
const steps: Readonly<Record<Phase, Readonly<Record<RunEvent, Phase>>>> = {
  idle: {
    requestedByAcs: "waiting",
    requestedLocally: "running",
    cleared: "idle",
    sessionEnded: "idle",
    ended: "idle",
  },
  waiting: {
    requestedByAcs: "waiting",
    requestedLocally: "running",
    cleared: "idle",
    sessionEnded: "running",
    ended: "waiting",
  },
  running: {
    requestedByAcs: "waiting",
    requestedLocally: "running",
    cleared: "idle",
    sessionEnded: "running",
    ended: "idle",
  },
};

/** What a run is joined to. */
export interface DiagnosticRunOptions {
  readonly kind: DiagnosticKind;
  readonly given: DiagnosticArguments;
  readonly clock: Clock;
  /** Ends the service. */
  readonly stop: AbortSignal;
  /** Takes results; `forAcs` when the ACS asked for them and is to hear `8 DIAGNOSTICS COMPLETE`. */
  readonly onEnd: (outcome: DiagnosticOutcome, forAcs: boolean) => void;
}

/** Runs one kind of test, never twice at a time. */
export class DiagnosticRun {
  readonly #options: DiagnosticRunOptions;
  #phase: Phase = "idle";
  #abort: AbortController | undefined;
  #forAcs = false;
  #last: Promise<void> = Promise.resolve();

  constructor(options: DiagnosticRunOptions) {
    this.#options = options;
  }

  /** Whether `DiagnosticsState` is `Requested`. */
  get isRequested(): boolean {
    return this.#phase !== "idle";
  }

  /** Asked for, with the arguments as they are when the run begins. */
  request(writer: TreeWriter): void {
    this.#happened(writer === "acs" ? "requestedByAcs" : "requestedLocally");
  }

  /** An argument was set, or the test cancelled: no run, no event. */
  clear(): void {
    this.#happened("cleared");
  }

  sessionEnded(): void {
    this.#happened("sessionEnded");
  }

  /** Resolves when no run is under way any more. */
  settled(): Promise<void> {
    return this.#last;
  }

  #happened(event: RunEvent): void {
    const before = this.#phase;
    this.#phase = steps[before][event];
    // Somebody on the box may begin a test that the ACS waits for; the ACS is told all the same.
    if (event === "requestedByAcs") this.#forAcs = true;
    else if (before === "idle") this.#forAcs = false;
    const goesOn = before === "running" && event === "sessionEnded";
    if (event === "ended" || goesOn) return;
    if (before === "running") this.#abort?.abort();
    if (this.#phase === "running") this.#begin();
  }

  #begin(): void {
    const abort = new AbortController();
    this.#abort = abort;
    // The run before may still be letting go of its process or socket.
    this.#last = this.#last.then(async () => {
      const outcome = await this.#outcome(abort);
      if (abort.signal.aborted || this.#options.stop.aborted) return;
      this.#happened("ended");
      this.#options.onEnd(outcome, this.#forAcs);
    });
  }

  async #outcome(abort: AbortController): Promise<DiagnosticOutcome> {
    const { kind, given, clock, stop } = this.#options;
    const late = new AbortController();
    const cancel: CancelTimer = clock.after(longestRunMs, () => {
      late.abort();
    });
    const signal = AbortSignal.any([abort.signal, stop, late.signal]);
    try {
      if (signal.aborted) return { state: "None" };
      // Interfaces and printers may have gone since the arguments were set.
      const problem = this.#problem();
      if (problem !== undefined) {
        log.warn("diagnostic not possible any more", { object: kind.object, problem });
        return { state: "Error_Other" };
      }
      log.info("diagnostic begins", { device: "proxier", object: kind.object });
      const outcome = await kind.run(given, signal);
      if (late.signal.aborted) return { state: "Error_Other" };
      log.info("diagnostic ended", { object: kind.object, state: outcome.state });
      return outcome;
    } catch (error) {
      log.error("diagnostic failed", { object: kind.object, error, text: errorText(error) });
      return { state: "Error_Internal" };
    } finally {
      cancel();
    }
  }

  #problem(): string | undefined {
    const { kind, given } = this.#options;
    for (const { definition } of kind.arguments) {
      const problem = kind.check?.(definition.name, given.text(definition.name));
      if (problem !== undefined) return `${definition.name} ${problem}`;
    }
    return undefined;
  }
}
