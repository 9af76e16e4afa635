import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setUp } from "../support/command.ts";
import { canRunIppeveprinter, startIppeveprinter } from "../support/ippeveprinter.ts";
import { hasLprint, startLprint } from "../support/lprint.ts";
import { WebPrinterSite } from "../support/web-printer-site.ts";

const done = { outcome: "response", message: { status: 0 } };

it.runIf(process.env["CI"] === "true")(
  "has the web servers in CI (scripts/test-packages.sh)",
  () => {
    expect([hasLprint(), canRunIppeveprinter()]).toEqual([true, true]);
  },
);

describe.skipIf(!hasLprint())("an LPrint printer under an ACS (left out without lprint)", () => {
  let lprint: Awaited<ReturnType<typeof startLprint>>;
  let world: WebPrinterSite;
  beforeAll(async () => {
    setUp();
    lprint = await startLprint();
    world = await WebPrinterSite.open("127.0.0.1", lprint.port);
  }, 120_000);
  afterAll(async () => {
    await lprint.stop();
    await world.site.stop();
  });

  it("is a virtual device with what its pages tell", async () => {
    const general = await world.read("General.");
    expect(general).toMatchObject({
      "General.MakeAndModel": "Zebra ZPL 4-inch/203dpi/Direct-Thermal",
      "General.SystemName": "LABEL",
      "General.State": "Idle",
    });
    expect(await world.read("Settings.Print.")).toMatchObject({
      "Settings.Print.Quality": "Normal",
      "Settings.Print.Resolution": "203dpi",
      "Settings.Print.MediaSizeName": "na_index-4x6_4x6in",
    });
    expect(await world.read("InputTray.")).toMatchObject({
      "InputTray.1.Name": "Main roll",
      "InputTray.1.MediaType": "labels",
      "InputTray.1.MediaTracking": "Mark",
    });
    expect(world.device.deviceId.manufacturer).toBe("Zebra");
  });

  it("takes its name, location, organization and contact, and IPP tells them", async () => {
    const written = {
      "General.SystemName": "Label printer 3",
      "General.SystemLocation": "Halle 3, Tor \u{201e}Süd\u{201c} <b>&amp;",
      "General.Organization": "Acme & Söhne",
      "General.OrganizationalUnit": "Shipping",
      "General.OwnerContact": "Ann Example",
      "General.OwnerContactEmail": "ann@example.com",
      "General.OwnerContactPhone": "+49 30 1234",
      "General.Latitude": "52.5200",
      "General.Longitude": "13.4050",
    };
    expect(await world.write(written)).toMatchObject(done);
    expect(await world.read("General.")).toMatchObject(written);
    const ipp = await lprint.ipp(
      "printer-dns-sd-name",
      "printer-location",
      "printer-organization",
      "printer-organizational-unit",
      "printer-contact-col",
      "printer-geo-location",
    );
    expect(ipp).toMatchObject({
      "printer-dns-sd-name": "Label printer 3",
      "printer-location": written["General.SystemLocation"],
      "printer-organization": "Acme & Söhne",
      "printer-organizational-unit": "Shipping",
    });
    expect(ipp["printer-contact-col"]).toContain("contact-name=Ann Example");
    expect(ipp["printer-geo-location"]).toMatch(/^geo:52\.52\d*,13\.405\d*$/);
  });

  it("takes printing defaults, and IPP tells them", async () => {
    const before = await lprint.ipp("printer-darkness-configured");
    expect(before).toMatchObject({ "printer-darkness-configured": "50" });
    const written = {
      "Settings.Print.Quality": "High",
      "Settings.Print.ContentOptimize": "Photo",
      "Settings.Print.Scaling": "Fit",
      "Settings.Print.MediaSizeName": "oe_4x1-label_4x1in",
      "Settings.Print.MediaType": "continuous",
      "InputTray.1.MediaTracking": "Web",
    };
    expect(await world.write(written)).toMatchObject(done);
    expect(await world.read("")).toMatchObject(written);
    const ipp = await lprint.ipp(
      ...["print-quality-default", "print-content-optimize-default", "print-scaling-default"],
      ...["media-default", "media-col-ready", "printer-darkness-configured"],
    );
    expect(ipp).toMatchObject({
      "print-quality-default": "high",
      "print-content-optimize-default": "photo",
      "print-scaling-default": "fit",
      "media-default": "oe_4x1-label_4x1in",
      // The page selects no darkness; what nobody asked to change stays.
      "printer-darkness-configured": "50",
    });
    expect(ipp["media-col-ready"]).toContain("media-tracking=web media-type=continuous");
    expect(await world.write({ "Settings.Print.Darkness": "51" })).toMatchObject(done);
    expect(await world.write({ "Settings.Print.Speed": "4" })).toMatchObject(done);
    expect(await lprint.ipp("printer-darkness-configured")).toMatchObject({
      "printer-darkness-configured": "51",
    });
  });

  it("is spared what it does not offer: 9003 with 9007, and nothing is changed", async () => {
    const names = ["print-quality-default", "media-col-ready", "printer-location"];
    const before = await lprint.ipp(...names);
    const wrong = [
      { "Settings.Print.Darkness": "52" },
      { "Settings.Print.Speed": "13" },
      { "Settings.Print.MediaSizeName": "iso_a4_210x297mm" },
      { "Settings.Print.MediaType": "gold" },
      { "Settings.Print.Quality": "Best" },
      { "General.Latitude": "91.0000" },
    ];
    for (const values of wrong) {
      const [path = ""] = Object.keys(values);
      const refusal = await world.refusal({ "General.SystemLocation": "Elsewhere", ...values });
      expect(refusal, path).toEqual({ code: 9003, [path]: 9007 });
    }
    expect(await lprint.ipp(...names)).toEqual(before);
  });

  it("tells which value of one form it does not offer", async () => {
    const values = { "Settings.Print.Quality": "Draft", "Settings.Print.Darkness": "52" };
    expect(await world.refusal(values)).toEqual({
      code: 9003,
      "Settings.Print.Quality": 9002,
      "Settings.Print.Darkness": 9007,
    });
  });

  it("shows markup in its texts as text on the box's page and the test ACS's", async () => {
    const script = "<script>alert(1)</script>";
    expect(await world.write({ "General.SystemLocation": script })).toMatchObject(done);
    await world.read("");
    const pages = [
      new URL(`/devices/${encodeURIComponent(world.device.id)}`, world.site.acs.pageUrl),
      new URL("/", world.site.acs.pageUrl),
      new URL(`/?token=${world.site.apiToken}`, world.daemon.apiUrl),
    ];
    for (const url of pages) expect(await (await fetch(url)).text()).not.toContain(script);
  });
});

describe.skipIf(!canRunIppeveprinter())(
  "ippeveprinter under an ACS (left out without root, cups-ipp-utils, avahi-daemon)",
  () => {
    let eve: Awaited<ReturnType<typeof startIppeveprinter>>;
    let world: WebPrinterSite;
    beforeAll(async () => {
      setUp();
      eve = await startIppeveprinter();
      world = await WebPrinterSite.open(eve.host, eve.port);
    }, 120_000);
    afterAll(async () => {
      await eve.stop();
      await world.site.stop();
    });

    it("tells its supplies", async () => {
      expect(await world.read("Supply.")).toMatchObject({
        "Supply.1.Type": "WasteToner",
        "Supply.1.Description": "Toner Waste Tank",
        "Supply.1.CurrentLevel": "75",
        "Supply.2.Type": "Toner",
        "Supply.2.ColorantName": "Black",
        "Supply.2.CurrentLevel": "75",
      });
    });

    it("tells its trays, and of a level it does not show nothing", async () => {
      const trays = await world.read("InputTray.");
      expect(trays).toMatchObject({
        "InputTray.1.Name": "main",
        "InputTray.1.MediaSizeName": "na_letter_8.5x11in",
        "InputTray.1.MediaType": "stationery",
        "InputTray.1.MaxCapacity": "250",
        "InputTray.2.Name": "by-pass-tray",
        "InputTray.2.MediaSizeName": "na_number-10_4.125x9.5in",
        "InputTray.2.CurrentLevel": "-2",
      });
      expect(trays).not.toHaveProperty(["InputTray.1.CurrentLevel"]);
    });

    it("takes other media in a tray, and IPP tells it", async () => {
      const written = {
        "InputTray.1.MediaSizeName": "iso_a4_210x297mm",
        "InputTray.1.MediaType": "labels",
      };
      expect(await world.write(written)).toMatchObject(done);
      expect(await eve.ipp("media-ready", "media-col-ready")).toMatchObject({
        "media-ready": "iso_a4_210x297mm,na_number-10_4.125x9.5in",
        "media-col-ready": expect.stringContaining(
          "media-source=main media-type=labels",
        ) as unknown,
      });
      const refusal = await world.refusal({ "InputTray.1.MediaSizeName": "na_ledger_11x17in" });
      expect(refusal).toEqual({ code: 9003, "InputTray.1.MediaSizeName": 9007 });
      expect(await world.read("InputTray.1.")).toMatchObject(written);
    });
  },
);
