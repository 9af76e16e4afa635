import { describe, expect, it } from "vitest";
import { TestAnswers, oidValue, parseFiles } from "../../test/mapping/printer.ts";
import { createMappingSet } from "../mapping/mapping-set.ts";
import type { DocumentRead } from "../southbound/documents.ts";
import type { DeviceSession, RawAnswers, ReadPlan } from "../southbound/driver.ts";
import { RecordedDocuments } from "../southbound/extract/recorded-documents.ts";
import { joinAnswers } from "../southbound/device-answers.ts";
import { type PageProbe, identify } from "./identify.ts";

const agent = "sysObjectID: 1.3.6.1.4.1.99.*";
const maker = `match: { ${agent} }\nidentity: { serialNumber: [{ snmp: "1.3.6.1.4.1.99.1.0" }] }\n`;
const platform = (page: string): string =>
  `match: { documents: [{ ews: ${page}, title: true, pattern: "Platform of Acme" }] }\nidentity: { serialNumber: [{ snmp: "1.3.6.1.4.1.99.1.0" }] }\n`;
const mappings = createMappingSet(
  parseFiles({
    "base/printer": "parameters: {}\n",
    "vendor/acme/any": maker,
    "vendor/acme/new": platform("/new"),
    "vendor/acme/old": platform("/old"),
    "vendor/other/printer": platform("/other"),
  }),
);

/** A printer of Acme's with an agent and these pages; undefined: its web server is silent. */
class AcmePrinter implements DeviceSession {
  pages: readonly string[] | undefined;
  readonly asked: string[] = [];

  constructor(pages: readonly string[]) {
    this.pages = pages;
  }

  read(plan: ReadPlan): Promise<RawAnswers> {
    this.asked.push(plan.documents.map(({ name }) => name).join(" "));
    const snmp = new TestAnswers({
      "1.3.6.1.2.1.1.2.0": oidValue("1.3.6.1.4.1.99.7"),
      "1.3.6.1.2.1.1.3.0": 5,
      "1.3.6.1.4.1.99.1.0": "A1",
    });
    return Promise.resolve(joinAnswers(snmp, this.#documents(plan.documents)));
  }

  write(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #documents(wanted: readonly DocumentRead[]): ReturnType<RecordedDocuments["read"]> {
    if (this.pages === undefined)
      return { values: () => "timeout", rows: () => "timeout", structure: () => undefined };
    const bytes = Buffer.from("<html><title>Platform of Acme</title></html>");
    const files = this.pages.map((path) => ({
      channel: "ews" as const,
      name: path,
      raw: { path, status: 200, headers: new Map([["content-type", "text/html"]]), bytes },
    }));
    return new RecordedDocuments(files).read(wanted);
  }
}

async function nameOf(
  printer: AcmePrinter,
  pages: PageProbe,
  expected?: string,
): Promise<string | undefined> {
  const known = expected === undefined ? undefined : mappings.byName(expected);
  return (await identify(printer, { mappings, expected: known, pages })).mapping.selected.name;
}

describe("a printer whose agent only tells the maker", () => {
  it("gets the mapping of the platform its pages show, and is asked for no other maker's", async () => {
    const printer = new AcmePrinter(["/old"]);
    expect(await nameOf(printer, "ifUnknown")).toBe("vendor/acme/old");
    expect(printer.asked.slice(0, 2)).toEqual(["", "/new /old"]);
    expect(printer.asked.join(" ")).not.toContain("/other");
  });

  it("is asked once where it is as expected", async () => {
    const printer = new AcmePrinter(["/old"]);
    expect(await nameOf(printer, "ifUnknown", "acme/old")).toBe("vendor/acme/old");
    expect(printer.asked).toEqual(["/new /old"]);
  });

  it("changes over when the pages are others now", async () => {
    expect(await nameOf(new AcmePrinter(["/new"]), "ifUnknown", "acme/old")).toBe(
      "vendor/acme/new",
    );
    expect(await nameOf(new AcmePrinter([]), "ifUnknown", "acme/old")).toBe("vendor/acme/any");
  });

  it("keeps its mapping while its web server is silent", async () => {
    const printer = new AcmePrinter([]);
    printer.pages = undefined;
    expect(await nameOf(printer, "ifUnknown", "acme/old")).toBe("vendor/acme/old");
    expect(await nameOf(printer, "ifUnknown")).toBe("vendor/acme/any");
  });

  it("is not asked for pages nobody said it has", async () => {
    const printer = new AcmePrinter(["/old"]);
    expect(await nameOf(printer, "never")).toBe("vendor/acme/any");
    expect(printer.asked.join("")).toBe("");
  });
});
