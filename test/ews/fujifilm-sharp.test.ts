import { afterEach, describe, expect, it } from "vitest";
import { type WebHandler, WebPrinter } from "../support/web-printer.ts";
import { MappedPrinter } from "./mapped-printer.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function open(handler: WebHandler): Promise<{ web: WebPrinter; printer: MappedPrinter }> {
  const web = await WebPrinter.start(handler);
  ends.push(() => web.stop());
  const credential = { username: "admin", password: "initpass" };
  const printer = await MappedPrinter.open("127.0.0.1", web.port, { credential });
  ends.push(() => printer.close());
  return { web, printer };
}

/** Members as public clients of these machines name them. */
const documents: Readonly<Record<string, object>> = {
  "/home/api/device-status": { Status: "READY" },
  "/home/api/about": {
    DevFrndlName: "FUJIFILM Apeos C9999",
    HostName: "FF000001",
    Location: "Hall 1",
    SerialNumber: "000001",
    SoftwareVersion: "1.2.3",
    AdminEmail: "helpdesk@example.net",
  },
  "/home/api/billing-counter": {
    UsageCounters: [
      { DomesticName: "PRINT_TOTAL_IMPRESSION", Count: 12_345 },
      { DomesticName: "PRINT_TOTAL_COLOR_IMPRESSION", Count: "2345" },
      { DomesticName: "COPY_TOTAL_IMPRESSION", Count: 77 },
    ],
  },
  "/home/api/supplies-info": {
    Supplies: [
      { Name: "TONER_K", Remaining: "63", PageRemaining: "9000", LifeState: "READY" },
      { Name: "DRUM_C", Remaining: "100" },
      { Name: "FUSER", LifeState: "READY" },
    ],
  },
  "/home/api/paper-tray": {
    PaperTrays: [{ NameId: "TRAY_1", LogicalNum: 1, MediumSize: "A4", Volume: 60 }],
  },
};

function fujifilm({ isOpen }: { readonly isOpen: boolean }): WebHandler {
  return ({ method, url, headers, body }) => {
    const login = `NAME=${btoa("admin")}&PSW=${btoa("initpass")}`;
    if (method === "POST" && url === "/LOGIN.cmd" && decodeURIComponent(body) === login)
      return { headers: { "Set-Cookie": "ssid=1; Path=/" }, body: '{"result":"0"}' };
    const document = documents[url];
    if (document === undefined) return { status: 404 };
    const isLoggedIn = headers.cookie?.includes("ssid=1") === true;
    const mayRead = isOpen || isLoggedIn || url === "/home/api/device-status";
    if (!mayRead) return { status: 403 };
    return { headers: { "Content-Type": "application/json" }, body: JSON.stringify(document) };
  };
}

describe("a FUJIFILM Apeos", () => {
  it("is recognised and read where it shows itself to everybody", async () => {
    const { web, printer } = await open(fujifilm({ isOpen: true }));
    expect(printer.mapping.selected.name).toBe("vendor/fujifilm/apeos");
    const values = await printer.read();
    expect(values).toMatchObject({
      "General.ModelName": "Apeos C9999",
      "General.SerialNumber": "000001",
      "General.SystemLocation": "Hall 1",
      "General.OwnerContactEmail": "helpdesk@example.net",
      "Device.DeviceInfo.SoftwareVersion": "1.2.3",
      "Counters.Print.Impressions": 12_345,
      "Counters.Print.FullColorImpressions": 2_345,
      "Counters.Copy.Impressions": 77,
      "Supply.[fujifilmSupplies:TONER-K].RemainingPercent": 63,
      "Supply.[fujifilmSupplies:TONER-K].EstimatedPagesRemaining": 9_000,
      "Supply.[fujifilmSupplies:DRUM-C].Type": "Opc",
      "InputTray.[fujifilmTrays:TRAY-1-1].MediaSizeName": "A4",
    });
    expect(Object.keys(values).join()).not.toContain("FUSER");
    expect(web.asked).not.toContain("POST /LOGIN.cmd");
  });

  it("is read after a login where it shows itself to the administrator alone, and left again", async () => {
    const { web, printer } = await open(fujifilm({ isOpen: false }));
    expect(printer.mapping.selected.name).toBe("vendor/fujifilm/apeos");
    expect(await printer.read()).toMatchObject({
      "General.SerialNumber": "000001",
      "Counters.Print.Impressions": 12_345,
    });
    await printer.close();
    expect(web.asked.filter((asked) => asked === "POST /LOGIN.cmd")).toHaveLength(1);
    expect(web.asked.at(-1)).toBe("POST /LOGOUT.cmd");
  });
});

describe("a Sharp printer", () => {
  it("says who it is, and is sent no password", async () => {
    const { web, printer } = await open(({ url }) => {
      const headers = { Server: "Rapid Logic/1.1", "Extend-sharp-setting-status": "0" };
      if (url === "/login.html")
        return { headers, body: "<title>Login - MX-9999N</title><form id='loginForm'></form>" };
      return url === "/"
        ? { headers, body: "<title>Top Page - MX-9999N</title>" }
        : { status: 404 };
    });
    expect(printer.mapping.selected.name).toBe("vendor/sharp/mx");
    const values = await printer.read();
    expect(values).toMatchObject({
      "General.Manufacturer": "Sharp",
      "General.ModelName": "MX-9999N",
    });
    expect(web.asked.join()).not.toContain("POST");
  });
});
