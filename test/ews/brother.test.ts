import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/shared/clock.ts";
import { startEwsSimulator } from "../../src/simulator/ews/ews-simulator.ts";
import { ewsStyles } from "../../src/simulator/ews/styles.ts";
import { WebPrinter } from "../support/web-printer.ts";
import { MappedPrinter } from "./mapped-printer.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const credential = { username: "admin", password: "initpass" };

/** A printer that has these pages and nothing else, read without a password. */
async function printerOf(pages: Readonly<Record<string, string>>): Promise<MappedPrinter> {
  const web = await WebPrinter.start(({ url }) =>
    pages[url] === undefined ? { status: 404 } : { body: pages[url] },
  );
  ends.push(() => web.stop());
  const printer = await MappedPrinter.open("127.0.0.1", web.port);
  ends.push(() => printer.close());
  return printer;
}

const page = (model: string, body: string): string =>
  `<!DOCTYPE html><html><head><title>${model}</title></head><body>${body}</body></html>`;
const gauge = (colour: string, height: string): string =>
  `<td><img src="../common/images/${colour}.gif" alt="${colour}" class="tonerremain" height="${height}" /></td>`;
const low = '<th><img src="../common/images/low.gif" alt="Low" /></th>';

/** Group by group as public readers describe it: labels with entities and footnote marks, headings that repeat. */
const information = page(
  "Brother MFC-L9999CDW series",
  `<h3>Node&#32;Information</h3><dl><dt>Model&#32;Name</dt><dd>Brother MFC-L9999CDW series</dd>
<dt>Serial&#32;no.</dt><dd>E00000X0N000001</dd><dt>Main&#32;Firmware&#32;Version</dt><dd>1.42</dd>
<dt>Sub1&#32;Firmware&#32;Version</dt><dd>1.09</dd><dt>Memory&#32;Size</dt><dd>512MB</dd></dl>
<h3>Device&#32;Status</h3><dl><dt>Page&#32;Counter</dt><dd>8697</dd><dt>Drum&#32;Count</dt><dd>8697</dd></dl>
<h3>Remaining&#32;Life</h3><dl><dt>Toner&#32;Cyan&#32;(C)**</dt><dd>50%</dd><dt>Toner&#32;Black&#32;(BK)**</dt><dd>(80.00%)</dd>
<dt>Drum&#32;Unit*</dt><dd>16303pages</dd><dt>(%&#32;of&#32;Life&#32;Remaining)</dt><dd>(66.00%)</dd>
<dt>Fuser&#32;Unit</dt><dd>91,303 Page(s)</dd><dt>(%&#32;of&#32;Life&#32;Remaining)</dt><dd>(92.00%)</dd></dl>
<h3>Total&#32;Pages&#32;Printed</h3><dl><dt>A4/Letter</dt><dd>8000pages</dd><dt>Others</dt><dd>697pages</dd></dl>
<h3>Total&#32;Pages&#32;Printed</h3><dl><dt>Print</dt><dd>8000</dd><dt>Copy</dt><dd>600</dd><dt>Others</dt><dd>97</dd></dl>
<h3>Replace&#32;Count</h3><dl><dt>Toner&#32;Cyan&#32;(C)</dt><dd>3</dd><dt>Drum&#32;Unit</dt><dd>0</dd></dl>
<dl><dt>Total&#32;Paper&#32;Jams</dt><dd>6</dd></dl>`,
);

const csv = `"Node Name","Model Name","Location","Contact","IP Address","Serial No.","Main Firmware Version","Memory Size","Page Counter","% of Life Remaining(Drum Unit)","% of Life Remaining(Toner)","A4/Letter","Others","Total","Print","Others","ADF Scan","Flatbed Scan","Scan Page Count","Total Paper Jams",
"BRW0080770000AB","Brother HL-L9999DW series","Hall 2","-","192.0.2.9","E00000X0N000002","V","64","18","97","100","16","2","18","16","0","4","11","9","0",
`;

describe("a Brother printer", () => {
  it("is read from its maintenance page", async () => {
    const printer = await printerOf({ "/general/information.html?kind=item": information });
    expect(printer.mapping.selected.name).toBe("vendor/brother/laser-ink");
    expect(await printer.read()).toMatchObject({
      "General.ModelName": "MFC-L9999CDW series",
      "General.SerialNumber": "E00000X0N000001",
      "Device.DeviceInfo.SoftwareVersion": "1.42",
      "General.MemorySize": 524_288,
      "Counters.Impressions": 8697,
      "Counters.Print.Impressions": 8000,
      "Counters.Copy.Impressions": 600,
      "Counters.JamCount": 6,
      "Counters.MediaUsed.[brotherSizes:letter].TotalImpressions": 8000,
      "Supply.[brotherLife:Cyan].RemainingPercent": 50,
      "Supply.[brotherLife:Black].RemainingPercent": 80,
      "Supply.[brotherLife:Drum].RemainingPercent": 66,
      "Supply.[brotherLife:Drum].EstimatedPagesRemaining": 16_303,
      "Supply.[brotherLife:Fuser].RemainingPercent": 92,
      "Supply.[brotherLife:Fuser].EstimatedPagesRemaining": 91_303,
    });
  });

  it("is read from its counters as CSV", async () => {
    const values = await (await printerOf({ "/etc/mnt_info.csv": csv })).read();
    expect(values).toMatchObject({
      "General.ModelName": "HL-L9999DW series",
      "General.SerialNumber": "E00000X0N000002",
      "General.SystemName": "BRW0080770000AB",
      "General.SystemLocation": "Hall 2",
      "General.MemorySize": 65_536,
      "Counters.Impressions": 18,
      "Counters.AdfImages": 4,
      "Counters.FlatbedImages": 11,
      "Counters.Scan.Images": 9,
      "Supply.[brotherLife:Black].RemainingPercent": 100,
      "Supply.[brotherLife:Drum].RemainingPercent": 97,
    });
    expect(values["General.OwnerContact"]).toBeUndefined();
    expect(values["Supply.[brotherLife:Cyan].RemainingPercent"]).toBeUndefined();
  });

  it("takes the height of a gauge for a percentage only where the full height is known", async () => {
    const table = `<div id="moni_data"><span class="moni moniOk">Ready</span></div>
<table id="inkLevel"><tr><th></th>${low}</tr><tr>${gauge("black", "11")}${gauge("cyan", "5px")}</tr></table>
<ul><li class="location">Location<span class="spacer">:</span>Hall 3</li></ul>`;
    const status = "/general/status.html";
    const known = await printerOf({ [status]: page("Brother MFC-L8900CDW series", table) });
    expect(await known.read()).toMatchObject({
      "General.ConsoleText": "Ready",
      "General.SystemLocation": "Hall 3",
      "Supply.[brotherGauges:black].RemainingPercent": 100,
      "Supply.[brotherGauges:cyan].RemainingPercent": 45,
      "Supply.[brotherGauges:cyan].Status": "Low",
    });
    const other = await (
      await printerOf({ [status]: page("Brother MFC-L3770CDW series", table) })
    ).read();
    expect(other["Supply.[brotherGauges:cyan].RemainingPercent"]).toBeUndefined();
    expect(other).toMatchObject({
      "Supply.[brotherGauges:cyan].Status": "Low",
      "Supply.[brotherGauges:black].Status": "Unknown",
    });
  });

  it("is not called Brother where its pages bear another name", async () => {
    const title = "Fuji Xerox DocuPrint M999 w";
    const printer = await printerOf({
      "/general/status.html": page(
        title,
        `<table id="inkLevel"><tr><td>${gauge("black", "5")}</td></tr></table>`,
      ),
      "/etc/mnt_info.csv": `"Model Name","Serial No."\n"${title}","000001"\n`,
    });
    expect(await printer.read()).toMatchObject({
      "General.Manufacturer": "Fuji Xerox",
      "General.ModelName": "DocuPrint M999 w",
      "General.SerialNumber": "000001",
    });
  });

  it("is told whom to mail alerts to", async () => {
    const pages = await startEwsSimulator({ style: ewsStyles.brother, clock: systemClock });
    ends.push(() => pages.stop());
    const options = { credential, allowUnverifiedWrites: true };
    const printer = await MappedPrinter.open(pages.host, pages.port, options);
    ends.push(() => printer.close());
    const template = "Settings.EmailAlert.Recipient.{i}.Address";
    await printer.write([
      { template, rowKey: "brotherAlertMail:1", value: "helpdesk@example.net" },
    ]);
    const told = await printer.read();
    expect(told["Settings.EmailAlert.Recipient.[brotherAlertMail:1].Address"]).toBe(
      "helpdesk@example.net",
    );
    expect(told["Settings.EmailAlert.Recipient.[brotherAlertMail:2].Address"]).toBeUndefined();
    expect(pages.settings.get("Settings.EmailAlert.Recipient.1.Address")).toBe(
      "helpdesk@example.net",
    );
  });
});
