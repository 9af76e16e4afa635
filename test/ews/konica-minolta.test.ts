import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/shared/clock.ts";
import type { EwsStyle } from "../../src/simulator/ews/ews-site.ts";
import { type EwsSimulator, startEwsSimulator } from "../../src/simulator/ews/ews-simulator.ts";
import { ewsStyles } from "../../src/simulator/ews/styles.ts";
import { WebPrinter } from "../support/web-printer.ts";
import { MappedPrinter } from "./mapped-printer.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const mfp = (content: string): string => `<?xml version="1.0"?><MFP>${content}</MFP>`;
const counter = (list: string, type: string, count: number): string =>
  `<${list}><Type>${type}</Type><Count>${count}</Count></${list}>`;

/** Pages with the elements public readers of them name. */
const pages: Readonly<Record<string, string>> = {
  "/wcd/system_device.xml": mfp(
    "<DeviceInfo><ProductName>KONICA MINOLTA bizhub C999</ProductName><SerialNumber>A999001000001</SerialNumber></DeviceInfo>",
  ),
  "/wcd/system_counter.xml": mfp(
    counter("TotalCounter", "Total", 12_345) +
      counter("PrintCounter", "BwTotal", 9_000) +
      counter("PrintCounter", "FullColorTotal", 1_345) +
      counter("CopyCounter", "BwTotal", 2_000) +
      counter("ScanFaxCounter", "DocumentReadTotal", 77),
  ),
  "/wcd/system_consumable.xml": mfp(
    `<Consumable><Type>Toner</Type><Color>Yellow</Color><CurrentLevel><LevelPer>63</LevelPer></CurrentLevel></Consumable>
     <Consumable><Type>Drum</Type><Color>Black</Color><CurrentLevel><LevelPer>100</LevelPer></CurrentLevel></Consumable>
     <Consumable><Type>WasteTonerBox</Type><CurrentLevel><LevelState>Enough</LevelState></CurrentLevel></Consumable>`,
  ),
};

describe("a Konica Minolta printer known by its XML pages alone", () => {
  it.each([
    ["with a session that starts at its index", true],
    ["that has no index", false],
  ])("is recognised and read without a login, %s", async (_name, hasIndex) => {
    const web = await WebPrinter.start(({ url, headers }) => {
      if (hasIndex && url.startsWith("/wcd/index.html"))
        return { headers: { "Set-Cookie": "ID=1; Path=/" }, body: "<html></html>" };
      if (hasIndex && headers.cookie?.includes("ID=1") !== true) return { status: 404 };
      const body = pages[url];
      return body === undefined
        ? { status: 404 }
        : { headers: { "Content-Type": "text/xml" }, body };
    });
    ends.push(() => web.stop());
    const mapping = hasIndex ? {} : { mapping: "vendor/konica-minolta/bizhub" };
    const printer = await MappedPrinter.open("127.0.0.1", web.port, mapping);
    ends.push(() => printer.close());
    expect(printer.mapping.selected.name).toBe("vendor/konica-minolta/bizhub");
    const values = await printer.read();
    expect(values).toMatchObject({
      "General.ModelName": "bizhub C999",
      "General.SerialNumber": "A999001000001",
      "Counters.Impressions": 12_345,
      "Counters.Print.MonochromeImpressions": 9_000,
      "Counters.Print.FullColorImpressions": 1_345,
      "Counters.Copy.MonochromeImpressions": 2_000,
      "Counters.Scan.Images": 77,
      "Supply.[kmConsumables:Toner-Yellow].RemainingPercent": 63,
      "Supply.[kmConsumables:Drum-Black].Type": "Opc",
    });
    expect(Object.keys(values).join()).not.toContain("WasteTonerBox");
    expect(values["Counters.Copy.FullColorImpressions"]).toBeUndefined();
  });
});

async function open(
  style: EwsStyle,
  password = "initpass",
): Promise<{ pages: EwsSimulator; printer: MappedPrinter }> {
  const simulated = await startEwsSimulator({ style, clock: systemClock });
  ends.push(() => simulated.stop());
  const printer = await MappedPrinter.open(simulated.host, simulated.port, {
    credential: { username: "admin", password },
    allowUnverifiedWrites: true,
  });
  ends.push(() => printer.close());
  return { pages: simulated, printer };
}

describe("Konica Minolta's i-Series", () => {
  it("is told from the older pages, and its counters are read without a login", async () => {
    const { pages: simulated, printer } = await open(ewsStyles["konica-minolta-api"], "guess");
    expect(printer.mapping.selected.name).toBe("vendor/konica-minolta/i-series");
    expect(await printer.read()).toMatchObject({
      "Counters.Impressions": 12_345,
      "Counters.Print.FullColorImpressions": 1_345,
      "Counters.Copy.MonochromeImpressions": 1_000,
      "Counters.Scan.Images": 777,
    });
    await printer.read();
    const logins = simulated.requests.filter(({ request }) => request.path === "/wcd/login.cgi");
    expect(logins).toHaveLength(1);
  });

  it("lets the next administrator in when its settings were written", async () => {
    const { pages: simulated, printer } = await open(ewsStyles["konica-minolta-api"]);
    const template = "Network.Time.NTPServer1";
    await printer.write([{ template, rowKey: undefined, value: "ntp2.example.net" }]);
    expect((await printer.read())[template]).toBe("ntp2.example.net");
    await printer.close();
    const last = simulated.requests.at(-1)?.request;
    expect([last?.path, last?.body]).toEqual(["/wcd/a_user.cgi", "func=PSL_ACO_LGO"]);
  });
});
