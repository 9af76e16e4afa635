import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { Selector } from "../../src/southbound/documents.ts";
import { fillForm } from "../../src/southbound/extract/form.ts";
import { extractedRows, extractedTexts, rawDocument } from "../support/extracted-texts.ts";

const folder = resolve(import.meta.dirname, "../../../shared/ews");
const isThere = existsSync(folder);

if (!isThere)
  // eslint-disable-next-line no-console -- whoever runs the tests must see what was left out
  console.log("left out: ../shared/ews is not there, so selectors meet no foreign pages");

interface Fact {
  readonly file: string;
  readonly name: string;
  readonly value: unknown;
  readonly how?: string;
}

/** What an oracle says of one capture. */
function factsOf(capture: string): readonly Fact[] {
  const text = readFileSync(resolve(folder, capture, "expected.json"), "utf8");
  return (JSON.parse(text) as { facts: readonly Fact[] }).facts;
}

function bodyOf(capture: string, file: string): string {
  return readFileSync(resolve(folder, capture, file), "utf8");
}

function textsOf(capture: string, file: string, selector: Selector): readonly string[] {
  const bytes = readFileSync(resolve(folder, capture, file));
  return extractedTexts(rawDocument(bytes, { path: `/${file}` }), selector);
}

/** The value of a fact as the texts a selector should find. */
function wanted(fact: Fact): readonly string[] {
  return (Array.isArray(fact.value) ? fact.value : [fact.value]).map(String);
}

/** A selector for each fact of a capture that is text on its page, by the name of the fact. */
const selectors: Readonly<Record<string, Readonly<Record<string, Selector>>>> = {
  "brother-mfc-l8900cdw": {
    "toner black gauge height": { css: "img.tonerremain[alt=Black]", attribute: "height" },
    "toner cyan gauge height": { css: "img.tonerremain[alt=Cyan]", attribute: "height" },
    "toner yellow gauge height": {
      css: "img.tonerremain:nth-child(1)",
      attribute: "height",
      nth: -1,
    },
  },
  "hp-color-laser-mfp-178nw": {
    model: { xpath: "/ProductConfigDyn/ProductInformation/MakeAndModel" },
    firmware: { xpath: "//ProductInformation/Version/Revision" },
    "admin password status": { xpath: "//PasswordStatus" },
    "status category": { css: "Status > StatusCategory" },
    "alert ids": { xpath: "//AlertTable/Alert/ProductStatusAlertID" },
    "Y state": {
      xpath: "//ConsumableInfo[ConsumableLabelCode='Y']/ConsumableLifeState/ConsumableState",
    },
    "K part number": { xpath: "//ConsumableInfo[ConsumableLabelCode='K']/ProductNumber" },
    "Y remaining": { css: "ConsumableInfo > ConsumablePercentageLevelRemaining", nth: -1 },
    "host name": { xpath: "//CurrentHostname" },
    "direct print": { xpath: "//DirectPrint" },
  },
  "hp-smart-tank-580-590": {
    model: { json: "$.makeAndModel.name" },
    firmware: { json: "$.firmwareVersion" },
    "install date": { json: "$['installDate']" },
    "total impressions": { json: "$.printUsage.impressions.total" },
    sheets: { json: "$.printUsage.sheets.total" },
    "send images as reported": { json: "$.scanUsage.sendImages" },
    "v1/v2 enabled": { json: "$.snmpV1V2Config.enabled" },
    "write community set": { json: "$..writeOnlyCommunityNameSet" },
    "port 9100 enabled": { json: "$.port9100.enabled" },
    "alert categories": { json: "$.alerts[*].category" },
  },
  "ricoh-wim-addressbook": {
    "registered users": { css: "#span_numOfUsers" },
    wimToken: { field: "wimToken" },
    result: { field: "returnValue", nth: 0 },
    "entry index": { field: "entryIndexIn", nth: 0 },
    "entry name": { field: "entryNameIn" },
    "folder protocol": { field: "folderProtocolIn" },
    "folder port field": { field: "folderPortNoIn" },
    "smtp authentication account": { field: "smtpAuthAccountIn" },
    "folder authentication account": { field: "folderAuthAccountIn" },
  },
  "samsung-m2070": {
    "hrDeviceStatus code": { json: "$.status.hrDeviceStatus" },
    model_name: { json: "$.identity.model_name" },
    serial_num: { json: "$.identity.serial_num" },
    "toner black remaining": { json: "$.toner_black.remaining" },
    "display text": { json: "$.status.status1" },
    "output tray capacity": { json: "$.outputTray[0][1]" },
    memory: { json: "$.capability.ram.capa" },
    "active alerts": { json: "$.GXI_ACTIVE_ALERT_TOTAL" },
  },
  "samsung-scx-4623": {
    model: { css: "font.lcdFont", nth: 0 },
    "host name": { label: "Name" },
    "IP address": { label: "IP Address" },
    contact: { label: "Contact" },
    "tray 1 status": { js: "tray1Status" },
    "tray 2 installed": { js: "tray2Installed" },
    "tray 3 installed": { js: "tray3Installed" },
    "fax installed": { js: "faxInstalled" },
    "drum installed": { js: "drumInstalled" },
    "black toner remaining": { js: "BlackTonerPer" },
    "toner vendor id": { label: "Vendor ID" },
    "toner serial number": { label: "Serial Number" },
    "MAC address": { label: "MAC Address" },
    "ethernet speed": { field: "GSI_ETHERNET_SPEED", option: "text" },
  },
};

/** Epson's tables of labels: the label is the name of the fact. Two of them repeat labels. */
const epson = [
  ["epson-et-4950", "INFO_NWINFO.html"],
  ["epson-et-8500", "PRTINFO.html"],
  ["epson-l6270", "PRTINFO.html"],
  ["epson-wf-3540", "PRTINFO.html"],
  ["epson-wf-7840", "PRTINFO.html"],
  ["epson-xp-2205", "PRTINFO.html"],
] as const;

describe.skipIf(!isThere)("pages of real printers", () => {
  const cases = Object.entries(selectors).flatMap(([capture, byName]) =>
    Object.entries(byName).map(([name, selector]) => [capture, name, selector] as const),
  );

  it.each(cases)("%s: %s", (capture, name, selector) => {
    const fact = factsOf(capture).find((each) => each.name === name);
    expect(fact).toBeDefined();
    if (fact !== undefined) expect(textsOf(capture, fact.file, selector)).toEqual(wanted(fact));
  });

  it.each(epson)("%s: every labelled value of %s", (capture, file) => {
    const facts = factsOf(capture).filter(
      (fact) => fact.file === file && /label\/value|dt\/dd/.test(fact.how ?? ""),
    );
    expect(facts.length).toBeGreaterThan(15);
    for (const fact of facts) {
      const isSecond = fact.name.includes("second table") || fact.how?.includes("wfd") === true;
      const label = fact.name
        .replace(/ \(second table.*/, "")
        .replace(/^Wi-Fi Direct connection m/, "Connection M");
      const found = textsOf(capture, file, { label, nth: isSecond ? -1 : 0 });
      expect(found, fact.name).toEqual(wanted(fact));
    }
  });

  it("epson-et-4950: every counter, and the row of a paper size", () => {
    const counters = factsOf("epson-et-4950").filter(
      (fact) => fact.file === "INFO_MENTINFO.html" && fact.how?.startsWith("dt/dd") === true,
    );
    expect(counters.length).toBeGreaterThan(15);
    for (const fact of counters) {
      const label = fact.name.replace(/^pages in /, "");
      // "Other" is a paper size as well, in a table before.
      const found = textsOf("epson-et-4950", fact.file, { label, nth: -1 });
      expect(found, label).toEqual(wanted(fact));
    }
    const rows = extractedRows(
      bodyOf("epson-et-4950", "INFO_MENTINFO.html"),
      { css: "table.values tbody > tr" },
      { size: { css: "td", nth: 0 }, pages: { css: "td.number" } },
    );
    expect(rows[1]).toEqual({ size: ["A4/Letter"], pages: ["95", "56", "873", "196"] });
  });

  it("epson: heights of the ink gauges, and a gradient", () => {
    const gauges = extractedRows(
      bodyOf("epson-et-8500", "PRTINFO.html"),
      { css: "li.tank:has(.clrname)" },
      { color: { css: ".clrname" }, height: { css: "img.color", attribute: "height" } },
    );
    expect(gauges.map(({ color, height }) => [color?.[0], height?.[0]])).toEqual([
      ["BK", "13"],
      ["PB", "19"],
      ["C", "20"],
      ["Y", "23"],
      ["M", "21"],
      ["GY", "22"],
    ]);
    expect(
      textsOf("epson-xp-2205", "PRTINFO.html", { css: "div.tank", style: "background", nth: 0 }),
    ).toEqual(["linear-gradient(to top, #000000 0%, #000000 34%, #FFFFFF 34%, #FFFFFF 100%)"]);
  });

  it("ricoh: a form that is kept whole, and users counted in the text of the page", () => {
    const list = bodyOf("ricoh-wim-addressbook", "adrsList.html");
    expect(extractedTexts(list, { regex: "Usuario\\(s\\)<span[^>]*>([0-9]+)" })).toEqual(["216"]);
    const { fields } = fillForm(bodyOf("ricoh-wim-addressbook", "adrsGetUser-MODUSER.html"), {
      fields: [{ at: { name: "entryNameIn" }, set: { value: "New name" } }],
    });
    expect(fields).toContainEqual(["wimToken", "1521961238"]);
    expect(fields).toContainEqual(["entryNameIn", "New name"]);
    expect(fields.filter(([name]) => name === "entryTagInfoIn")).toHaveLength(4);
  });

  it("samsung: the form of the old settings page, one field changed", () => {
    const page = bodyOf("samsung-scx-4623", "general_protocols.htm");
    const filled = fillForm(page, {
      fields: [{ at: { label: "Contact" }, set: { value: "Desk" } }],
    });
    expect(filled).toMatchObject({ action: "/SaveChangesWithRestart.cgi", method: "POST" });
    expect(filled.fields).toContainEqual(["GSI_CONTACT", "Desk"]);
    expect(filled.fields.map(([name]) => name)).toEqual([
      "GSI_ETHERNET_RESTART",
      "GSI_PS_NAME",
      "GSI_PS_DESC",
      "GSI_CONTACT",
      "GSI_ETHERNET_SPEED",
    ]);
  });
});
