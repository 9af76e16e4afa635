import { logger } from "../../shared/log.ts";
import { type EndpointParts, forgetRequests, transferQueueOf } from "./endpoint-parts.ts";
import { EndpointSession } from "./endpoint-session.ts";
import type { EventCode } from "../events/events.ts";
import type { SessionPurpose } from "../events/inform.ts";
import { RequestTurns } from "../requests/request-turns.ts";
import type { RpcContext } from "../rpc/context.ts";
import { type AttemptOutcome, SessionAttempts, logFailure } from "./session-attempts.ts";

const log = logger("cwmp.endpoint.session-runner");

/** What follows from what happens in sessions. */
export interface SessionRunnerHooks {
  /** The ACS changed what decides about the next session; it is on disk. */
  settingsChanged(): void;
  /** Whether failures are nobody's business any more. */
  isStopped(): boolean;
}

/** Runs the sessions of one endpoint, one at a time, and draws the conclusions from their outcome. */
export class SessionRunner {
  readonly #parts: EndpointParts;
  readonly #hooks: SessionRunnerHooks;
  readonly #attempts: SessionAttempts;
  #session: EndpointSession | undefined;
  /** Events that arose during a session, whose Inform must not settle them. */
  #later: Set<EventCode> | undefined;

  constructor(parts: EndpointParts, hooks: SessionRunnerHooks) {
    this.#parts = parts;
    this.#hooks = hooks;
    this.#attempts = new SessionAttempts(parts.config, parts.services, parts.management);
  }

  get isRunning(): boolean {
    return this.#session !== undefined;
  }

  /** Sessions so far. */
  get status(): SessionAttempts["status"] {
    return this.#attempts.status;
  }

  /** Queues an event: for the next Inform, or for the one after the session under way. */
  noteEvent(eventCode: EventCode): void {
    if (this.#session === undefined) {
      this.#parts.state.noteEvent(eventCode);
      return;
    }
    this.#later ??= new Set();
    this.#later.add(eventCode);
  }

  /** Watched parameters changed. */
  noteChanges(paths: readonly string[]): void {
    this.#session?.noteChanges(paths);
  }

  /** Ends a session under way, as a failure. */
  abort(): void {
    this.#attempts.abort();
  }

  /** Runs the session that is due, and then what had to wait for its end. Never rejects. */
  async run(): Promise<void> {
    const { services, schedule, config } = this.#parts;
    const { clock } = services;
    const startedAtMs = clock.nowMs();
    const session = this.#open(startedAtMs, schedule.begin(startedAtMs));
    this.#session = session;
    const outcome = await this.#attempts.run(session);
    if (outcome.error === undefined) schedule.succeeded(session.purpose);
    else await this.#failed(outcome, session);
    await session.finish();
    this.#session = undefined;
    config.tree.sessionEnded?.();
    services.onSession?.({
      endpointId: config.endpointId,
      events: session.eventCodes,
      durationMs: clock.nowMs() - startedAtMs,
      answers: outcome.answers,
      errorCode: outcome.errorCode,
    });
    for (const eventCode of this.#later ?? []) this.#parts.state.noteEvent(eventCode);
    if (this.#later !== undefined) schedule.want();
    this.#later = undefined;
  }

  #open(nowMs: number, purpose: SessionPurpose): EndpointSession {
    const { config, services, state, management, schedule, requests } = this.#parts;
    return new EndpointSession({
      endpointId: config.endpointId,
      sources: {
        ...this.#parts,
        deviceId: config.deviceId,
        requestEvents: () => requests.events(),
      },
      rpc: {
        ...this.#parts,
        device: config.tree,
        actions: config.actions,
        policy: services.policy,
        clock: services.clock,
        results: requests.results,
        transfers: this.#transfers(),
        forgetRequests: () => forgetRequests(this.#parts),
        settingsChanged: () => {
          this.#hooks.settingsChanged();
        },
      },
      moment: { nowMs, purpose, retryCount: schedule.retryCount },
      turns: new RequestTurns({
        state,
        acsUrl: management.text("URL"),
        pending: () => requests.pending(),
      }),
    });
  }

  #transfers(): RpcContext["transfers"] {
    const { transfers } = this.#parts.services;
    if (transfers === undefined) return undefined;
    const isIdle = (): boolean => !this.isRunning;
    return {
      services: transfers.services,
      queue: () => transferQueueOf(this.#parts, transfers, isIdle),
    };
  }

  async #failed(outcome: AttemptOutcome, session: EndpointSession): Promise<void> {
    const { retryAfterMs } = outcome;
    const { services, schedule, management } = this.#parts;
    if (retryAfterMs > 0) services.scheduler.pause(management.text("URL"), retryAfterMs);
    // A heartbeat is not retried (TR-069a6 Annex O).
    if (session.purpose === "ordinary") {
      schedule.failed();
      await this.#keepUndelivered();
      if (session.mayRetry(services.clock.nowMs())) schedule.retry(retryAfterMs);
    }
    if (this.#hooks.isStopped()) return;
    const { retryCount, retryAtMs } = schedule;
    const events = session.eventCodes;
    logFailure(outcome, { device: session.endpointId, events, retry: retryCount, retryAtMs });
  }

  async #keepUndelivered(): Promise<void> {
    const { config, state } = this.#parts;
    try {
      await state.keepUndelivered();
    } catch (error) {
      log.error("events cannot be written down", { device: config.endpointId, error });
    }
  }
}
