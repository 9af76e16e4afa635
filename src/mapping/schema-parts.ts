import { z } from "zod";
import { pollClasses } from "../model/snapshot.ts";
import { derivationNames } from "./derive/registry.ts";
import { plainTransforms } from "./transforms/registry.ts";

/** Dotted OBJECT IDENTIFIER without leading dot. */
export const oid = z
  .string()
  .regex(/^[0-2](\.\d{1,10}){1,127}$/, "not a dotted OID; write it in quotes without leading dot")
  .meta({ description: "OBJECT IDENTIFIER in quotes, no leading dot" });

/** A word or number as an SNMP value is compared with. */
const literal = z.union([z.string(), z.number(), z.boolean()]);

const text = z.string().min(1);
const note = text.max(600);

/** Transforms with an argument, one per step. */
const argumentStep = z.strictObject({
  regex: text.optional(),
  replace: z.strictObject({ pattern: text, with: z.string() }).optional(),
  before: text.optional(),
  after: text.optional(),
  ieee1284: text.optional(),
  multiply: z.number().optional(),
  divide: z.number().optional(),
  reject: z
    .array(z.union([z.string(), z.number()]))
    .min(1)
    .optional(),
  brotherRecord: z
    .string()
    .regex(/^[0-9a-fA-F]{2}$/, "two hexadecimal digits in quotes")
    .optional(),
});

/** Steps from the raw value to the model's. */
const transformList = z
  .array(z.union([z.enum(plainTransforms), argumentStep]))
  .min(1)
  .meta({ description: "steps in order; names of the closed list in docs/mapping-reference.md" });

/** Words for raw values: the name of a standard enumeration, or a table of its own ("*": everything else). */
const valueMap = z
  .union([text, z.record(z.string(), literal)])
  .meta({ description: 'enumeration by name, or { raw: word }; "*" is everything else' });

/** One arc, or several, of the index at which a column is read. */
const indexPart = z.strictObject({
  arc: z.int().optional(),
  constant: z.union([z.string(), z.number()]).optional(),
  column: oid.optional(),
  keyOf: oid.optional(),
});

/** One place a value comes from; exactly one kind key, then how to read it. */
export const sourceSchema = z.strictObject({
  snmp: oid.optional().meta({ description: "scalar: a complete instance OID" }),
  column: oid.optional().meta({ description: "the cell of this row in a column" }),
  at: z.array(indexPart).min(1).optional().meta({ description: "index to read the column at" }),
  lookup: oid.optional().meta({ description: "cells of a column in the rows that fulfil `where`" }),
  get where() {
    return z.array(conditionSchema).min(1).optional();
  },
  combine: z.enum(["first", "sum", "max", "min", "count", "join"]).optional(),
  separator: z.string().max(8).optional(),
  constant: literal.optional(),
  arc: z.int().optional().meta({ description: "number in the row's index: 1 first, -1 last" }),
  value: text
    .optional()
    .meta({ description: "another parameter: of the same row, or a full path" }),
  identity: z
    .enum(["manufacturer", "aliases", "model", "serialNumber", "macAddress", "deviceId"])
    .optional(),
  get sum() {
    return z.array(sourceSchema).min(2).optional();
  },
  missing: z
    .literal("zero")
    .optional()
    .meta({ description: "with sum: objects the printer does not have count as 0" }),
  get difference() {
    return z.array(sourceSchema).length(2).optional();
  },
  get firstOf() {
    return z.array(sourceSchema).min(2).optional();
  },
  derive: z.enum(derivationNames).optional(),
  get inputs() {
    return z.record(z.string(), sourceSchema).optional();
  },
  transform: transformList.optional(),
  values: valueMap.optional(),
  get when() {
    return z.array(conditionSchema).min(1).optional();
  },
});

/** A source and a test of its value; or a glob on the model, a comparison of the firmware. */
export const conditionSchema = sourceSchema.extend({
  model: text.optional().meta({ description: "glob on the model" }),
  firmware: z
    .string()
    .regex(/^(<|<=|>|>=|=)\s*\S+$/, 'a comparison such as "<2.10"')
    .optional(),
  get equals() {
    return z.union([literal, sourceSchema]).optional();
  },
  in: z.array(literal).min(1).optional(),
  notIn: z.union([z.array(literal).min(1), z.strictObject({ column: oid })]).optional(),
  matches: text.optional().meta({ description: "glob, * and ?, case does not matter" }),
  present: z.boolean().optional(),
  above: z.number().optional(),
  below: z.number().optional(),
});

/** The one way a parameter is written. */
const writeSchema = z.strictObject({
  snmp: oid.optional().meta({ description: "instance OID" }),
  column: oid.optional().meta({ description: "column OID; the row's own index is added" }),
  syntax: z.enum(["integer", "octetString", "objectIdentifier", "ipAddress", "gauge32"]),
  check: z.strictObject({
    maxOctets: z.int().min(0).max(65_535).optional(),
    charset: z.enum(["ascii", "utf-8"]).optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    oneOf: z.array(literal).min(1).optional(),
    pattern: text.optional(),
  }),
  verify: z.literal("readBack"),
  values: z
    .record(z.string(), literal)
    .optional()
    .meta({ description: "{ raw: word }, used backwards" }),
  unverified: z
    .literal(true)
    .optional()
    .meta({ description: "nobody has seen it work; off by default" }),
});

/** Keys of a parameter in their fixed order. */
export const parameterSchema = z.strictObject({
  from: z.array(sourceSchema).min(1).meta({ description: "tried in order, first answer wins" }),
  agree: z
    .strictObject({ with: sourceSchema, tolerance: z.number().min(0).optional() })
    .optional()
    .meta({ description: "a second source that must not differ, else nothing is reported" }),
  transform: transformList.optional(),
  values: valueMap.optional(),
  unit: text.optional(),
  poll: z.enum(pollClasses).optional(),
  when: z.array(conditionSchema).min(1).optional(),
  write: writeSchema.optional(),
  quirk: note.optional(),
});

/** Where the rows of a table come from. */
const rowsSchema = z.strictObject({
  columns: z.array(oid).min(1).optional().meta({ description: "a row per index any of them has" }),
  fixed: z
    .array(z.string().regex(/^[A-Za-z0-9-]{1,32}$/))
    .min(1)
    .optional(),
  where: z.array(conditionSchema).min(1).optional(),
  first: z
    .array(conditionSchema)
    .min(1)
    .optional()
    .meta({ description: "rows that come before the others" }),
  requires: z
    .array(text)
    .min(1)
    .optional()
    .meta({ description: "rows without these are left out" }),
});

/** One set of rows of a table of the model. Its name is the prefix of the row keys and must never change. */
export const tableSchema = z.strictObject({
  table: z
    .string()
    .regex(/^[A-Za-z.0-9]+\.\{i\}\.$/, "a table of the model, such as Supply.{i}.")
    .optional(),
  rows: rowsSchema.optional(),
  poll: z.enum(pollClasses).optional(),
  quirk: note.optional(),
  parameters: z.record(z.string(), parameterSchema).optional(),
});

/** Source lists that say who the printer is. */
export const identitySchema = z.strictObject({
  manufacturer: z.union([text, z.array(sourceSchema).min(1)]).optional(),
  aliases: z
    .array(text)
    .optional()
    .meta({ description: "other spellings of the maker before the model" }),
  oui: z
    .string()
    .regex(/^[0-9A-F]{6}$/, "six hexadecimal digits in upper case, in quotes")
    .optional(),
  model: z.array(sourceSchema).min(1).optional(),
  serialNumber: z.array(sourceSchema).min(1).optional(),
  macAddress: z.array(sourceSchema).min(1).optional(),
  deviceId: z.array(sourceSchema).min(1).optional(),
});

/** One alternative of a match; all keys given must fit. Globs, case does not matter. */
export const matchSchema = z.strictObject({
  sysObjectID: text
    .optional()
    .meta({ description: "glob; 1.3.6.1.4.1.9.* also fits 1.3.6.1.4.1.9" }),
  sysDescr: text.optional(),
  hrDeviceDescr: text.optional(),
  printerName: text.optional(),
  model: text
    .optional()
    .meta({ description: "hrDeviceDescr, prtGeneralPrinterName or IEEE 1284 MDL" }),
  ieee1284: z.record(z.string(), text).optional().meta({ description: "{ MFG: glob, MDL: glob }" }),
  snmp: z
    .array(z.strictObject({ oid, pattern: text }))
    .min(1)
    .optional(),
});

/** What an action takes. */
export const actionSchema = z.strictObject({
  snmp: oid,
  syntax: z.enum(["integer", "octetString"]),
  value: z.union([z.number(), z.string()]),
  unverified: z.literal(true).optional(),
});

/** What a printer can be told to do. */
export const actionsSchema = z.strictObject({
  reboot: actionSchema.optional().meta({ description: "restart" }),
  factoryReset: actionSchema.optional().meta({ description: "back to factory settings" }),
});

/** Evidence for a file. */
export const evidenceSchema = z.strictObject({
  model: text.optional(),
  firmware: text.optional(),
  recording: text
    .optional()
    .meta({ description: "name of a recording in recordings/, without .snmprec" }),
  source: note
    .optional()
    .meta({ description: "where else it was seen: issue, document, standard" }),
});
