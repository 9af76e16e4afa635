import { describe, expect, it } from "vitest";
import { extractedRows, extractedTexts } from "../../../test/support/extracted-texts.ts";
import { parseJsonPath } from "./json-path.ts";

const json = `{"a":{"b":[1,2.50,-16,12345678901234567890],"a b":"x","deep":{"name":"n1"}},"t":true,"no":null,
"list":[{"k":"m","v":{"n":"1"},"name":"n2"},{"k":"c","v":{"n":"2"}}],"u":"\\u00e9\\n z","e":""}`;

describe("JSON selectors", () => {
  it.each([
    ["$.a.b[0]", ["1"]],
    ["$.a.b[1]", ["2.50"]],
    ["$.a.b[-1]", ["12345678901234567890"]],
    ["$.a.b[*]", ["1", "2.50", "-16", "12345678901234567890"]],
    ["$['a']['a b']", ["x"]],
    ["$.t", ["true"]],
    ["$.no", []],
    ["$.gone", []],
    ["$.a", []],
    ["$.e", [""]],
    ["$.u", ["é z"]],
    ["$..name", ["n1", "n2"]],
    ["$.list[*].k", ["m", "c"]],
    ["$.list[?(@.k=='c')].v.n", ["2"]],
    ['$.list[?(@.v.n=="1")].k', ["m"]],
    ["$.list[?(@.k!='c')].k", ["m"]],
    ["$.list[?(@.name)].k", ["m"]],
    ["$..[?(@.n==2)].n", ["2"]],
    ["a.b[0]", ["1"]],
    ["$.list.*.k", ["m", "c"]],
  ])("%s", (path, expected) => {
    expect(extractedTexts(json, { json: path })).toEqual(expected);
  });

  it("make rows, in which $ is the row", () => {
    expect(
      extractedRows(
        json,
        { json: "$.list[*]" },
        { k: { json: "$.k" }, n: { json: "v.n" }, name: { json: "$.name" } },
      ),
    ).toEqual([
      { k: ["m"], n: ["1"], name: ["n2"] },
      { k: ["c"], n: ["2"] },
    ]);
  });

  it("tell what they cannot read", () => {
    for (const wrong of ["", "$.", "$[", "$['a]", "$.a[b]", "$.a[?(k==1)]", "$.a b", "$.a[1"])
      expect(parseJsonPath(wrong), wrong).toBeTypeOf("string");
  });

  it("refuse a text that is cut off, or something else", () => {
    for (const wrong of [
      '{"a":1',
      '{"a":"b',
      "<html></html>",
      "",
      "Error: busy",
      '{"a":1} {"b":2}',
    ])
      expect(() => extractedTexts(wrong, { json: "$.a" }, "json"), wrong).toThrow();
  });
});

describe("JavaScript literals that printers take for JSON", () => {
  it.each([
    [
      "unquoted keys, tabs, line breaks in texts",
      '{\r\n\tstatus: {\r\n\ta: "one\r\n two",\r\n},\r\n}',
      "$.status.a",
      ["one two"],
    ],
    ["single quotes and comments", "{ // first\n 'a' : 'it\\'s' /* x */ }", "$.a", ["it's"]],
    ["undefined and missing values", "{a: undefined, b: , c: 3}", "$.c", ["3"]],
    ["values nobody can work out", "{a: foo(1, {x: 2}), c: 3, a2: 1 + x}", "$.*", ["3"]],
    ["hexadecimal numbers", "{a: 0x1F}", "$.a", ["31"]],
    ["holes", "[1,,3]", "$[2]", ["3"]],
    ["one in brackets", "({a: 1});", "$.a", ["1"]],
    ["the last of two members of one name", "{a: 1, a: 2}", "$.a", ["2"]],
    ["an assignment around", 'var x = {"a": 1};', "$.x.a", ["1"]],
  ])("%s", (_name, text, path, expected) => {
    expect(extractedTexts(text, { json: path }, "json")).toEqual(expected);
  });

  it("may be nested 100 levels deep, not more", () => {
    const nested = (levels: number) => "[".repeat(levels) + "1" + "]".repeat(levels);
    expect(extractedTexts(nested(100), { json: "$..*" }, "json")).toEqual(["1"]);
    expect(() => extractedTexts(nested(101), { json: "$..*" }, "json")).toThrow(/levels/);
  });
});
