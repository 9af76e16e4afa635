import type { CancelTimer } from "../shared/clock.ts";
import { ProxierError, errorText } from "../shared/errors.ts";
import { logger } from "../shared/log.ts";
import { registerSecret } from "../shared/redact.ts";
import { acsUrlChange } from "./bootstrap.ts";
import { EndpointTarget } from "./connection-request/endpoint-target.ts";
import type {
  ConnectionRequestAnswer,
  ConnectionRequestMethod,
} from "./connection-request/target.ts";
import { withinDeadline } from "./deadline.ts";
import { EndpointSession } from "./endpoint-session.ts";
import { EndpointState, internalSettings } from "./endpoint-state.ts";
import type { EndpointConfig, EndpointServices, EndpointStatus } from "./endpoint-config.ts";
import type { EventCode } from "./events.ts";
import { needsBootstrap } from "./inform.ts";
import { setLocally } from "./local-set.ts";
import {
  ManagementServer,
  type ManagementServerName,
  managementServerPath,
} from "./management-server/management-server.ts";
import { Notifications } from "./notifications.ts";
import type { ParameterAssignment, WriteResult } from "./parameter-tree.ts";
import { nextPeriodicMs } from "./periodic.ts";
import { deviceRestartedChange, runReboots } from "./reboots.ts";
import { retryDelayMs } from "./retry.ts";
import { runSession } from "./session/session.ts";
import { type AcsConnection, AcsTransportError } from "./transport.ts";
import { MergedTree } from "./tree/merged-tree.ts";

const log = logger("cwmp.endpoint");

const stopWaitMs = 5_000;

/**
 * One CPE towards its ACS: decides when a session is due, runs one at a time, and keeps what must not get lost. Idle it
 * holds its state and at most one timer.
 */
export class CwmpEndpoint {
  readonly endpointId: string;
  readonly #config: EndpointConfig;
  readonly #services: EndpointServices;
  readonly #state: EndpointState;
  readonly #management: ManagementServer;
  readonly #tree: MergedTree;
  readonly #notifications: Notifications;
  #unsubscribe: (() => void) | undefined;
  #cancelTimer: CancelTimer | undefined;
  #isStopped = true;
  #session: EndpointSession | undefined;
  #connection: AcsConnection | undefined;
  #running: Promise<void> = Promise.resolve();
  // Why a session is due.
  #isWanted = false;
  #isUrgent = false;
  #isActiveChange = false;
  #requestedMeanwhile: EventCode | undefined;
  #retryAtMs: number | undefined;
  #periodicAtMs: number | undefined;
  // What has been.
  #retryCount = 0;
  #sessions = 0;
  #failures = 0;
  #lastSuccessAtMs: number | undefined;
  #lastError: EndpointStatus["lastError"];

  private constructor(config: EndpointConfig, services: EndpointServices, state: EndpointState) {
    this.endpointId = config.endpointId;
    this.#config = config;
    this.#services = services;
    this.#state = state;
    this.#management = new ManagementServer({
      defaults: config.defaults,
      settings: state.settings,
      connectionRequestUrl: () => config.connectionRequestUrl(),
      ...(config.live === undefined ? {} : { live: config.live }),
    });
    this.#tree = new MergedTree(this.#management, config.tree, config.rootModel);
    this.#notifications = new Notifications(this.#tree, state);
  }

  /** Loads the stored state. Nothing happens before {@link start}. */
  static async open(config: EndpointConfig, services: EndpointServices): Promise<CwmpEndpoint> {
    const state = await EndpointState.load(services.store, config.endpointId);
    return new CwmpEndpoint(config, services, state);
  }

  /** The whole data model of this endpoint, as the ACS sees it. */
  get tree(): MergedTree {
    return this.#tree;
  }

  /** Queues what the start itself means (BOOTSTRAP, BOOT, changes missed), then lives until {@link stop}. */
  async start(): Promise<void> {
    registerSecret(this.#management.text("Password"));
    registerSecret(this.#management.text("ConnectionRequestPassword"));
    this.#isStopped = false;
    await this.#recordStart();
    this.#unsubscribe = this.#config.tree.onChange((paths) => {
      this.#onChange(paths);
    });
    const missed = this.#notifications.judgeAll();
    await this.#state.markChanged(missed.paths);
    this.#isActiveChange ||= missed.isActive;
    this.#isWanted = this.#state.events.length > 0 || this.#needsBootstrap();
    this.#reschedulePeriodic();
    if (!this.#config.bootsWithProcess) await runReboots(this.#state, this.#config.actions);
    this.#arm();
  }

  /** Ends a session under way and everything else. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelTimer?.();
    this.#unsubscribe?.();
    this.#services.scheduler.cancel(this.endpointId);
    this.#connection?.close();
    // A device may take longer over a write than anyone waits at shutdown.
    const { clock } = this.#services;
    const settled = await withinDeadline(clock, clock.nowMs() + stopWaitMs, this.#running);
    if (settled.late) log.warn("stopped with a request under way", { device: this.endpointId });
  }

  /** Deletes the stored state; after {@link stop}, for a device that is gone for good. */
  async forget(): Promise<void> {
    await this.#state.forget();
  }

  /** Opens a session with this event as soon as possible. */
  requestSession(eventCode: EventCode): void {
    if (this.#session === undefined) {
      this.#state.noteEvent(eventCode);
      this.#isWanted = true;
    } else {
      // Another one right after this: the Inform under way must not settle it.
      this.#requestedMeanwhile = eventCode;
    }
    this.#isUrgent ||= eventCode === "6 CONNECTION REQUEST";
    this.#arm();
  }

  /** The device behind this endpoint restarted: `1 BOOT`, and `M Reboot` if the ACS had asked for it. */
  async deviceRestarted(): Promise<void> {
    try {
      await this.#state.commit(deviceRestartedChange(this.#state));
    } catch (error) {
      log.error("restart cannot be written down", { device: this.endpointId, error });
      this.#state.noteEvent("1 BOOT");
    }
    this.#isWanted = true;
    this.#arm();
  }

  /** What {@link EndpointConfig.connectionRequestUrl} or {@link EndpointConfig.live} gives has changed. */
  settingsMoved(...names: readonly ManagementServerName[]): void {
    this.#onChange(names.map((name) => managementServerPath + name));
  }

  /** The text in force of a scalar of `Device.ManagementServer.`, also of a hidden one. */
  setting(name: ManagementServerName): string {
    return this.#management.text(name);
  }

  /** What connection requests of every kind ask. */
  connectionRequestTarget(): EndpointTarget {
    return new EndpointTarget(this.#management, this.#state, (method) =>
      this.#acceptConnectionRequest(method),
    );
  }

  /** Reads afresh what is older than its class allows; settles by the deadline. For callers on the box. */
  refresh(paths: readonly string[], deadlineMs: number): Promise<void> {
    return this.#config.tree.refresh(paths, deadlineMs);
  }

  /**
   * Sets parameters for somebody on the box, by the rules of SetParameterValues: all or nothing. To the ACS the changes
   * are news and are notified as such; the ParameterKey stays.
   */
  async set(assignments: readonly ParameterAssignment[]): Promise<WriteResult> {
    const result = await setLocally(assignments, {
      tree: this.#tree,
      management: this.#management,
      notifications: this.#notifications,
      state: this.#state,
      device: this.#config.tree,
    });
    if (result.outcome === "refused") return result;
    this.#settingsChanged();
    this.#onChange(assignments.map(({ path }) => path));
    this.#arm();
    return result;
  }

  status(): EndpointStatus {
    return {
      endpointId: this.endpointId,
      acsUrl: this.#management.text("URL"),
      isRunning: this.#session !== undefined,
      sessions: this.#sessions,
      failures: this.#failures,
      retryCount: this.#retryCount,
      lastSuccessAtMs: this.#lastSuccessAtMs,
      nextSessionAtMs: this.#dueAtMs(this.#services.clock.nowMs()),
      lastError: this.#lastError,
      pendingEvents: this.#state.events.map(({ eventCode }) => eventCode),
    };
  }

  async #recordStart(): Promise<void> {
    const known = this.#state.settings.get(internalSettings.bootstrappedUrl);
    // The operator configured another ACS meanwhile.
    if (known !== undefined && this.#needsBootstrap()) {
      await this.#state.commit(acsUrlChange(this.#state, this.#notifications));
    }
    const isNew = !this.#state.settings.has(internalSettings.isKnown);
    if (!isNew && !this.#config.bootsWithProcess) return;
    const restarted = deviceRestartedChange(this.#state);
    await this.#state.commit({
      ...restarted,
      setSettings: new Map([
        ...(restarted.setSettings ?? []),
        [internalSettings.isKnown, "1"] as const,
      ]),
    });
  }

  #needsBootstrap(): boolean {
    return this.#maySend() && needsBootstrap(this.#state, this.#management);
  }

  #maySend(): boolean {
    return this.#management.flag("EnableCWMP") && this.#management.text("URL") !== "";
  }

  #acceptConnectionRequest(method: ConnectionRequestMethod): ConnectionRequestAnswer {
    const isEnabled =
      this.#maySend() &&
      (method !== "HTTP" || this.#management.flag("HTTPConnectionRequestEnable"));
    if (!isEnabled || this.#isStopped) return "disabled";
    if (!this.#config.isReachable()) return "unreachable";
    if (this.#services.scheduler.isBusy()) return "busy";
    this.requestSession("6 CONNECTION REQUEST");
    return "accepted";
  }

  #onChange(paths: readonly string[]): void {
    const { paths: watched, isActive } = this.#notifications.judge(paths);
    if (watched.length === 0) return;
    this.#session?.noteChanges(watched);
    this.#isActiveChange ||= isActive;
    this.#state
      .markChanged(watched)
      .catch((error: unknown) => {
        log.error("change cannot be written down", { device: this.endpointId, error });
      })
      .finally(() => {
        this.#arm();
      });
  }

  #settingsChanged(): void {
    this.#isWanted ||= this.#needsBootstrap();
    this.#reschedulePeriodic();
    this.#config.onSettings?.();
  }

  #reschedulePeriodic(): void {
    this.#periodicAtMs = this.#management.flag("PeriodicInformEnable")
      ? nextPeriodicMs(this.#services.clock.nowMs(), {
          intervalS: this.#management.number("PeriodicInformInterval"),
          time: this.#management.text("PeriodicInformTime"),
          identity: this.endpointId,
        })
      : undefined;
  }

  /** Queues a session that is due, or waits for the next one. */
  #arm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#isStopped || this.#session !== undefined) return;
    const { clock, scheduler } = this.#services;
    const nowMs = clock.nowMs();
    this.#notePeriodic(nowMs);
    const dueAtMs = this.#dueAtMs(nowMs);
    if (dueAtMs === undefined) return;
    if (dueAtMs > nowMs) {
      this.#cancelTimer = clock.after(dueAtMs - nowMs, () => {
        this.#arm();
      });
      return;
    }
    const { endpointId } = this;
    const acsUrl = this.#management.text("URL");
    scheduler.enqueue({ endpointId, acsUrl, run: () => this.#run() }, this.#isUrgent);
  }

  #notePeriodic(nowMs: number): void {
    if (this.#periodicAtMs === undefined || this.#periodicAtMs > nowMs || !this.#maySend()) return;
    this.#state.noteEvent("2 PERIODIC");
    this.#isWanted = true;
    this.#reschedulePeriodic();
  }

  /** When the next session is due; a new cause cuts the wait for a retry short (TR-069a6 §3.2.1.1). */
  #dueAtMs(nowMs: number): number | undefined {
    if (!this.#maySend()) return undefined;
    const dueAtMs = Math.min(
      this.#isWanted ? nowMs : Infinity,
      this.#retryAtMs ?? Infinity,
      this.#periodicAtMs ?? Infinity,
      this.#isActiveChange ? this.#activeChangeDueAtMs(nowMs) : Infinity,
    );
    return dueAtMs === Infinity ? undefined : dueAtMs;
  }

  // TR-181i2 DefaultActiveNotificationThrottle: counted from the end of the last successful session.
  #activeChangeDueAtMs(nowMs: number): number {
    if (this.#lastSuccessAtMs === undefined) return nowMs;
    const throttleS = this.#management.number("DefaultActiveNotificationThrottle");
    return Math.max(nowMs, this.#lastSuccessAtMs + throttleS * 1_000);
  }

  #run(): Promise<void> {
    if (this.#isStopped || !this.#maySend()) return Promise.resolve();
    this.#running = this.#runSession();
    return this.#running;
  }

  async #runSession(): Promise<void> {
    const { clock } = this.#services;
    const startedAtMs = clock.nowMs();
    this.#notePeriodic(startedAtMs);
    this.#isWanted = false;
    this.#isUrgent = false;
    this.#isActiveChange = false;
    this.#retryAtMs = undefined;
    const session = this.#openSession(startedAtMs);
    this.#session = session;
    const outcome = await this.#attempt(session);
    await session.finish();
    this.#session = undefined;
    this.#services.onSession?.({
      endpointId: this.endpointId,
      events: session.eventCodes,
      durationMs: clock.nowMs() - startedAtMs,
      ...outcome,
    });
    const requested = this.#requestedMeanwhile;
    this.#requestedMeanwhile = undefined;
    if (requested === undefined) this.#arm();
    else this.requestSession(requested);
  }

  #openSession(nowMs: number): EndpointSession {
    const sources = {
      deviceId: this.#config.deviceId,
      tree: this.#tree,
      state: this.#state,
      management: this.#management,
      notifications: this.#notifications,
    };
    return new EndpointSession({
      endpointId: this.endpointId,
      sources,
      rpc: {
        ...sources,
        device: this.#config.tree,
        actions: this.#config.actions,
        policy: this.#services.policy,
        clock: this.#services.clock,
        settingsChanged: () => {
          this.#settingsChanged();
        },
      },
      moment: { nowMs, retryCount: this.#retryCount },
    });
  }

  async #attempt(
    session: EndpointSession,
  ): Promise<{ readonly answers: number; readonly errorCode: string | undefined }> {
    const { clock, transport, dialect, limits } = this.#services;
    const acsUrl = this.#management.text("URL");
    this.#sessions += 1;
    try {
      const connection = transport.connect({
        url: acsUrl,
        username: this.#management.text("Username"),
        password: this.#management.text("Password"),
        ...(this.#config.tls === undefined ? {} : { tls: this.#config.tls }),
      });
      this.#connection = connection;
      const { answers } = await runSession(session, { connection, clock, dialect, limits });
      this.#succeeded(session);
      return { answers, errorCode: undefined };
    } catch (error) {
      await this.#failed(error, acsUrl, session);
      return { answers: 0, errorCode: error instanceof ProxierError ? error.code : "unknown" };
    } finally {
      this.#connection?.close();
      this.#connection = undefined;
    }
  }

  #succeeded(session: EndpointSession): void {
    if (this.#retryCount > 0) log.info("session succeeded again", { device: this.endpointId });
    this.#retryCount = 0;
    this.#lastError = undefined;
    this.#lastSuccessAtMs = this.#services.clock.nowMs();
    log.debug("session ended", () => ({ device: this.endpointId, events: session.eventCodes }));
  }

  async #failed(error: unknown, acsUrl: string, session: EndpointSession): Promise<void> {
    const { clock, random, scheduler } = this.#services;
    this.#failures += 1;
    this.#retryCount += 1;
    const code = error instanceof ProxierError ? error.code : "unknown";
    this.#lastError = { code, text: errorText(error) };
    const retryAfterMs = error instanceof AcsTransportError ? (error.retryAfterMs ?? 0) : 0;
    if (retryAfterMs > 0) scheduler.pause(acsUrl, retryAfterMs);
    const waitMs = retryDelayMs(this.#retryCount, this.#retryParameters(), random);
    this.#retryAtMs = clock.nowMs() + Math.max(waitMs, retryAfterMs);
    if (!this.#isStopped) this.#logFailure(error, code, session);
    try {
      await this.#state.keepUndelivered();
    } catch (storeError) {
      log.error("events cannot be written down", { device: this.endpointId, error: storeError });
    }
  }

  #logFailure(error: unknown, code: string, session: EndpointSession): void {
    const fields = {
      device: this.endpointId,
      events: session.eventCodes,
      retry: this.#retryCount,
      retryAtMs: this.#retryAtMs,
      code,
    };
    // A stack says nothing about an ACS that is away, and everything about a mistake of ours.
    if (error instanceof ProxierError) {
      log.warn("session failed", { ...fields, reason: error.message });
    } else {
      log.error("session failed", { ...fields, error });
    }
  }

  #retryParameters(): { readonly minimumWaitS: number; readonly multiplier: number } {
    return {
      minimumWaitS: this.#management.number("CWMPRetryMinimumWaitInterval"),
      multiplier: this.#management.number("CWMPRetryIntervalMultiplier"),
    };
  }
}
