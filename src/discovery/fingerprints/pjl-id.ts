import type { BannerRule } from "./banner-rule.ts";
import { makerRules, modelEnd } from "./makers.ts";

/** Kyocera's engines of that time call themselves by the company's name of that time. */
const kyoceraMita = "Kyocera Mita";

/** What stands between the quotes of an INFO ID answer; the first rule that fits counts. */
export const pjlIdRules: readonly BannerRule[] = [
  {
    manufacturer: "HP",
    when: "^(?i:(?:HP )?(?:Color )?LaserJet) ",
    product: "^(?i:(?:HP )?(?:Color )?LaserJet) (.*\\S)",
  },
  { manufacturer: "HP", when: "^(?i:(?:HP )?Designjet)", product: "(?i)(Designjet.*)" },
  {
    manufacturer: "HP",
    when: "^(?i:HP|Hewlett[- ]Packard) ",
    product: "^(?i:HP|Hewlett[- ]Packard)(?i: HP)? (.*)",
  },
  { manufacturer: "Xerox", when: "^(?i:Xerox )?ColorQube ", product: "ColorQube (\\S+)" },
  { manufacturer: "Xerox", when: "^(?:XC|DC)\\d{3}", product: "^(\\w+)" },
  {
    manufacturer: "Canon",
    when: "^(?:Canon )?iR[- ]?(?:ADV )?C?\\d",
    product: "(iR[- ]?(?:ADV )?\\S+)",
  },
  {
    manufacturer: "Dell",
    when: "^Dell .*\\d{3}|^Laser Printer \\d{4}",
    product: "^(?:Dell|Laser) .*?(\\S*\\d{3,}\\S*)",
  },
  {
    manufacturer: kyoceraMita,
    when: "^(?i:(?:Kyocera (?:Mita )?)?)(?:FS|KM|CS|LS)-",
    product: "((?:FS|KM|CS|LS)-\\S+)",
  },
  {
    manufacturer: kyoceraMita,
    when: "^(?i:(?:Kyocera (?:Mita )?)?TASKalfa) ",
    product: "(?i)(TASKalfa \\S+)",
  },
  // Engines of Brother's say more behind a colon: "8C5-B29:Ver.D:U0707161719".
  { manufacturer: "Oce", when: "^Oce VL", product: "^Oce (VL\\S*?)(?::Ver.*)?$" },
  { manufacturer: "Oce", when: "^Oce ", product: "^Oce ([^ :]+)" },
  { manufacturer: "Oce", when: "^Imagistics ", product: "^Imagistics (\\S+)" },
  { manufacturer: "Brother", when: "^(?i:Brother )", product: "^\\S+ ([^:]*[^: ])" },
  {
    manufacturer: "Okidata",
    when: "^(?i:OKI(?:[ -]?DATA)?(?: CORP)?) ",
    product: ["(?i:OKI\\S*)(?i: CORP)? ([A-Z]{1,3}\\d+)", "(?i:OKI\\S*)(?i: CORP)? (.*)"],
  },
  {
    manufacturer: "Ricoh",
    when: "^(?i:Gestetner) ",
    product: `^(.*?\\S)${modelEnd}`,
  },
  { manufacturer: "EFI", when: "^Fiery ", product: "^(Fiery .*)" },
  { manufacturer: "RSI", when: "^HYDRA(?: |$)" },
  {
    manufacturer: "Toshiba",
    when: "^(?i:TOSHIBA )?e-STUDIO",
    product: "(e-STUDIO(?:\\S+| \\d\\S*))",
  },
  { manufacturer: "Sharp", when: "^(?i:SHARP) ", product: "^\\S+ (\\S+)" },
  ...makerRules,
];
