import { afterEach, describe, expect, it } from "vitest";
import type { ModelValue } from "../../src/model/definition.ts";
import {
  type SeenRequest,
  type WebHandler,
  WebPrinter,
  type WebReply,
} from "../support/web-printer.ts";
import { cdmPages, futureSmartPages, ledmPages } from "./hp-pages.ts";
import { MappedPrinter } from "./mapped-printer.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const credential = { username: "admin", password: "initpass" };

async function open(handler: WebHandler): Promise<{ web: WebPrinter; printer: MappedPrinter }> {
  const web = await WebPrinter.start(handler);
  ends.push(() => web.stop());
  const options = { credential, allowUnverifiedWrites: true };
  const printer = await MappedPrinter.open("127.0.0.1", web.port, options);
  ends.push(() => printer.close());
  return { web, printer };
}

/** Writes one parameter and tells what the printer says of it afterwards. */
async function rewritten(
  printer: MappedPrinter,
  template: string,
  value: ModelValue,
): Promise<ModelValue | undefined> {
  await printer.write([{ template, rowKey: undefined, value }]);
  return (await printer.read())[template];
}

/** Documents of XML; a PUT behind Basic puts its one text where the document has that element. */
function ledm(pages: Readonly<Record<string, string>>): WebHandler {
  const documents = new Map(Object.entries(pages));
  return ({ method, url, headers, body }) => {
    const document = documents.get(url);
    if (document === undefined) return { status: 404 };
    const type = { "Content-Type": "text/xml" };
    if (method === "GET") return { headers: type, body: document };
    if (headers.authorization !== `Basic ${btoa("admin:initpass")}`)
      return { status: 401, headers: { "WWW-Authenticate": 'Basic realm="HP"' } };
    const [, name = "", text = ""] = /<([\w:]+)>([^<]*)<\/\1>/.exec(body) ?? [];
    documents.set(url, document.replace(new RegExp(`(<${name}>)[^<]*`), `$1${text}`));
    return { status: 200 };
  };
}

describe("an HP printer with LEDM", () => {
  it("is read from its documents", async () => {
    const { printer } = await open(ledm(ledmPages));
    expect(printer.mapping.selected.name).toBe("vendor/hp/ledm");
    const values = await printer.read();
    expect(values).toMatchObject({
      "General.ModelName": "OfficeJet Pro 9999 series",
      "General.SerialNumber": "TH00000001",
      "General.SystemLocation": "Hall 1",
      "General.MemorySize": 262_144,
      "General.State": "Stopped",
      "General.StateReasons": "MediaJam",
      "Alert.[ledmAlerts:jamInPrinter].Code": "Jam",
      "Alert.[ledmAlerts:jamInPrinter].Severity": "Critical",
      "Counters.Impressions": 4_321,
      "Counters.FullColorImpressions": 321,
      "Counters.TwoSidedSheets": 100,
      "Counters.JamCount": 2,
      "Counters.Copy.Impressions": 55,
      "InputTray.[ledmTrays:Tray1].LevelStatus": "OK",
      "InputTray.[ledmTrays:Tray1].MediaSizeName": "iso_a4_210x297mm",
      "Network.RawPort.Enable": true,
      "Network.HTTP.HTTPSOnly": false,
      "Settings.Print.Resolution": "600dpi",
      "Settings.PCL.Orientation": "Portrait",
    });
    expect(values["Network.Time.CurrentLocalTime"]).toBeUndefined();
    expect(Object.keys(values).join()).not.toContain("ADF");
  });

  it("tells the cartridge that is in, never the one before, and no level it does not know", async () => {
    const { printer } = await open(ledm(ledmPages));
    const values = await printer.read();
    expect(values).toMatchObject({
      "Supply.[ledmSupplies:inkCartridge-K].RemainingPercent": 62,
      "Supply.[ledmSupplies:inkCartridge-K].SerialNumber": "NEW",
      "Supply.[ledmSupplies:inkCartridge-K].EstimatedPagesRemaining": 830,
      "Supply.[ledmSupplies:inkCartridge-C].EstimatedPagesRemaining": 9,
      "Supply.[ledmSupplies:inkCartridge-C].Status": "Unknown",
    });
    for (const row of ["inkCartridge-C", "printhead-CMYK"])
      expect(values[`Supply.[ledmSupplies:${row}].RemainingPercent`]).toBeUndefined();
  });

  it.each([
    ["Network.RawPort.Enable", false],
    ["Network.HTTP.HTTPSOnly", true],
    ["Settings.Print.Copies", 3],
    ["Settings.PCL.Orientation", "Landscape"],
    ["General.AssetNumber", "B & 2"],
  ])("takes %s by a PUT of the branch, after its challenge", async (template, value) => {
    const { web, printer } = await open(ledm(ledmPages));
    expect(await rewritten(printer, template, value)).toBe(value);
    const puts = web.seen.filter(({ method }) => method === "PUT");
    expect(puts.map(({ headers }) => headers.authorization !== undefined)).toEqual([false, true]);
    expect(puts[1]?.body).not.toContain("MDNSSupport");
  });

  it("refuses what its documents do not have before anything is sent", async () => {
    const { web, printer } = await open(ledm(ledmPages));
    const write = printer.write([
      { template: "Network.IPP.Enable", rowKey: undefined, value: true },
    ]);
    await expect(write).rejects.toMatchObject({ code: "ews.page-changed" });
    expect(web.asked.join()).not.toContain("PUT");
  });
});

describe("an HP printer with CDM", () => {
  it("shows levels that are levels, and the interface that is in use", async () => {
    const { printer } = await open(({ url }) => {
      const body = cdmPages[url];
      return body === undefined
        ? { status: 404 }
        : { headers: { "Content-Type": "application/json" }, body };
    });
    expect(printer.mapping.selected.name).toBe("vendor/hp/cdm");
    const values = await printer.read();
    expect(values).toMatchObject({
      "Supply.[cdmSupplies:tonerCartridge-1].RemainingPercent": 40,
      "Supply.[cdmSupplies:tonerCartridge-1].PartNumber": "W1490A",
      "Supply.[cdmSupplies:tonerCartridge-2].Status": "Low",
      "InputTray.[cdmTrays:tray2].MediaSizeName": "na_letter_8.5x11in",
      "Network.Interface.[cdmInterfaces:eth0].PhysicalAddress": "3c:52:82:00:00:01",
      "Network.Interface.[cdmInterfaces:wifi0].IPAddress": "192.0.2.9",
      "Network.DNS.PrimaryServer": "192.0.2.53",
    });
    expect(values["Supply.[cdmSupplies:tonerCartridge-2].RemainingPercent"]).toBeUndefined();
  });
});

const signIn = "/hp/device/SignIn/Index";

/** FutureSmart with settings behind the sign-in, one token per page, and boxes that are off when they are not sent. */
function futureSmart(): WebHandler {
  const settings = new Map([
    ["AssetNumber", "A-1"],
    ["IP_9100", "on"],
    ["IP_LPD", "on"],
  ]);
  let issued = 0;
  const form = (action: string, fields: string): string =>
    `<html><p>User: admin</p><form action="${action}" method="post"><input type="hidden" name="CSRFToken" value="${++issued}">${fields}</form></html>`;
  const box = (name: string): string =>
    `<input type="checkbox" name="${name}" ${settings.has(name) ? "checked" : ""}>`;
  const pages: Readonly<Record<string, () => string>> = {
    "/hp/device/DeviceInformation/Index": () =>
      form(
        "/hp/device/DeviceInformation/Save",
        `<input name="AssetNumber" value="${settings.get("AssetNumber") ?? ""}"><input type="submit" name="FormButtonSubmit" value="OK">`,
      ),
    "/application_param.htm": () =>
      form(
        "/application_param.htm/config",
        `${box("IP_9100")}${box("IP_LPD")}<input type="submit" name="Apply" value="Apply">`,
      ),
  };
  const save = (request: SeenRequest, boxes: readonly string[]): boolean => {
    const sent = new URLSearchParams(request.body);
    if (sent.get("CSRFToken") !== String(issued)) return false;
    for (const name of boxes)
      if (sent.has(name)) settings.set(name, "on");
      else settings.delete(name);
    if (sent.has("AssetNumber")) settings.set("AssetNumber", sent.get("AssetNumber") ?? "");
    return true;
  };
  const posts: Readonly<Record<string, (request: SeenRequest) => WebReply | string>> = {
    [signIn]: ({ body }) =>
      new URLSearchParams(body).get("PasswordTextBox") === "initpass"
        ? { headers: { "Set-Cookie": "sessionId=admin; Path=/" }, body: "<p>User: admin</p>" }
        : "<p>Sign in</p>",
    "/hp/device/DeviceInformation/Save": (request) =>
      save(request, [])
        ? '<div id="Summary" class="message message-success">Done</div>'
        : { status: 400 },
    "/application_param.htm/config": (request) =>
      save(request, ["IP_9100", "IP_LPD"]) ? "<p>OK</p>" : { status: 400 },
  };
  return (request) => {
    const { method, url, headers } = request;
    const isAdmin = headers.cookie?.includes("sessionId=admin") === true;
    if (method === "POST")
      return url === signIn || isAdmin
        ? (posts[url]?.(request) ?? { status: 404 })
        : { status: 400 };
    const page = pages[url];
    if (page !== undefined) return isAdmin ? page() : (futureSmartPages[signIn] ?? "");
    return futureSmartPages[url] ?? { status: 404 };
  };
}

describe("an HP printer with FutureSmart", () => {
  it("is read from its usage and supplies pages", async () => {
    const { printer } = await open(futureSmart());
    expect(printer.mapping.selected.name).toBe("vendor/hp/futuresmart");
    const values = await printer.read();
    expect(values).toMatchObject({
      "General.ModelName": "LaserJet MFP E62999",
      "General.SerialNumber": "CNB0000001",
      "Counters.Print.Impressions": 2_260,
      "Counters.Copy.Impressions": 40,
      "Counters.Impressions": 2_300,
      "Supply.[futuresmartSupplies:BlackCartridge1].RemainingPercent": 15,
      "Supply.[futuresmartSupplies:BlackCartridge1].EstimatedPagesRemaining": 1_100,
      "Supply.[futuresmartSupplies:CyanCartridge1].ColorantName": "Cyan",
    });
    expect(values["Supply.[futuresmartSupplies:CyanCartridge1].RemainingPercent"]).toBeUndefined();
    expect(Object.keys(values).join()).not.toContain("MagentaCartridge1");
  });

  it("calls equivalents no impressions where they differ from the sides by size", async () => {
    const large = "/hp/device/InternalPages/Index?id=UsagePage";
    const pages: WebHandler = ({ url }) => {
      const body = futureSmartPages[url]?.replaceAll("2,300.00", "2,460.50");
      return body ?? { status: 404 };
    };
    const { printer } = await open(pages);
    const values = await printer.read();
    expect(futureSmartPages[large]).toContain("2,300.00");
    expect(values["Counters.Print.Impressions"]).toBe(2_260);
    expect(values["Counters.Impressions"]).toBeUndefined();
  });

  it("takes settings through its forms: signed in, with the page's token, other boxes as they were", async () => {
    const { printer } = await open(futureSmart());
    expect(await rewritten(printer, "General.AssetNumber", "B-2")).toBe("B-2");
    expect(await rewritten(printer, "Network.LPD.Enable", false)).toBe(false);
    expect((await printer.read())["Network.RawPort.Enable"]).toBe(true);
  });
});
