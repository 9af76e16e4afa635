import { afterEach, expect, it } from "vitest";
import { systemClock } from "../../src/shared/clock.ts";
import { startEwsSimulator } from "../../src/simulator/ews/ews-simulator.ts";
import { ewsStyles } from "../../src/simulator/ews/styles.ts";
import { WebPrinter } from "../support/web-printer.ts";
import { MappedPrinter } from "./mapped-printer.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Rows as public programs read them; nothing of this was captured. */
const supplies = (rows: readonly (readonly string[])[]): string =>
  `<html><script>document.write("<tr class='odd'><td>x</td><td>1%</td></tr>")</script><div class="tableBody"><table>
<tr class="header"><td>Component</td><td>Life Remaining</td></tr>
${rows.map((cells, n) => `<tr class="${n % 2 === 0 ? "odd" : "even"}">${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("\n")}
</table></div></html>`;
const usage = (rows: Readonly<Record<string, string>>): string =>
  `<html><table class="tableDiv">${Object.entries(rows)
    .map(([label, count]) => `<tr><td>${label}</td><td>${count}</td></tr>`)
    .join("")}</table></html>`;

const pages: Readonly<Record<string, string>> = {
  "/": "<html><title>XEROX WORKCENTRE - Status</title></html>",
  "/stat/consumables.php": supplies([
    ["&nbsp;", "Black Toner Cartridge (K)", "OK", "63 %", "12,000", "45"],
    ["&nbsp;", "Drum Cartridge (R1)", "OK", "90 %", "", ""],
    ["&nbsp;", "Staple Cartridge", "OK", "", "", ""],
  ]),
  "/counters/usage.php": usage({
    "Total de impresiones": "238,962",
    "Impresiones en negro": "215,232",
    "Impresiones impresas en negro": "200,000",
    "Impresiones impresas en color": "15,232",
    "Imágenes de e-mail enviadas": "25,941",
  }),
};

it("Xerox's PHP pages tell supplies and counters, in another language too", async () => {
  const web = await WebPrinter.start(({ url }) =>
    pages[url] === undefined
      ? { status: 404 }
      : {
          headers: {
            "Content-Type": "text/html; charset=utf-8",
            Server: "Xerox_MicroServer/Xerox11",
          },
          body: pages[url],
        },
  );
  ends.push(() => web.stop());
  const printer = await MappedPrinter.open("127.0.0.1", web.port);
  ends.push(() => printer.close());
  expect(printer.mapping.selected.name).toBe("vendor/xerox/office");
  const values = await printer.read();
  const black = "Supply.[xeroxWebSupplies:1].";
  expect(values).toMatchObject({
    [`${black}Description`]: "Black Toner Cartridge (K)",
    [`${black}ColorantName`]: "Black",
    [`${black}RemainingPercent`]: 63,
    "Supply.[xeroxWebSupplies:2].Type": "Opc",
    "Counters.Impressions": 238_962,
    "Counters.MonochromeImpressions": 215_232,
    "Counters.Print.Impressions": 215_232,
    "Counters.Scan.EmailImages": 25_941,
  });
  expect(values["Counters.Copy.Impressions"]).toBeUndefined();
  expect(Object.keys(values).filter((path) => path.startsWith("Supply."))).not.toContain(
    "Supply.[xeroxWebSupplies:3].Description",
  );
});

it("EWS-NIC5 takes time and mail server by the numbers of its fields, behind Basic", async () => {
  const web = await startEwsSimulator({ style: ewsStyles["xerox-nic5"], clock: systemClock });
  ends.push(() => web.stop());
  const printer = await MappedPrinter.open(web.host, web.port, {
    mapping: "vendor/xerox/ews-nic5",
    allowUnverifiedWrites: true,
    credential: { username: "admin", password: "initpass" },
  });
  ends.push(() => printer.close());
  const wanted = {
    "Network.Time.NTPServer1": "ntp2.example.net",
    "Network.SMTP.ServerAddress": "mail2.example.net",
    "Network.SMTP.Port": 587,
  };
  await printer.write(
    Object.entries(wanted).map(([template, value]) => ({ template, rowKey: undefined, value })),
  );
  expect(await printer.read()).toMatchObject(wanted);
  expect(web.settings.get("Network.SMTP.Port")).toBe("587");
  expect(web.settings.get("Network.Time.Source")).toBe("Manual");
});
