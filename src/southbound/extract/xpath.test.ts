import { describe, expect, it } from "vitest";
import { extractedRows, extractedTexts } from "../../../test/support/extracted-texts.ts";
import { parseXpath } from "./xpath.ts";

const xml = `<?xml version="1.0"?><ccdyn:Config xmlns:ccdyn="urn:a" xmlns:dd="urn:b">
<ccdyn:Supply id="1"><dd:Color>Black</dd:Color><dd:Life><dd:Level unit="%">70</dd:Level></dd:Life></ccdyn:Supply>
<ccdyn:Supply id="2"><dd:Color>Cyan</dd:Color><dd:Life><dd:Level unit="%">90</dd:Level></dd:Life><dd:Old><dd:Level>5</dd:Level></dd:Old></ccdyn:Supply>
<dd:Note>a <b>c</b> d &amp; &uuml; <![CDATA[<x>]]></dd:Note><dd:Empty/></ccdyn:Config>`;

describe("XPath selectors", () => {
  it.each([
    ["/Config/Supply/Color", ["Black", "Cyan"]],
    ["/ccdyn:Config/ccdyn:Supply/dd:Color", ["Black", "Cyan"]],
    ["//Level", ["70", "90", "5"]],
    ["/Config//Life/Level", ["70", "90"]],
    ["//Supply[2]/Color", ["Cyan"]],
    ["//Supply[last()]/Color", ["Cyan"]],
    ["//Supply/@id", ["1", "2"]],
    ["//Level/@unit", ["%", "%"]],
    ["//@id", ["1", "2"]],
    ["//Supply[@id='2']/Life/Level", ["90"]],
    ["//Supply[@id!='2']/Life/Level", ["70"]],
    ["//Supply[Color='Cyan']/Life/Level", ["90"]],
    ['//Supply[Life/Level="70"]/Color', ["Black"]],
    ["//Supply[Old]/Color", ["Cyan"]],
    ["//Supply[Old][Color='Black']", []],
    ["//Level[.='5']/../../Color", ["Cyan"]],
    ["//Supply/*[1]", ["Black", "Cyan"]],
    ["//Life/..", ["Black 70", "Cyan 90 5"]],
    ["//Note/text()", ["a", "d & &uuml; <x>"]],
    ["//Note/text()[1]", "problem"],
    ["/Config/Empty", [""]],
    ["//color", []],
    ["/Supply", []],
    ["Config/Supply/Color", ["Black", "Cyan"]],
  ] as const)("%s", (xpath, expected) => {
    if (expected === "problem") expect(parseXpath(xpath)).toBeTypeOf("string");
    else expect(extractedTexts(xml, { xpath })).toEqual(expected);
  });

  it("also serve HTML, where names have no case", () => {
    const html = "<HTML><BODY><TABLE><TR><TD Class='k'>Serial<TD>AB1</TABLE></BODY></HTML>";
    expect(extractedTexts(html, { xpath: "/html/body//TD[@class='k']/../td[2]" })).toEqual(["AB1"]);
  });

  it("make rows, whose cells are relative", () => {
    const cells = {
      color: { xpath: "Color" },
      level: { xpath: "Life/Level" },
      id: { xpath: "@id" },
      old: { xpath: ".//Old" },
    };
    expect(extractedRows(xml, { xpath: "//Supply" }, cells)).toEqual([
      { color: ["Black"], level: ["70"], id: ["1"] },
      { color: ["Cyan"], level: ["90"], id: ["2"], old: ["5"] },
    ]);
  });

  it("tell what they cannot read", () => {
    for (const wrong of [
      "",
      "/",
      "//",
      "a/",
      "a[",
      "a[b=c]",
      "a[@]",
      "@a/b",
      "//..",
      "a b",
      "a[position()>1]",
    ])
      expect(parseXpath(wrong), wrong).toBeTypeOf("string");
  });

  it("refuse XML whose end is missing: what was cut off would seem not to be there", () => {
    expect(() => extractedTexts(xml.slice(0, -20), { xpath: "//Level" }, "xml")).toThrow(
      /ends within/,
    );
  });
});
