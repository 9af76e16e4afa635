import type { CwmpType } from "./parameter-tree.ts";

/** A value in canonical form, or why it is refused (fault 9007). */
export type CheckedValue = { readonly value: string } | { readonly reason: string };

/** Checks the text of one parameter. */
export type ValueCheck = (text: string) => CheckedValue;

/** xsd:boolean; canonical `true`/`false`. */
export const checkBoolean: ValueCheck = (text) => {
  if (text === "1" || text === "true") return { value: "true" };
  if (text === "0" || text === "false") return { value: "false" };
  return { reason: "is no boolean" };
};

/** xsd:unsignedInt within bounds; canonical without leading zeros. */
export function checkUnsignedInt(min: number, max = 4_294_967_295): ValueCheck {
  return (text) => {
    const trimmed = text.trim();
    if (!/^\+?\d{1,20}$/.test(trimmed)) return { reason: "is no unsigned integer" };
    const number = Number(trimmed);
    if (number < min || number > max) return { reason: `is outside ${min}..${max}` };
    return { value: String(number) };
  };
}

/** xsd:int within bounds; canonical without leading zeros or plus sign. */
export function checkInt(min: number, max = 2_147_483_647): ValueCheck {
  return (text) => {
    const trimmed = text.trim();
    if (!/^[+-]?\d{1,20}$/.test(trimmed)) return { reason: "is no integer" };
    const number = Number(trimmed);
    if (number < min || number > max) return { reason: `is outside ${min}..${max}` };
    return { value: String(number) };
  };
}

/** A string of at most `maxLength` characters; one beyond the basic plane counts once, as in XML. */
export function checkString(maxLength: number): ValueCheck {
  return (text) =>
    text.length > maxLength && (text.length > 2 * maxLength || Array.from(text).length > maxLength)
      ? { reason: `is longer than ${maxLength} characters` }
      : { value: text };
}

/** One of a few texts, written exactly so. */
export function checkOneOf(texts: readonly string[]): ValueCheck {
  return (text) =>
    texts.includes(text) ? { value: text } : { reason: `is none of ${texts.join(", ")}` };
}

/** Longest value of any parameter, in characters. What a device takes may be shorter, which it says itself. */
export const longestValue = 65_536;

/** An http or https URL without userinfo, as ManagementServer.URL must be. Kept as written. */
export const checkHttpUrl: ValueCheck = (text) => {
  if (text.length > 256) return { reason: "is longer than 256 characters" };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    return { reason: "is no http or https URL" };
  }
  if (url.username !== "" || url.password !== "") return { reason: "must not contain userinfo" };
  return { value: text };
};

const dateTimePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?$/;

/** xsd:dateTime, with or without fraction and zone (TR-106a15 §3.2.1). Kept as written, so that it reads back alike. */
export const checkDateTime: ValueCheck = (text) => {
  if (!dateTimePattern.test(text) || Number.isNaN(parseDateTimeMs(text))) {
    return { reason: "is no dateTime" };
  }
  return { value: text };
};

/** Epoch milliseconds of a dateTime; without zone it is UTC. NaN when it is none. */
export function parseDateTimeMs(text: string): number {
  return Date.parse(/(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`);
}

/** Unknown Time (TR-106a15 §3.2.1). */
export const unknownTime = "0001-01-01T00:00:00Z";

/** The value that says least in a type, valid in it (TR-106a15 §3.2). */
export function emptyValue(type: CwmpType): string {
  switch (type) {
    case "string":
    case "base64":
    case "hexBinary":
      return "";
    case "boolean":
      return "false";
    case "dateTime":
      return unknownTime;
    case "int":
    case "unsignedInt":
    case "long":
    case "unsignedLong":
      return "0";
  }
}

/** Whether a dateTime stands for Unknown Time, or for a time since boot, which no phase can be taken from. */
export function isUnknownTime(text: string): boolean {
  return parseDateTimeMs(text) < Date.UTC(1000, 0, 1) || Number.isNaN(parseDateTimeMs(text));
}
