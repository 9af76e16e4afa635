import { z } from "zod";
import { pollClasses } from "../model/snapshot.ts";
import { derivationNames } from "./derive/registry.ts";
import {
  fieldAddressSchema,
  formKeys,
  judgementKeys,
  selectorKeys,
  selectorSchema,
  stepSchema,
} from "./schema-documents.ts";
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
  ofFull: z.number().optional(),
  date: text.optional(),
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

/** Documents by channel: the page, or the name of what the other channels give. */
const documentKeys = {
  ews: text.optional().meta({ description: "path of a page, or its name in `pages`" }),
  ipp: text.optional().meta({ description: "printer attribute (RFC 8011)" }),
  pjl: text.optional().meta({ description: "PJL command, such as INFO CONFIG; with json" }),
  mdns: text.optional().meta({ description: "key of the TXT record" }),
  wsd: text.optional().meta({ description: "XML path in the DPWS metadata" }),
  banner: text.optional().meta({ description: "ftp, telnet, …; with regex" }),
} as const;

/** Keys of a source that hold no other source. */
const flatSource = z.strictObject({
  snmp: oid.optional().meta({ description: "scalar: a complete instance OID" }),
  column: oid.optional().meta({ description: "the cell of this row in a column" }),
  at: z.array(indexPart).min(1).optional().meta({ description: "index to read the column at" }),
  lookup: oid.optional().meta({ description: "cells of a column in the rows that fulfil `where`" }),
  combine: z.enum(["first", "sum", "max", "min", "count", "join"]).optional(),
  separator: z.string().max(8).optional(),
  ...documentKeys,
  cell: selectorSchema
    .optional()
    .meta({ description: "part of the row, in row sets that come from a document" }),
  ...selectorKeys,
  pick: z
    .literal("row")
    .optional()
    .meta({ description: "of several matches the one at the row's place: parallel lists" }),
  constant: literal.optional(),
  arc: z.int().optional().meta({ description: "number in the row's index: 1 first, -1 last" }),
  value: text
    .optional()
    .meta({ description: "another parameter: of the same row, or a full path" }),
  identity: z
    .enum(["manufacturer", "aliases", "model", "serialNumber", "macAddress", "deviceId"])
    .optional(),
  missing: z
    .literal("zero")
    .optional()
    .meta({ description: "with sum: objects the printer does not have count as 0" }),
  derive: z.enum(derivationNames).optional(),
  unverified: z
    .literal(true)
    .optional()
    .meta({ description: "known from documents or other software, not seen on a device" }),
  transform: transformList.optional(),
  values: valueMap.optional(),
});

/** One place a value comes from; exactly one kind key, then how to read it. */
export const sourceSchema = flatSource.extend({
  get where() {
    return z.array(conditionSchema).min(1).optional();
  },
  get sum() {
    return z.array(sourceSchema).min(2).optional();
  },
  get difference() {
    return z.array(sourceSchema).length(2).optional();
  },
  get firstOf() {
    return z.array(sourceSchema).min(2).optional();
  },
  get inputs() {
    return z.record(z.string(), sourceSchema).optional();
  },
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

/** The one way a parameter is written: `snmp` or `column`, a form or document of the web server (`ews`), or `steps`. */
const writeSchema = z.strictObject({
  snmp: oid.optional().meta({ description: "instance OID" }),
  column: oid.optional().meta({ description: "column OID; the row's own index is added" }),
  syntax: z
    .enum(["integer", "octetString", "objectIdentifier", "ipAddress", "gauge32"])
    .optional()
    .meta({ description: "with snmp and column" }),
  ews: text.optional().meta({ description: "page with the form, or the document to change" }),
  field: fieldAddressSchema.optional().meta({ description: "field of the form" }),
  set: z
    .enum(["value", "optionText", "checked"])
    .optional()
    .meta({ description: "how; checked for switches, else value" }),
  ...formKeys,
  method: z.enum(["PUT", "POST", "PATCH"]).optional().meta({ description: "of a document" }),
  at: text.optional().meta({ description: "place in the document: $.a.b or /a/b" }),
  send: z.enum(["whole", "changed"]).optional(),
  to: text.optional().meta({ description: "path the document is sent to; else the page's" }),
  before: z.array(stepSchema).min(1).optional(),
  steps: z.array(stepSchema).min(1).optional(),
  after: z.array(stepSchema).min(1).optional(),
  login: z.literal(true).optional(),
  ...judgementKeys,
  check: z.strictObject({
    maxOctets: z.int().min(0).max(65_535).optional(),
    charset: z.enum(["ascii", "utf-8"]).optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    oneOf: z.array(literal).min(1).optional(),
    pattern: text.optional(),
  }),
  verify: z
    .enum(["readBack", "response"])
    .meta({ description: "response: what the printer never tells, such as passwords" }),
  tolerates: z
    .strictObject({ transform: transformList.optional(), within: z.number().positive().optional() })
    .optional()
    .meta({
      description: "what the printer makes of a value: steps for both sides, or a distance",
    }),
  restarts: z.enum(["network", "printer"]).optional(),
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
  from: z
    .array(sourceSchema)
    .min(1)
    .optional()
    .meta({ description: "tried in order, first answer wins" }),
  otherwise: z
    .array(sourceSchema)
    .min(1)
    .optional()
    .meta({ description: "tried after what the extended files give" }),
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
    .array(z.string().regex(/^[A-Za-z0-9_-]{1,32}$/))
    .min(1)
    .optional(),
  ...documentKeys,
  each: selectorSchema
    .optional()
    .meta({ description: "a row per match in the document (css, xpath, json, csv)" }),
  key: z
    .array(selectorSchema)
    .min(1)
    .optional()
    .meta({ description: "what stays when rows come and go; else the row's place" }),
  fallback: z
    .literal(true)
    .optional()
    .meta({ description: "only when the row sets before it have no rows" }),
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

const identitySources = z.array(sourceSchema).min(1).optional();

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
  otherwise: z
    .strictObject({
      manufacturer: identitySources,
      model: identitySources,
      serialNumber: identitySources,
      macAddress: identitySources,
      deviceId: identitySources,
    })
    .optional()
    .meta({ description: "tried last, also after the parts of files that extend this one" }),
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
  documents: z
    .array(z.strictObject({ ...documentKeys, ...selectorKeys, pattern: text }))
    .min(1)
    .optional()
    .meta({ description: "what pages and other documents say; pattern is a glob" }),
});

/** What an action takes. */
export const actionSchema = z.strictObject({
  snmp: oid.optional(),
  syntax: z.enum(["integer", "octetString"]).optional(),
  value: z.union([z.number(), z.string()]).optional(),
  steps: z.array(stepSchema).min(1).optional().meta({ description: "by the web server" }),
  login: z.literal(true).optional(),
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
  capture: text.optional().meta({ description: "capture folder of web pages it was checked with" }),
  server: text
    .optional()
    .meta({ description: "real server it was read and written with, and its version" }),
  simulated: note
    .optional()
    .meta({ description: "documented forms, played by the simulator: not seen on a device" }),
  source: note
    .optional()
    .meta({ description: "where else it was seen: issue, document, standard" }),
});
