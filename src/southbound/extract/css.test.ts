import { describe, expect, it } from "vitest";
import { extractedTexts } from "../../../test/support/extracted-texts.ts";
import { parseCss } from "./css-parser.ts";

const page = `<html><body id="top"><div class="box first"><p>One</p><p class="x">Two <b>bold</b></p><span>Three</span></div>
<div class="box" data-k="a-b"><p>Four</p><p>Five<img alt="Black" height="5"></p><i></i></div>
<ul><li>a</li><li>b</li><li class="x">c</li><li>d</li><li>e</li></ul>
<INPUT TYPE="HIDDEN" name="h" value="v"></body></html>`;

describe("CSS selectors", () => {
  it.each([
    ["p", ["One", "Two bold", "Four", "Five"]],
    ["div.box > p", ["One", "Two bold", "Four", "Five"]],
    ["body > p", []],
    ["#top .first p", ["One", "Two bold"]],
    ["p + p", ["Two bold", "Five"]],
    ["p ~ span", ["Three"]],
    ["p.x b", ["bold"]],
    [".x", ["Two bold", "c"]],
    ["li:first-child, li:last-child", ["a", "e"]],
    ["li:nth-child(2n+1)", ["a", "c", "e"]],
    ["li:nth-child(even)", ["b", "d"]],
    ["li:nth-child(-n+2)", ["a", "b"]],
    ["li:nth-last-child(2)", ["d"]],
    ["div p:nth-of-type(2)", ["Two bold", "Five"]],
    ["div > :last-of-type:not(p)", ["Three", ""]],
    ["[data-k]", ["Four Five"]],
    ["[data-k|=a] > p:first-child", ["Four"]],
    ["[data-k^=a] > p:first-child", ["Four"]],
    ["[data-k$=b] > p:first-child", ["Four"]],
    ["[data-k*='-'] > p:first-child", ["Four"]],
    ["div[class~=first] span", ["Three"]],
    ["li:not(.x):not(:first-child)", ["b", "d", "e"]],
    ["div:has(> p img) > p:first-child", ["Four"]],
    ["div:has(span) p:is(.x, .y)", ["Two bold"]],
    ["p:has(+ span)", ["Two bold"]],
    ["li:has(~ li.x)", ["a", "b"]],
    ["p:contains('Two')", ["Two bold"]],
    ["p:contains('Two bold')", ["Two bold"]],
    ["p:contains('boldThree')", []],
    ["i:empty", [""]],
    [":root > body > ul li:nth-child(3)", ["c"]],
    ["DIV.box P.x", ["Two bold"]],
    ["input[type=hidden]", ["v"]],
    ["unknown", []],
  ])("%s", (css, expected) => {
    expect(extractedTexts(page, { css })).toEqual(expected);
  });

  it("pick one match by number, from the end when negative", () => {
    expect(extractedTexts(page, { css: "li", nth: 1 })).toEqual(["b"]);
    expect(extractedTexts(page, { css: "li", nth: -1 })).toEqual(["e"]);
    expect(extractedTexts(page, { css: "li", nth: 9 })).toEqual([]);
  });

  it("look only within a part of the page, counting nested parts once", () => {
    expect(extractedTexts(page, { css: "p", within: ".first" })).toEqual(["One", "Two bold"]);
    expect(extractedTexts(page, { css: "li", within: "body, ul" })).toHaveLength(5);
    expect(extractedTexts(page, { css: "p", within: ".gone" })).toEqual([]);
  });

  it("give an attribute or a property of the style instead of the text", () => {
    const gauges = `<p style="height:12px; background: linear-gradient(to top, #000 34%, #fff 34%)"></p>
      <p style='background:url("data:a;b"); HEIGHT : 50px !important'></p><p></p>`;
    expect(extractedTexts(page, { css: "img", attribute: "Height" })).toEqual(["5"]);
    expect(extractedTexts(page, { css: "p", attribute: "height" })).toEqual([]);
    expect(extractedTexts(gauges, { css: "p", style: "height" })).toEqual(["12px", "50px"]);
    expect(extractedTexts(gauges, { css: "p", style: "background" })).toEqual([
      "linear-gradient(to top, #000 34%, #fff 34%)",
      'url("data:a;b")',
    ]);
  });

  it("tell what they cannot read", () => {
    for (const wrong of [
      "",
      "p >",
      "p >> q",
      "p:hover(",
      "p::before",
      ":nth-child(x)",
      ":lang(en)",
    ])
      expect(parseCss(wrong), wrong).toBeTypeOf("string");
  });
});

describe("text of elements", () => {
  it.each([
    [
      "collapses blanks and decodes entities",
      "<p> a&#32;&nbsp;\n b &amp; &uuml;&#x20AC; </p>",
      "a b & ü€",
    ],
    ["separates lines and cells by a blank", "<p>a<br>b<table><tr><td>c<td>d</table></p>", "a b"],
    [
      "keeps words together that only change their look",
      "<p>Usuario(s)<span>216</span></p>",
      "Usuario(s)216",
    ],
    ["leaves scripts and styles out", "<p>a<script>b()</script><style>c{}</style>d</p>", "ad"],
    ["ignores comments", "<p>a<!-- <b>x</b> -->b</p>", "ab"],
    ["never expands entities of a page's own", "<!DOCTYPE p [<!ENTITY x 'y'>]><p>&x;</p>", "&x;"],
  ])("%s", (_name, html, expected) => {
    expect(extractedTexts(html, { css: "p", nth: 0 })).toEqual([expected]);
  });

  it("is cut at 16,384 characters, and 1,000 texts are the most", () => {
    const [text] = extractedTexts(`<p>${"x".repeat(20_000)}</p>`, { css: "p" });
    expect(text).toHaveLength(16_384);
    expect(extractedTexts("<i>x</i>".repeat(1_500), { css: "i" })).toHaveLength(1_000);
    expect(extractedTexts(`${"<i>x</i>".repeat(1_500)}<i>y</i>`, { css: "i", nth: -1 })).toEqual([
      "y",
    ]);
  });
});
