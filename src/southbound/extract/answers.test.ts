import { describe, expect, it } from "vitest";
import { rawDocument } from "../../../test/support/extracted-texts.ts";
import type { DocumentRead, Extraction } from "../documents.ts";
import { selectorProblem } from "../selector-problem.ts";
import { extractDocument } from "./extract.ts";
import { type RecordedFile, RecordedDocuments } from "./recorded-documents.ts";

const page = (level: number, extra = "") =>
  `<html><body><div id="main" class="a b"><table><tr class="row"><td>Black</td><td class="value">${level}</td></tr>${extra}</table></div></body></html>`;
const black: Extraction = { kind: "values", key: "black", selector: { label: "Black" } };
const lines: Extraction = { kind: "rows", key: "lines", each: { css: "tr" }, cells: [] };

describe("where a value stands", () => {
  const structureOf = (html: string) =>
    extractDocument(rawDocument(html), { extractions: [black, lines] }).structure;

  it("is a chain of elements that does not change with the data", () => {
    expect(structureOf(page(5))).toEqual(
      new Map([
        ["black", "html/body/div#main.a.b/table/tr.row/td.value"],
        ["lines", "html/body/div#main.a.b/table/tr.row"],
      ]),
    );
    expect(structureOf(page(80, "<tr><td>Cyan</td><td>5</td></tr>"))).toEqual(structureOf(page(5)));
  });

  it("is another one when the page is rebuilt, and none when nothing is found", () => {
    expect(structureOf("<p><span>Black</span><span>5</span></p>").get("black")).toBe("p/span");
    expect(structureOf("<p>Nothing</p>").has("black")).toBe(false);
  });

  it("is the path and type for JSON and scripts", () => {
    const extractions: Extraction[] = [{ kind: "values", key: "v", selector: { json: "$.a" } }];
    const of = (json: string) =>
      extractDocument(rawDocument(json), { extractions }).structure.get("v");
    expect(of('{"a":5}')).toBe("$.a number");
    expect(of('{"a":"5"}')).toBe("$.a text");
  });
});

describe("extracted documents", () => {
  it("can cross from a worker", () => {
    const extracted = extractDocument(rawDocument(page(5)), { extractions: [black, lines] });
    expect(structuredClone(extracted)).toEqual(extracted);
  });
});

describe("documents of a capture", () => {
  const file = (path: string, body: string, given: Partial<RecordedFile> = {}): RecordedFile => ({
    channel: "ews",
    name: path,
    raw: rawDocument(body, { path }),
    ...given,
  });
  const read = (name: string, given: Partial<DocumentRead> = {}): DocumentRead => ({
    channel: "ews",
    name,
    extractions: [black],
    ...given,
  });

  it("are found by path, exactly first, then without query and final slash", () => {
    const recorded = new RecordedDocuments([
      file("/Status?x=1", page(1)),
      file("/Status", page(2)),
      file("/top/", page(3)),
    ]);
    const answers = recorded.read([
      read("/Status"),
      read("/Status?x=1"),
      read("/Status?x=2"),
      read("/top?a"),
      read("named", { request: { path: "/top/" } }),
      read("/status"),
    ]);
    expect(
      ["/Status", "/Status?x=1", "/Status?x=2", "/top?a", "named"].map((name) =>
        answers.values(name, "black"),
      ),
    ).toEqual([["2"], ["1"], ["1"], ["3"], ["3"]]);
    expect(answers.values("/status", "black")).toBe("noSuchObject");
    expect(answers.values("/never", "black")).toBe("notRead");
    expect(answers.rows("/status", "lines")).toBe("noSuchObject");
    expect(answers.structure("/status")).toBeUndefined();
    expect(answers.structure("/Status")?.get("black")).toBe(
      "html/body/div#main.a.b/table/tr.row/td.value",
    );
  });

  it("of other channels are found by name", () => {
    const recorded = new RecordedDocuments([
      file("x", page(1)),
      file("x", page(2), { channel: "ipp" }),
    ]);
    expect(recorded.read([read("x", { channel: "ipp" })]).values("x", "black")).toEqual(["2"]);
  });

  it("exclude each other as in a driver, but are not missed for what should lead to them", () => {
    const recorded = new RecordedDocuments([
      file("/a", page(1)),
      file("/b", page(2)),
      file("/c", page(3)),
    ]);
    const answers = recorded.read([
      read("/a"),
      read("/gone"),
      read("/b", { onlyWithout: ["/a"] }),
      read("/c", { onlyWith: ["/gone"], onlyWithout: ["/gone"] }),
    ]);
    expect(answers.values("/b", "black")).toBe("noSuchObject");
    expect(answers.values("/c", "black")).toEqual(["3"]);
  });

  it("that are not what they should be are malformed, the others are not touched", () => {
    const recorded = new RecordedDocuments([file("/a", "{"), file("/b", page(2))]);
    const answers = recorded.read([
      read("/a", {
        format: "json",
        extractions: [{ kind: "values", key: "black", selector: { json: "$.x" } }],
      }),
      read("/b"),
    ]);
    expect(answers.values("/a", "black")).toBe("malformed");
    expect(answers.values("/b", "black")).toEqual(["2"]);
  });

  it("that are too big to be read whole are cut, as they are from a printer", () => {
    const recorded = new RecordedDocuments([file("/a", "<div>".repeat(600))]);
    expect(recorded.read([read("/a")]).values("/a", "black")).toBe("cut");
  });
});

describe("the check of selectors", () => {
  it.each([
    [{}, "needs one of"],
    [{ css: "p", xpath: "//p" }, "css and xpath"],
    [{ css: "p[" }, "CSS p["],
    [{ xpath: "//" }, "XPath //"],
    [{ json: "$[" }, "JSON path $["],
    [{ js: "x[" }, "JSON path x["],
    [{ regex: "(?=a)" }, "regex (?=a)"],
    [{ label: [] }, "label is empty"],
    [{ label: "" }, "label is empty"],
    [{ csv: -1 }, "csv needs"],
    [{ css: "p", within: ">" }, "within"],
    [{ json: "$.a", attribute: "x" }, "attribute has no meaning with json"],
    [{ css: "p", attribute: "x", style: "y" }, "exclude each other"],
    [{ css: "p", nth: 1.5 }, "nth must be whole"],
  ])("finds what is wrong with %j", (selector, problem) => {
    expect(selectorProblem(selector)).toContain(problem);
  });

  it.each([
    [{ css: "p > a", within: "#x", nth: -1 }],
    [{ xpath: "//a/@b" }],
    [{ js: "_pp.x" }],
    [{ label: ["a", "b"], option: "text" as const }],
    [{ csv: 0 }],
    [{ title: true as const }],
  ])("finds nothing wrong with %j", (selector) => {
    expect(selectorProblem(selector)).toBeUndefined();
  });
});
