import { isRecord } from "../shared/json.ts";
import { configSchema } from "./schema.ts";
import { toJsonSchema } from "./schema-values.ts";
import type { ConfigPath } from "./yaml-source.ts";

/** The schema as plain data, for whatever is derived from it. */
export interface SchemaNode {
  readonly description?: string;
  readonly default?: unknown;
  readonly secret?: boolean;
  readonly notYet?: boolean;
  readonly sample?: string | number;
  /** Allowed words. */
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
}

let cached: SchemaNode | undefined;

/** The whole schema; made once. */
export function schemaTree(): SchemaNode {
  cached ??= toNode(toJsonSchema(configSchema));
  return cached;
}

/** JSON Schema (2020-12) of the configuration file, for editors and `schema/config.schema.json`. */
export function configJsonSchema(): unknown {
  const schema = toJsonSchema(configSchema);
  if (!isRecord(schema)) throw new TypeError("the configuration schema is no object schema");
  return { title: "mfpgate configuration", ...schema };
}

/** What the schema says of `path`; undefined for a path it does not have. */
export function nodeAt(path: ConfigPath): SchemaNode | undefined {
  return path.reduce<SchemaNode | undefined>(
    (node, segment) =>
      typeof segment === "number" ? node?.items : ownProperty(node?.properties, segment),
    schemaTree(),
  );
}

/** Calls `visit` for each key and list entry of `value` that the schema knows, parents first. */
export function visitKnown(
  value: unknown,
  visit: (path: ConfigPath, value: unknown, node: SchemaNode) => void,
): void {
  visitBelow(value, schemaTree(), [], visit);
}

function visitBelow(
  value: unknown,
  node: SchemaNode,
  path: ConfigPath,
  visit: (path: ConfigPath, value: unknown, node: SchemaNode) => void,
): void {
  const enter = (segment: string | number, part: unknown, below: SchemaNode | undefined): void => {
    if (below === undefined) return;
    visit([...path, segment], part, below);
    visitBelow(part, below, [...path, segment], visit);
  };
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) enter(index, item, node.items);
  } else if (isRecord(value)) {
    for (const [name, part] of Object.entries(value))
      enter(name, part, ownProperty(node.properties, name));
  }
}

/** A key of the file may be called `constructor`; what objects inherit does not count. */
function ownProperty(properties: SchemaNode["properties"], name: string): SchemaNode | undefined {
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function toNode(schema: unknown): SchemaNode {
  if (!isRecord(schema)) return {};
  const { description, sample, properties, items, required } = schema;
  return {
    ...(typeof description === "string" ? { description } : {}),
    ...(typeof sample === "string" || typeof sample === "number" ? { sample } : {}),
    ...("default" in schema ? { default: schema["default"] } : {}),
    ...(schema["secret"] === true ? { secret: true } : {}),
    ...(schema["notYet"] === true ? { notYet: true } : {}),
    ...(Array.isArray(schema["enum"]) ? { enum: schema["enum"] } : {}),
    ...(Array.isArray(required) ? { required: required.map(String) } : {}),
    ...(isRecord(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, part]) => [name, toNode(part)]),
          ),
        }
      : {}),
    ...(items === undefined ? {} : { items: toNode(items) }),
  };
}
