import { Missing } from "../evaluate/datum.ts";
import { compilePattern } from "../../shared/regex.ts";
import { date } from "./dates.ts";
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
  lowerCase: [text.lowerCase, "Lower case."],
  pascalCase: [
    text.pascalCase,
    "A keyword in the Semantic Model's spelling: two-sided-long-edge becomes TwoSidedLongEdge.",
  ],
  base64: [text.base64, "Text of base64; passed over when it is none."],
  number: [
    numbers.number,
    "The number in a text of digits; blanks and thousands separators are ignored.",
  ],
  decimal: [
    numbers.decimal,
    "The number in a text with groups and decimals (2,260 · 314,159,265.35 · 1.234,5), rounded to a whole one.",
  ],
  percent: [numbers.percent, "The percentage in a text such as (63.00 %), 0 to 100, rounded."],
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
  ofFull: {
    argument: "number",
    description:
      "A gauge: leading number of the text (13, 13px) as percentage of the full scale given; passed over above it.",
  },
  date: {
    argument: "text",
    description:
      "A date in the page's form, by YYYY, MM or MMM, DD, HH, mm, ss, A (AM/PM), as dateTime; taken for UTC.",
  },
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
  return makers[name as ArgumentTransform](argument);
}

/** How a transform is made of its argument; a text says what is wrong with the argument. */
const makers: Readonly<
  Record<ArgumentTransform, (argument: TransformArgument) => Transform | string>
> = {
  regex: (argument) => withPattern(argument, text.capture),
  replace: (argument) =>
    typeof argument === "object" && "pattern" in argument
      ? withPattern(argument.pattern, (pattern) => text.replace(pattern, argument.with))
      : "pattern and with are missing",
  before: (argument) => text.before(textOf(argument)),
  after: (argument) => text.after(textOf(argument)),
  ieee1284: (argument) => text.ieee1284(textOf(argument)),
  multiply: (argument) => numbers.multiply(Number(argument)),
  divide: (argument) =>
    Number(argument) === 0 ? "nothing can be divided by 0" : numbers.divide(Number(argument)),
  ofFull: (argument) =>
    Number(argument) > 0 ? numbers.ofFull(Number(argument)) : "the full scale must be above 0",
  date: (argument) => date(textOf(argument)),
  reject: (argument) => rejecting(Array.isArray(argument) ? argument : [textOf(argument)]),
  brotherRecord: (argument) => octets.brotherRecord(textOf(argument)),
};

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
