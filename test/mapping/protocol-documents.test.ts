import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { evaluateAnswers } from "../../src/mapping/capture-evaluation.ts";
import type { MappingSet } from "../../src/mapping/evaluation.ts";
import { loadMappings } from "../../src/mapping/load.ts";
import { serviceObject } from "../../src/model/definition.ts";
import { pollClasses } from "../../src/model/snapshot.ts";
import { joinAnswers, noSnmp } from "../../src/southbound/device-answers.ts";
import type { RawAnswers } from "../../src/southbound/driver.ts";
import type { RecordedFile } from "../../src/southbound/extract/recorded-documents.ts";
import { RecordedDocuments } from "../../src/southbound/extract/recorded-documents.ts";
import { documentOf } from "../../src/southbound/ipp/document.ts";
import { ippGroup, ippTag } from "../../src/southbound/ipp/tags.ts";
import type { IppAttribute, IppValue } from "../../src/southbound/ipp/value.ts";
import { mdnsDocument } from "../../src/southbound/mdns/txt.ts";
import { pjlDocument } from "../../src/southbound/pjl/answer.ts";
import { TestAnswers } from "./printer.ts";

let mappings: MappingSet;
beforeAll(async () => {
  mappings = await loadMappings([resolve(import.meta.dirname, "../../mappings")]);
});

const json = (channel: "ipp" | "pjl" | "mdns", name: string, content: unknown): RecordedFile => ({
  channel,
  name,
  raw: {
    bytes: Buffer.from(JSON.stringify(content)),
    contentType: "application/json",
    headers: new Map(),
    status: 200,
    path: "",
  },
});

/** What the base mapping makes of documents, by path below the service object. */
function valuesOf(files: readonly RecordedFile[], snmp = noSnmp(0)): Record<string, unknown> {
  const base = mappings.byName("base");
  const documents = base?.readPlan(pollClasses).documents ?? [];
  const answers = joinAnswers(snmp, new RecordedDocuments(files).read(documents));
  return valuesIn(answers);
}

function valuesIn(answers: RawAnswers): Record<string, unknown> {
  const { parameters } = evaluateAnswers(mappings, answers, "base");
  return Object.fromEntries(
    Object.entries(parameters).map(([path, { value }]) => [
      path.replace(`${serviceObject}1.`, ""),
      value,
    ]),
  );
}

const keyword = (value: string): IppValue => ({ syntax: "text", tag: ippTag.keyword, value });
const integer = (value: number): IppValue => ({ syntax: "integer", value });
const octets = (text: string): IppValue => ({
  syntax: "octets",
  tag: ippTag.octetString,
  octets: Buffer.from(text),
});
const list = (name: string, values: readonly IppValue[]): IppAttribute => ({ name, values });

function ipp(...attributes: readonly IppAttribute[]): RecordedFile {
  const groups = [{ tag: ippGroup.printer, attributes }];
  const version = { major: 2, minor: 0 };
  const message = { version, code: 0, requestId: 1, groups, data: new Uint8Array() };
  return json("ipp", "printer-attributes", documentOf(message));
}

describe("printers over IPP", () => {
  const markers = (...levels: readonly number[]): readonly IppAttribute[] => [
    list("marker-names", ["Black", "Cyan", "Waste box"].map(keyword)),
    list("marker-types", ["toner-cartridge", "tonerCartridge", "waste-toner"].map(keyword)),
    list("marker-low-levels", [15, 15, 95].map(integer)),
    list("marker-levels", levels.map(integer)),
  ];

  it("tell levels in percent, low where they call it so, and of a waste box the room left", () => {
    const values = valuesOf([ipp(...markers(60, 12, 30))]);
    expect(values).toMatchObject({
      "Supply.1.Type": "TonerCartridge",
      "Supply.1.RemainingPercent": 60,
      "Supply.1.Status": "OK",
      "Supply.2.Type": "TonerCartridge",
      "Supply.2.ColorantName": "Cyan",
      "Supply.2.Status": "Low",
      "Supply.3.Class": "ReceptacleThatIsFilled",
      "Supply.3.CurrentLevel": 70,
      "Supply.3.RemainingPercent": 70,
    });
  });

  it("keep the specials of levels, also of a waste box, and make no percentage of them", () => {
    const values = valuesOf([ipp(...markers(-2, -3, -2))]);
    expect([1, 2, 3].map((n) => values[`Supply.${n}.CurrentLevel`])).toEqual([-2, -3, -2]);
    expect([1, 2, 3].map((n) => values[`Supply.${n}.RemainingPercent`])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("put names to printer-supply only when there are as many", () => {
    const supplies = ["type=toner;class=supplyThatIsConsumed;maxcapacity=50;level=10;unit=percent"];
    const one = list("marker-names", [keyword("Black")]);
    const two = list("marker-names", [keyword("Black"), keyword("Cyan")]);
    const supply = list("printer-supply", supplies.map(octets));
    expect(valuesOf([ipp(supply, one)])).toMatchObject({
      "Supply.1.Description": "Black",
      "Supply.1.RemainingPercent": 20,
    });
    expect(valuesOf([ipp(supply, two)])["Supply.1.Description"]).toBeUndefined();
  });

  it("tell reasons without their severity, and none as an empty list", () => {
    const reasons = list("printer-state-reasons", ["media-empty-error", "door-open"].map(keyword));
    expect(valuesOf([ipp(reasons)])["General.StateReasons"]).toBe("MediaEmpty,DoorOpen");
    const none = list("printer-state-reasons", [keyword("none")]);
    expect(valuesOf([ipp(none)])["General.StateReasons"]).toBe("");
  });

  it("come after SNMP, value by value and table by table", () => {
    const snmp = new TestAnswers({
      "1.3.6.1.2.1.1.6.0": "by SNMP",
      "1.3.6.1.2.1.43.11.1.1.9.1.1": 7,
      "1.3.6.1.2.1.43.11.1.1.8.1.1": 10,
    });
    const location = list("printer-location", [keyword("by IPP")]);
    const name = list("printer-name", [keyword("by IPP")]);
    const values = valuesOf([ipp(location, name, ...markers(60, 12, 30))], snmp);
    expect(values).toMatchObject({
      "General.SystemLocation": "by SNMP",
      "General.PrinterName": "by IPP",
      "Supply.1.CurrentLevel": 7,
      SupplyNumberOfEntries: 1,
    });
  });
});

describe("printers over nothing but SNMP", () => {
  it("have no scanner and fax tables, as nobody said that there is none", () => {
    const values = valuesIn(new TestAnswers({ "1.3.6.1.2.1.1.1.0": "Acme" }));
    expect(values).toMatchObject({ SupplyNumberOfEntries: 0 });
    expect(values).not.toHaveProperty("ScannerNumberOfEntries");
    expect(values).not.toHaveProperty("FaxModemNumberOfEntries");
  });
});

describe("printers over PJL", () => {
  it("tell their settings in the model's words", () => {
    const text = [
      "@PJL INFO VARIABLES",
      "COPIES=2 [2 RANGE]",
      "\t1",
      "\t999",
      "DUPLEX=ON [2 ENUMERATED]",
      "\tOFF",
      "\tON",
      "BINDING=SHORTEDGE [2 ENUMERATED]",
      "\tLONGEDGE",
      "\tSHORTEDGE",
      "PAPER=A4 [1 ENUMERATED]",
      "\tA4",
      "RESOLUTION=600 [1 ENUMERATED]",
      "\t600",
      "LPARM:PCL SYMSET=ROMAN8 [1 ENUMERATED]",
      "\tROMAN8",
      "LPARM:POSTSCRIPT PRTPSERRS=OFF [2 ENUMERATED]",
      "\tOFF",
      "\tON",
    ].join("\r\n");
    expect(valuesOf([json("pjl", "INFO VARIABLES", pjlDocument(text))])).toMatchObject({
      "Settings.Print.Copies": 2,
      "Settings.Print.Sides": "TwoSidedShortEdge",
      "Settings.Print.MediaSizeName": "iso_a4_210x297mm",
      "Settings.Print.Resolution": "600dpi",
      "Settings.PCL.SymbolSet": "ROMAN8",
      "Settings.PS.PrintErrorPage": false,
    });
  });

  it("tell no sides by the binding edge alone", () => {
    const text = "@PJL INFO VARIABLES\r\nBINDING=SHORTEDGE\r\n";
    const values = valuesOf([json("pjl", "INFO VARIABLES", pjlDocument(text))]);
    expect(values).not.toHaveProperty(["Settings.Print.Sides"]);
  });

  it("tell page count, state and display", () => {
    const count = json("pjl", "INFO PAGECOUNT", pjlDocument("@PJL INFO PAGECOUNT\r\n183933\r\n"));
    const text = '@PJL INFO STATUS\r\nCODE=10001\r\nDISPLAY="READY   "\r\n';
    const values = valuesOf([count, json("pjl", "INFO STATUS", pjlDocument(text))]);
    expect(values).toMatchObject({
      "Counters.Impressions": 183_933,
      "General.State": "Idle",
      "General.ConsoleText": "READY",
    });
  });
});

describe("printers over DNS-SD", () => {
  it("tell their MAC address by a UUID of version 1 only", () => {
    const identityOf = (uuid: string) => {
      const txt = ["ty=Acme Laser 5", "usb_MFG=Acme", "usb_MDL=Laser 5", `UUID=${uuid}`];
      const file = json("mdns", "txt", mdnsDocument({ txt }));
      const documents = mappings.byName("base")?.readPlan(pollClasses).documents ?? [];
      const answers = joinAnswers(noSnmp(0), new RecordedDocuments([file]).read(documents));
      return evaluateAnswers(mappings, answers, "base").identity;
    };
    expect(identityOf("e3248000-80ce-11db-8000-30055ce13be2")).toEqual({
      manufacturer: "Acme",
      oui: "30055C",
      productClass: "Laser 5",
      serialNumber: "30055CE13BE2",
    });
    expect(identityOf("c4f86db0-9270-4c32-a1ec-9c32ceb7ae37")).toMatchObject({
      oui: "",
      serialNumber: "",
    });
  });
});
