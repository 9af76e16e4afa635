import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/shared/clock.ts";
import { startEwsSimulator } from "../../src/simulator/ews/ews-simulator.ts";
import { ewsStyles } from "../../src/simulator/ews/styles.ts";
import { type WebHandler, WebPrinter } from "../support/web-printer.ts";
import { MappedPrinter } from "./mapped-printer.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function open(handler: WebHandler): Promise<MappedPrinter> {
  const web = await WebPrinter.start(handler);
  ends.push(() => web.stop());
  const printer = await MappedPrinter.open("127.0.0.1", web.port);
  ends.push(() => printer.close());
  return printer;
}

describe("a Lexmark printer of 2016 or later", () => {
  it("is read in English, whatever its panel speaks", async () => {
    const pages = await startEwsSimulator({
      style: ewsStyles.lexmark,
      clock: systemClock,
      language: "de",
    });
    ends.push(() => pages.stop());
    const printer = await MappedPrinter.open(pages.host, pages.port);
    ends.push(() => printer.close());
    expect(printer.mapping.selected.name).toBe("vendor/lexmark/laser");
    expect(await printer.read()).toMatchObject({
      "General.ModelName": "SIM",
      "General.SerialNumber": "SIM0000001",
      "Device.DeviceInfo.SoftwareVersion": "CXSIM.075.272",
      "Supply.[lexmarkSupplies:Cyan-Toner].Type": "TonerCartridge",
      "Supply.[lexmarkSupplies:Cyan-Toner].ColorantName": "Cyan",
      "Supply.[lexmarkSupplies:Cyan-Toner].RemainingPercent": 63,
      "Supply.[lexmarkSupplies:Cyan-Toner].PartNumber": "SIM-Cyan",
    });
  });

  it("tells no level of a waste bottle, and none that is a count of pages", async () => {
    const supply = (supplyName: string, more: object): object => ({ supplyName, ...more });
    const supplies = {
      bottle: supply("Waste Toner Bottle", { percentFull: 20 }),
      kit: supply("Black Imaging Kit", { curlevel: 80, capacity: 100, pagesRemaining: 4_000 }),
      toner: supply("Black Toner", { curlevel: 80, capacity: 20_000 }),
    };
    const printer = await open(({ url }) => {
      if (url === "/") return "<title>Lexmark MX999</title>";
      if (!url.includes("c=Status")) return { status: 404 };
      return JSON.stringify({ nodes: { supplies, nodes: {} } });
    });
    const values = await printer.read();
    expect(values).toMatchObject({
      "Supply.[lexmarkSupplies:Waste-Toner-Bottle].Class": "ReceptacleThatIsFilled",
      "Supply.[lexmarkSupplies:Black-Imaging-Kit].Type": "Opc",
      "Supply.[lexmarkSupplies:Black-Imaging-Kit].RemainingPercent": 80,
      "Supply.[lexmarkSupplies:Black-Imaging-Kit].EstimatedPagesRemaining": 4_000,
    });
    for (const row of ["Waste-Toner-Bottle", "Black-Toner"])
      expect(values[`Supply.[lexmarkSupplies:${row}].RemainingPercent`]).toBeUndefined();
  });
});

describe("a printer with Lexmark's engine under another name", () => {
  it("is called by that name", async () => {
    const status = {
      nodes: { nodes: { DeviceFirmwareLevel: { text: { text: "CXNZJ.081.230" } } } },
    };
    const printer = await open(({ url }) => {
      if (url === "/") return "<title>Xerox C999</title>";
      return url.includes("c=Status") ? JSON.stringify(status) : { status: 404 };
    });
    expect(printer.mapping.selected.name).toBe("vendor/lexmark/laser");
    expect(await printer.read()).toMatchObject({
      "General.Manufacturer": "Xerox",
      "General.ModelName": "C999",
    });
  });
});

describe("an older Lexmark printer", () => {
  it("is read from its status and its report, in the language of the panel", async () => {
    const row = (label: string, value: string): string =>
      `<tr><td><p>${label}</p></td><td><p> =  ${value} </p></td></tr>`;
    const pages: Readonly<Record<string, string>> = {
      "/cgi-bin/dynamic/printer/config/reports/deviceinfo.html": `<html><center><FONT size=3>Lexmark MX999de</FONT></center>
        <table>${row("Page Count", "12345")}${row("Serial Number", "ABC0000001")}${row("Base", "LW60.GM7.P632-0")}</table></html>`,
      "/cgi-bin/dynamic/printer/PrinterStatus.html": `<html><!-- Toner Level --><table><tr><td><B>Cartucho&nbsp;negro ~63%</B></td></tr></table>
        <table><tr><td><B>Capacidad del cartucho</B></td><td>Aproximadamente 20.000</td></tr>
        <tr><td><B>Unidad de imagen:</B></td><td>~42%</td></tr></table></html>`,
    };
    const printer = await open(({ url }) => pages[url] ?? { status: 404 });
    expect(printer.mapping.selected.name).toBe("vendor/lexmark/laser");
    const values = await printer.read();
    expect(values).toMatchObject({
      "General.ModelName": "MX999de",
      "General.SerialNumber": "ABC0000001",
      "Device.DeviceInfo.SoftwareVersion": "LW60.GM7.P632-0",
      "Supply.[lexmarkLevels:black].RemainingPercent": 63,
      "Supply.[lexmarkLevels:imaging].RemainingPercent": 42,
    });
    expect(Object.keys(values).join()).not.toContain("lexmarkLevels:cyan");
    expect(values["Counters.Impressions"]).toBeUndefined();
  });
});
