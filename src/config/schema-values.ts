import { z } from "zod";
import { durationPattern, parseDuration, parseListen, parseRange } from "./units.ts";

/** The building blocks of the configuration schema; the only file that knows the schema builder. */

/** What is said of a key besides its description; see `schema.ts`. */
export interface KeyNotes {
  readonly secret?: true;
  readonly notYet?: true;
  readonly sample?: string | number;
}

/** Adds description and keywords. No key is read again while the service runs, so all of them need a restart. */
export function key<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
  notes: KeyNotes = {},
): Schema {
  return schema.meta({ description, restart: "required", ...notes });
}

/** A message in the form of `ConfigProblem.text`: what is wrong; what to do. */
export function wrong(message: string): { readonly error: string } {
  return { error: message };
}

/** A mapping with these keys and no others. */
export const object = z.strictObject;

/** One of some words. */
export const choice = z.enum;

/** One of several forms. */
export const either = z.union;

/** Exactly these words or numbers. */
export const literal = z.literal;

/** Any text, also the empty one. */
export const anyText = () => z.string(wrong("is not text; put it in quotes"));

/** A list; `complaint` shows how to write one. */
export const list = <Item extends z.ZodType>(
  item: Item,
  complaint = "is not a list; begin each entry with a dash",
) => z.array(item, wrong(complaint));

/** Text with a form of its own, turned into a value. `limit` says what is wrong with a value of the right form. */
export function parsedText<Value>(
  parse: (text: string) => Value | undefined,
  complaint: string,
  options: {
    readonly pattern?: string;
    readonly limit?: (value: Value) => string | undefined;
  } = {},
) {
  const form = z.string(wrong(complaint));
  const noted = options.pattern === undefined ? form : form.meta({ pattern: options.pattern });
  return noted.transform((text, context) => {
    const value = parse(text);
    const message = value === undefined ? complaint : options.limit?.(value);
    if (value !== undefined && message === undefined) return value;
    context.addIssue({ code: "custom", message: message ?? complaint });
    return z.NEVER;
  });
}

/** Adds a check of keys against each other that turns them into one value. */
export function combined<Shape extends z.ZodType, Value>(
  schema: Shape,
  combine: (
    keys: z.output<Shape>,
  ) => { readonly value: Value } | { readonly path: readonly string[]; readonly message: string },
) {
  return schema.transform((keys, context): Value => {
    const result = combine(keys);
    if ("value" in result) return result.value;
    context.addIssue({ code: "custom", message: result.message, path: [...result.path] });
    return z.NEVER;
  });
}

/**
 * A mapping, or `false` for "there is none", which becomes undefined. Not a union: of that, nobody would be told which key of
 * the mapping is wrong.
 */
export function orNone<Schema extends z.ZodType>(schema: Schema) {
  const form = { ...z.toJSONSchema(schema, { io: "input" }), $schema: undefined };
  const written = z.unknown().meta({ ...form, type: ["object", "boolean"] });
  return written.transform((value, context): z.output<Schema> | undefined => {
    if (value === false) return undefined;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    // What one schema reports is what another one takes, with the message filled in already.
    for (const issue of result.error.issues) context.issues.push(issue as z.core.$ZodRawIssue);
    return z.NEVER;
  });
}

const longestDurationMs = 365 * 86_400_000;

/** Milliseconds, from `leastMs` to a year. */
export const duration = (leastMs: number) =>
  parsedText(
    parseDuration,
    "is not a duration; write a number with its unit, such as 30s, 15m, 6h or 1d",
    {
      pattern: durationPattern,
      limit: (ms) =>
        ms >= leastMs && ms <= longestDurationMs
          ? undefined
          : `is out of range; choose from ${leastMs / 1_000}s to 365d`,
    },
  );

/** Where to listen. */
export const listen = () =>
  parsedText(
    parseListen,
    "is not an address to listen on; write host:port, such as 127.0.0.1:8632",
  );

/** host:port of a server. */
export const server = () => parsedText(parseListen, "is not a server; write host:port");

const rangeComplaint =
  "is not an IPv4 range; write it as 192.0.2.0/24, or 192.0.2.7 for one address";

/** Any IPv4 range, as CIDR. */
export const range = () => parsedText((text) => parseRange(text)?.cidr, rangeComplaint);

/** A sweep of more than a /12 would take half an hour at the usual rate and is a slip of the finger. */
const largestSweep = 2 ** 20;

/** An IPv4 range that may be searched, as CIDR. */
export const sweepRange = () =>
  parsedText(parseRange, rangeComplaint, {
    limit: ({ first, last }) =>
      last - first < largestSweep
        ? undefined
        : "is larger than a /12 (1,048,576 addresses); name the networks that have printers, each a /12 or smaller",
  }).transform(({ cidr }) => cidr);

/** A whole number within bounds, both included. */
export const count = (least: number, most: number) =>
  z
    .int(wrong(`is not a whole number; write one from ${least} to ${most}`))
    .min(least, wrong(`is too small; the least is ${least}`))
    .max(most, wrong(`is too large; the most is ${most}`));

/** A TCP or UDP port to connect to. */
export const port = () => count(1, 65_535);

/** Not empty; numbers must be quoted, because YAML would drop leading zeros and turn 2.10 into 2.1. */
export const text = (complaint = "is not text; put it in quotes") =>
  z.string(wrong(complaint)).min(1, wrong("is empty; give a value or remove the key"));

/** true or false. */
export const flag = () =>
  z.boolean(wrong("is neither true nor false; write one of them without quotes"));

/** IP address or DNS name. */
export const hostName = () =>
  text().regex(
    /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$|^[0-9A-Fa-f:]+$/,
    wrong("is not a host; write an IP address or a DNS name without scheme, port or path"),
  );

/** An absolute address with one of these schemes; `orWord` is accepted as well. */
export const url = (schemes: readonly string[], orWord?: string) =>
  text().refine(
    (value) => value === orWord || isUrl(value, schemes),
    wrong(`is not an address; write it in full, beginning with ${schemes[0] ?? ""}://`),
  );

function isUrl(value: string, schemes: readonly string[]): boolean {
  return URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1));
}

/** One mistake as the schema reports it. */
export type SchemaIssue = z.core.$ZodIssue;

/** What a schema makes of a value. */
export type Output<Schema extends z.ZodType> = z.output<Schema>;

/** A schema as JSON Schema (2020-12) of what may be written, our keywords included. */
export function toJsonSchema(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, { io: "input" });
}
