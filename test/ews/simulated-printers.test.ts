import { afterEach, describe, expect, it } from "vitest";
import type { ModelValue } from "../../src/model/definition.ts";
import { systemClock } from "../../src/shared/clock.ts";
import type { EwsStyle } from "../../src/simulator/ews/ews-site.ts";
import { startEwsSimulator } from "../../src/simulator/ews/ews-simulator.ts";
import { ewsStyles } from "../../src/simulator/ews/styles.ts";
import { MappedPrinter } from "./mapped-printer.ts";

/** A shipped mapping, the simulated pages it is tried on, and what is written: parameter, value, the panel's word for it. */
interface Trial {
  readonly mapping: string;
  readonly style: EwsStyle;
  readonly writes: readonly (readonly [template: string, value: ModelValue, panel: string])[];
}

/** Pages built from the same public sources as the mappings: this shows that a mapping works, not that a printer does. */
const trials: readonly Trial[] = [
  {
    mapping: "vendor/hp/cdm",
    style: ewsStyles["hp-cdm"],
    writes: [
      ["Network.SNMP.V1V2cEnable", false, "false"],
      ["Network.SNMP.TrapEnable", true, "true"],
      ["Network.LPD.Enable", false, "false"],
      ["Network.RawPort.Enable", false, "false"],
      ["Network.FTP.Enable", false, "false"],
      ["Network.WINS.PrimaryServer", "192.0.2.43", "192.0.2.43"],
      ["Network.Time.NTPServer1", "ntp2.example.net", "ntp2.example.net"],
      ["Network.Time.DaylightSavingEnable", false, "false"],
    ],
  },
  {
    mapping: "vendor/epson/eeps2",
    style: ewsStyles.epson,
    writes: [
      ["Settings.Print.Copies", 3, "3"],
      ["Settings.PCL.FontNumber", 7, "7"],
      ["Settings.PCL.SymbolSet", "WIN30", "WIN30"],
      ["Settings.PS.PrintErrorPage", true, "true"],
    ],
  },
  {
    mapping: "vendor/brother/laser-ink",
    style: ewsStyles.brother,
    writes: [
      ["Network.DNS.PrimaryServer", "192.0.2.54", "192.0.2.54"],
      ["Network.WINS.PrimaryServer", "192.0.2.43", "192.0.2.43"],
      ["Network.Time.Source", "NTP", "NTP"],
      ["Network.Time.NTPServer1", "ntp2.example.net", "ntp2.example.net"],
      ["Network.Time.DaylightSavingEnable", false, "false"],
      ["Network.FTP.Enable", false, "false"],
      ["Network.LPD.Enable", false, "false"],
      ["Network.RawPort.Enable", false, "false"],
      ["Network.HTTP.HTTPSEnable", false, "false"],
      ["Network.SNMP.V3Enable", true, "true"],
      ["Network.SMTP.ServerAddress", "mail2.example.net", "mail2.example.net"],
      ["Network.SMTP.SenderAddress", "p2@example.net", "p2@example.net"],
      ["Network.SMTP.Port", 587, "587"],
      ["Settings.EmailAlert.Enable", true, "true"],
      ["Settings.PCL.FontNumber", 7, "7"],
      ["Settings.PCL.SymbolSet", "WIN30", "WIN30"],
      ["Settings.PCL.Orientation", "Landscape", "Landscape"],
      ["Settings.PCL.Sides", "TwoSidedLongEdge", "TwoSidedLongEdge"],
      ["Settings.PS.PrintErrorPage", true, "true"],
      ["Settings.PS.JobTimeout", 60, "60"],
      ["Settings.Finishing.BannerPage", true, "true"],
      ["Settings.Finishing.PrintBlankPages", false, "false"],
      ["Settings.Print.TonerSave", true, "true"],
      ["Settings.Print.SleepDelay", 30, "30"],
    ],
  },
  {
    mapping: "vendor/lexmark/laser",
    style: ewsStyles.lexmark,
    writes: [
      ["Network.SMTP.ServerAddress", "mail2.example.net", "mail2.example.net"],
      ["Network.SMTP.Port", 587, "587"],
    ],
  },
  {
    mapping: "vendor/toshiba/e-studio",
    style: ewsStyles.toshiba,
    writes: [
      ["Network.LPD.Enable", false, "false"],
      ["Network.RawPort.Enable", false, "false"],
      ["Network.FTP.Enable", false, "false"],
      ["Network.SMTP.ServerAddress", "</serverAddress> & <co>", "</serverAddress> & <co>"],
      ["Network.Time.NTPServer1", "ntp2.example.net", "ntp2.example.net"],
      ["Network.SNMP.V1V2cEnable", false, "false"],
      ["Settings.PCL.FontNumber", 7, "7"],
      ["Settings.PS.PrintErrorPage", true, "true"],
    ],
  },
  {
    mapping: "vendor/konica-minolta/bizhub",
    style: ewsStyles["konica-minolta"],
    writes: [
      ["Network.SMTP.Enable", false, "false"],
      ["Network.SMTP.ServerAddress", "mail2.example.net", "mail2.example.net"],
      ["Network.SMTP.Port", 587, "587"],
      ["Network.SMTP.SenderAddress", "hall-1@example.net", "hall-1@example.net"],
      ["Settings.EmailAlert.Enable", true, "true"],
      ["Network.DNS.SecondaryServer", "192.0.2.54", "192.0.2.54"],
      ["Network.RawPort.Port", 9101, "9101"],
      ["Network.LPD.Enable", false, "false"],
      ["Network.FTP.Enable", false, "false"],
      ["Network.Time.Source", "NTP", "NTP"],
      ["Network.Time.NTPServer1", "a & <b>", "a & <b>"],
    ],
  },
  {
    mapping: "vendor/konica-minolta/i-series",
    style: ewsStyles["konica-minolta-api"],
    writes: [
      ["Network.SNMP.V1V2cEnable", false, "false"],
      ["Network.RawPort.Enable", false, "false"],
      ["Network.LPD.Enable", false, "false"],
      ["Network.FTP.Enable", false, "false"],
      ["Network.HTTP.HTTPSOnly", true, "true"],
      ["Network.Time.NTPServer1", 'it\'s "ntp2"', 'it\'s "ntp2"'],
      ["Settings.PCL.FontNumber", 7, "7"],
      ["Settings.PS.PrintErrorPage", true, "true"],
    ],
  },
  {
    mapping: "vendor/canon/remote-ui",
    style: ewsStyles.canon,
    writes: [
      ["Network.Time.Source", "NTP", "NTP"],
      ["Network.Time.NTPServer1", "ntp2.example.net", "ntp2.example.net"],
      ["Network.LPD.Enable", false, "false"],
      ["Network.RawPort.Enable", false, "false"],
      ["Network.SNMP.V1V2cEnable", false, "false"],
      ["Network.SNMP.V3Enable", true, "true"],
      ["Settings.PCL.FontNumber", 7, "7"],
      ["Settings.PCL.Orientation", "Landscape", "Landscape"],
      ["Settings.PCL.Sides", "TwoSidedLongEdge", "TwoSidedLongEdge"],
    ],
  },
  {
    mapping: "vendor/ricoh/office",
    style: ewsStyles.ricoh,
    writes: [
      ["Network.Time.Source", "NTP", "NTP"],
      ["Network.Time.NTPServer1", "ntp2.example.net", "ntp2.example.net"],
      ["Network.Time.DaylightSavingEnable", false, "false"],
      ["Network.FTP.Enable", false, "false"],
      ["Network.LPD.Enable", false, "false"],
      ["Network.RawPort.Enable", false, "false"],
      ["Network.RawPort.Port", 9101, "9101"],
      ["Network.RawPort.BidirectionalEnable", false, "false"],
      ["Network.HTTP.HTTPSEnable", false, "false"],
      ["Network.SNMP.V1V2cEnable", false, "false"],
      ["Network.SNMP.TrapEnable", true, "true"],
      ["Network.SMTP.ServerAddress", "mail2.example.net", "mail2.example.net"],
      ["Network.SMTP.Port", 587, "587"],
      ["Network.SMTP.Username", "printer", "printer"],
      ["Settings.Finishing.BannerPage", true, "true"],
      ["Settings.Finishing.PrintBlankPages", false, "false"],
      ["Settings.PCL.FontNumber", 7, "7"],
      ["Settings.PCL.SymbolSet", "WIN30", "WIN30"],
      ["Settings.PCL.Orientation", "Landscape", "Landscape"],
      ["Settings.PS.PrintErrorPage", true, "true"],
      ["Settings.PS.JobTimeout", 60, "60"],
    ],
  },
];

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

describe.each(trials)("$mapping", ({ mapping, style, writes }) => {
  it("writes its simulated pages and reads back what it wrote", async () => {
    const pages = await startEwsSimulator({ style, clock: systemClock });
    ends.push(() => pages.stop());
    const printer = await MappedPrinter.open(pages.host, pages.port, {
      mapping,
      credential: { username: "admin", password: "initpass" },
      allowUnverifiedWrites: true,
    });
    ends.push(() => printer.close());
    for (const [template, , panel] of writes)
      expect([template, pages.settings.get(template)]).not.toEqual([template, panel]);
    await printer.write(
      writes.map(([template, value]) => ({ template, rowKey: undefined, value })),
    );
    const told = await printer.read();
    for (const [template, value, panel] of writes)
      expect([template, told[template], pages.settings.get(template)]).toEqual([
        template,
        value,
        panel,
      ]);
  });
});
