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

/** Pages as public readers of them show it: model, its values, and the page they want to be asked from. */
const models: Readonly<Record<string, string>> = {
  "/dvcinfo/dvcconfig/DvcConfig_Config": `_pp.model = 'TASKalfa 9999ci'; _pp.serialNumber = 'V1D0000001';
    _pp.macAddress = '00:17:C8:00:00:01'; _pp.hostName = 'KM000001'; _pp.location = 'Hall 1';`,
  "/startwlm/Hme_DvcSts": `_pp.PrinterDeviceStatus = '11'; _pp.PanelMessage = 'Sleeping...';`,
  "/startwlm/Hme_Toner": `_pp.Renaming = []; _pp.Renaming.push(parseInt('84',10)); _pp.Renaming.push(parseInt('-1', 10));
    _pp.Renaming.push(parseInt('7',10)); _pp.Renaming.push(parseInt('100',10));`,
  "/dvcinfo/dvccounter/DvcInfo_Counter_PrnCounter": `_pp.printertotal = ('12604').toString(); _pp.copytotal = ('3000').toString();
    _pp.printerBlackWhite = ('2604').toString(); _pp.faxBlackWhite = ('5').toString();`,
  "/dvcinfo/dvccounter/DvcInfo_Counter_ScanCounter": `_pp.scanCopy = parseInt('77', 10);`,
};

function modelOf(url: string, referer: string | undefined): string | undefined {
  const page = /^\/js\/jssrc\/model(\/.+)\.model\.htm/.exec(url)?.[1] ?? "";
  return referer?.includes(`${page}.htm`) === true ? models[page] : "";
}

describe("a Kyocera printer known by its pages alone", () => {
  it.each(["KM-MFP-http/V0.0.1", "httpd"])(
    "is recognised and read without a login (%s)",
    async (server) => {
      const web = await WebPrinter.start(({ url, headers }) => {
        if (url === "/") return { headers: { Server: server }, body: "<frameset>" };
        if (!url.startsWith("/js/")) return { status: 404 };
        const isBrowser = headers.cookie?.includes("rtl=0") === true;
        const body = isBrowser ? modelOf(url, headers.referer) : "";
        return { headers: { "Content-Type": "text/html" }, body: `var _pp = {};${body ?? ""}` };
      });
      ends.push(() => web.stop());
      const printer = await MappedPrinter.open("127.0.0.1", web.port);
      ends.push(() => printer.close());
      expect(printer.mapping.selected.name).toBe("vendor/kyocera/ecosys-taskalfa");
      const values = await printer.read();
      expect(values).toMatchObject({
        "General.ModelName": "TASKalfa 9999ci",
        "General.SerialNumber": "V1D0000001",
        "General.SystemName": "KM000001",
        "General.SystemLocation": "Hall 1",
        "General.State": "Idle",
        "General.ConsoleText": "Sleeping...",
        "Counters.Print.Impressions": 12_604,
        "Counters.Copy.Impressions": 3_000,
        "Counters.Print.MonochromeImpressions": 2_604,
        "Supply.[kyoceraToners:black].RemainingPercent": 84,
        "Supply.[kyoceraToners:magenta].ColorantName": "Magenta",
        "Supply.[kyoceraToners:magenta].RemainingPercent": 7,
      });
      expect(Object.keys(values).join()).not.toContain("cyan");
      expect(values["Counters.Impressions"]).toBeUndefined();
    },
  );
});

describe("Kyocera's simulated settings", () => {
  it("take the recipient of alerts and what it is told", async () => {
    const pages = await startEwsSimulator({ style: ewsStyles.kyocera, clock: systemClock });
    ends.push(() => pages.stop());
    const printer = await MappedPrinter.open(pages.host, pages.port, {
      mapping: "vendor/kyocera/ecosys-taskalfa",
      credential: { username: "admin", password: "initpass" },
      allowUnverifiedWrites: true,
    });
    ends.push(() => printer.close());
    const row = "Settings.EmailAlert.Recipient.[kyoceraRecipients:schedule1]";
    expect(await printer.read()).toMatchObject({ [`${row}.Address`]: "", [`${row}.Events`]: "" });
    const rowKey = "kyoceraRecipients:schedule1";
    await printer.write([
      { template: "Settings.EmailAlert.Recipient.{i}.Address", rowKey, value: "a@example.net" },
      { template: "Settings.EmailAlert.Recipient.{i}.Events", rowKey, value: "SupplyLow" },
    ]);
    expect(await printer.read()).toMatchObject({
      [`${row}.Address`]: "a@example.net",
      [`${row}.Events`]: "SupplyLow",
    });
    expect(pages.settings.get("Settings.EmailAlert.Recipient.1.SupplyLow")).toBe("true");
    const posts = pages.requests.filter(
      ({ request }) => request.path === "/mngset/nfcrptset/set.cgi",
    );
    expect(posts).toHaveLength(1);
  });
});
