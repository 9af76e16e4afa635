import { describe, expect, it } from "vitest";
import { ippDocument, type IppDocument } from "./document.ts";
import { encodeIpp, type IppAttributeGroup } from "./message.ts";
import { ippGroup, ippTag } from "./tags.ts";
import type { IppAttribute, IppValue } from "./value.ts";

const keyword = (value: string): IppValue => ({ syntax: "text", tag: ippTag.keyword, value });
const integer = (value: number): IppValue => ({ syntax: "integer", value });
const octets = (text: string): IppValue => ({
  syntax: "octets",
  tag: ippTag.octetString,
  octets: Buffer.from(text, "latin1"),
});
const attribute = (name: string, ...values: readonly IppValue[]): IppAttribute => ({
  name,
  values,
});
const noValue: IppValue = { syntax: "outOfBand", tag: ippTag.noValue };

function answer(...attributes: readonly IppAttribute[]): IppDocument {
  return answerOf([{ tag: ippGroup.printer, attributes }]);
}

function answerOf(groups: readonly IppAttributeGroup[], code = 0): IppDocument {
  const version = { major: 1, minor: 1 };
  return ippDocument(encodeIpp({ version, code, requestId: 9, groups, data: new Uint8Array() }));
}

describe("ippDocument", () => {
  it("gives one value as it is and several as a list", () => {
    const { printer } = answer(
      attribute("printer-state", { syntax: "enum", value: 3 }),
      attribute("color-supported", { syntax: "boolean", value: true }),
      attribute("sides-supported", keyword("one-sided"), keyword("two-sided-long-edge")),
    );
    expect(printer).toEqual({
      "printer-state": 3,
      "color-supported": true,
      "sides-supported": ["one-sided", "two-sided-long-edge"],
    });
  });

  it("writes resolutions, ranges, dates and collections as people do", () => {
    const { printer } = answer(
      attribute("printer-resolution-default", {
        syntax: "resolution",
        crossFeed: 600,
        feed: 1200,
        unit: 3,
      }),
      attribute("copies-supported", { syntax: "range", lower: 1, upper: 99 }),
      attribute("printer-current-time", {
        syntax: "dateTime",
        octets: Uint8Array.of(0x07, 0xe5, 9, 28, 9, 37, 15, 0, 0x2b, 2, 0),
      }),
      attribute("media-col-default", {
        syntax: "collection",
        members: [attribute("media-source", keyword("main"))],
      }),
    );
    expect(printer).toEqual({
      "printer-resolution-default": "600x1200dpi",
      "copies-supported": "1-99",
      "printer-current-time": "2021-09-28T09:37:15+02:00",
      "media-col-default": { "media-source": "main" },
    });
  });

  it("leaves out what has no value, also where a printer writes that as a text", () => {
    const { printer } = answer(
      attribute("printer-geo-location", noValue),
      attribute("printer-contact-col", keyword("no-value")),
      attribute("printer-firmware-version", octets("no-value")),
    );
    expect(printer).toEqual({});
  });

  it("keeps the place of a missing value in a list, so that lists stay side by side", () => {
    const { markers, attributes } = answer(
      attribute("marker-names", keyword("Black"), keyword("Waste")),
      attribute("marker-colors", keyword("#000000"), noValue),
      attribute("marker-levels", noValue, integer(40)),
    );
    expect(attributes["marker-levels"]).toEqual(["", 40]);
    expect(markers).toEqual([
      { name: "Black", color: "#000000" },
      { name: "Waste", level: 40 },
    ]);
  });

  it("gives no markers when it is not told which level belongs to which name", () => {
    const { markers } = answer(
      attribute("marker-names", keyword("Black"), keyword("Cyan")),
      attribute("marker-levels", integer(40)),
    );
    expect(markers).toEqual([]);
  });

  it("takes the fields of trays and supplies apart, with their description", () => {
    const { inputTrays, supplies } = answer(
      attribute("printer-input-tray", octets("type=sheetFeedManual;Level=-2;name=Bypass;;odd")),
      attribute(
        "printer-supply",
        octets("type=toner;level=40;"),
        octets("type=wasteToner;level=2"),
      ),
      attribute("printer-supply-description", keyword("Black toner"), keyword("")),
    );
    expect(inputTrays).toEqual([{ type: "sheetFeedManual", level: "-2", name: "Bypass" }]);
    expect(supplies).toEqual([
      { type: "toner", level: "40", description: "Black toner" },
      { type: "wasteToner", level: "2" },
    ]);
  });

  it("writes octets that are no text in hexadecimal", () => {
    expect(answer(attribute("printer-firmware-version", octets("\x00\x14\xff"))).printer).toEqual({
      "printer-firmware-version": "0014ff",
    });
  });

  it("tells the fields of the IEEE 1284 id", () => {
    const id = octets("MANUFACTURER:Acme;MODEL:Laser 5;CMD:PCL,PJL;SN:42;");
    expect(answer(attribute("printer-device-id", id)).deviceId).toEqual({
      MFG: "Acme",
      MDL: "Laser 5",
      CMD: "PCL,PJL",
      SN: "42",
    });
  });

  it("joins groups of one kind, first value first, and keeps jobs apart", () => {
    const document = answerOf([
      { tag: ippGroup.printer, attributes: [attribute("printer-name", keyword("a"))] },
      { tag: ippGroup.job, attributes: [attribute("job-id", integer(1))] },
      { tag: ippGroup.job, attributes: [attribute("job-id", integer(2))] },
      { tag: ippGroup.printer, attributes: [attribute("printer-name", keyword("b"))] },
      { tag: ippGroup.unsupported, attributes: [attribute("requested-attributes", keyword("x"))] },
    ]);
    expect(document.printer).toEqual({ "printer-name": "a" });
    expect(document.jobs).toEqual([{ "job-id": 1 }, { "job-id": 2 }]);
    expect(document.unsupported).toEqual({ "requested-attributes": "x" });
  });

  it("names the status", () => {
    expect(answerOf([], 0x0503)).toMatchObject({
      version: "1.1",
      status: 0x0503,
      statusCode: "0x0503",
      statusName: "server-error-version-not-supported",
    });
    expect(answerOf([], 0x0999).statusName).toBe("unknown");
  });
});
