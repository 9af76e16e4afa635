import { formatDateTime } from "../../model/values.ts";
import { Missing, wholeNumber } from "../evaluate/datum.ts";
import type { Transform } from "./transform.ts";

const notNumber = new Missing("not a number");
const negativeValue = new Missing("negative: other, unknown or some");
const neverHappened = new Missing("no time given");

/** The number in a text of digits; blanks and thousands separators are ignored. */
export const number: Transform = (value, context) => {
  if (typeof value === "number") return value;
  const text = context.text(value).replace(/[\s,'’]/g, "");
  return /^[+-]?\d{1,15}$/.test(text) ? Number(text) : notNumber;
};

/** A product rounded to a whole number. */
export function multiply(factor: number): Transform {
  return (value, context) => scaled(value, context, (n) => n * factor);
}

/** A quotient rounded to a whole number. */
export function divide(divisor: number): Transform {
  return (value, context) => scaled(value, context, (n) => n / divisor);
}

function scaled(
  value: Parameters<Transform>[0],
  context: Parameters<Transform>[1],
  scale: (n: number) => number,
): ReturnType<Transform> {
  const read = number(value, context);
  return typeof read === "number" ? Math.round(scale(read)) : read;
}

/** Passes numbers from 0; RFC 3805's specials are no amounts. */
export const notNegative: Transform = (value) => {
  const read = wholeNumber(value instanceof Uint8Array ? "" : value);
  if (read === undefined) return notNumber;
  return read < 0 ? negativeValue : read;
};

/** Whole seconds of a TimeTicks value. */
export const ticksToSeconds: Transform = (value) =>
  typeof value === "number" ? Math.floor(value / 100) : notNumber;

/**
 * Instant of a sysUpTime reading such as prtAlertTime, to the minute: printers are asked a little later each time, and
 * a finer figure would change with every poll. 0 means that the printer does not know.
 */
export const upTimeToDate: Transform = (value, context) => {
  if (typeof value !== "number" || value <= 0 || context.upTimeTicks === undefined)
    return neverHappened;
  const agoMs = (context.upTimeTicks - value) * 10;
  if (agoMs < 0) return neverHappened;
  return formatDateTime(Math.round((context.readAtMs - agoMs) / 60_000) * 60_000);
};

const notGrouped = new Missing("not a number with groups and decimals");

/** Groups of three by one separator; a leading 0 has no groups after it. */
const grouped = /^[+-]?[1-9]\d{0,2}(?:(?:,\d{3}){1,5}|(?:\.\d{3}){1,5})$/;
const englishDecimal = /^[+-]?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4})\.\d{1,9}$/;
const continentalDecimal = /^[+-]?(?:\d{1,15}|\d{1,3}(?:\.\d{3}){1,4}),\d{1,9}$/;

/**
 * A number as pages print it, rounded to a whole one: `2,260`, `314,159,265.35`, `1.234,5`. One separator before
 * exactly three digits groups thousands: counters in thousands are far more common than three decimals.
 */
export const decimal: Transform = (value, context) => {
  if (typeof value === "number") return Math.round(value);
  const text = context.text(value).replace(/[\s'’]/g, "");
  if (/^[+-]?\d{1,15}$/.test(text)) return Number(text);
  if (grouped.test(text)) return Number(text.replace(/[.,]/g, ""));
  if (englishDecimal.test(text)) return Math.round(Number(text.replaceAll(",", "")));
  if (!continentalDecimal.test(text)) return notGrouped;
  return Math.round(Number(text.replaceAll(".", "").replace(",", ".")));
};

const notShare = new Missing("no share of 100");

/** The percentage in a text: `(63.00 %)`, `63%`, `63`; nothing outside 0 to 100. */
export const percent: Transform = (value, context) => {
  const [, number = ""] =
    /(?<![\d.,-])(\d{1,3}(?:[.,]\d{1,6})?)\s*%?\s*\)?\s*$/.exec(context.text(value)) ?? [];
  const share = Math.round(Number(number.replace(",", ".")));
  return number !== "" && share <= 100 ? share : notShare;
};

/** A gauge: its height, width or count of pixels as percentage of the declared full scale. */
export function ofFull(full: number): Transform {
  return (value, context) => {
    const [, number = ""] = /^\s*(\d{1,6}(?:\.\d{1,6})?)/.exec(context.text(value)) ?? [];
    const share = Math.round((100 * Number(number)) / full);
    return number !== "" && share <= 100 ? share : notShare;
  };
}
