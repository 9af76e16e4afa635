import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rawDocument } from "../../../test/support/extracted-texts.ts";
import { documentFormats, type Extraction, type Selector } from "../documents.ts";
import { extractDocument } from "./extract.ts";
import { ExtractError } from "./extract-error.ts";
import { fillForm } from "./form.ts";

const selectors: readonly Selector[] = [
  { css: "div div > a + b ~ c:nth-of-type(2), :has(> b a):not(c d), td:contains('zz')" },
  { xpath: "//div//div//a[b='1']/..//c[.//d='2']" },
  { label: ["Model", "Serial Number"] },
  { field: "x" },
  { js: "a.b" },
  { json: "$..*..a[?(@.b=='c')]" },
  { csv: "a" },
  { regex: "(a|b)*c" },
  { title: true },
];
const rowCells = [
  { key: "a", selector: { css: "a b" } },
  { key: "x", selector: { xpath: ".//a" } },
  { key: "l", selector: { label: "zz" } },
];
const extractions: readonly Extraction[] = [
  ...selectors.map((selector, at) => ({ kind: "values", key: String(at), selector }) as const),
  { kind: "rows", key: "rows", each: { css: "div" }, cells: rowCells },
];

/** Reads each selector by itself, so that one that meets a cap does not keep the others from their work. */
function readAll(body: string | Uint8Array): void {
  for (const format of [undefined, ...documentFormats])
    for (const extraction of extractions)
      allowExtractError(() =>
        extractDocument(rawDocument(body), { format, extractions: [extraction] }),
      );
}

function allowExtractError(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ExtractError)) throw error;
  }
}

/** Milliseconds of CPU, which other work on the machine does not lengthen. */
function cpuMs(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const many = (text: string, octets: number) => text.repeat(Math.ceil(octets / text.length));
const kilo = 1_024;
const quarter = 256 * kilo;
const mega = kilo * kilo;

describe("hostile documents", () => {
  // Quadratic work on these would take from minutes to days; linear work takes 10 to 500 ms.
  const mostMs = 3_000;

  it.each([
    ["nested elements", many("<div>", 100 * kilo), "css"],
    [
      "nested as deep as allowed, many times",
      (many("<div>", 2_500) + many("</div>", 3_000)).repeat(60),
      "xpath",
    ],
    ["unclosed tags", many("<p><b><i>x", 300 * kilo), "label"],
    ["tags that never end", many("<a b", quarter), "css"],
    ["less-than signs", many("<", mega), "css"],
    ["ampersands", many("&", mega), "css"],
    ["closing tags", many("</p></a>", quarter), "css"],
    ["siblings", many("<a></a>", quarter), "css"],
    ["labels", `<table>${many("<tr><td>Model<td>x", quarter)}`, "label"],
    ["labels for controls", many("<label for=x>Model</label>", quarter) + "<input id=x>", "label"],
    ["attributes of one element", `<a ${many("b1=2 ", quarter)}>`, "css"],
    ["a long attribute", `<div style="${many("a:(;", quarter)}">`, "css"],
    ["comments that never end", many("<!--", quarter), "css"],
    ["blanks", many(" ", 8 * mega), "css"],
    ["open braces", many("{", quarter), "json"],
    ["open brackets with values", many('[1,{"a":', quarter), "json"],
    ["quotes", many("'\"", quarter), "js"],
    ["slashes", many("=/[", quarter), "js"],
    ["literals in scripts", `<script>${many("x=[", quarter)}`, "js"],
    ["array items", `<script>${many("x[9999]=1;", quarter)}`, "js"],
    ["long hexadecimal numbers", `{"a":0x${many("f", quarter)}}`, "json"],
    ["scripts", many("<script>a.b=1</script>", quarter), "js"],
    ["texts a pattern could ponder", many("ab", quarter), "regex"],
    ["quoted cells", many('"",', quarter), "csv"],
    ["a byte more than the cap", many(" ", 8 * mega) + "x", "css"],
  ])("take time that grows with their length only: %s", (_name, body, kind) => {
    const extraction = extractions.filter(
      (each) => each.kind === "values" && kind in each.selector,
    );
    const raw = rawDocument(body);
    const format = kind === "csv" ? "csv" : undefined;
    expect(
      cpuMs(() => {
        allowExtractError(() => extractDocument(raw, { format, extractions: extraction }));
      }),
    ).toBeLessThan(mostMs);
  });

  it("take no longer as forms", () => {
    const wish = {
      fields: [
        { at: { label: "Model" }, set: { value: "x" } },
        { at: { name: "x" }, set: { value: "x" } },
      ],
    };
    for (const body of [
      many("<form><input name=x>", quarter),
      many("<input type=radio name=r checked>Model", quarter),
      many("<form></form>", quarter),
      many("<select><option>", quarter),
    ])
      expect(
        cpuMs(() => {
          allowExtractError(() => fillForm(body, wish));
        }),
      ).toBeLessThan(mostMs);
  });

  it("meet caps by an error that says which", () => {
    const read = (body: string) => () => extractDocument(rawDocument(body), { extractions });
    expect(read(many("<div>", 100 * kilo))).toThrow("document has more than 512 levels");
    expect(read(many("<i></i>", 2 * mega))).toThrow("document has more than 200000 nodes");
    expect(read(`<a ${Array.from({ length: 1_001 }, (_, at) => `b${at}=1`).join(" ")}>`)).toThrow(
      "attributes",
    );
    expect(read(many(" ", 8 * mega) + "x")).toThrow("octets");
  });

  it("meet caps on scripts and on matching as well", () => {
    const find = (body: string, selector: Selector) => () =>
      extractDocument(rawDocument(body), {
        extractions: [{ kind: "values", key: "k", selector }],
      });
    expect(find(`<script>${many("a+", 2.1 * mega)}`, { js: "x" })).toThrow("1000000 tokens");
    const nested = `<a>${many("<b>", 1_200)}${many("<i></i>", 200 * kilo)}`;
    expect(find(nested, { xpath: "//b[.//x]" })).toThrow("steps of matching");
  }, 20_000);

  it("never make it throw anything but an ExtractError: any octets", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        readAll(bytes);
      }),
      { numRuns: 30 },
    );
  });

  it("never make it throw anything but an ExtractError: pieces of pages and scripts in any order", () => {
    const pieces =
      "<div>|</div>|<td>|<tr>|<table>|<form>|</form>|<input name=x|>|<select>|<option selected>|<script>|</script>|<!--|-->|<![CDATA[|]]>|&#x41;|&#xD800;|&amp|a=|'|\"|`|${|{|}|[|]|(|)|,|;|:|\\|\\u12|0x|-|+|/|/*|*/|//|\n|var |new Array(|valueOf(|name=constructor|if |Model|<label for=x>|id=x|\u0000|é|💧|<?xml version='1.0'?>|<a:b c:d='e'/>|=|.x|[0]".split(
        "|",
      );
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), (parts) => {
        readAll(parts.join(""));
        allowExtractError(() =>
          fillForm(parts.join(""), { fields: [{ at: { name: "x" }, set: { value: "1" } }] }),
        );
      }),
      { numRuns: 120 },
    );
  });

  it("never make it throw anything but an ExtractError: any selector", () => {
    const page = rawDocument("<div><a b='c'>d</a></div><script>x={a:[1]}</script>");
    const kinds = ["css", "xpath", "json", "js", "label", "field", "header", "regex"] as const;
    const anyText = fc.oneof(
      fc.string(),
      fc
        .array(fc.constantFrom(...Array.from("/@[]().*'\"=:>+~#$abn1 -")), { maxLength: 12 })
        .map((marks) => marks.join("")),
    );
    fc.assert(
      fc.property(fc.constantFrom(...kinds), anyText, (kind, text) => {
        const selector = { [kind]: text };
        allowExtractError(() =>
          extractDocument(page, { extractions: [{ kind: "values", key: "k", selector }] }),
        );
      }),
      { numRuns: 1_000 },
    );
  });
});
