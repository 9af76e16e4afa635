import { describe, expect, it } from "vitest";
import { parseFiles } from "../../test/mapping/printer.ts";
import { coverageOf, coveragePage } from "./coverage.ts";

const page = (more: string): string => `
parameters:
  Network.SMTP.ServerAddress:
    from: [{ ews: /smtp, field: server${more} }]
    write: { ews: /smtp, field: server, check: { maxOctets: 64 }, verify: readBack${more} }
`;

function cellOf(files: Readonly<Record<string, string>>): unknown {
  const { makers, rows } = coverageOf(parseFiles({ "base/printer": "", ...files }));
  return rows.find(({ information }) => information === "SMTP")?.cells[makers.indexOf("acme")]?.web;
}

const seen = "verified:\n  - { capture: acme-1 }\n";

describe("coverage", () => {
  it("counts what a capture shows as read, and a write nobody saw working apart", () => {
    expect(cellOf({ "vendor/acme/one": seen + page("") })).toEqual({
      read: 1,
      readUnverified: 0,
      written: 1,
      writtenUnverified: 0,
    });
    expect(cellOf({ "vendor/acme/one": seen + page(", unverified: true") })).toEqual({
      read: 0,
      readUnverified: 1,
      written: 0,
      writtenUnverified: 1,
    });
  });

  it("does not take a file without evidence for its word", () => {
    const file = `verified:\n  - { source: "a guide" }\n${page("")}`;
    expect(cellOf({ "vendor/acme/one": file })).toMatchObject({ read: 0, readUnverified: 1 });
  });

  it("counts a parameter once, however many files of the maker have it", () => {
    const files = { "vendor/acme/one": seen + page(""), "vendor/acme/two": seen + page("") };
    expect(cellOf(files)).toMatchObject({ read: 1, written: 1 });
  });

  it("prints a table with a row per kind of information and a column per maker", () => {
    const files = parseFiles({ "base/printer": "", "vendor/acme/one": seen + page("") });
    const text = coveragePage(coverageOf(files));
    expect(text).toContain("|  | acme | any printer |");
    expect(text).toContain("| SMTP | 1 r 1 w |  |");
  });
});
