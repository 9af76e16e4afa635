import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ModelValue } from "../../src/model/definition.ts";
import {
  type Ippeveprinter,
  canRunIppeveprinter,
  startIppeveprinter,
} from "../support/ippeveprinter.ts";
import { type Lprint, hasLprint, startLprint } from "../support/lprint.ts";
import { MappedPrinter } from "./mapped-printer.ts";

it.runIf(process.env["CI"] === "true")(
  "has the web servers in CI (scripts/test-packages.sh)",
  () => {
    expect({ lprint: hasLprint(), ippeveprinter: canRunIppeveprinter() }).toEqual({
      lprint: true,
      ippeveprinter: true,
    });
  },
);

/** One write: parameter, row, value, and what IPP says afterwards. */
type ConfirmedWrite = readonly [
  template: string,
  rowKey: string | undefined,
  value: ModelValue,
  attribute: string,
  confirmed: RegExp,
];

const roll = "papplReady:ready0-size";
const print = "Settings.Print.";
const lprintWrites: readonly ConfirmedWrite[] = [
  ["General.SystemName", undefined, "Label 3", "printer-dns-sd-name", /^Label 3$/],
  ["General.SystemLocation", undefined, "Süd <b>&amp;", "printer-location", /^Süd <b>&amp;$/],
  ["General.SystemLocation", undefined, "", "printer-location", /^$/],
  ["General.Organization", undefined, "A & B", "printer-organization", /^A & B$/],
  ["General.OrganizationalUnit", undefined, "C", "printer-organizational-unit", /^C$/],
  ["General.OwnerContact", undefined, "Ann", "printer-contact-col", /contact-name=Ann /],
  ["General.OwnerContactEmail", undefined, "a@b.example", "printer-contact-col", /a%40b\.example/],
  ["General.Latitude", undefined, "52.5200", "printer-geo-location", /^geo:52\.52/],
  ["General.Longitude", undefined, "-13.4050", "printer-geo-location", /,-13\.405/],
  ["General.Latitude", undefined, "", "printer-geo-location", /^unknown$/],
  [`${print}Quality`, undefined, "High", "print-quality-default", /^high$/],
  [`${print}Quality`, undefined, "Draft", "print-quality-default", /^draft$/],
  [`${print}Darkness`, undefined, 51, "printer-darkness-configured", /^51$/],
  [`${print}ContentOptimize`, undefined, "Photo", "print-content-optimize-default", /^photo$/],
  [`${print}Scaling`, undefined, "Fit", "print-scaling-default", /^fit$/],
  [`${print}MediaSizeName`, undefined, "oe_4x1-label_4x1in", "media-default", /^oe_4x1/],
  [`${print}MediaType`, undefined, "continuous", "media-col-ready", /media-type=continuous/],
  ["InputTray.{i}.MediaSizeName", roll, "na_index-4x6_4x6in", "media-ready", /^na_index-4x6/],
  ["InputTray.{i}.MediaType", roll, "labels", "media-col-ready", /media-type=labels/],
  ["InputTray.{i}.MediaTracking", roll, "Web", "media-col-ready", /media-tracking=web/],
];

describe.skipIf(!hasLprint())("LPrint (left out without lprint and cups-ipp-utils)", () => {
  let lprint: Lprint;
  let printer: MappedPrinter;
  beforeAll(async () => {
    lprint = await startLprint({ neighbours: ["SECOND"] });
    printer = await MappedPrinter.open("127.0.0.1", lprint.port);
  });
  afterAll(async () => {
    await printer.close();
    await lprint.stop();
  });

  it("is known by its first page, and its own pages are found from there", async () => {
    expect(printer.mapping.selected.name).toBe("vendor/pappl/printer");
    expect(await printer.read()).toMatchObject({
      "General.MakeAndModel": "Zebra ZPL 4-inch/203dpi/Direct-Thermal",
      "General.SystemName": "LABEL",
      "General.State": "Idle",
      "General.StateMessage": "Idle, 0 jobs, default printer.",
      "Settings.Print.Quality": "Normal",
      "Settings.Print.Resolution": "203dpi",
      [`InputTray.[${roll}].Name`]: "Main roll",
      [`InputTray.[${roll}].MediaTracking`]: "Mark",
      "Device.DeviceInfo.SoftwareVersion": "1.1.0",
    });
  });

  it("shows a place that was never set as none, and a darkness its page does not select as unknown", async () => {
    expect(await printer.read()).toMatchObject({
      "General.Latitude": "",
      "General.Longitude": "",
      [`${print}Darkness`]: -2,
    });
  });

  it("keeps the darkness its page does not select when another default is written", async () => {
    const darkness = () => lprint.ipp("printer-darkness-configured");
    const before = await darkness();
    await printer.write([{ template: `${print}Scaling`, rowKey: undefined, value: "Fill" }]);
    expect(await darkness()).toEqual(before);
  });

  for (const [template, rowKey, value, attribute, confirmed] of lprintWrites) {
    it(`takes ${template} ${JSON.stringify(value)}`, async () => {
      await printer.write([{ template, rowKey, value }]);
      const path = rowKey === undefined ? template : template.replace("{i}", `[${rowKey}]`);
      expect((await printer.read())[path]).toEqual(value);
      expect((await lprint.ipp(attribute))[attribute]).toMatch(confirmed);
    });
  }

  it("takes several settings of a page in one form", () => {
    const general = ["General.SystemLocation", "General.Organization"];
    const defaults = [`${print}Quality`, `${print}ContentOptimize`];
    const plan = printer.mapping.writePlan([
      ...general.map((template) => ({ template, rowKey: undefined, value: "X" })),
      { template: defaults[0] ?? "", rowKey: undefined, value: "High" },
      { template: defaults[1] ?? "", rowKey: undefined, value: "Text" },
    ]);
    expect(plan.map(({ description }) => description)).toEqual([
      "form {home}/config: location, organization",
      "form {home}/printing: print-quality, print-content-optimize",
    ]);
  });

  const notOffered = [
    [`${print}Darkness`, 52],
    [`${print}Speed`, 13],
    [`${print}MediaSizeName`, "iso_a4_210x297mm"],
    [`${print}MediaType`, "gold"],
  ] as const;
  for (const [template, value] of notOffered) {
    it(`is not sent ${template} ${value}, which it would take and be spoilt by`, async () => {
      const names = ["media-col-ready", "print-quality-default", "printer-darkness-configured"];
      const before = await lprint.ipp(...names);
      await expect(printer.write([{ template, rowKey: undefined, value }])).rejects.toMatchObject({
        code: "ews.refused",
      });
      expect(await lprint.ipp(...names)).toEqual(before);
    });
  }

  it("is not sent what the model or the mapping forbids", () => {
    const wrong = [
      ["General.Latitude", "91.0000", "mapping.bad-value"],
      ["General.SystemName", "", "mapping.bad-value"],
      [`${print}Quality`, "Best", "mapping.bad-value"],
      [`${print}OrientationRequested`, "Landscape", "mapping.not-writable"],
    ] as const;
    for (const [template, value, code] of wrong)
      expect(() => printer.mapping.writePlan([{ template, rowKey: undefined, value }])).toThrow(
        expect.objectContaining({ code }),
      );
  });
});

describe.skipIf(!hasLprint())("LPrint with two rolls (left out without lprint)", () => {
  let lprint: Lprint;
  let printer: MappedPrinter;
  beforeAll(async () => {
    lprint = await startLprint({ driver: "dymo_lw-450-duo-label" });
    printer = await MappedPrinter.open("127.0.0.1", lprint.port);
  });
  afterAll(async () => {
    await printer.close();
    await lprint.stop();
  });

  it("has a row for each, and a default roll instead of default media", async () => {
    const values = await printer.read();
    expect(values).toHaveProperty(["InputTray.[papplReady:ready0-size].Name"]);
    expect(values).toHaveProperty(["InputTray.[papplReady:ready1-size].Name"]);
    expect(values).not.toHaveProperty([`${print}MediaSizeName`]);
  });

  it("takes another roll as the default, and other media in the second", async () => {
    const rolls = (await lprint.ipp("media-source-supported"))["media-source-supported"] ?? "";
    const before = (await printer.read())[`${print}MediaSource`];
    const other = rolls.split(",").find((roll) => roll !== before && roll !== "auto") ?? "";
    await printer.write([{ template: `${print}MediaSource`, rowKey: undefined, value: other }]);
    expect((await printer.read())[`${print}MediaSource`]).toBe(other);
    const ipp = await lprint.ipp("media-col-default");
    expect(ipp["media-col-default"]).toContain(`media-source=${other}`);

    const size = "InputTray.[papplReady:ready0-size].MediaSizeName";
    const first = (await printer.read())[size];
    const value = "oe_lg-address-label_1.4x3.5in";
    const template = "InputTray.{i}.MediaSizeName";
    await printer.write([{ template, rowKey: "papplReady:ready1-size", value }]);
    expect(await printer.read()).toMatchObject({
      [size]: first,
      "InputTray.[papplReady:ready1-size].MediaSizeName": value,
    });
    expect((await lprint.ipp("media-ready"))["media-ready"]).toBe(`${String(first)},${value}`);
  });
});

describe.skipIf(!canRunIppeveprinter())(
  "ippeveprinter (left out without root, cups-ipp-utils, avahi-daemon, dbus)",
  () => {
    let eve: Ippeveprinter;
    let printer: MappedPrinter;
    beforeAll(async () => {
      eve = await startIppeveprinter();
      printer = await MappedPrinter.open(eve.host, eve.port);
    });
    afterAll(async () => {
      await printer.close();
      await eve.stop();
    });

    it("is read from its pages for media and supplies", async () => {
      expect(printer.mapping.selected.name).toBe("vendor/ippeveprinter/printer");
      expect(await printer.read()).toMatchObject({
        "General.PrinterName": "EVE",
        "General.State": "Idle",
        "InputTray.[eveTrays:size1].Name": "main",
        "InputTray.[eveTrays:size1].MediaSizeName": "na_letter_8.5x11in",
        "InputTray.[eveTrays:size3].CurrentLevel": -2,
        "Supply.[eveSupplies:supply0].Type": "WasteToner",
        "Supply.[eveSupplies:supply0].CurrentLevel": 75,
        "Supply.[eveSupplies:supply1].ColorantName": "Black",
        "Supply.[eveSupplies:supply1].CurrentLevel": 75,
      });
    });

    it("has 100 sheets in a list that does not offer them: the level is absent", async () => {
      expect((await eve.ipp("printer-input-tray"))["printer-input-tray"]).toContain("level=100");
      expect(await printer.read()).not.toHaveProperty(["InputTray.[eveTrays:size1].CurrentLevel"]);
    });

    it("takes media for a tray, and IPP tells them", async () => {
      const row = { rowKey: "eveTrays:size1" };
      await printer.write([
        { template: "InputTray.{i}.MediaSizeName", ...row, value: "iso_a4_210x297mm" },
        { template: "InputTray.{i}.MediaType", ...row, value: "labels" },
      ]);
      expect(await printer.read()).toMatchObject({
        "InputTray.[eveTrays:size1].MediaSizeName": "iso_a4_210x297mm",
        "InputTray.[eveTrays:size1].MediaType": "labels",
        "InputTray.[eveTrays:size3].MediaSizeName": "na_number-10_4.125x9.5in",
      });
      const ipp = await eve.ipp("media-ready", "media-col-ready", "printer-input-tray");
      expect(ipp["media-ready"]).toBe("iso_a4_210x297mm,na_number-10_4.125x9.5in");
      expect(ipp["media-col-ready"]).toContain("media-source=main media-type=labels");
      // Nobody knows how much of the new media there is.
      expect(ipp["printer-input-tray"]).toMatch(/level=-2;status=0;name=main/);
    });

    it("is not sent media it does not offer", async () => {
      const value = "na_ledger_11x17in";
      const assignment = { template: "InputTray.{i}.MediaSizeName", rowKey: "eveTrays:size1" };
      const before = await eve.ipp("media-ready");
      await expect(printer.write([{ ...assignment, value }])).rejects.toMatchObject({
        code: "ews.refused",
      });
      expect(await eve.ipp("media-ready")).toEqual(before);
    });
  },
);
