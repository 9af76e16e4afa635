/** Times of the week, in the local time of the box. */
export interface MaintenanceWindow {
  /** As written: `Sat 22:00-06:00`. */
  readonly text: string;
  /** Days it begins on, 0 = Sunday as in `Date.getDay`. */
  readonly days: ReadonlySet<number>;
  /** Minutes after midnight; `toMinute` is of the next day when it is not after `fromMinute`. */
  readonly fromMinute: number;
  readonly toMinute: number;
}

const dayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const everyDay: ReadonlySet<number> = new Set(dayNames.keys());
const minutesPerDay = 1_440;
const minuteMs = 60_000;

/**
 * `Sat 22:00-06:00`, `Mon-Fri 01:00-05:00`, `Mon,Thu 12:00-13:00`, `22:00-06:00` for every day; 24:00 is the end of a day.
 * Undefined for anything else, also for a window that ends when it begins.
 */
export function parseMaintenanceWindow(text: string): MaintenanceWindow | undefined {
  const match = /^(?:([A-Za-z,-]+) )?(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text);
  const [, daysText, fromText = "", toText = ""] = match ?? [];
  const days = daysText === undefined ? everyDay : parseDays(daysText);
  const fromMinute = parseMinute(fromText);
  const toMinute = parseMinute(toText);
  if (match === null || days === undefined) return undefined;
  if (fromMinute === undefined || toMinute === undefined) return undefined;
  if (fromMinute === toMinute || fromMinute === minutesPerDay) return undefined;
  return { text, days, fromMinute, toMinute };
}

function parseDays(text: string): ReadonlySet<number> | undefined {
  const days = new Set<number>();
  for (const part of text.split(",")) {
    const [first = "", last = first, ...more] = part.split("-");
    const from = dayNumber(first);
    const to = dayNumber(last);
    if (from === undefined || to === undefined || more.length > 0) return undefined;
    for (let day = from; ; day = (day + 1) % dayNames.length) {
      days.add(day);
      if (day === to) break;
    }
  }
  return days;
}

function dayNumber(name: string): number | undefined {
  const day = dayNames.findIndex((known) => known.toLowerCase() === name.toLowerCase());
  return day < 0 ? undefined : day;
}

function parseMinute(text: string): number | undefined {
  if (text === "24:00") return minutesPerDay;
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
}

/** Whether the window is open at a moment (epoch milliseconds). */
export function isOpen({ days, fromMinute, toMinute }: MaintenanceWindow, atMs: number): boolean {
  const at = new Date(atMs);
  const minute = at.getHours() * 60 + at.getMinutes();
  const today = at.getDay();
  const yesterday = (today + dayNames.length - 1) % dayNames.length;
  if (fromMinute < toMinute) return days.has(today) && minute >= fromMinute && minute < toMinute;
  const isBegun = days.has(today) && minute >= fromMinute;
  return isBegun || (days.has(yesterday) && minute < toMinute);
}

/** When the window opens next after a moment, epoch milliseconds. */
export function nextOpening({ days, fromMinute }: MaintenanceWindow, afterMs: number): number {
  const at = new Date(afterMs);
  for (let ahead = 0; ; ahead++) {
    const begin = new Date(at.getFullYear(), at.getMonth(), at.getDate() + ahead, 0, fromMinute);
    if (days.has(begin.getDay()) && begin.getTime() > afterMs) return begin.getTime();
  }
}

/** `Sat 2026-11-28 22:00`, for people at the box. */
export function localMinute(atMs: number): string {
  const shifted = new Date(atMs - new Date(atMs).getTimezoneOffset() * minuteMs);
  const [date = "", time = ""] = shifted.toISOString().split("T");
  return `${dayNames[shifted.getUTCDay()] ?? ""} ${date} ${time.slice(0, 5)}`;
}
