import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { evaluateCapturedPrinter } from "../../src/cli/captured-printer.ts";
import type { MappingSet } from "../../src/mapping/evaluation.ts";
import { loadMappings } from "../../src/mapping/load.ts";
import { serviceObject } from "../../src/model/definition.ts";

const shared = resolve(import.meta.dirname, "../../../shared/ews");
const basicStatus = "/PRESENTATION/HTML/TOP/PRTINFO.HTML";
const productStatus = "/PRESENTATION/ADVANCED/INFO_PRTINFO/TOP";
const networkStatus = "/PRESENTATION/ADVANCED/INFO_NWINFO/TOP";

let mappings: MappingSet;
beforeAll(async () => {
  mappings = await loadMappings([resolve(import.meta.dirname, "../../mappings")]);
});
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

type Values = Readonly<Record<string, unknown>>;

/** What the shipped mappings make of these pages, by path below the service object. */
async function evaluate(pages: Readonly<Record<string, string>>): Promise<Values> {
  const folder = await mkdtemp(join(tmpdir(), "epson-pages-"));
  folders.push(folder);
  const files: unknown[] = [];
  for (const [urlPath, body] of Object.entries(pages)) {
    const file = `page${files.length}.html`;
    await writeFile(join(folder, file), body);
    files.push({ file, method: "GET", urlPath, contentType: "text/html; charset=utf-8" });
  }
  const manifest = { schema: "capture-manifest/1", vendor: "Epson", files };
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
  const evaluation = await evaluateCapturedPrinter(mappings, folder);
  if ("examples" in evaluation) throw new Error("greetings");
  const prefix = `${serviceObject}1.`;
  return Object.fromEntries(
    Object.entries(evaluation.parameters).map(([path, { value }]) => [
      path.startsWith(prefix) ? path.slice(prefix.length) : path,
      value,
    ]),
  );
}

function page(body: string): string {
  return `<html><head><meta name="Author" content="SEIKO EPSON"><title>XX-1 Series</title></head>
<body>${body}</body></html>`;
}

function tank(name: string, height: number): string {
  return `<li class='tank'><div class='tank'><img class='color' src='../../IMAGE/Ink_K.PNG' height='${height}'></div>
<div class='clrname'>${name}</div></li>`;
}

function gradient(colour: string, percent: number, below: string): string {
  const background = `linear-gradient(to right, #${colour} 0%, #${colour} ${percent}%, #BFC2C5 ${percent + 1}%)`;
  return `<li><div class='tank_sideways' style='background:${background};'></div>${below}</li>`;
}

const box = (height: number): string =>
  `<li class='tank'><div class='tank'><img class='color' src='../../IMAGE/Ink_Waste.PNG' height='${height}'></div>
<div class='mbicn'><img src='../../IMAGE/Icn_Mb.PNG' height='18' width='18'></div></li>`;

function inkPage(...tanks: readonly string[]): string {
  return page(`<ul class="inksection">${tanks.join("")}</ul>`);
}

describe("the tanks of an Epson printer", () => {
  it("that are all drawn empty are known, their levels are not; the maintenance box has its own", async () => {
    const told = await evaluate({ [basicStatus]: inkPage(tank("BK", 0), tank("C", 0), box(20)) });
    expect(told).toMatchObject({
      SupplyNumberOfEntries: 3,
      "Supply.1.Description": "BK",
      "Supply.3.Type": "WasteInk",
      "Supply.3.RemainingPercent": 40,
    });
    for (const name of ["RemainingPercent", "CurrentLevel", "MaxCapacity"])
      expect(told).not.toHaveProperty([`Supply.1.${name}`]);
  });

  it("one of which is empty are told as they are", async () => {
    const told = await evaluate({ [basicStatus]: inkPage(tank("BK", 0), tank("C", 25)) });
    expect(told["Supply.1.RemainingPercent"]).toBe(0);
    expect(told["Supply.2.RemainingPercent"]).toBe(50);
  });

  it("are known without levels where none are drawn", async () => {
    const bare = "<li class='tank'><div class='clrname'>M</div></li>";
    const told = await evaluate({ [basicStatus]: inkPage(bare) });
    expect(told["Supply.1.ColorantName"]).toBe("Magenta");
    expect(told).not.toHaveProperty(["Supply.1.CurrentLevel"]);
  });

  it("are read from the product status where there is no other page, drawn sideways", async () => {
    const mark = "<div class='mbicn'><img src='../../IMAGE/Icn_Mb.PNG'></div>";
    const told = await evaluate({
      [networkStatus]: page("<dl></dl>"),
      [productStatus]: inkPage(
        gradient("000000", 96, "<div class='clrname'>BK</div>"),
        gradient("636311", 85, mark),
      ),
    });
    expect(told).toMatchObject({
      "Supply.1.Description": "BK",
      "Supply.1.RemainingPercent": 96,
      "Supply.2.Type": "WasteInk",
      "Supply.2.RemainingPercent": 85,
    });
  });
});

describe("the product status of an Epson printer", () => {
  it.each([
    ["Serial Number", "Firmware Version"],
    ["Seriennummer", "Firmware-Version"],
    ["Numéro de série", "Version firmware"],
  ])("tells %s and %s", async (serial, firmware) => {
    const row = (label: string, value: string): string =>
      `<dt class="key"><span class="key">${label}&nbsp;:</span></dt><dd class="value clearfix"><div class="preserve-white-space">${value}</div></dd>`;
    const told = await evaluate({
      [networkStatus]: page("<dl></dl>"),
      [productStatus]: page(`<dl>${row(firmware, "AB12C3")}${row(serial, "X1YZ000042")}</dl>`),
    });
    expect(told).toMatchObject({
      "General.SerialNumber": "X1YZ000042",
      "Device.DeviceInfo.SoftwareVersion": "AB12C3",
    });
  });
});

/** Labels of the network status: in German, in French, and in a language that no list of the mapping has. */
const translations: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  German: {
    "Device Name": "Gerätename",
    "Obtain IP Address": "IP-Adresse beziehen",
    "IP Address": "IP-Adresse",
    "Subnet Mask": "Subnetzmaske",
    "Default Gateway": "Standard-Gateway",
    "MAC Address": "MAC-Adresse",
  },
  French: {
    "Device Name": "Nom du périphérique",
    "Obtain IP Address": "Obtention adresse IP",
    "IP Address": "Adresse IP",
    "Subnet Mask": "Masque de sous-réseau",
    "Default Gateway": "Passerelle par défaut",
    "MAC Address": "Adresse MAC",
  },
  unlisted: {
    "Device Name": "Jmeno zarizeni",
    "Obtain IP Address": "Ziskani adresy",
    "IP Address": "Adresa",
    "Subnet Mask": "Maska",
    "Default Gateway": "Brana",
    "MAC Address": "Fyzicka adresa",
  },
};

function translated(html: string, words: Readonly<Record<string, string>>): string {
  return Object.entries(words).reduce(
    (text, [english, word]) =>
      text
        .replaceAll(`<bdi>${english}</bdi>`, `<bdi>${word}</bdi>`)
        .replaceAll(`"key">${english}&nbsp;`, `"key">${word}&nbsp;`),
    html,
  );
}

const captures = [
  ["epson-l6270", "PRTINFO.html", basicStatus],
  ["epson-et-4950", "INFO_NWINFO.html", networkStatus],
] as const;
const kept = [
  "General.SystemName",
  "Network.Interface.1.PhysicalAddress",
  "Network.Interface.1.IPAddress",
  "Network.Interface.1.SubnetMask",
  "Network.Interface.1.DefaultGateway",
] as const;

if (!existsSync(shared)) process.stderr.write(`left out: ${shared} is missing\n`);

describe.skipIf(!existsSync(shared))("captured Epson pages with other labels", () => {
  const cases = captures.flatMap(([folder, file, path]) =>
    Object.keys(translations).map((language) => ({ language, folder, file, path })),
  );
  it.each(cases)("tell name and addresses: $folder, $language", async (one) => {
    const { language, folder, file, path } = one;
    const words = translations[language] ?? {};
    const html = await readFile(join(shared, folder, file), "utf8");
    const other = translated(html, words);
    expect(other).not.toContain("Subnet Mask");
    const english = await evaluate({ [path]: html });
    const told = await evaluate({ [path]: other });
    for (const name of kept) {
      expect(english[name], name).toBeTruthy();
      expect([name, told[name]]).toEqual([name, english[name]]);
    }
  });
});
