import type { BannerRule } from "./banner-rule.ts";

/**
 * Brands as they stand in front of the model. Ricoh's brands of old are Ricoh; where a brand is known as a maker of its
 * own it stays one.
 */
const brands: readonly (readonly [manufacturer: string, brand: string])[] = [
  ["HP", "Hewlett[- ]Packard(?: HP)?|HP"],
  ["Ricoh", "RICOH(?: Company(?:,? Ltd\\.?)?)?|NRG|infotec|Nashuatec|Rex[- ]Rotary"],
  ["Savin", "SAVIN"],
  ["Lanier", "LANIER"],
  ["FUJI XEROX", "FUJI ?XEROX"],
  ["FUJIFILM", "FUJIFILM"],
  ["Xerox", "XEROX"],
  ["Lexmark", "Lexmark(?: International,?(?: Inc\\.?)?)?"],
  ["Source Technologies", "Source Technologies"],
  ["Toshiba", "TOSHIBA(?: TEC)?"],
  ["Sharp", "SHARP(?: Corporation)?"],
  ["Oce", "Oc[eé]"],
  ["Imagistics", "Imagistics"],
  ["Konica Minolta", "KONICA ?MINOLTA|Konica|MINOLTA(?:[- ]QMS)?|QMS"],
  ["Kyocera", "KYOCERA(?: MITA)?|Copystar"],
  ["TA Triumph-Adler", "(?:TA )?Triumph[- ]Adler|UTAX(?:_TA)?"],
  ["Brother", "Brother"],
  ["Canon", "Canon"],
  ["Epson", "(?:SEIKO )?EPSON"],
  ["Samsung", "SAMSUNG"],
  ["Okidata", "OKI(?:[ -]?DATA)?(?: CORP(?:ORATION)?)?"],
  ["Panasonic", "Panasonic"],
  ["Muratec", "Muratec"],
  ["Dell", "Dell(?: Inc\\.?)?"],
  ["Lenovo", "Lenovo"],
  ["Pantum", "Pantum"],
  ["Zebra", "Zebra(?: Technologies)?"],
  ["Honeywell", "Honeywell"],
  ["Intermec", "Intermec"],
  ["Datamax", "Datamax(?:-O'Neil)?"],
  ["TSC", "TSC"],
  ["Citizen", "Citizen"],
  ["SATO", "SATO"],
  ["Printronix", "Printronix"],
  ["TallyGenicom", "Tally ?Genicom|TALLY|GENICOM"],
  ["Tektronix", "Tektronix"],
  ["Kodak", "(?:Eastman )?KODAK"],
  ["Pitney Bowes", "Pitney Bowes"],
  ["Evolis", "Evolis"],
  ["SEH", "SEH"],
];

/** Families whose name alone tells the maker; the name is part of the product. */
const families: readonly (readonly [manufacturer: string, family: string])[] = [
  ["HP", "(?:Color )?LaserJet|Designjet|Deskjet|Officejet|Photosmart|PageWide"],
  ["Ricoh", "Aficio|imagio"],
  ["Xerox", "Phaser|WorkCentre|ColorQube|DocuColor|VersaLink|AltaLink"],
  ["FUJI XEROX", "ApeosPort|DocuCentre|DocuPrint"],
  ["Lexmark", "Optra|MarkNet"],
  ["Toshiba", "e-STUDIO"],
  ["Konica Minolta", "bizhub|magicolor|PagePro"],
  ["Kyocera", "TASKalfa|ECOSYS|(?:FS|KM|CS)-[A-Z]*\\d"],
  ["Brother", "(?:HL|MFC|DCP)-[A-Z]?\\d"],
  [
    "Canon",
    "iR[- ]?(?:ADV )?C?\\d|imageRUNNER|imagePRESS|imageCLASS|i-SENSYS|LBP[- ]?\\d|MF\\d{3}",
  ],
  ["Epson", "EPL-|AcuLaser|AL-[CM]\\d|WorkForce|Stylus|(?:ET|WF|XP)-\\d"],
  ["Samsung", "(?:ML|SCX|CLP|CLX|SL)-[A-Z]?\\d"],
  ["Sharp", "(?:MX|AR)-[A-Z]*\\d"],
  ["Okidata", "OKIPAGE|MICROLINE|OkiLAN"],
];

/** What ends a model: the name of the service, a version, a series, a date, an address, a remark in brackets. */
export const modelEnd =
  "(?:(?i: Series\\b| FTP\\b| TELNET\\b| (?:print ?)?server\\b| Ver(?:sion\\b|\\.? ?\\d))| V\\d| \\d{1,2}-[A-Z][a-z]{2}-\\d\\d|[ -] ?\\d+\\.\\d+\\.\\d+\\.| [-[(:|]|[.,;:]? ?$)";

/** `(8.63) ready`, `FTP Server NJ.APS.N254e ready`, `Ver 01.05.00.0k`, `Version 6.34`, `V6.30`. */
export const greetedVersion = [
  "\\(([^() ]+)\\) ?(?:ready|\\.|$)",
  "(?i:FTP Server) ([^ ()]*\\d[^ ()]*)(?: ready| is|$)",
  "(?i:[ (]Ver(?:sion)?[. ] ?)V?(\\w*\\d[^ ()]*)",
  " V(\\d+\\.[^ ()]+)",
];

/** Name of Lexmark's network card in front of a greeting. */
export const macInFront = "^ET([0-9A-Fa-f]{12}) ";

/** The maker's name or a family of his, then the model: whichever service greets. */
export const makerRules: readonly BannerRule[] = [
  ...brands.map(([manufacturer, brand]) => ({
    manufacturer,
    when: `^(?i:${brand})(?: |$)`,
    // The brand may come twice: "HP HP Deskjet", "SATO SATO PRINTER".
    product: `^(?:(?i:${brand}) )+(.*?\\S)${modelEnd}`,
    version: greetedVersion,
  })),
  ...families.map(([manufacturer, family]) => ({
    manufacturer,
    when: `^(?i:${family})`,
    product: `^((?i:${family}).*?)${modelEnd}`,
    version: greetedVersion,
  })),
];

/**
 * Print servers of Lexmark's, of those who buy there, and of Xerox's greet by their host name first; Lexmark's is `ET`
 * with the MAC address unless somebody changed it.
 */
export const placedMakerRules: readonly BannerRule[] = [
  ...brands.map(([manufacturer, brand]) => ({
    manufacturer,
    when: `^\\S+ (?i:${brand}) \\S.* (?i:FTP)\\b`,
    product: `^\\S+ (?i:${brand}) (.*?\\S)${modelEnd}`,
    version: greetedVersion,
    macAddress: macInFront,
  })),
  ...families.map(([manufacturer, family]) => ({
    manufacturer,
    when: `^\\S+ (?i:${family}).* (?i:FTP)\\b`,
    product: `^\\S+ ((?i:${family}).*?)${modelEnd}`,
    version: greetedVersion,
    macAddress: macInFront,
  })),
];
