import { Missing } from "../evaluate/datum.ts";
import { compilePattern } from "../../shared/regex.ts";
import * as numbers from "./numbers.ts";
import * as octets from "./octets.ts";
import * as status from "./status.ts";
import * as text from "./text.ts";
import type { Transform, TransformDefinition } from "./transform.ts";

/** Transforms without argument. */
const plain = {
  trim: [
    text.trim,
    "Removes edge blanks (strings are trimmed anyway; for texts cut out of others).",
  ],
  firstLine: [text.firstLine, "The text up to the first line end."],
  oneLine: [text.oneLine, "Runs of blanks and line ends become one blank."],
  upperCase: [text.upperCase, "Upper case."],
  number: [
    numbers.number,
    "The number in a text of digits; blanks and thousands separators are ignored.",
  ],
  notNegative: [
    numbers.notNegative,
    "Passes numbers from 0 only (RFC 3805 specials are no amounts).",
  ],
  ticksToSeconds: [numbers.ticksToSeconds, "Whole seconds of a TimeTicks value."],
  upTimeToDate: [
    numbers.upTimeToDate,
    "Instant of a sysUpTime reading (prtAlertTime), to the minute.",
  ],
  hex: [octets.hex, "Octets in hexadecimal."],
  unsigned: [
    octets.unsigned,
    "Octets as one unsigned number, most significant first, at most six.",
  ],
  macAddress: [
    octets.macAddress,
    "aa:bb:cc:dd:ee:ff of six octets or hexadecimal text; zeros and group addresses are passed over.",
  ],
  universalMac: [
    octets.universalMac,
    "After macAddress: passes over locally administered addresses.",
  ],
  dateAndTime: [octets.dateAndTime, "SMIv2 DateAndTime (8 or 11 octets) as a dateTime in UTC."],
  pmlText: [
    octets.pmlText,
    "Removes the two octets HP and Brother put before PML strings, where they are there.",
  ],
  subUnitStatus: [status.subUnitStatus, "PrtSubUnitStatusTC as a list of subunit states."],
  errorStateReasons: [
    status.errorStateReasons,
    "hrPrinterDetectedErrorState bits as a list of state reasons.",
  ],
} as const satisfies Readonly<Record<string, readonly [Transform, string]>>;

/** Transforms that take an argument, written `{ name: argument }`. */
const withArgument = {
  regex: {
    argument: "text",
    description:
      "What the first group of the RE2 pattern finds (all of it without a group); passed over without match.",
  },
  replace: {
    argument: "replacement",
    description: "Replaces every match: { pattern: RE2, with: text }.",
  },
  before: { argument: "text", description: "Text before the first occurrence of the argument." },
  after: {
    argument: "text",
    description: "Text after the first occurrence; passed over when there is none.",
  },
  ieee1284: {
    argument: "text",
    description:
      "A field of an IEEE 1284 device id: MFG, MDL, CMD, CLS, DES, SN find the long forms too.",
  },
  multiply: { argument: "number", description: "Product, rounded to a whole number." },
  divide: { argument: "number", description: "Quotient, rounded to a whole number." },
  reject: {
    argument: "values",
    description:
      'Passes over the listed values (text compared without case), e.g. placeholders such as "unknown".',
  },
  brotherRecord: {
    argument: "brotherRecord",
    description:
      "Value of the record with this id (two hexadecimal digits) in Brother's brInfo blobs; shares in % × 100.",
  },
} as const satisfies Readonly<Record<string, TransformDefinition>>;

/** Names of transforms without an argument. */
export type PlainTransform = keyof typeof plain;
/** Names of transforms that take an argument. */
export type ArgumentTransform = keyof typeof withArgument;

/** Names of the transforms without argument. */
export const plainTransforms = Object.keys(plain) as [PlainTransform, ...PlainTransform[]];

/** Every transform with its description, for documentation and linter. */
export const transformDefinitions: Readonly<Record<string, TransformDefinition>> = {
  ...Object.fromEntries(
    Object.entries(plain).map(([name, [, description]]) => [
      name,
      { argument: "none", description },
    ]),
  ),
  ...withArgument,
};

/** Argument of a transform as files give it. */
export type TransformArgument =
  | string
  | number
  | readonly (string | number)[]
  | { readonly pattern: string; readonly with: string };

/** One step as files give it: a name, or one name with its argument. */
export type TransformStep =
  PlainTransform | { readonly [name in ArgumentTransform]?: TransformArgument | undefined };

/** Makes the function of a step, or says as text what is wrong with it. */
export function makeTransform(step: TransformStep): Transform | string {
  if (typeof step === "string") return plain[step][0];
  const given = Object.entries(step);
  const [name, argument] = given[0] ?? [];
  if (argument === undefined || given.length !== 1) return "a step is one transform, not several";
  return makeWithArgument(name as ArgumentTransform, argument);
}

function makeWithArgument(
  name: ArgumentTransform,
  argument: TransformArgument,
): Transform | string {
  switch (name) {
    case "regex":
      return withPattern(argument, text.capture);
    case "replace":
      if (typeof argument !== "object" || !("pattern" in argument))
        return "pattern and with are missing";
      return withPattern(argument.pattern, (pattern) => text.replace(pattern, argument.with));
    case "before":
      return text.before(textOf(argument));
    case "after":
      return text.after(textOf(argument));
    case "ieee1284":
      return text.ieee1284(textOf(argument));
    case "multiply":
      return numbers.multiply(Number(argument));
    case "divide":
      return Number(argument) === 0
        ? "nothing can be divided by 0"
        : numbers.divide(Number(argument));
    case "reject":
      return rejecting(Array.isArray(argument) ? argument : [textOf(argument)]);
    case "brotherRecord":
      return octets.brotherRecord(textOf(argument));
  }
}

/** The schema lets only texts and numbers through where a text is asked for. */
function textOf(argument: TransformArgument): string {
  return typeof argument === "object" ? "" : argument.toString();
}

function withPattern(
  argument: TransformArgument,
  make: (pattern: Exclude<ReturnType<typeof compilePattern>, string>) => Transform,
): Transform | string {
  const pattern = compilePattern(textOf(argument));
  return typeof pattern === "string" ? `the pattern is wrong: ${pattern}` : make(pattern);
}

const placeholder = new Missing("a placeholder");

function rejecting(values: readonly (string | number)[]): Transform {
  const refused = new Set(values.map((value) => String(value).toLowerCase()));
  return (value, context) => {
    const text = typeof value === "number" ? value.toString() : context.text(value);
    return refused.has(text.toLowerCase()) ? placeholder : value;
  };
}
