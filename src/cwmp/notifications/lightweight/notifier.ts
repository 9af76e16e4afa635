import { randomBytes } from "node:crypto";
import type { CancelTimer, Clock } from "../../../shared/clock.ts";
import { errorText } from "../../../shared/errors.ts";
import { bareHost } from "../../../shared/hosts.ts";
import { logger } from "../../../shared/log.ts";
import type { EndpointState } from "../../endpoint/endpoint-state.ts";
import type { DeviceId } from "../../endpoint-store.ts";
import type { ManagementServer } from "../../management-server/management-server.ts";
import type { Notifications } from "../notifications.ts";
import type { ParameterValue } from "../../parameter-tree.ts";
import { nextPeriodicMs } from "../../events/periodic.ts";
import type { MergedTree } from "../../tree/merged-tree.ts";
import { encodeNotification, frameNotification } from "./notification-message.ts";
import type { DatagramSender } from "./udp-sender.ts";

const log = logger("cwmp.notifications.lightweight.notifier");

/** Room for parameters in a datagram that no link has to split. */
const roomBytes = 900;
/** Longest value a datagram can carry at all. */
const largestValueBytes = 60_000;
/** Parameters that wait; beyond them the ACS has to look itself. */
const mostPending = 1_000;
/** Changes within this time go out together: a device that flutters must not flood the ACS. */
const shortestGapMs = 1_000;

/** What notifications of one endpoint are made of. */
export interface LightweightParts {
  readonly deviceId: DeviceId;
  readonly clock: Clock;
  readonly sender: DatagramSender;
  readonly state: EndpointState;
  readonly management: ManagementServer;
  readonly tree: MergedTree;
  readonly notifications: Notifications;
}

/**
 * Lightweight notifications of one endpoint (TR-069a6 Annex M): active ones at once, passive ones with the next active
 * one or when their time has come. Nobody acknowledges them, so none is repeated.
 */
export class LightweightNotifier {
  readonly #parts: LightweightParts;
  readonly #pending = new Set<string>();
  #isUrgent = false;
  #sentAtMs = -Infinity;
  #cancelTimer: CancelTimer | undefined;

  constructor(parts: LightweightParts) {
    this.#parts = parts;
  }

  /** Changed parameters that are to be told so. Nothing waits while no protocol is switched on. */
  note(paths: readonly string[], isActive: boolean): void {
    if (!this.#isOn()) return;
    for (const path of paths) if (this.#pending.size < mostPending) this.#pending.add(path);
    this.#isUrgent ||= isActive;
    this.arm();
  }

  /** Waits for the next time to send; called anew when settings changed. */
  arm(): void {
    this.stop();
    if (this.#pending.size === 0 || !this.#isOn()) return;
    const { clock } = this.#parts;
    const nowMs = clock.nowMs();
    const dueAtMs = this.#isUrgent ? this.#sentAtMs + shortestGapMs : this.#triggerMs(nowMs);
    if (dueAtMs === undefined) return;
    this.#cancelTimer = clock.after(Math.max(0, dueAtMs - nowMs), () => {
      void this.#flush();
    });
  }

  /** Sends nothing more by itself. */
  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #isOn(): boolean {
    return this.#parts.management.text("LightweightNotificationProtocolsUsed") === "UDP";
  }

  // TR-181i2 LightweightNotificationTriggerInterval: 0 leaves passive ones to the next active one.
  #triggerMs(nowMs: number): number | undefined {
    const { management, state } = this.#parts;
    const intervalS = management.number("LightweightNotificationTriggerInterval");
    if (intervalS === 0) return undefined;
    const time = management.text("LightweightNotificationTriggerTime");
    return nextPeriodicMs(nowMs, { intervalS, time, identity: state.endpointId });
  }

  /** Never rejects. */
  async #flush(): Promise<void> {
    const { clock, state, tree, notifications } = this.#parts;
    const device = state.endpointId;
    const paths = [...this.#pending];
    this.#pending.clear();
    this.#isUrgent = false;
    this.#sentAtMs = clock.nowMs();
    const values = paths.flatMap((path) => tree.get(path) ?? []);
    try {
      for (const some of inDatagrams(values)) await this.#send(some);
      // What Informs are to tell as well stays unreported until one has told it.
      const told = paths.filter((path) => notifications.isOnlyLightweight(path));
      await state.commit({ setReported: notifications.toReport(told) });
    } catch (error) {
      log.warn("lightweight notification not sent", { device, reason: errorText(error) });
    }
  }

  async #send(values: readonly ParameterValue[]): Promise<void> {
    const { deviceId, management, tree, clock, sender } = this.#parts;
    const named = tree.naming();
    const document = encodeNotification({
      deviceId,
      username: management.text("Username"),
      cnonce: randomBytes(16).toString("hex"),
      atMs: clock.nowMs(),
      parameters: values.map((value) => ({ ...value, path: named(value.path) })),
    });
    const host = management.text("UDPLightweightNotificationHost") || hostOf(management);
    const port = management.number("UDPLightweightNotificationPort");
    const target = { host, port, password: management.text("Password") };
    await sender.send(frameNotification(document, target), host, port);
  }
}

function hostOf(management: ManagementServer): string {
  return bareHost(new URL(management.text("URL")).hostname);
}

/** Values in groups that fit a datagram each. */
function inDatagrams(values: readonly ParameterValue[]): readonly (readonly ParameterValue[])[] {
  const groups: ParameterValue[][] = [];
  let room = 0;
  for (const value of values) {
    const size = Buffer.byteLength(value.path) + Buffer.byteLength(value.value) + 80;
    if (size > largestValueBytes) {
      log.warn("value too long for a lightweight notification", { path: value.path });
      continue;
    }
    if (size > room) {
      groups.push([]);
      room = roomBytes;
    }
    groups.at(-1)?.push(value);
    room -= size;
  }
  return groups;
}
