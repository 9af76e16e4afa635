import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/shared/clock.ts";
import { startEwsSimulator } from "../../src/simulator/ews/ews-simulator.ts";
import { ewsStyles } from "../../src/simulator/ews/styles.ts";
import { WebPrinter, type WebHandler } from "../support/web-printer.ts";
import { MappedPrinter } from "./mapped-printer.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const credential = { username: "admin", password: "initpass" };

async function open(handler: WebHandler, withPassword = false): Promise<MappedPrinter> {
  const web = await WebPrinter.start(handler);
  ends.push(() => web.stop());
  const options = withPassword ? { credential } : {};
  const printer = await MappedPrinter.open("127.0.0.1", web.port, options);
  ends.push(() => printer.close());
  return printer;
}

/** A printer that has these pages and nothing else. */
function pagesOf(pages: Readonly<Record<string, string>>): WebHandler {
  return ({ url }) => (pages[url] === undefined ? { status: 404 } : { body: pages[url] });
}

/** Rows as public readers describe them: blank, label, colon, value, blank. */
const rows = (...cells: readonly (readonly [label: string, value: string])[]): string =>
  `<table>${cells
    .map(
      ([label, value]) =>
        `<tr class="staticProp"><td></td><td nowrap>${label}</td><td nowrap>:</td><td nowrap>${value}</td><td></td></tr>`,
    )
    .join("\n")}</table>`;
const page = (...parts: readonly string[]): string =>
  `<html><head><title>Counter</title></head><body>${parts.join("\n")}</body></html>`;
const section = (title: string): string => `<div class="title"><b>${title}</b></div>`;

const guest = (language: string, rest: string): string => `/web/guest/${language}/websys/${rest}`;

describe("a Ricoh printer", () => {
  it("is known and counted by its guest pages", async () => {
    const printer = await open(
      pagesOf({
        [guest("en", "status/configuration.cgi")]: page(
          rows(["Model Name", "MP C9999"], ["Machine ID", "E000M000001"], ["System", "1.16"]),
        ),
        [guest("en", "webArch/topPage.cgi")]: page(
          "<h3 id='tradeName'>SAVIN</h3>",
          rows(["Device Name", "Copier 1"], ["Location", "Hall 1"], ["Host Name", "RNP000001"]),
        ),
        [guest("en", "netw/getInterface.cgi")]: page(rows(["MAC Address", "00:26:73:00:00:01"])),
        [guest("en", "status/getUnificationCounter.cgi")]: page(
          rows(["Total", "12,345"]),
          section("Copier"),
          rows(["Black &amp; White", "1000"], ["Full Color", "200"], ["Single Color", "3"]),
          section("Printer"),
          rows(["Black &amp; White", "10000"], ["Full Color", "1100"]),
          section("Fax Transmission"),
          rows(["Total", "77"]),
          section("Scanner Send"),
          rows(["Black &amp; White", "44"], ["Color", "55"]),
        ),
      }),
    );
    expect(printer.mapping.selected.name).toBe("vendor/ricoh/office");
    const values = await printer.read();
    expect(values).toMatchObject({
      "General.Manufacturer": "Savin",
      "General.ModelName": "MP C9999",
      "General.SerialNumber": "E000M000001",
      "Device.DeviceInfo.SoftwareVersion": "1.16",
      "General.SystemName": "RNP000001",
      "General.SystemLocation": "Hall 1",
      "Counters.Impressions": 12_345,
      "Counters.Copy.MonochromeImpressions": 1000,
      "Counters.Copy.FullColorImpressions": 200,
      "Counters.Print.MonochromeImpressions": 10_000,
      "Counters.Print.FullColorImpressions": 1100,
      "Counters.Scan.MonochromeImages": 44,
      "Counters.Scan.FullColorImages": 55,
    });
    expect(values["Counters.FaxIn.MonochromeImpressions"]).toBeUndefined();
  });

  it("takes no total of a section for the total of the printer", async () => {
    const printer = await open(
      pagesOf({
        [guest("es", "status/getUnificationCounter.cgi")]: page(
          section("Copiadora"),
          rows(["A todo color", "200"]),
          section("Impresora"),
          rows(["Blanco y Negro", "10000"], ["A todo color", "1100"]),
          section("Transmisión por fax"),
          rows(["Total", "77"]),
        ),
      }),
    );
    const values = await printer.read();
    expect(values["Counters.Impressions"]).toBeUndefined();
    expect(values["Counters.Copy.MonochromeImpressions"]).toBeUndefined();
    expect(values["Counters.Print.MonochromeImpressions"]).toBe(10_000);
  });

  it("shows the scan destinations of its address book", async () => {
    const entries = String.raw`[['','1','00001','Office','','','','','1000','office@example.net',''],
['','1','00195','Archive','','','','','1001','','\\\\PC01\\scan']]`;
    const handler: WebHandler = ({ url, body, headers }) => {
      if (url === guest("en", "webArch/authForm.cgi"))
        return {
          body: '<title>Web Image Monitor</title><form action="login.cgi" method="post"><input name="userid"><input name="password"></form>',
        };
      if (url === guest("en", "webArch/login.cgi"))
        return { status: 302, headers: { location: "/" } };
      if (url === "/web/entry/en/address/adrsList.cgi")
        return { body: '<input type="hidden" name="wimToken" value="4711">' };
      const isAsked = body.endsWith("wimToken=4711") && headers["x-requested-with"] !== undefined;
      if (url === "/web/entry/en/address/adrsListLoadEntry.cgi" && isAsked) return entries;
      return { status: 404 };
    };
    expect(await (await open(handler, true)).read()).toMatchObject({
      "Settings.Scan.Destination.[ricohAddresses:00001].Name": "Office",
      "Settings.Scan.Destination.[ricohAddresses:00001].Uri": "mailto:office@example.net",
      "Settings.Scan.Destination.[ricohAddresses:00195].Name": "Archive",
      "Settings.Scan.Destination.[ricohAddresses:00195].Uri": "smb://PC01/scan",
    });
  });

  it("is told whom to mail alerts to", async () => {
    const pages = await startEwsSimulator({ style: ewsStyles.ricoh, clock: systemClock });
    ends.push(() => pages.stop());
    const options = { credential, allowUnverifiedWrites: true };
    const printer = await MappedPrinter.open(pages.host, pages.port, options);
    ends.push(() => printer.close());
    const template = "Settings.EmailAlert.Recipient.{i}.Address";
    await printer.write([{ template, rowKey: "ricohAlertMail:1", value: "helpdesk@example.net" }]);
    const told = await printer.read();
    expect(told["Settings.EmailAlert.Recipient.[ricohAlertMail:1].Address"]).toBe(
      "helpdesk@example.net",
    );
    expect(pages.settings.get("Settings.EmailAlert.Recipient.1.Address")).toBe(
      "helpdesk@example.net",
    );
  });
});
