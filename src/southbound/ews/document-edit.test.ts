import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergePatch, parseJsonPath, setInJson } from "./json-edit.ts";
import { parseXmlPath, setInXml, xmlBranch } from "./xml-edit.ts";

function json(text: string, path: string, to: string | number | boolean): string | undefined {
  const steps = parseJsonPath(path);
  return steps && setInJson(text, steps, to);
}

function xml(text: string, path: string, to: string): string | undefined {
  const steps = parseXmlPath(path);
  return steps && setInXml(text, steps, to);
}

describe("a value in JSON", () => {
  const document =
    '{ "n": 12345678901234567890,\n "a": {"b": [ 1, {"c":"x"} ], "d" : true}, "e\\u0041":null }';

  it("is set, and every other octet stays", () => {
    expect(json(document, "$.a.b[1].c", 'y"')).toBe(document.replace('"x"', '"y\\""'));
    expect(json(document, "$.a.d", false)).toBe(document.replace("true", "false"));
    expect(json(document, "$.n", 7)).toBe(document.replace("12345678901234567890", "7"));
    expect(json(document, "$['eA']", "z")).toBe(document.replace("null", '"z"'));
    expect(json(document, "$.a.b", 0)).toBe(document.replace('[ 1, {"c":"x"} ]', "0"));
  });

  it("that is not there, or stands in no JSON, is not set", () => {
    for (const path of ["$.x", "$.a.b[2]", "$.a.b.c", "$.n.m", "$", "$..d", "a.d", "$.a[*]"])
      expect(json(document, path, 1)).toBeUndefined();
    expect(json("<html>", "$.a", 1)).toBeUndefined();
    expect(json("[".repeat(50_000), "$.a", 1)).toBeUndefined();
  });

  it("set in any document is what the document then says, and nothing else changed", () => {
    const members = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1 });
    fc.assert(
      fc.property(members, fc.string(), fc.nat(), (object, to, pick) => {
        const keys = Object.keys(object);
        const key = keys[pick % keys.length] ?? "";
        const edited = setInJson(JSON.stringify(object, null, pick % 3), [key], to) ?? "";
        expect(JSON.parse(edited)).toEqual(JSON.parse(JSON.stringify({ ...object, [key]: to })));
      }),
    );
  });

  it("becomes a merge patch of its branch alone, unless an array is on the way", () => {
    const changes = [
      { path: ["a", "b"], to: 1 },
      { path: ["a", "c"], to: "x" },
      { path: ["__proto__"], to: true },
    ];
    expect(mergePatch(changes)).toBe('{"a":{"b":1,"c":"x"},"__proto__":true}');
    expect(mergePatch([{ path: ["a", 0], to: 1 }])).toBeUndefined();
  });
});

describe("a value in XML", () => {
  const document = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!-- <io:Host>no</io:Host> --><io:IOConfig xmlns:io="http://x/io" a="1>2">',
    "  <io:Adapter><dd:Host xmlns:dd='u'>one &amp; only</dd:Host><io:Empty attr='x' /></io:Adapter>",
    "  <io:Adapter><io:Host><![CDATA[<two>]]></io:Host></io:Adapter>",
    "</io:IOConfig>\n",
  ].join("\r\n");

  it("is set, and every other character stays", () => {
    expect(xml(document, "/IOConfig/Adapter/Host", "a<b")).toBe(
      document.replace("one &amp; only", "a&lt;b"),
    );
    expect(xml(document, "/io:IOConfig/io:Adapter[2]/Host", "2")).toBe(
      document.replace("<![CDATA[<two>]]>", "2"),
    );
    expect(xml(document, "/IOConfig/Adapter/Empty", "full")).toBe(
      document.replace("<io:Empty attr='x' />", "<io:Empty attr='x'>full</io:Empty>"),
    );
  });

  it("that is not there, has elements inside, or stands in no XML, is not set", () => {
    for (const path of [
      "/IOConfig/Host",
      "/IOConfig/Adapter[3]/Host",
      "/IOConfig/Adapter",
      "//Host",
      "IOConfig",
      "/",
    ])
      expect(xml(document, path, "1")).toBeUndefined();
    for (const text of [
      "",
      "<a>",
      "<a><b></a></b>",
      "<a",
      "<!--",
      '<a b="',
      "{}",
      "<a><b>1</c></a>",
    ])
      expect(xml(text, "/a/b", "1")).toBeUndefined();
  });

  it("becomes the branches that lead to it, with their attributes", () => {
    const steps = (path: string) => parseXmlPath(path) ?? [];
    const changes = [
      { path: steps("/IOConfig/Adapter[2]/Host"), to: "2" },
      { path: steps("/IOConfig/Adapter/Host"), to: "1" },
      { path: steps("/IOConfig/Adapter/Empty"), to: "&" },
    ];
    expect(xmlBranch(document, changes)?.replace(/\r\n/g, "")).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><io:IOConfig xmlns:io="http://x/io" a="1>2">' +
        "<io:Adapter><dd:Host xmlns:dd='u'>1</dd:Host><io:Empty attr='x'>&amp;</io:Empty></io:Adapter>" +
        "<io:Adapter><io:Host>2</io:Host></io:Adapter></io:IOConfig>",
    );
  });

  it("is looked for in linear time, whatever the document", () => {
    const startedMs = performance.now();
    for (const piece of ["<!--", "<a", '<a b="', "<![CDATA[", "<a>", "</a>", "<?", "< "])
      expect(xml(piece.repeat(200_000), "/a/b", "1")).toBeUndefined();
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});
