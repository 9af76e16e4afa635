import type { EventEntry } from "../soap/message.ts";

/**
 * What becomes of an event that could not be delivered: `keep` for ever, keep `untilReboot` of the device, or `drop`
 * with the session that carried it.
 */
export type EventRetention = "keep" | "untilReboot" | "drop";

/** What the ACS must answer before an event counts as delivered; `inform` is InformResponse. */
export type EventDelivery =
  | "inform"
  | "TransferComplete"
  | "AutonomousTransferComplete"
  | "RequestDownload"
  | "Kicked"
  | "DUStateChangeComplete"
  | "AutonomousDUStateChangeComplete";

interface EventRule {
  readonly retention: EventRetention;
  /** Absent: `inform`. */
  readonly delivery?: EventDelivery;
}

/** Event codes and their rules (TR-069a6 §3.7.1.5). */
const eventRules = {
  "0 BOOTSTRAP": { retention: "keep" },
  "1 BOOT": { retention: "untilReboot" },
  "2 PERIODIC": { retention: "keep" },
  "3 SCHEDULED": { retention: "keep" },
  "4 VALUE CHANGE": { retention: "untilReboot" },
  "5 KICKED": { retention: "untilReboot", delivery: "Kicked" },
  "6 CONNECTION REQUEST": { retention: "drop" },
  "7 TRANSFER COMPLETE": { retention: "keep", delivery: "TransferComplete" },
  "8 DIAGNOSTICS COMPLETE": { retention: "untilReboot" },
  "9 REQUEST DOWNLOAD": { retention: "untilReboot", delivery: "RequestDownload" },
  "10 AUTONOMOUS TRANSFER COMPLETE": {
    retention: "keep",
    delivery: "AutonomousTransferComplete",
  },
  "11 DU STATE CHANGE COMPLETE": { retention: "keep", delivery: "DUStateChangeComplete" },
  "12 AUTONOMOUS DU STATE CHANGE COMPLETE": {
    retention: "keep",
    delivery: "AutonomousDUStateChangeComplete",
  },
  "13 WAKEUP": { retention: "untilReboot" },
  "14 HEARTBEAT": { retention: "drop" },
  "M Reboot": { retention: "keep" },
  "M ScheduleInform": { retention: "keep" },
  "M Download": { retention: "keep", delivery: "TransferComplete" },
  "M ScheduleDownload": { retention: "keep", delivery: "TransferComplete" },
  "M Upload": { retention: "keep", delivery: "TransferComplete" },
  "M ChangeDUState": { retention: "keep", delivery: "DUStateChangeComplete" },
} as const satisfies Readonly<Record<string, EventRule>>;
/** The event codes this version sends. */
export type EventCode = keyof typeof eventRules;

/** Retention of any code; one stored by a newer version of this program is kept. */
export function retentionOf(eventCode: string): EventRetention {
  return ruleOf(eventCode).retention;
}

/** What delivers any code. */
export function deliveryOf(eventCode: string): EventDelivery {
  return ruleOf(eventCode).delivery ?? "inform";
}

function ruleOf(eventCode: string): EventRule {
  return isEventCode(eventCode) ? eventRules[eventCode] : { retention: "keep" };
}

/** Whether `code` is that of an event: one of the standard's, of a vendor, or of a vendor's method. */
export function isEventName(code: string): boolean {
  return isEventCode(code) || /^(?:X [0-9A-F]{6} .+|M X_\S+)$/.test(code);
}

/** Whether this version knows the code. */
function isEventCode(code: string): code is EventCode {
  return Object.hasOwn(eventRules, code);
}

/** `Event` holds at most this many entries (CWMP XSD). */
const mostEvents = 64;

/** What an `M` event is never sent without (TR-069a6 §3.7.1.5). `1 BOOT` of `M Reboot` is queued together with it. */
const companions: ReadonlyMap<string, EventCode> = new Map([
  ["M ScheduleInform", "3 SCHEDULED"],
  ["M Download", "7 TRANSFER COMPLETE"],
  ["M ScheduleDownload", "7 TRANSFER COMPLETE"],
  ["M Upload", "7 TRANSFER COMPLETE"],
  ["M ChangeDUState", "11 DU STATE CHANGE COMPLETE"],
]);

/**
 * The event list of the next Inform: single events first, so that none is cut off, then `M` events, oldest first. Single
 * events occur once and have an empty CommandKey; `M` events once per CommandKey, with the single event that goes with
 * them. What is left over when there are more than 64 waits for the next session.
 */
export function selectInformEvents(pending: readonly EventEntry[]): readonly EventEntry[] {
  const singles = new Set<string>();
  const multiple = new Map<string, EventEntry>();
  for (const event of pending) {
    if (!isMultiple(event.eventCode)) singles.add(event.eventCode);
    else if (!multiple.has(keyOf(event))) multiple.set(keyOf(event), event);
  }
  for (const { eventCode } of multiple.values()) {
    const companion = companions.get(eventCode);
    if (companion !== undefined) singles.add(companion);
  }
  return [
    ...[...singles].map((eventCode) => ({ eventCode, commandKey: "" })),
    ...[...multiple.values()].map(({ eventCode, commandKey }) => ({ eventCode, commandKey })),
  ].slice(0, mostEvents);
}

/** The pending events that an Inform with `sent` delivers as soon as it is answered. */
export function deliveredBy<Pending extends EventEntry>(
  sent: readonly EventEntry[],
  pending: readonly Pending[],
): readonly Pending[] {
  const keys = new Set(
    sent.filter(({ eventCode }) => deliveryOf(eventCode) === "inform").map(keyOf),
  );
  return pending.filter((event) => keys.has(keyOf(event)));
}

function keyOf({ eventCode, commandKey }: EventEntry): string {
  return isMultiple(eventCode) ? `${eventCode}\n${commandKey}` : eventCode;
}

function isMultiple(eventCode: string): boolean {
  return eventCode.startsWith("M ");
}
