import { z } from "zod";
import { documentFormats } from "../southbound/documents.ts";

/** The parts of a mapping file that speak of documents: selectors, pages, logins, requests. */

const text = z.string().min(1);

/** Keys of a selector (`southbound/documents.ts`), flat beside `ews:` or below `cell:`, `each:`, `key:`. */
export const selectorKeys = {
  css: text.optional().meta({ description: "elements by CSS selector" }),
  xpath: text.optional().meta({ description: "elements or @attribute; prefixes are ignored" }),
  json: text.optional().meta({ description: "$.a.b[0], [*], [?(@.k=='v')], ..name" }),
  js: text.optional().meta({ description: "script variable as assigned last, and a path into it" }),
  label: z
    .union([text, z.array(text).min(1)])
    .optional()
    .meta({ description: "text of the cell before the value, in any of several languages" }),
  field: text.optional().meta({ description: "state of the form's control of this name" }),
  csv: z
    .union([text, z.int().min(0)])
    .optional()
    .meta({ description: "column by heading or number from 0" }),
  header: text.optional().meta({ description: "response header" }),
  regex: text.optional().meta({ description: "RE2; first group of each match in the document" }),
  title: z.literal(true).optional(),
  status: z.literal(true).optional().meta({ description: "HTTP status" }),
  within: text.optional().meta({ description: "CSS: only within these elements" }),
  attribute: text.optional().meta({ description: "this attribute instead of the text" }),
  style: text.optional().meta({ description: "this property of the style attribute" }),
  option: z.literal("text").optional().meta({ description: "text of the selected option" }),
  nth: z.int().optional().meta({ description: "which match, from 0; negative from the end" }),
} as const;

/** A selector on its own. */
export const selectorSchema = z.strictObject(selectorKeys);

/** Something put into a request; `{value}` in a text is the value written, `{i}` the row's key. */
const givenSchema = z.union([
  z.string(),
  z.strictObject({
    credential: z.enum(["username", "password"]),
    encode: z.literal("base64").optional(),
  }),
  z.strictObject({ cookie: text }),
  z.strictObject({ remembered: text, prefix: z.string().optional() }),
  z.strictObject({ now: z.literal("milliseconds") }),
]);

/** Names and what is put in; a list where a name repeats or the order matters. */
const givenFields = z.union([
  z.record(z.string(), givenSchema),
  z.array(z.tuple([z.string(), givenSchema])),
]);

const answerTest = z.strictObject({
  status: z.array(z.int()).min(1).optional(),
  body: text.optional().meta({ description: "RE2 pattern found in the body" }),
  cookie: text.optional().meta({ description: "this cookie is set" }),
  url: text.optional().meta({ description: "RE2 pattern found in the final path and query" }),
  found: selectorSchema.optional(),
  equals: z.string().optional().meta({ description: "with found" }),
  absent: selectorSchema.optional(),
});

/** How an answer is judged; HTTP status alone proves nothing. */
export const judgementKeys = {
  success: answerTest.optional(),
  failure: z.array(answerTest).min(1).optional(),
  busy: z.array(answerTest).min(1).optional(),
} as const;

const fieldAddress = z.union([
  text,
  z.strictObject({ label: z.union([text, z.array(text).min(1)]) }),
  z.strictObject({ css: text }),
]);
/** Which field of a form; a text is its name. */
export type FieldAddressEntry = z.infer<typeof fieldAddress>;

/** Keys that say how a form is sent, shared by steps and writes. */
export const formKeys = {
  form: text.optional().meta({ description: "CSS of the form; else the first that has the field" }),
  extra: givenFields.optional().meta({ description: "fields the page's script adds" }),
  action: text.optional().meta({ description: "instead of the form's own" }),
  press: text.optional().meta({ description: "name of the button" }),
  unselected: z
    .record(z.string(), z.union([z.string(), z.literal(false)]))
    .optional()
    .meta({ description: "what lists without a selected option are sent as; false: not at all" }),
  headers: z.record(z.string(), givenSchema).optional(),
} as const;
export const fieldAddressSchema = fieldAddress;

const common = {
  headers: z.record(z.string(), givenSchema).optional(),
  remember: z.record(z.string(), selectorSchema).optional(),
  ...judgementKeys,
} as const;

const requestStep = z.strictObject({
  request: text.meta({ description: "path" }),
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).optional(),
  query: z.record(z.string(), givenSchema).optional(),
  fields: givenFields.optional().meta({ description: "form fields of the body" }),
  multipart: z.literal(true).optional(),
  json: z.unknown().optional().meta({ description: "body; { given: … } stands for a given value" }),
  text: text.optional().meta({ description: "body; {name} stands for parts.name" }),
  type: text.optional().meta({ description: "content type of text" }),
  parts: z.record(z.string(), givenSchema).optional(),
  ...common,
});

const formStep = z.strictObject({
  submit: z
    .union([text, z.literal(true)])
    .meta({ description: "page with the form; true: the answer of the step before" }),
  ...formKeys,
  set: z
    .array(
      z.strictObject({
        field: fieldAddress,
        value: givenSchema.optional(),
        optionText: text.optional(),
        checked: z.boolean().optional(),
      }),
    )
    .optional(),
  remember: common.remember,
  ...judgementKeys,
});

/** One step of a login, a write or an action. */
export const stepSchema = z.union([requestStep, formStep]);
/** A step as written. */
export type StepEntry = z.infer<typeof stepSchema>;
export type GivenEntry = z.infer<typeof givenSchema>;
export type GivenFieldsEntry = z.infer<typeof givenFields>;

const duration = z.string().regex(/^\d+(s|m|h)$/, 'a duration such as "5m"');

/** How the maker's web server is talked to. */
export const webSchema = z.strictObject({
  home: z
    .strictObject({ ews: text, ...selectorKeys })
    .optional()
    .meta({ description: "address {home} in paths stands for, on a server of several printers" }),
  headers: z.record(z.string(), z.string()).optional(),
  cookies: z.record(z.string(), z.string()).optional(),
  legacyTls: z.literal(true).optional(),
  login: z
    .strictObject({
      kind: z.enum(["basic", "digest", "steps"]),
      steps: z.array(stepSchema).min(1).optional(),
      headers: z.record(z.string(), givenSchema).optional(),
      logout: z.array(stepSchema).min(1).optional(),
      lockout: z
        .strictObject({ attempts: z.int().min(1), for: duration })
        .optional()
        .meta({ description: "the maker's own: wrong passwords and how long the account closes" }),
    })
    .optional(),
});
/** The web section as written. */
export type WebEntry = z.infer<typeof webSchema>;

/** A page that needs more than a plain GET, or belongs to a probe chain. */
export const pageSchema = z.strictObject({
  path: text.optional().meta({ description: "when the key is a name and not the path" }),
  format: z.enum(documentFormats).optional(),
  login: z.literal(true).optional().meta({ description: "readable after login only" }),
  onlyWith: z
    .array(text)
    .min(1)
    .optional()
    .meta({ description: "fetched only when these pages exist" }),
  onlyWithout: z
    .array(text)
    .min(1)
    .optional()
    .meta({ description: "fetched only when these pages do not exist" }),
  headers: z
    .record(z.string(), z.union([z.string(), z.strictObject({ cookie: text })]))
    .optional()
    .meta({ description: "literals, or { cookie: name }: the value of a cookie" }),
  cookies: z.record(z.string(), z.string()).optional(),
  method: z.enum(["GET", "POST"]).optional(),
  fields: z.record(z.string(), z.string()).optional().meta({ description: "form body of a POST" }),
  body: text.optional().meta({ description: "any other body of a POST" }),
  type: text.optional().meta({ description: "content type of body" }),
  form: z
    .strictObject({
      to: text.meta({ description: "path it is posted to" }),
      fields: z
        .array(z.tuple([text, z.union([z.string(), selectorSchema])]))
        .min(1)
        .meta({ description: "name, and a literal or where its value stands on the page" }),
    })
    .optional()
    .meta({ description: "what the page's script posts, where the page has values and no form" }),
  remembered: z
    .array(text)
    .min(1)
    .optional()
    .meta({ description: "names that stand as {name} in body for what an earlier answer gave" }),
  remember: z
    .record(z.string(), selectorSchema)
    .optional()
    .meta({ description: "noted from the answer, for later requests" }),
});
/** A page as written. */
export type PageEntry = z.infer<typeof pageSchema>;
