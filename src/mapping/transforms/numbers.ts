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
