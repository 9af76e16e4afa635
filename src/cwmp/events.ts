import type { EventEntry } from "./soap/message.ts";

/**
 * What becomes of an event that could not be delivered: `keep` for ever, keep `untilReboot` of the device, or `drop`
 * with the session that carried it.
 */
export type EventRetention = "keep" | "untilReboot" | "drop";

/** Event codes and their rules (TR-069a6 §3.7.1.5). All of these are delivered by InformResponse. */
export const eventRetention = {
  "0 BOOTSTRAP": "keep",
  "1 BOOT": "untilReboot",
  "2 PERIODIC": "keep",
  "4 VALUE CHANGE": "untilReboot",
  "6 CONNECTION REQUEST": "drop",
  "M Reboot": "keep",
} as const satisfies Readonly<Record<string, EventRetention>>;
/** The event codes this version sends. */
export type EventCode = keyof typeof eventRetention;

/** Retention of any code; one stored by a newer version of this program is kept. */
export function retentionOf(eventCode: string): EventRetention {
  return isEventCode(eventCode) ? eventRetention[eventCode] : "keep";
}

/** Whether this version knows the code. */
function isEventCode(code: string): code is EventCode {
  return Object.hasOwn(eventRetention, code);
}

/** `Event` holds at most this many entries (CWMP XSD). */
const mostEvents = 64;

/**
 * The Event array of the next Inform: single events at most once, `M …` events once per CommandKey, oldest first. Beyond
 * 64 the rest waits for the next session. Empty for a retry after everything was delivered.
 * @see TR-069a6 §3.7.1.5
 */
export function selectInformEvents(pending: readonly EventEntry[]): readonly EventEntry[] {
  const selected = new Map<string, EventEntry>();
  for (const { eventCode, commandKey } of pending) {
    const entry = { eventCode, commandKey: isMultiple(eventCode) ? commandKey : "" };
    const key = keyOf(entry);
    if (!selected.has(key)) selected.set(key, entry);
  }
  return [...selected.values()].slice(0, mostEvents);
}

/** The pending events that an Inform with `sent` delivered. */
export function deliveredBy<Pending extends EventEntry>(
  sent: readonly EventEntry[],
  pending: readonly Pending[],
): readonly Pending[] {
  const keys = new Set(sent.map(keyOf));
  return pending.filter((event) => keys.has(keyOf(event)));
}

function keyOf({ eventCode, commandKey }: EventEntry): string {
  return isMultiple(eventCode) ? `${eventCode}\n${commandKey}` : eventCode;
}

function isMultiple(eventCode: string): boolean {
  return eventCode.startsWith("M ");
}
