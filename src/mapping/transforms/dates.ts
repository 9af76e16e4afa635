import { formatDateTime } from "../../model/values.ts";
import { Missing } from "../evaluate/datum.ts";
import type { Transform } from "./transform.ts";

const notDate = new Missing("not a date of the form given");

/** Parts of a date pattern; months by number or English name, hours with AM/PM when the pattern has `A`. */
const parts: Readonly<Record<string, string>> = {
  YYYY: "(?<year>\\d{4})",
  MMM: "(?<name>[A-Za-z]{3,9})",
  MM: "(?<month>\\d{1,2})",
  DD: "(?<day>\\d{1,2})",
  HH: "(?<hour>\\d{1,2})",
  mm: "(?<minute>\\d{2})",
  ss: "(?<second>\\d{2})",
  A: "(?<half>[AaPp][Mm])",
};
const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/**
 * A date in the page's own form, such as `MM-DD-YYYY` or `DD.MM.YYYY HH:mm`, as a dateTime; taken for UTC, because
 * pages give no zone.
 *
 * @returns the transform, or what is wrong with the pattern
 */
export function date(pattern: string): Transform | string {
  if (!pattern.includes("YYYY") || !pattern.includes("DD") || !/MM/.test(pattern))
    return "a date pattern needs YYYY, MM or MMM, and DD";
  // Every part has a bounded length, so that matching cannot backtrack far.
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replace(/YYYY|MMM|MM|DD|HH|mm|ss|A/g, (part) => parts[part] ?? part);
  const form = new RegExp(`^${source}$`);
  return (value, context) => {
    const found = form.exec(context.text(value).trim().slice(0, 64))?.groups;
    const atMs = found === undefined ? Number.NaN : instantOf(found);
    return Number.isNaN(atMs) ? notDate : formatDateTime(atMs);
  };
}

function instantOf(found: Readonly<Record<string, string>>): number {
  const { year, name, month, day, hour = "0", minute = "0", second = "0", half } = found;
  const monthIndex =
    name === undefined ? Number(month) - 1 : months.indexOf(name.slice(0, 3).toLowerCase());
  if (!isTimeOfDay({ hour, minute, second, half })) return Number.NaN;
  const hours =
    half === undefined ? Number(hour) : (Number(hour) % 12) + (/^p/i.test(half) ? 12 : 0);
  const atMs = Date.UTC(
    Number(year),
    monthIndex,
    Number(day),
    hours,
    Number(minute),
    Number(second),
  );
  const made = new Date(atMs);
  // Date.UTC carries the 31st of a short month over into the next one.
  return made.getUTCMonth() === monthIndex && made.getUTCDate() === Number(day) ? atMs : Number.NaN;
}

/** Date.UTC would carry a 25th hour or a 75th minute over as well. */
function isTimeOfDay({
  hour,
  minute,
  second,
  half,
}: {
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  readonly half: string | undefined;
}): boolean {
  const [least, most] = half === undefined ? [0, 23] : [1, 12];
  const isHour = Number(hour) >= least && Number(hour) <= most;
  return isHour && Number(minute) <= 59 && Number(second) <= 59;
}
