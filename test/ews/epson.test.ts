import { afterEach, describe, expect, it } from "vitest";
import type { ModelValue } from "../../src/model/definition.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { type EwsSimulator, startEwsSimulator } from "../../src/simulator/ews/ews-simulator.ts";
import type { Language } from "../../src/simulator/ews/failures.ts";
import { ewsStyles } from "../../src/simulator/ews/styles.ts";
import { MappedPrinter } from "./mapped-printer.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Web Config as it is simulated, and the shipped mapping in front of it. */
async function open(
  language: Language = "en",
): Promise<{ readonly pages: EwsSimulator; readonly printer: MappedPrinter }> {
  const pages = await startEwsSimulator({ style: ewsStyles.epson, clock: systemClock, language });
  ends.push(() => pages.stop());
  const printer = await MappedPrinter.open(pages.host, pages.port, {
    mapping: "vendor/epson/eeps2",
    credential: { username: "admin", password: "initpass" },
    allowUnverifiedWrites: true,
  });
  ends.push(() => printer.close());
  return { pages, printer };
}

type Wanted = readonly (readonly [template: string, value: ModelValue])[];

function assignments(wanted: Wanted) {
  return wanted.map(([template, value]) => ({ template, rowKey: undefined, value }));
}

const settings = [
  ["Network.DNS.PrimaryServer", "192.0.2.54"],
  ["Network.DNS.SecondaryServer", "192.0.2.55"],
  ["Network.DNS.DomainName", "print.example.net"],
  ["Network.DNS.DynamicUpdateEnable", true],
  ["Network.TCPIP.IPv6Enable", false],
  ["Network.WINS.PrimaryServer", "192.0.2.43"],
  ["Network.WINS.SecondaryServer", "192.0.2.44"],
  ["Network.mDNS.Enable", false],
  ["Network.SLP.Enable", false],
  ["Network.WSD.Enable", false],
  ["Network.IPP.Enable", false],
  ["Network.LPD.Enable", false],
  ["Network.RawPort.Enable", false],
  ["Network.FTP.Enable", false],
  ["Network.SNMP.V1V2cEnable", false],
  ["Network.SNMP.V3Enable", true],
  ["Settings.Print.SleepDelay", 30],
  ["Settings.Print.AutoContinue", true],
  ["Settings.Print.Copies", 3],
  ["Settings.PS.PrintErrorPage", true],
] as const;
const communities = [
  ["Network.SNMP.ReadCommunity", "seen"],
  ["Network.SNMP.WriteCommunity", "told"],
] as const;

describe("the settings pages of Epson", () => {
  // In German, what is found are English pages: asked for by the cookie of the pages' own switch.
  it.each(["en", "de"] as const)(
    "are written and read back on a printer that speaks %s",
    async (language) => {
      const { pages, printer } = await open(language);
      const before = await printer.read();
      for (const [template, value] of settings) {
        expect(before[template], template).toBeDefined();
        expect([template, before[template]]).not.toEqual([template, value]);
      }
      await printer.write(assignments(settings));
      const told = await printer.read();
      for (const [template, value] of settings) {
        expect([template, told[template]]).toEqual([template, value]);
        expect([template, pages.settings.get(template)]).toEqual([template, String(value)]);
      }
    },
  );

  it("tell location and contact", async () => {
    const { printer } = await open();
    expect(await printer.read()).toMatchObject({
      "General.SystemName": "PRN-SIM",
      "General.SystemLocation": "Hall 1",
      "General.OwnerContact": "helpdesk",
    });
  });

  it("take communities, which are never read", async () => {
    const { pages, printer } = await open();
    await printer.write(assignments(communities));
    for (const [template, value] of communities)
      expect([template, pages.settings.get(template)]).toEqual([template, value]);
    expect(Object.values(await printer.read())).not.toContain("seen");
  });

  it("are written in a language that nobody asked for, where fields have names or labels in it", async () => {
    const { pages, printer } = await open();
    pages.fail({ type: "language", language: "de" });
    const wanted = [
      ["Settings.Print.Copies", 2],
      ["Network.DNS.PrimaryServer", "192.0.2.99"],
    ] as const;
    await printer.write(assignments(wanted));
    for (const [template, value] of wanted)
      expect([template, pages.settings.get(template)]).toEqual([template, String(value)]);
  });

  it("refuse, and keep what they had, where a label is not found", async () => {
    const { pages, printer } = await open();
    pages.fail({ type: "language", language: "es" });
    const write = printer.write(assignments([["Network.LPD.Enable", false]]));
    await expect(write).rejects.toMatchObject({ code: "ews.page-changed" });
    expect(pages.settings.get("Network.LPD.Enable")).toBe("true");
    expect(await printer.read()).not.toHaveProperty(["Network.LPD.Enable"]);
  });
});
