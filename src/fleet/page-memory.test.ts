import { describe, expect, it } from "vitest";
import type { RawAnswers, ReadPlan } from "../southbound/driver.ts";
import { type PageChange, PageMemory } from "./page-memory.ts";

const mapping = { name: "vendor/acme/laser", version: "1", title: "" };
const plan: ReadPlan = {
  scalars: [],
  columns: [],
  documents: [{ channel: "ews", name: "/status", request: { path: "/status" }, extractions: [] }],
};

/** A reading in which the toner level was found at `chain`. */
function builtAs(chain: string): RawAnswers {
  return {
    readAtMs: 0,
    snmp: () => "noSuchObject",
    snmpColumn: () => new Map(),
    documents: {
      values: () => ["50"],
      rows: () => [],
      structure: () => new Map([["toner", chain]]),
    },
  };
}

function memory(kept?: string) {
  const changes: PageChange[] = [];
  const onChange = (change: PageChange) => changes.push(change);
  return { pages: new PageMemory(kept, { onChange, firmware: () => "1.0" }), changes };
}

describe("the memory of a printer's pages", () => {
  it("stops believing a page once its value is found elsewhere, over a restart too, until it is accepted", () => {
    const first = memory();
    first.pages.compare(builtAs("html/table/td"), plan, mapping);
    const { pages, changes } = memory(first.pages.text());
    pages.compare(builtAs("html/div"), plan, mapping);
    pages.compare(builtAs("html/p"), plan, mapping);
    expect(changes).toMatchObject([{ before: "html/table/td", now: "html/div" }]);
    expect(pages.distrusted).toEqual(["/status"]);
    expect(pages.accept()).toEqual(["/status"]);
    pages.compare(builtAs("html/div"), plan, mapping);
    expect(pages.distrusted).toEqual([]);
  });

  it("keeps little of a page whose classes are endless, and notices a change at their end", () => {
    const endless = `html/td.${"x".repeat(1_000_000)}`;
    const { pages, changes } = memory();
    pages.compare(builtAs(endless), plan, mapping);
    pages.compare(builtAs(endless), plan, mapping);
    expect(pages.text().length).toBeLessThan(1_000);
    expect(pages.distrusted).toEqual([]);
    pages.compare(builtAs(`${endless}/b`), plan, mapping);
    expect(pages.distrusted).toEqual(["/status"]);
    expect(changes[0]?.now.length).toBeLessThan(400);
  });

  it("begins anew with another version of the mapping", () => {
    const { pages } = memory();
    pages.compare(builtAs("html/td"), plan, mapping);
    pages.compare(builtAs("html/div"), plan, { ...mapping, version: "2" });
    expect(pages.distrusted).toEqual([]);
  });
});
