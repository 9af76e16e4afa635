import { z } from "zod";
import type { conditionSchema, sourceSchema } from "./schema-parts.ts";
import {
  type actionSchema,
  actionsSchema,
  evidenceSchema,
  identitySchema,
  matchSchema,
  parameterSchema,
  tableSchema,
} from "./schema-parts.ts";
import { pageSchema, webSchema } from "./schema-documents.ts";

const text = z.string().min(1);

/**
 * A mapping file; the keys in the order files must have them. The only declaration of the format: static types, the
 * loader's validation, `schema/mapping.schema.json` and `docs/mapping-reference.md` come from it.
 */
export const mappingFileSchema = z.strictObject({
  mapping: z
    .string()
    .regex(
      /^[a-z0-9]+(-[a-z0-9]+)*(\/[a-z0-9]+(-[a-z0-9]+)*)+$/,
      "lower case, such as acme/laser-500",
    )
    .meta({
      description: "path below vendor/ (or of base/, fragments/ files their own), without .yaml",
    }),
  title: text,
  extends: z.array(text).min(1).optional(),
  verified: z.array(evidenceSchema).min(1).optional(),
  match: z.union([matchSchema, z.array(matchSchema).min(1)]).optional(),
  identity: identitySchema.optional(),
  web: webSchema.optional().meta({ description: "how the web server is talked to" }),
  pages: z
    .record(z.string(), pageSchema)
    .optional()
    .meta({ description: "pages that need more than a GET; key: path or a name" }),
  parameters: z.record(z.string(), parameterSchema).optional(),
  tables: z.record(z.string(), tableSchema).optional(),
  actions: actionsSchema.optional(),
  omitted: z
    .array(z.strictObject({ path: text, why: text }))
    .min(1)
    .optional(),
  caveats: z
    .array(z.strictObject({ text, source: text }))
    .min(1)
    .optional(),
});

/** A mapping file as written. */
export type MappingFile = z.infer<typeof mappingFileSchema>;
/** One place a value comes from. */
export type Source = z.infer<typeof sourceSchema>;
/** A source with a test. */
export type Condition = z.infer<typeof conditionSchema>;
/** One parameter of a file. */
export type ParameterEntry = z.infer<typeof parameterSchema>;
/** A parameter once inheritance is applied: its sources are complete. */
export type CompleteParameter = Omit<ParameterEntry, "from" | "otherwise"> & {
  readonly from: readonly Source[];
};
/** How a parameter is written. */
export type WriteEntry = NonNullable<ParameterEntry["write"]>;
/** One set of rows of a file. */
export type TableEntry = z.infer<typeof tableSchema>;
/** Where rows come from. */
export type RowsEntry = NonNullable<TableEntry["rows"]>;
/** The identity section of a file. */
export type IdentityEntry = z.infer<typeof identitySchema>;
/** One alternative of a match. */
export type MatchEntry = z.infer<typeof matchSchema>;
/** An action of a file. */
export type ActionEntry = z.infer<typeof actionSchema>;
/** The actions of a file. */
export type ActionEntries = z.infer<typeof actionsSchema>;

/** JSON Schema of mapping files, for editors. */
export function mappingJsonSchema(): string {
  // Sources hold sources; written out at every place the schema would be a hundred times as long.
  const schema = z.toJSONSchema(mappingFileSchema, { target: "draft-7", reused: "ref" });
  return `${JSON.stringify({ title: "mfpgate mapping file", ...schema }, undefined, 2)}\n`;
}
