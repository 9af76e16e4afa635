import { describe, expect, it } from "vitest";
import { exampleConfig } from "./example.ts";
import { parseConfig } from "./load.ts";
import { type SchemaNode, configJsonSchema, nodeAt, schemaTree } from "./schema-tree.ts";

/** Every key of the schema, however deep. */
function allKeys(node: SchemaNode): readonly string[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, part]) => [
    name,
    ...allKeys(part.items ?? part),
  ]);
}

describe("config.example.yaml", () => {
  it("loads without error or warning", () => {
    expect(parseConfig(exampleConfig()).warnings).toEqual([]);
  });

  it("says the defaults: loading it gives what the shortest file gives", () => {
    const shortest = parseConfig("acs: { url: https://acs.example.net/cwmp }");
    expect(parseConfig(exampleConfig())).toEqual(shortest);
  });

  it("shows and explains every key", () => {
    const example = exampleConfig();
    const keys = allKeys(schemaTree());
    expect(keys.length).toBeGreaterThan(80);
    for (const key of keys) expect(example).toMatch(new RegExp(`^[ #-]*${key}:`, "m"));
  });
});

describe("the schema", () => {
  it("describes every key", () => {
    const check = (node: SchemaNode, path: readonly (string | number)[]): void => {
      for (const [name, part] of Object.entries(node.properties ?? {})) {
        expect(part.description, [...path, name].join(".")).toMatch(/\.$/);
        check(part, [...path, name]);
        if (part.items !== undefined) check(part.items, [...path, name, 0]);
      }
    };
    check(schemaTree(), []);
  });

  it("marks every password, key, token and community as secret", () => {
    const secretNames = /password|token|^key$|community|^read$|^write$/i;
    const check = (node: SchemaNode, path: string): void => {
      for (const [name, part] of Object.entries(node.properties ?? {})) {
        if (part.properties === undefined && secretNames.test(name))
          expect(part.secret, `${path}.${name}`).toBe(true);
        check(part.items ?? part, `${path}.${name}`);
      }
    };
    check(schemaTree(), "");
    expect(nodeAt(["acs", "password"])?.secret).toBe(true);
  });

  it("is a JSON Schema that refuses unknown keys", () => {
    expect(configJsonSchema()).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      required: ["acs"],
      additionalProperties: false,
    });
  });
});
