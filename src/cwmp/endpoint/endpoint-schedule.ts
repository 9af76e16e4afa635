import type { Clock } from "../../shared/clock.ts";
import type { EndpointState } from "./endpoint-state.ts";
import { type SessionPurpose, needsBootstrap } from "../events/inform.ts";
import type { ManagementServer } from "../management-server/management-server.ts";
import { nextPeriodicMs } from "../events/periodic.ts";
import { retryDelayMs } from "../events/retry.ts";
import { nextScheduledMs } from "../events/scheduled-informs.ts";

/** What decides when sessions are due. */
export interface ScheduleSources {
  readonly endpointId: string;
  readonly clock: Clock;
  readonly management: ManagementServer;
  readonly state: EndpointState;
  /** In [0, 1). */
  readonly random: () => number;
}

/** When the next session of one endpoint is due, and why. Holds instants only; timers are the endpoint's. */
export class EndpointSchedule {
  readonly #sources: ScheduleSources;
  #isWanted = false;
  #isUrgent = false;
  #isActiveChange = false;
  #retryAtMs: number | undefined;
  #periodicAtMs: number | undefined;
  #heartbeatAtMs: number | undefined;
  /** Scheduled Informs due by then have opened a session, or wait for its retry. */
  #scheduledUntilMs = 0;
  #retryCount = 0;
  #lastSuccessAtMs: number | undefined;

  constructor(sources: ScheduleSources) {
    this.#sources = sources;
  }

  /** Consecutive failures; 0 after a success. */
  get retryCount(): number {
    return this.#retryCount;
  }

  get lastSuccessAtMs(): number | undefined {
    return this.#lastSuccessAtMs;
  }

  get retryAtMs(): number | undefined {
    return this.#retryAtMs;
  }

  /** A connection request waits, which must not wait long. */
  get isUrgent(): boolean {
    return this.#isUrgent;
  }

  /** Something is to be told as soon as possible. */
  want({ isUrgent = false }: { readonly isUrgent?: boolean } = {}): void {
    this.#isWanted = true;
    this.#isUrgent ||= isUrgent;
  }

  /** A parameter with active notification changed. */
  wantForActiveChange(): void {
    this.#isActiveChange = true;
  }

  /** Takes up what the settings say of regular sessions. */
  followSettings(): void {
    const nowMs = this.#sources.clock.nowMs();
    this.#periodicAtMs = this.#nextPeriodicMs(nowMs);
    this.#heartbeatAtMs = this.#nextHeartbeatMs(nowMs);
  }

  /** Makes wanted what has come due by itself: the periodic Inform, and those the ACS scheduled. */
  noteDue(nowMs: number): void {
    const { state, management } = this.#sources;
    const scheduledAtMs = nextScheduledMs(state, this.#scheduledUntilMs);
    if (scheduledAtMs !== undefined && scheduledAtMs <= nowMs) {
      this.#scheduledUntilMs = nowMs;
      this.#isWanted = true;
    }
    if (this.#periodicAtMs !== undefined && this.#periodicAtMs <= nowMs) {
      state.noteEvent("2 PERIODIC");
      this.#isWanted = true;
      this.#periodicAtMs = this.#nextPeriodicMs(nowMs);
    }
    // An ACS that was never bootstrapped knows of no heartbeat.
    if (this.#isHeartbeatDue(nowMs) && needsBootstrap(state, management)) {
      this.#heartbeatAtMs = this.#nextHeartbeatMs(nowMs);
    }
  }

  /** When the next session is due; a new cause cuts the wait for a retry short (TR-069a6 §3.2.1.1). */
  dueAtMs(nowMs: number): number | undefined {
    const { state } = this.#sources;
    const dueAtMs = Math.min(
      this.#isWanted ? nowMs : Infinity,
      this.#retryAtMs ?? Infinity,
      this.#periodicAtMs ?? Infinity,
      this.#heartbeatAtMs ?? Infinity,
      nextScheduledMs(state, this.#scheduledUntilMs) ?? Infinity,
      this.#isActiveChange ? this.#activeChangeDueAtMs(nowMs) : Infinity,
    );
    return dueAtMs === Infinity ? undefined : dueAtMs;
  }

  /** A session begins now: what it is for is taken as seen to. */
  begin(nowMs: number): SessionPurpose {
    this.noteDue(nowMs);
    if (this.#isHeartbeatDue(nowMs)) {
      this.#heartbeatAtMs = this.#nextHeartbeatMs(nowMs);
      return "heartbeat";
    }
    this.#isWanted = false;
    this.#isUrgent = false;
    this.#isActiveChange = false;
    this.#retryAtMs = undefined;
    return "ordinary";
  }

  /** The session ended as it should. */
  succeeded(purpose: SessionPurpose): void {
    this.#lastSuccessAtMs = this.#sources.clock.nowMs();
    if (purpose === "ordinary") this.#retryCount = 0;
  }

  /** An ordinary session failed; the next one counts as its retry, whenever it comes. */
  failed(): void {
    this.#retryCount += 1;
  }

  /** The session that failed is to be repeated. The ACS may have named a time before which it does not want to see it. */
  retry(retryAfterMs: number): void {
    const { clock, management, random } = this.#sources;
    const parameters = {
      minimumWaitS: management.number("CWMPRetryMinimumWaitInterval"),
      multiplier: management.number("CWMPRetryIntervalMultiplier"),
    };
    const waitMs = retryDelayMs(this.#retryCount, parameters, random);
    this.#retryAtMs = clock.nowMs() + Math.max(waitMs, retryAfterMs);
  }

  // TR-181i2 DefaultActiveNotificationThrottle: counted from the end of the last successful session.
  #activeChangeDueAtMs(nowMs: number): number {
    if (this.#lastSuccessAtMs === undefined) return nowMs;
    const throttleS = this.#sources.management.number("DefaultActiveNotificationThrottle");
    return Math.max(nowMs, this.#lastSuccessAtMs + throttleS * 1_000);
  }

  #isHeartbeatDue(nowMs: number): boolean {
    return this.#heartbeatAtMs !== undefined && this.#heartbeatAtMs <= nowMs;
  }

  #nextPeriodicMs(nowMs: number): number | undefined {
    const { management, endpointId } = this.#sources;
    if (!management.flag("PeriodicInformEnable")) return undefined;
    return nextPeriodicMs(nowMs, {
      intervalS: management.number("PeriodicInformInterval"),
      time: management.text("PeriodicInformTime"),
      identity: endpointId,
    });
  }

  #nextHeartbeatMs(nowMs: number): number | undefined {
    const { management, endpointId } = this.#sources;
    if (!management.flag("HeartbeatPolicy.Enable")) return undefined;
    return nextPeriodicMs(nowMs, {
      intervalS: management.number("HeartbeatPolicy.ReportingInterval"),
      time: management.text("HeartbeatPolicy.InitiationTime"),
      identity: `${endpointId} heartbeat`,
    });
  }
}
