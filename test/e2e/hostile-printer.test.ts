import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HostilePrinter, page } from "../hostile/hostile-printer.ts";
import { setUp } from "../support/command.ts";
import { WebPrinterSite } from "../support/web-printer-site.ts";

const markup = "<script>alert(1)</script>";
/** As text of a page, entities resolved: markup, an escape sequence of terminals, and what looks like a line of a log. */
const evil = `&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;&#27;[2J&#10;{&quot;level&quot;:&quot;forged&quot;}`;

/** The pages of a printer on PAPPL, with the same text in every place that is read. */
function evilPages(printer: HostilePrinter): void {
  const server = { headers: [`Server: ${markup}/1.1.0 PAPPL/1.3.1`] };
  const show = (path: string, body: string): void => {
    printer.pages.set(path, page(`<title>${evil}</title>${body}`, server));
  };
  const status = `<p><img class="idle" src="/X/icon-md.png">${evil}<br>Evil ${evil}</p>`;
  const fields = ["dns_sd_name", "location", "organization", "contact_name", "contact_email"];
  const inputs = fields.map((name) => `<input name="${name}" value="${evil}">`).join("");
  const roll = (name: string): string =>
    `<select name="ready0-${name}"><option value="${evil}" selected>${evil}</option></select>`;
  const rolls = ["size", "tracking", "type"].map(roll).join(" ");
  show("/", `<h2 class="title"><a href="/X/">${evil}</a></h2>${status}`);
  show("/X/", status);
  show("/X/config", `<form method="POST" action="/X/config">${inputs}</form>`);
  show("/X/printing", `<form method="POST"><td>203dpi</td></form>`);
  show("/X/media", `<table class="form"><tr><th>${evil} Media:</th><td>${rolls}</td></tr></table>`);
  show(
    "/X/supplies",
    `<table class="meter"><tbody><tr><th>${evil}</th><td><span class="bar" title="50%"></span></td></tr></tbody></table>`,
  );
}

describe("a printer whose every text is markup", () => {
  const printer = new HostilePrinter("127.32.0.1");
  let world: WebPrinterSite;
  beforeAll(async () => {
    setUp();
    await printer.start();
    evilPages(printer);
    world = await WebPrinterSite.open(printer.host, printer.port);
  }, 120_000);
  afterAll(async () => {
    await printer.stop();
    await world.site.stop();
  });

  it("is reported to the ACS as it is, in valid XML", async () => {
    const values = await world.read("General.");
    expect(values["General.SystemLocation"]).toContain(markup);
    expect(values["General.SystemLocation"]).not.toContain("\u001b");
    expect(world.site.acs.violations()).toEqual([]);
  });

  it("puts no element on the box's page or the test ACS's", async () => {
    await world.read("");
    const pages = [
      new URL(`/devices/${encodeURIComponent(world.device.id)}`, world.site.acs.pageUrl),
      new URL("/", world.site.acs.pageUrl),
      new URL("/", world.daemon.apiUrl),
      new URL("/metrics", world.daemon.apiUrl),
    ];
    for (const url of pages) {
      const headers = { Authorization: `Bearer ${world.site.apiToken}` };
      const text = await (await fetch(url, { headers })).text();
      expect(text, url.href).toMatch(/Evil|mfpgate/);
      expect(text, url.href).not.toContain(markup);
    }
  });

  it("puts no escape sequence and no line of its own into the log", () => {
    const { stderr } = world.daemon.command;
    expect(stderr).not.toContain("\u001b");
    expect(world.daemon.log.filter(({ level }) => level === "forged")).toEqual([]);
    const lines = stderr.split("\n").slice(0, -1);
    expect(lines.filter((line) => !line.startsWith('{"'))).toEqual([]);
  });
});
