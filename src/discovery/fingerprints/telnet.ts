import type { BannerRule } from "./banner-rule.ts";
import { greetedVersion, makerRules } from "./makers.ts";

/** What is sent on the Telnet port before anybody types; the first rule that fits counts. */
export const telnetRules: readonly BannerRule[] = [
  { manufacturer: "HP", when: "^(?:HP|Hewlett-Packard) JetDirect" },
  { manufacturer: "Epson", when: "^Sorry, this system is engaged" },
  // The text names two models of a series.
  { manufacturer: "Imagistics", when: "^Imagistics ", version: greetedVersion },
  { manufacturer: "Ricoh", when: "^(?:RICOH|NRG|Gestetner|infotec) Maintenance Shell" },
  { manufacturer: "Savin", when: "^SAVIN Maintenance Shell" },
  { manufacturer: "Lanier", when: "^LANIER Maintenance Shell" },
  { manufacturer: "Brother", when: "Type return, enter password at # prompt" },
  {
    manufacturer: "Axis",
    when: "^AXIS .*Print Server",
    product: "^AXIS (.*?) (?:TELNET|Network)",
    version: greetedVersion,
  },
  {
    manufacturer: "Sybase",
    when: "^ESI-\\d+[A-Z]? Version",
    product: "^(ESI-\\w+)",
    version: greetedVersion,
  },
  { manufacturer: "SATO", when: "^SATO SATO PRINTER", version: greetedVersion },
  ...makerRules,
];
