import { describe, expect, it } from "vitest";
import { extractedRows, extractedTexts } from "../../../test/support/extracted-texts.ts";

const texts = (script: string, js: string) => extractedTexts(script, { js }, "script");

describe("script variables", () => {
  it.each([
    ["var x = 5;", "x", ["5"]],
    ["let x = 'a', y = \"b\";", "y", ["b"]],
    ["_pp.smtpServerName = 'mail';", "_pp.smtpServerName", ["mail"]],
    ["_pp.x='1'; _pp.x='2';", "_pp.x", ["2"]],
    ["A = 0x0\nB = 0x04\nC = 1", "B", ["4"]],
    ["var v = {tonerKVol: 80, 'c': [1, {d: 'e'}]};", "v.tonerKVol", ["80"]],
    ["var v = {tonerKVol: 80, 'c': [1, {d: 'e'}]};", "v.c[1].d", ["e"]],
    ["var a = [[1,2],[3,4]];", "a[1][0]", ["3"]],
    ["var a = new Array('x','y');", "a[1]", ["y"]],
    ["var a = new Array(5); a[0] = 'p'; a[1] = 'q';", "a[*]", ["p", "q"]],
    ["x[0] = parseInt('84',10);", "x[0]", ["84"]],
    ["x = parseFloat('1.5')", "x", ["1.5"]],
    ["x = parseInt('1F', 16)", "x", ["31"]],
    ["x = Number('')", "x", []],
    ["x = [hasOwnProperty('a'), __proto__('a'), constructor('a'), 1]", "x[*]", ["1"]],
    ["x = 1; y = `cut off", "y", []],
    ["x = -16;", "x", ["-16"]],
    ["x.y = {z: 1}; x.y.w = 2;", "x.y.w", ["2"]],
    ["x['a b'] = 1;", "x['a b']", ["1"]],
    ["window.x = 1", "x", ["1"]],
    ["x = 'a' + 'b' + 1;", "x", ["ab1"]],
    ["x = unescape('a%20%u00e9');", "x", ["a é"]],
    ["x = decodeURIComponent('%C3%A9')", "x", ["é"]],
    ["<!-- hidden\nvar x = 1;\n// -->", "x", ["1"]],
    ["var r = /[/'\"]x = 9;/g; var x = 1;", "x", ["1"]],
    ["var y = 4 / 2; var x = 1; var z = 1 / 2;", "x", ["1"]],
    ["var t = `x = 5;`; var x = 1;", "x", ["1"]],
    ["// x = 2\nvar x = 1; /* x = 3; */", "x", ["1"]],
    ["x = true; y = x == false;", "x", ["true"]],
    ["s = 'it''s'; x = 1;", "x", ["1"]],
  ])("%s → %s", (script, js, expected) => {
    expect(texts(script, js)).toEqual(expected);
  });

  it.each([
    ["an expression", "x = 5 + y;"],
    ["a call", "x = f(5);"],
    ["a choice", "x = a ? 5 : 6;"],
    ["a method of a literal", "x = '5'.length;"],
    ["a later expression", "x = 5; x = f();"],
    ["an increment", "x = 5; x += 1;"],
    ["nothing", "x = null;"],
    ["the end of the text", "x = 'abc"],
    ["a literal that is cut off", "x = [5, 6"],
    ["a comparison", "if (x == 5) y = 1;"],
    ["an index to be worked out", "x[i] = 5;"],
    ["a member of a result", "f().x = 5;"],
  ])("stay unknown when they are assigned %s", (_name, script) => {
    expect(texts(script, "x")).toEqual([]);
    expect(texts(script, "x[0]")).toEqual([]);
  });

  it("count where every browser assigns them, before what may never run", () => {
    expect(texts("var x = 66; if (x < 0) x = 0; function f() { x = 1; }", "x")).toEqual(["66"]);
    expect(texts("if (a) { x = 0; } else x = 2;\nvar x = 66;", "x")).toEqual(["66"]);
    expect(texts("function load() { x = 7; }", "x")).toEqual(["7"]);
    expect(texts("var x = f(); function load() { x = 7; }", "x")).toEqual([]);
  });

  it("are found in the scripts of a page, one after the other", () => {
    const page = `<html><script>var x = 1; var n = "<b>";</script><p>x = 9</p>
      <script type="text/javascript">x = 2;</script><script type="text/template">x = 3;</script>`;
    expect(extractedTexts(page, { js: "x" })).toEqual(["2"]);
    expect(extractedTexts(page, { js: "n" })).toEqual(["<b>"]);
    expect(extractedTexts(page, { json: "$.x" })).toEqual(["2"]);
  });

  it("make rows, in which $ is the item", () => {
    const script = "function f() { trays = [{ n: 'A4', l: 3 }, { n: 'A5' }]; }";
    const cells = { name: { json: "$.n" }, left: { json: "l" } };
    expect(extractedRows(script, { js: "trays[*]" }, cells, "script")).toEqual([
      { name: ["A4"], left: ["3"] },
      { name: ["A5"] },
    ]);
  });
});
