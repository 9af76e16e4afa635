import type { Pattern } from "../../shared/regex.ts";
import { deviceIdKey, parseDeviceId } from "../../southbound/device-id.ts";
import { Missing } from "../evaluate/datum.ts";
import type { Transform } from "./transform.ts";

const noMatch = new Missing("its text does not match");
const noField = new Missing("no such field in the IEEE 1284 device id");

/** Text without edge blanks. */
export const trim: Transform = (value, context) => context.text(value).trim();

/** Text up to the first line end. */
export const firstLine: Transform = (value, context) =>
  (context.text(value).split(/[\r\n]/, 1)[0] ?? "").trim();

/** Runs of blanks and line ends become one blank. */
export const oneLine: Transform = (value, context) =>
  context.text(value).replace(/\s+/g, " ").trim();

/** Upper case. */
export const upperCase: Transform = (value, context) => context.text(value).toUpperCase();

/** Lower case. */
export const lowerCase: Transform = (value, context) => context.text(value).toLowerCase();

/** `two-sided-long-edge` → `TwoSidedLongEdge`: a keyword in the Semantic Model's spelling (PWG 5108.1). */
export const pascalCase: Transform = (value, context) =>
  context
    .text(value)
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");

const notBase64 = new Missing("not base64");

/** Text that is written in base64 (RFC 4648 §4), in UTF-8. */
export const base64: Transform = (value, context) => {
  const written = context.text(value).trim();
  const octets = Buffer.from(written, "base64");
  return octets.toString("base64") === written ? octets.toString("utf8") : notBase64;
};

/** What the first group of `pattern` finds. */
export function capture(pattern: Pattern): Transform {
  return (value, context) => pattern.capture(context.text(value))?.trim() ?? noMatch;
}

/** Every match of `pattern` replaced. */
export function replace(pattern: Pattern, replacement: string): Transform {
  return (value, context) => pattern.replaceAll(context.text(value), replacement).trim();
}

/** Text before the first `separator`; all of it when there is none. */
export function before(separator: string): Transform {
  return (value, context) => (context.text(value).split(separator, 1)[0] ?? "").trim();
}

/** Text after the first `separator`; missing when there is none. */
export function after(separator: string): Transform {
  return (value, context) => {
    const text = context.text(value);
    const at = text.indexOf(separator);
    return at < 0 ? noMatch : text.slice(at + separator.length).trim();
  };
}

/** One field of an IEEE 1284 device id, under its short key or a long one (`MFG`, `MANUFACTURER`); an empty one is none. */
export function ieee1284(key: string): Transform {
  const wanted = deviceIdKey(key);
  return (value, context) => parseDeviceId(context.text(value))[wanted] ?? noField;
}
