import { describe, expect, it } from "vitest";
import { extractedTexts } from "../../../test/support/extracted-texts.ts";

describe("labels", () => {
  it.each([
    ["the next cell", "<tr><td>Serial&nbsp;Number:</td><td>AB1</td>", "AB1"],
    ["a cell after a heading cell", "<tr><th>serial number</th><td>AB1</td>", "AB1"],
    [
      "the cell after a colon of its own",
      "<tr><td></td><td>Serial Number</td><td>:</td><td>AB1</td><td></td>",
      "AB1",
    ],
    ["an empty cell", "<tr><td>Serial Number</td><td></td><td>Other</td>", ""],
    [
      "a cell when the label is wrapped",
      "<tr><td><b><font>Serial Number</font></b>&nbsp;:</td><td>AB1</td>",
      "AB1",
    ],
    ["the dd of a dt", "<dl><dt><span>Serial Number</span></dt><dd><div>AB1</div></dd>", "AB1"],
    ["the next element", "<div><span>Serial Number*</span><span>AB1</span></div>", "AB1"],
    [
      "the element after the one around",
      "<div><div><b>Serial Number：</b></div><div>AB1</div></div>",
      "AB1",
    ],
    [
      "the control a label is for",
      "<label for=s>Serial Number</label><p><input id=s value=AB1></p>",
      "AB1",
    ],
    ["the control in a label", "<label>Serial Number <input value=AB1></label>", "AB1"],
    [
      "a text input in the cell",
      "<tr><td>Serial Number</td><td><input type=hidden value=x><input value=AB1> units</td>",
      "AB1",
    ],
    [
      "a selected option",
      "<tr><td>Serial Number</td><td><select><option value=1>x<option value=AB1 selected>y</select></td>",
      "AB1",
    ],
    ["a check box", "<tr><td>Serial Number</td><td><input type=checkbox checked></td>", "true"],
    [
      "the checked radio button",
      "<tr><td>Serial Number</td><td><input type=radio name=r value=A>a<input type=radio name=r value=AB1 checked>b</td>",
      "AB1",
    ],
    ["a textarea", "<tr><td>Serial Number</td><td><textarea>\nAB1</textarea></td>", "AB1"],
    ["a control in the label's own cell", "<tr><td>Serial Number <input value=AB1></td>", "AB1"],
  ])("lead to %s", (_name, html, expected) => {
    const page = `<html><body><table>${html}</table></body></html>`;
    expect(extractedTexts(page, { label: "Serial Number" })).toEqual([expected]);
  });

  it.each([
    [
      "a heading beside a heading",
      "<table><tr><th>BK</th><th>C</th></tr><tr><td>1</td><td>2</td></tr></table>",
      "BK",
    ],
    ["a dt without dd", "<dl><dt>A</dt><dt>B</dt><dd>v</dd></dl>", "A"],
    ["a link of a menu", "<a>Network</a><a>Time</a>", "Network"],
    [
      "a row whose value is missing",
      "<div class=row><span class=k>A</span></div><div class=row><span class=k>B</span><span>v</span></div>",
      "A",
    ],
    [
      "a longer text",
      "<table><tr><td>Serial Number of the board</td><td>1</td></tr></table>",
      "Serial Number",
    ],
    [
      "a label of a choice that is not made",
      "<tr><td>A</td><td><select><option>x<option>y</select></td></tr>",
      "A",
    ],
    ["the last cell", "<table><tr><td>A</td></tr><tr><td>B</td></tr></table>", "A"],
  ])("give nothing for %s", (_name, html, label) => {
    expect(extractedTexts(html, { label })).toEqual([]);
  });

  it("are compared without case, width, marks and footnotes, in several languages", () => {
    const row = (label: string) => `<table><tr><td>${label}</td><td>v</td></tr></table>`;
    for (const written of [
      "TONER",
      " Toner : ",
      "Toner*",
      "Toner (*1)",
      "Toner*2:",
      "Ｔｏｎｅｒ：",
      "Toner¹",
      "Tóner",
      "&#84;oner",
    ])
      expect(extractedTexts(row(written), { label: ["Toner", "Tóner"] }), written).toEqual(["v"]);
    expect(extractedTexts(row("Tonerx"), { label: ["Toner", "Tóner"] })).toEqual([]);
  });

  it("that repeat are told apart by the part of the page, or by number", () => {
    const page = `<div id=lan><dl><dt>IP<dd>1</dl></div><div id=wifi><dl><dt>IP<dd>2</dl></div>`;
    expect(extractedTexts(page, { label: "IP" })).toEqual(["1", "2"]);
    expect(extractedTexts(page, { label: "IP", within: "#wifi" })).toEqual(["2"]);
    expect(extractedTexts(page, { label: "IP", nth: 1 })).toEqual(["2"]);
  });

  it("give the text of the option, and attributes of what the cell holds", () => {
    const page = `<table><tr><td>Mode</td><td><select><option value=1 selected>Auto</select></td></tr>
      <tr><td>Black</td><td><img src=k.gif height=13></td></tr>
      <tr><td>Duplex</td><td><input type=radio value=0> Off <input type=radio value=1 checked> On</td></tr></table>`;
    expect(extractedTexts(page, { label: "Mode", option: "text" })).toEqual(["Auto"]);
    expect(extractedTexts(page, { label: "Black", attribute: "height" })).toEqual(["13"]);
    expect(extractedTexts(page, { label: "Duplex", option: "text" })).toEqual(["On"]);
  });

  it("over several inputs give all their values", () => {
    const page =
      "<tr><td>IP</td><td><input value=10><input value=0><input value=0><input value=7></td></tr>";
    expect(extractedTexts(page, { label: "IP" })).toEqual(["10", "0", "0", "7"]);
  });
});

describe("fields", () => {
  const page = `<form><input name=t value=" a  b "><input name=e><input type=hidden name=c value=0><input type=checkbox name=c value=1 checked>
    <input type=checkbox name=d><input type=radio name=r value=1><input type=radio name=r value=2 checked>
    <select name=s><option value=1>One<option value=2 selected>Two</select><select name=n><option>x<option>y</select>
    <select name=m multiple><option selected>p<option>q<option selected>r</select><textarea name=ta>
 l1
 l2</textarea><input type=submit name=go value=Go><input name=rep value=1><input name=rep value=2></form>`;

  it.each([
    ["t", ["a b"]],
    ["e", [""]],
    ["c", ["true"]],
    ["d", ["false"]],
    ["r", ["2"]],
    ["s", ["2"]],
    ["n", []],
    ["m", ["p", "r"]],
    ["ta", ["l1 l2"]],
    ["go", []],
    ["rep", ["1", "2"]],
    ["none", []],
  ])("%s", (field, expected) => {
    expect(extractedTexts(page, { field })).toEqual(expected);
  });

  it("give the text of the option, an attribute, and a control by CSS its state", () => {
    expect(extractedTexts(page, { field: "s", option: "text" })).toEqual(["Two"]);
    expect(extractedTexts(page, { field: "c", attribute: "value" })).toEqual(["1"]);
    expect(extractedTexts(page, { css: "input[name=r]" })).toEqual(["false", "true"]);
    expect(extractedTexts(page, { css: "input[name=r]:checked", attribute: "value" })).toEqual([
      "2",
    ]);
  });
});
