import type { BannerRule } from "./banner-rule.ts";
import { greetedVersion, macInFront, makerRules, modelEnd, placedMakerRules } from "./makers.ts";

/** FTP greetings without the code 220; the first rule that fits counts, so what is special comes first. */
export const ftpRules: readonly BannerRule[] = [
  { manufacturer: "HP", when: "^JD FTP Server" },
  { manufacturer: "HP", when: "^HP GGW server", version: "\\(version ([^ )]+)\\)" },
  {
    manufacturer: "Axis",
    when: "^AXIS .*Print Server",
    product: "^AXIS (.*?) (?:FTP|Network)",
    version: greetedVersion,
  },
  {
    manufacturer: "Ricoh",
    when: "^(?i:RICOH )?(?i:Aficio) ",
    product: `(?i:Aficio) (.*?\\S)${modelEnd}`,
    version: greetedVersion,
  },
  // The brand stays in the name, as Gestetner counted its models by itself.
  {
    manufacturer: "Ricoh",
    when: "^(?i:Gestetner) ",
    product: `^(.*?\\S)${modelEnd}`,
    version: greetedVersion,
  },
  // Sold by IBM, later InfoPrint Solutions, which became Ricoh's; built by Lexmark.
  {
    manufacturer: "Ricoh",
    when: "^(?:\\S+ )?(?i:(?:IBM )?Infoprint) ",
    product: `(?i:Infoprint) (?:Color )?(.*?\\S)${modelEnd}`,
    version: greetedVersion,
    macAddress: macInFront,
  },
  {
    manufacturer: "FUJI XEROX",
    when: "^(?i:FUJI ?XEROX DocuPrint) ",
    product: `(?i:DocuPrint) (.*?\\S)${modelEnd}`,
    version: greetedVersion,
  },
  {
    manufacturer: "Xerox",
    when: "^(?i:XEROX \\S+ Wide Format)",
    product: "^\\S+ (\\S+)",
    version: greetedVersion,
  },
  {
    manufacturer: "Xerox",
    when: "^(?i:XEROX (?:WorkCentre|Phaser)) ",
    product: `(?i:WorkCentre|Phaser) (.*?\\S)${modelEnd}`,
    version: greetedVersion,
  },
  {
    manufacturer: "Lexmark",
    when: "^(?:\\S+ )?(?i:Lexmark Optra|Optra|MarkNet) .*FTP",
    product: `(?i:Optra|MarkNet) (.*?\\S)${modelEnd}`,
    version: greetedVersion,
    macAddress: macInFront,
  },
  {
    manufacturer: "Lexmark",
    when: "^ET[0-9A-Fa-f]{7,12} (?:Pro|S|X|Interact|Interpret|Platinum|Prestige|Prospect|Impact)\\d* Series FTP",
    product: "^\\S+ (\\S+) Series",
    macAddress: macInFront,
  },
  {
    manufacturer: "Dell",
    when: "^(?:\\S+ )?Dell .*\\d{3}",
    product: "Dell .*?(\\S*\\d{3,}\\S*)",
    version: greetedVersion,
    macAddress: macInFront,
  },
  {
    manufacturer: "Kyocera",
    when: "^(?i:(?:KYOCERA )?(?:TASKalfa|ECOSYS)) ",
    product: `(?i:TASKalfa|ECOSYS) (.*?\\S)${modelEnd}`,
    version: greetedVersion,
  },
  // The name is that of the network card, which is all this greeting tells.
  {
    manufacturer: "Konica Minolta",
    when: "KM FTPD",
    product: "^(KM[0-9A-Fa-f]{6}) ",
    version: "KM FTPD version ([^ )]+)",
  },
  { manufacturer: "Konica Minolta", when: "^(?i:KONICA ?MINOLTA FTP server)" },
  {
    manufacturer: "MPI Technologies",
    when: "^LinkCom Xpress",
    product: `^LinkCom Xpress (.*?\\S)${modelEnd}`,
    version: "version (\\S+) ready",
  },
  {
    manufacturer: "Sybase",
    when: "^ESI-\\d+[A-Z]? Version",
    product: "^(ESI-\\w+)",
    version: greetedVersion,
  },
  { manufacturer: "SATO", when: "^SATO SATO PRINTER", version: greetedVersion },
  {
    manufacturer: "AMTDatasouth",
    when: "^Printer FTP \\d\\S+ ready at",
    version: "^Printer FTP (\\S+)",
  },
  { manufacturer: "EFI", when: "^(?:EFI|Fiery) (?i:FTP Print server)" },
  {
    manufacturer: "Zebra",
    when: "^ZBR-?\\d+ Version",
    product: "^(ZBR-?\\d+)",
    version: "Version (\\S+)",
  },
  // PM42, PM43 and PM43c share one firmware.
  {
    manufacturer: "Honeywell",
    when: "^Welcome to (?:Honeywell|Intermec) Printer",
    product: ["Printer ([A-Z]+\\d+)", "Printer (\\S+)"],
  },
  { manufacturer: "Weidmüller", when: "^Printer's ftp server 530 " },
  // Printers and print servers with Brother's network card tell its firmware only.
  {
    manufacturer: "Brother",
    when: "^FTP print service:V-",
    version: "^FTP print service:V-([^ /]+)",
  },
  ...makerRules,
  ...placedMakerRules,
];
