import type { CancelTimer } from "../../shared/clock.ts";
import { logger } from "../../shared/log.ts";
import { registerSecret } from "../../shared/redact.ts";
import { EndpointTarget } from "../connection-request/endpoint-target.ts";
import type {
  ConnectionRequestAnswer,
  ConnectionRequestMethod,
} from "../connection-request/target.ts";
import { withinDeadline } from "../deadline.ts";
import { acsUrlChange } from "../events/bootstrap.ts";
import type { EventCode } from "../events/events.ts";
import { runFactoryReset } from "../events/factory-reset.ts";
import { needsBootstrap } from "../events/inform.ts";
import { deviceRestartedChange, runReboots } from "../events/reboots.ts";
import { delayBegins, nextRebootMs, runTimedReboot } from "../events/timed-reboots.ts";
import {
  type ManagementServerName,
  managementServerPath,
} from "../management-server/management-server.ts";
import { LightweightNotifier } from "../notifications/lightweight/notifier.ts";
import type { WatchedChange } from "../notifications/notifications.ts";
import type { LocalWriter, ParameterAssignment, WriteResult } from "../parameter-tree.ts";
import type { FileTypeArgument, Kick } from "../requests/kick.ts";
import { type CheckedAssignments, checkAssignments } from "../rpc/assignments.ts";
import type { AutonomousTransfer } from "../transfers/autonomous-transfer.ts";
import type { MergedTree } from "../tree/merged-tree.ts";
import { kick, reportAutonomous, requestDownload } from "./ask-acs.ts";
import type { EndpointConfig, EndpointServices, EndpointStatus } from "./endpoint-config.ts";
import {
  type EndpointParts,
  forgetRequests,
  maySend,
  openParts,
  transferQueueOf,
} from "./endpoint-parts.ts";
import { internalSettings } from "./endpoint-state.ts";
import { setLocally } from "./local-set.ts";
import { SessionRunner } from "./session-runner.ts";

const log = logger("cwmp.endpoint.endpoint");

const stopWaitMs = 5_000;

/**
 * One CPE towards its ACS: decides when a session is due, runs one at a time, and keeps what must not get lost. Idle it
 * holds its state and at most one timer.
 */
export class CwmpEndpoint {
  readonly endpointId: string;
  readonly #parts: EndpointParts;
  readonly #runner: SessionRunner;
  #unsubscribe: readonly (() => void)[] = [];
  #cancelTimer: CancelTimer | undefined;
  /** A request arose while a session was under way. */
  #hasNewRequests = false;
  #isStopped = true;
  #running: Promise<void> = Promise.resolve();
  /** Made at the first change that is to be told so. */
  #lightweight: LightweightNotifier | undefined;
  /** Restarts at a set time are carried out or missed up to here. */
  #rebootsUntilMs = 0;

  private constructor(parts: EndpointParts) {
    this.endpointId = parts.config.endpointId;
    this.#parts = parts;
    this.#runner = new SessionRunner(parts, {
      settingsChanged: () => {
        this.#settingsChanged();
      },
      isStopped: () => this.#isStopped,
    });
  }

  /** Loads the stored state. Nothing happens before {@link start}. */
  static async open(config: EndpointConfig, services: EndpointServices): Promise<CwmpEndpoint> {
    return new CwmpEndpoint(await openParts(config, services));
  }

  /** The whole data model of this endpoint, as the ACS sees it. */
  get tree(): MergedTree {
    return this.#parts.tree;
  }

  /** Queues what the start itself means (BOOTSTRAP, BOOT, changes missed), then lives until {@link stop}. */
  async start(): Promise<void> {
    registerSecret(this.#parts.management.text("Password"));
    registerSecret(this.#parts.management.text("ConnectionRequestPassword"));
    registerSecret(this.#parts.management.text("STUNPassword"));
    this.#isStopped = false;
    this.#rebootsUntilMs = this.#parts.services.clock.nowMs();
    await this.#recordStart();
    this.#subscribe();
    const missed = this.#parts.notifications.judgeAll();
    await this.#parts.state.markChanged(missed.paths);
    this.#noteLightweight(missed);
    if (missed.isActive) this.#parts.schedule.wantForActiveChange();
    await this.#keepPromises();
    const isWanted =
      this.#parts.state.events.length > 0 || this.#parts.requests.pending().length > 0;
    if (isWanted || this.#needsBootstrap()) this.#parts.schedule.want();
    this.#parts.schedule.followSettings();
    this.#arm();
  }

  /** Ends a session under way and everything else. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelTimer?.();
    this.#lightweight?.stop();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#parts.requests.stop();
    this.#parts.services.transfers?.detach(this.endpointId);
    this.#parts.services.scheduler.cancel(this.endpointId);
    this.#runner.abort();
    // A device may take longer over a write than anyone waits at shutdown.
    const { clock } = this.#parts.services;
    const settled = await withinDeadline(clock, clock.nowMs() + stopWaitMs, this.#running);
    if (settled.late) log.warn("stopped with a request under way", { device: this.endpointId });
  }

  /** Deletes the stored state; after {@link stop}, for a device that is gone for good. */
  async forget(): Promise<void> {
    this.#parts.services.transfers?.forget(this.endpointId);
    await this.#parts.state.forget();
  }

  /** Opens a session with this event as soon as possible. */
  requestSession(eventCode: EventCode): void {
    this.#runner.noteEvent(eventCode);
    this.#parts.schedule.want({ isUrgent: eventCode === "6 CONNECTION REQUEST" });
    this.#arm();
  }

  /**
   * Tells the ACS that a user followed KickURL; resolves with the NextURL the browser is to be sent to.
   * @throws {CpeRequestError} when the ACS refuses, takes no kicks, or an argument is too long
   */
  kick(of: Kick): Promise<string> {
    return kick(this.#parts, of);
  }

  /**
   * Asks the ACS for a Download; resolves when the ACS took the request.
   * @throws {CpeRequestError} when the ACS refuses, takes no such requests, or an argument is too long
   */
  requestDownload(
    fileType: string,
    fileTypeArguments: readonly FileTypeArgument[] = [],
  ): Promise<void> {
    return requestDownload(this.#parts, fileType, fileTypeArguments);
  }

  /**
   * A file came or went that the ACS had not ordered. Told until answered, if the policy of the ACS wants it at this moment;
   * on disk when it resolves, with whether it will be told.
   * @throws {CpeRequestError} when something is longer than the schema allows
   */
  reportAutonomous(transfer: AutonomousTransfer): Promise<boolean> {
    return reportAutonomous(this.#parts, transfer);
  }

  /** The device behind this endpoint restarted: `1 BOOT`, and `M Reboot` if the ACS had asked for it. */
  async deviceRestarted(): Promise<void> {
    try {
      await this.#parts.state.commit(deviceRestartedChange(this.#parts.state));
    } catch (error) {
      log.error("restart cannot be written down", { device: this.endpointId, error });
      this.#parts.state.noteEvent("1 BOOT");
    }
    this.#parts.services.transfers?.find(this.endpointId)?.deviceRestarted();
    this.#parts.schedule.want();
    this.#arm();
  }

  /** What {@link EndpointConfig.connectionRequestUrl} or {@link EndpointConfig.live} gives has changed. */
  settingsMoved(...names: readonly ManagementServerName[]): void {
    this.#onChange(names.map((name) => managementServerPath + name));
  }

  /** The text in force of a scalar of `Device.ManagementServer.`, also of a hidden one. */
  setting(name: ManagementServerName): string {
    return this.#parts.management.text(name);
  }

  /** What connection requests of every kind ask. */
  connectionRequestTarget(): EndpointTarget {
    return new EndpointTarget(this.#parts.management, this.#parts.state, (method) =>
      this.#acceptConnectionRequest(method),
    );
  }

  /** Reads afresh what is older than its class allows; settles by the deadline. For callers on the box. */
  refresh(paths: readonly string[], deadlineMs: number): Promise<void> {
    return this.#parts.config.tree.refresh(paths, deadlineMs);
  }

  /** What {@link set} would find wrong with assignments, and which of them are the device's; changes nothing. */
  check(assignments: readonly ParameterAssignment[]): CheckedAssignments {
    const { tree, management, config } = this.#parts;
    return checkAssignments(assignments, { tree, management, device: config.tree });
  }

  /**
   * Sets parameters for somebody on the box, by the rules of SetParameterValues: all or nothing. To the ACS the changes
   * are news and are notified as such; the ParameterKey stays.
   */
  async set(
    assignments: readonly ParameterAssignment[],
    who: LocalWriter = "api",
  ): Promise<WriteResult> {
    const result = await setLocally(assignments, who, {
      tree: this.#parts.tree,
      management: this.#parts.management,
      notifications: this.#parts.notifications,
      state: this.#parts.state,
      device: this.#parts.config.tree,
    });
    if (result.outcome === "refused") return result;
    this.#settingsChanged();
    this.#onChange(assignments.map(({ path }) => this.#parts.tree.resolve(path) ?? path));
    this.#arm();
    return result;
  }

  status(): EndpointStatus {
    return {
      endpointId: this.endpointId,
      acsUrl: this.#parts.management.text("URL"),
      isRunning: this.#runner.isRunning,
      ...this.#runner.status,
      retryCount: this.#parts.schedule.retryCount,
      lastSuccessAtMs: this.#parts.schedule.lastSuccessAtMs,
      nextSessionAtMs: this.#dueAtMs(this.#parts.services.clock.nowMs()),
      pendingEvents: [...this.#parts.state.events, ...this.#parts.requests.events()].map(
        ({ eventCode }) => eventCode,
      ),
    };
  }

  /** Values of {@link EndpointConfig.defaults} have changed; another URL of the ACS means a BOOTSTRAP there. */
  async defaultsChanged(): Promise<void> {
    if (this.#isStopped) return;
    await this.#noticeNewAcs();
    this.settingsMoved("ConnectionRequestURL");
    this.#settingsChanged();
    this.#arm();
  }

  /** The operator configured another ACS meanwhile, or DHCP told of one. */
  async #noticeNewAcs(): Promise<void> {
    const { state, notifications } = this.#parts;
    if (!state.settings.has(internalSettings.bootstrappedUrl) || !this.#needsBootstrap()) return;
    await state.commit(acsUrlChange(state, notifications));
    state.dropUnwritten();
  }

  async #recordStart(): Promise<void> {
    await this.#noticeNewAcs();
    const isNew = !this.#parts.state.settings.has(internalSettings.isKnown);
    if (!isNew && !this.#parts.config.bootsWithProcess) return;
    const restarted = deviceRestartedChange(this.#parts.state);
    await this.#parts.state.commit({
      ...restarted,
      setSettings: new Map([
        ...(restarted.setSettings ?? []),
        [internalSettings.isKnown, "1"] as const,
      ]),
    });
  }

  #subscribe(): void {
    const { tree } = this.#parts.config;
    const onEvent = tree.onEvent?.((eventCode) => {
      this.requestSession(eventCode);
    });
    const onChange = tree.onChange((paths) => {
      this.#onChange(paths);
    });
    this.#unsubscribe = onEvent === undefined ? [onChange] : [onChange, onEvent];
    this.#parts.requests.start(() => {
      if (this.#runner.isRunning) this.#hasNewRequests = true;
      else this.#parts.schedule.want();
      this.#arm();
    });
    const { transfers } = this.#parts.services;
    if (transfers?.has(this.endpointId) === true) {
      transferQueueOf(this.#parts, transfers, () => !this.#runner.isRunning);
    }
  }

  /** What the ACS was promised before the process died. */
  async #keepPromises(): Promise<void> {
    const { actions, bootsWithProcess } = this.#parts.config;
    const { state, notifications } = this.#parts;
    await runFactoryReset({
      state,
      notifications,
      actions,
      forgetRequests: () => forgetRequests(this.#parts),
    });
    // A process that stands for its device has restarted by now.
    if (!bootsWithProcess) await runReboots(this.#parts.state, actions);
  }

  #needsBootstrap(): boolean {
    return maySend(this.#parts) && needsBootstrap(this.#parts.state, this.#parts.management);
  }

  #acceptConnectionRequest(method: ConnectionRequestMethod): ConnectionRequestAnswer {
    const isEnabled =
      maySend(this.#parts) &&
      (method !== "HTTP" || this.#parts.management.flag("HTTPConnectionRequestEnable"));
    if (!isEnabled || this.#isStopped) return "disabled";
    if (!this.#parts.config.isReachable()) return "unreachable";
    if (this.#parts.services.scheduler.isBusy()) return "busy";
    this.requestSession("6 CONNECTION REQUEST");
    return "accepted";
  }

  #onChange(paths: readonly string[]): void {
    const change = this.#parts.notifications.judge(paths);
    const { paths: watched, isActive } = change;
    this.#noteLightweight(change);
    if (watched.length === 0) return;
    this.#runner.noteChanges(watched);
    if (isActive) this.#parts.schedule.wantForActiveChange();
    this.#parts.state
      .markChanged(watched)
      .catch((error: unknown) => {
        log.error("change cannot be written down", { device: this.endpointId, error });
      })
      .finally(() => {
        this.#arm();
      });
  }

  #noteLightweight({ lightweight, isLightweightActive }: WatchedChange): void {
    if (lightweight.length === 0) return;
    const { config, services } = this.#parts;
    this.#lightweight ??= new LightweightNotifier({
      ...this.#parts,
      deviceId: config.deviceId,
      clock: services.clock,
      sender: services.datagrams,
    });
    this.#lightweight.note(lightweight, isLightweightActive);
  }

  #settingsChanged(): void {
    this.#lightweight?.arm();
    if (this.#needsBootstrap()) this.#parts.schedule.want();
    if (this.#parts.requests.pending().length > 0) this.#parts.schedule.want();
    this.#parts.schedule.followSettings();
    // It is empty while EnableCWMP or HTTPConnectionRequestEnable is off (TR-181i2); the ACS learns it from Informs only.
    this.settingsMoved("ConnectionRequestURL");
    this.#parts.config.onSettings?.();
  }

  /** Queues a session that is due, or waits for the next one, or for a restart at a set time. */
  #arm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#isStopped || this.#runner.isRunning) return;
    const { clock, scheduler } = this.#parts.services;
    const nowMs = clock.nowMs();
    const rebootAtMs = this.#followReboots(nowMs);
    if (maySend(this.#parts)) this.#parts.schedule.noteDue(nowMs);
    const dueAtMs = this.#dueAtMs(nowMs);
    if (dueAtMs !== undefined && dueAtMs <= nowMs) {
      const { endpointId } = this;
      const acsUrl = this.#parts.management.text("URL");
      const job = { endpointId, acsUrl, run: () => this.#run() };
      scheduler.enqueue(job, this.#parts.schedule.isUrgent);
      return;
    }
    const nextMs = Math.min(dueAtMs ?? Infinity, rebootAtMs ?? Infinity);
    if (nextMs === Infinity) return;
    this.#cancelTimer = clock.after(nextMs - nowMs, () => {
      this.#arm();
    });
  }

  #dueAtMs(nowMs: number): number | undefined {
    return maySend(this.#parts) ? this.#parts.schedule.dueAtMs(nowMs) : undefined;
  }

  /** Restarts the device if its set time has come, which is never during a session. Returns when the next one is due. */
  #followReboots(nowMs: number): number | undefined {
    const sources = { state: this.#parts.state, management: this.#parts.management };
    const delay = delayBegins(sources, nowMs);
    if (delay !== undefined) {
      this.#parts.state
        .commit(delay)
        .then(() => {
          this.#arm();
        })
        .catch((error: unknown) => {
          log.error("delayed restart cannot be written down", { device: this.endpointId, error });
        });
    }
    const dueAtMs = nextRebootMs(sources, this.#rebootsUntilMs);
    if (dueAtMs === undefined || dueAtMs > nowMs) return dueAtMs;
    this.#rebootsUntilMs = nowMs;
    void runTimedReboot(this.#parts.state, this.#parts.config.actions);
    return nextRebootMs(sources, nowMs);
  }

  #run(): Promise<void> {
    if (this.#isStopped || !maySend(this.#parts)) return Promise.resolve();
    this.#running = this.#runner.run().then(() => {
      this.#wantForNewRequests();
      this.#arm();
    });
    return this.#running;
  }

  /** Requests that arose during the session and were not sent in it need another one. */
  #wantForNewRequests(): void {
    if (this.#hasNewRequests && this.#parts.requests.pending().length > 0) {
      this.#parts.schedule.want();
    }
    this.#hasNewRequests = false;
  }
}
