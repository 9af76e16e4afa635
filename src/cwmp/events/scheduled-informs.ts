import { type EndpointState, internalSettings } from "../endpoint/endpoint-state.ts";
import type { EndpointChange } from "../endpoint-store.ts";
import { CwmpFault } from "../faults.ts";
import type { EventEntry } from "../soap/message.ts";
import { hasMembers, storedList, withList } from "../endpoint/stored-list.ts";

/** One ScheduleInform the ACS asked for. Once due it is an event, until an Inform that carried it was answered. */
interface ScheduledInform {
  readonly dueAtMs: number;
  readonly commandKey: string;
}

/** More at a time are refused. */
const mostScheduled = 32;

/**
 * Notes a ScheduleInform before it is answered.
 * @throws {CwmpFault} 9004 when too many are pending
 */
export function informScheduled(state: EndpointState, inform: ScheduledInform): EndpointChange {
  const scheduled = scheduledInforms(state);
  if (scheduled.length >= mostScheduled) {
    throw new CwmpFault(9004, `${mostScheduled} Informs are scheduled already`);
  }
  return withList(internalSettings.scheduledInforms, [...scheduled, inform]);
}

/** The `M ScheduleInform` events due by now; `3 SCHEDULED` goes with them. */
export function dueInformEvents(state: EndpointState, nowMs: number): readonly EventEntry[] {
  return scheduledInforms(state)
    .filter(({ dueAtMs }) => dueAtMs <= nowMs)
    .map(({ commandKey }) => ({ eventCode: "M ScheduleInform", commandKey }));
}

/** What is stored once an Inform with these events was answered; empty when nothing changes. */
export function withoutDelivered(
  state: EndpointState,
  delivered: readonly EventEntry[],
  nowMs: number,
): ReadonlyMap<string, string | undefined> {
  const keys = new Set(
    delivered.flatMap(({ eventCode, commandKey }) =>
      eventCode === "M ScheduleInform" ? [commandKey] : [],
    ),
  );
  if (keys.size === 0) return new Map();
  const left = scheduledInforms(state).filter(
    ({ dueAtMs, commandKey }) => dueAtMs > nowMs || !keys.has(commandKey),
  );
  return withList(internalSettings.scheduledInforms, left).setSettings;
}

/** When the next one after `afterMs` is due; undefined when none is. */
export function nextScheduledMs(state: EndpointState, afterMs: number): number | undefined {
  let next: number | undefined;
  for (const { dueAtMs } of scheduledInforms(state)) {
    if (dueAtMs > afterMs && dueAtMs < (next ?? Infinity)) next = dueAtMs;
  }
  return next;
}

function scheduledInforms(state: EndpointState): readonly ScheduledInform[] {
  return storedList(state, internalSettings.scheduledInforms, (value): value is ScheduledInform =>
    hasMembers(value, { dueAtMs: "number", commandKey: "string" }),
  );
}
