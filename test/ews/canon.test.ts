import { afterEach, describe, expect, it } from "vitest";
import { WebPrinter, type WebHandler } from "../support/web-printer.ts";
import { MappedPrinter } from "./mapped-printer.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const credential = { username: "7654321", password: "7654321" };

async function open(handler: WebHandler): Promise<MappedPrinter> {
  const web = await WebPrinter.start(handler);
  ends.push(() => web.stop());
  const printer = await MappedPrinter.open("127.0.0.1", web.port, { credential });
  ends.push(() => printer.close());
  return printer;
}

const page = (title: string, body: string): string =>
  `<html><head><title>Remote UI: ${title}</title></head><body>${body}</body></html>`;
const row = (label: string, value: string): string => `<tr><th>${label}</th><td>${value}</td></tr>`;
const toners = (...rows: readonly string[]): string =>
  `<div id="tonerInfomationModule"><table class="ItemListComponent"><tbody>${rows.join("")}</tbody></table></div>`;

/** A Remote UI whose pages want a login with this form; the posted body is what lets in. */
function remoteUi(form: string, wanted: string): WebHandler {
  const inside: Readonly<Record<string, string>> = {
    "/portal_top.html": page("Portal: MF999C", toners(row("Black", "80%"), row("Cyan", "Low"))),
    "/d_info.html": page(
      "Device",
      `<table>${row("Product Name:", "MF999Cdw")}${row("Serial Number:", "XYZ00001")}</table>`,
    ),
    "/d_counter.html": page(
      "Counter",
      `<table>${row("101: Total 1", "1,500")}${row("201: Copy (Total 1)", "")}${row("301: Print (Total 1)", "1000")}${row("501: Scan (Total 1)", "77")}</table>`,
    ),
  };
  return ({ url, body, headers }) => {
    if (url === "/login.html")
      return page(
        "Login: MF999C: ",
        `<form action="/checkLogin.cgi" method="post"><input type="hidden" name="iToken" value="">
<input type="radio" name="i0012" value="1"><input type="radio" name="i0012" value="2" checked>${form}</form>`,
      );
    if (url === "/checkLogin.cgi" && body !== wanted)
      return { status: 302, headers: { location: "/login.html?err=1" } };
    if (url === "/checkLogin.cgi")
      return {
        status: 302,
        headers: { location: "/portal_top.html", "set-cookie": "sessid=abc; Path=/" },
      };
    if (inside[url] === undefined) return { status: 404 };
    const isIn = headers.cookie?.includes("sessid=abc") === true;
    return isIn ? inside[url] : { status: 302, headers: { location: "/login.html" } };
  };
}

const facts = {
  "General.Manufacturer": "Canon",
  "General.ModelName": "MF999Cdw",
  "General.SerialNumber": "XYZ00001",
  "Counters.Impressions": 1500,
  "Counters.Print.Impressions": 1000,
  "Counters.Scan.Images": 77,
  "Supply.[canonToners:black].RemainingPercent": 80,
  "Supply.[canonToners:cyan].Status": "Low",
};

describe("a Canon printer", () => {
  it("with a name and a PIN is read as its system manager", async () => {
    const form = '<input type="text" name="i0014"><input type="password" name="i0016">';
    const wanted = "iToken=&i0012=1&i0014=7654321&i0016=7654321";
    const printer = await open(remoteUi(form, wanted));
    expect(printer.mapping.selected.name).toBe("vendor/canon/remote-ui");
    const values = await printer.read();
    expect(values).toMatchObject(facts);
    expect(values["Supply.[canonToners:cyan].RemainingPercent"]).toBeUndefined();
    expect(values["Counters.Copy.Impressions"]).toBeUndefined(); // an empty cell before 301
  });

  it("with a PIN only is read as its system manager", async () => {
    const form = '<input type="password" name="i2101">';
    const printer = await open(remoteUi(form, "iToken=&i0012=1&i2101=7654321"));
    expect(printer.mapping.selected.name).toBe("vendor/canon/remote-ui-pin");
    expect(await printer.read()).toMatchObject(facts);
  });

  it("of the imageRUNNER kind tells its toner on the portal and its counters behind the login", async () => {
    const counter = "/rps/dcounter.cgi?CorePGTAG=14";
    const printer = await open(({ url, body, headers }) => {
      if (url === "/")
        return page(
          "Portal",
          '<script>var tonerVolInfo = {"tonerCVol":"60","tonerMVol":"70","tonerYVol":"0","tonerKVol":"100"};</script>',
        );
      if (url === "/login" && body === "uri=%2F&deptid=7654321&password=7654321") return "";
      if (url.startsWith("/rps/nativetop.cgi"))
        return { headers: { "set-cookie": "iR=1; Path=/" }, body: "VARIE_BOX_ALL_SETTING" };
      if (url !== counter || headers.cookie?.includes("iR=1") !== true) return { status: 404 };
      return page("Counter", '<script>write_value("101", 67911);write_value("301",500);</script>');
    });
    expect(printer.mapping.selected.name).toBe("vendor/canon/printer");
    expect(await printer.read()).toMatchObject({
      "Supply.[canonTonerVolumes:black].RemainingPercent": 100,
      "Supply.[canonTonerVolumes:cyan].RemainingPercent": 60,
      "Supply.[canonTonerVolumes:yellow].RemainingPercent": 0,
      "Supply.[canonTonerVolumes:yellow].Status": "Empty",
      "Counters.Impressions": 67_911,
      "Counters.Print.Impressions": 500,
    });
  });
});
