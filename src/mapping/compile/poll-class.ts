import type { PollClass } from "../../model/snapshot.ts";

/** Poll class of templates by their beginning, where a file does not say; the first that fits counts. */
export const defaultPollClasses: readonly (readonly [string, PollClass])[] = [
  ["Counters.", "counters"],
  ["Marker.", "counters"],
  ["Supply.", "supplies"],
  ["InputTray.", "supplies"],
  ["OutputTray.", "supplies"],
  ["Alert.", "status"],
  ["Cover.", "status"],
  ["ConsoleLight.", "status"],
  ["General.State", "status"],
  ["General.ConsoleText", "status"],
  ["General.UpTime", "status"],
  ["General.SystemName", "settings"],
  ["General.SystemLocation", "settings"],
  ["General.OwnerContact", "settings"],
  ["Device.DeviceInfo.UpTime", "status"],
  ["Settings.", "settings"],
  ["Network.", "settings"],
  ["Processor.", "status"],
  ["", "identity"],
];

/** The class a template is polled in when neither parameter nor row set names one. */
export function defaultPollClass(template: string): PollClass {
  return (
    defaultPollClasses.find(([beginning]) => template.startsWith(beginning))?.[1] ?? "identity"
  );
}
