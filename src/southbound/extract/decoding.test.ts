import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import {
  extractedRows,
  extractedTexts,
  rawDocument,
} from "../../../test/support/extracted-texts.ts";
import { decodeDocument } from "./charset.ts";
import { detectFormat } from "./document-format.ts";

const decode = (body: Uint8Array | string, contentType?: string) =>
  decodeDocument(rawDocument(body, contentType === undefined ? {} : { contentType }));

describe("character sets", () => {
  it.each([
    ["the header", "shift_jis", "給紙", "text/html; charset=Shift_JIS"],
    [
      "the header in quotes, with a remark",
      "euc-jp",
      "給紙",
      'text/html; charset="EUC-JP" (as stored)',
    ],
    ["Latin-1, which means windows-1252", "windows-1252", "5 €", "text/html;charset=ISO-8859-1"],
    ["a meta element", "gbk", '<meta charset="gb2312">纸', undefined],
    [
      "an older meta element",
      "windows-1251",
      '<META http-equiv="Content-Type" content="text/html; charset=windows-1251">Да',
      undefined,
    ],
    [
      "an XML declaration",
      "iso-8859-2",
      '<?xml version="1.0" encoding="ISO-8859-2"?><a>ő</a>',
      undefined,
    ],
    ["nothing, when it is UTF-8", "utf-8", "Büro 給紙", "text/html"],
    ["nothing, when it is windows-1252", "windows-1252", "Büro – 5 €", "text/html"],
    ["a meta element that lies about UTF-16", "utf-8", '<meta charset="utf-16">é', undefined],
    ["a name nobody knows, else", "utf-8", "é", "text/html; charset=x-unknown"],
  ])("are told by %s", (_name, charset, text, contentType) => {
    expect(decode(iconv.encode(text, charset), contentType)).toBe(text);
  });

  it("are told by the byte order mark before all else", () => {
    for (const charset of ["utf-8", "utf-16le", "utf-16be"])
      expect(decode(iconv.encode("é", charset, { addBOM: true }), "text/html; charset=gbk")).toBe(
        "é",
      );
  });
});

describe("formats", () => {
  it.each([
    ["<!DOCTYPE html><html>", "text/html", "/", "html"],
    ["<?xml version='1.0'?><a/>", "text/html", "/", "xml"],
    ["<?xml version='1.0'?><html/>", "", "/", "html"],
    ["<a/>", "", "/wcd/top.xml", "xml"],
    ["<table>", "", "/status", "html"],
    ["<a/>", "application/xhtml+xml", "/", "html"],
    ["<a/>", "text/xml; charset=utf-8", "/", "xml"],
    ["{a:1}", "text/html", "/home.json", "json"],
    [" [1]", "", "/", "json"],
    ["x", "application/json", "/", "json"],
    ["var x", "application/x-javascript", "/", "script"],
    ["var x", "", "/a.js?v=1", "script"],
    ["a,b", "text/csv", "/", "csv"],
    ["a,b", "application/octet-stream", "/etc/mnt_info.csv", "csv"],
    ["Hello", "text/html", "/", "html"],
    ["Hello", "text/plain", "/", "text"],
  ])("%s as %s at %s is %s", (text, contentType, path, expected) => {
    expect(detectFormat(rawDocument(text, { contentType, path }), text)).toBe(expected);
  });
});

describe("CSV", () => {
  const csv = 'Name,"Page ""Counter""",Empty,Name\r\nMFC,"1,250",,x\n\n"two\nlines",3';

  it.each([
    ["Name", ["MFC", "x", "two lines"]],
    ['page "counter":', ["1,250", "3"]],
    ["Empty", [""]],
    [1, ["1,250", "3"]],
    [9, []],
    ["Gone", []],
  ])("column %s", (column, expected) => {
    expect(extractedTexts(csv, { csv: column }, "csv")).toEqual(expected);
  });

  it("of a line of names and a line of values, as Brother writes it", () => {
    expect(
      extractedTexts('"Node Name","Model Name"\n"BRW1","Brother X"', { csv: "Model Name" }, "csv"),
    ).toEqual(["Brother X"]);
  });

  it("may be divided by semicolons or tabs, and have quotes that never end", () => {
    expect(extractedTexts("a;b,c;d\n1;2,5;3", { csv: "b,c" }, "csv")).toEqual(["2,5"]);
    expect(extractedTexts("a\tb\n1\t2", { csv: "b" }, "csv")).toEqual(["2"]);
    expect(extractedTexts('a,b\n1,"2\n3', { csv: "b" }, "csv")).toEqual(["2 3"]);
  });

  it("makes rows with cells by heading", () => {
    expect(extractedRows("id,n\n1,x\n,y\n2,z", { csv: "id" }, { n: { csv: "n" } }, "csv")).toEqual([
      { n: ["x"] },
      { n: ["z"] },
    ]);
  });
});

describe("documents as a whole", () => {
  it("give the title, headers, the status and matches of a pattern", () => {
    const raw = rawDocument("<title> Brother &amp; Co </title><!-- v=1.2 v=3.4 -->", {
      status: 404,
      headers: new Map([["server", "debut/1.20"]]),
    });
    expect(extractedTexts(raw, { title: true })).toEqual(["Brother & Co"]);
    expect(extractedTexts(raw, { header: "Server" })).toEqual(["debut/1.20"]);
    expect(extractedTexts(raw, { header: "Location" })).toEqual([]);
    expect(extractedTexts(raw, { status: true })).toEqual(["404"]);
    expect(extractedTexts(raw, { regex: "v=([0-9.]+)" })).toEqual(["1.2", "3.4"]);
    expect(extractedTexts(raw, { regex: "v=[0-9.]+", nth: 0 })).toEqual(["v=1.2"]);
  });
});
