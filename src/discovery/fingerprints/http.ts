import type { BannerRule } from "./banner-rule.ts";
import { makerRules, modelEnd } from "./makers.ts";

/** Titles of the first page; an address or the name of the page may follow. The first rule that fits counts. */
export const titleRules: readonly BannerRule[] = [
  {
    manufacturer: "HP",
    when: "^(?i:(?:HP )?(?:Color )?LaserJet) ",
    product: [
      "^(?i:(?:HP )?(?:Color )?LaserJet) (.*?\\S)(?: Series\\b| \\d+\\.\\d+\\.\\d+\\.\\d+| [-|[(]| ?$)",
    ],
  },
  { manufacturer: "Canon", when: "^ScanFront ", product: "^(ScanFront \\d+\\w?\\w?)(?: |Web|$)" },
  {
    manufacturer: "Canon",
    when: "^Remote UI(?: |:|$)",
    product: "^Remote UI: (?:Login|Portal)[^:]*: ([^:]*?\\S) ?(?::|$)",
  },
  { manufacturer: "Canon", when: "Remote UI", product: "^([\\w /-]+?) ?[:/|-]+ ?Remote UI" },
  {
    manufacturer: "Xerox",
    when: "^(?i:XEROX (?:WORKCENTRE|PHASER|VERSALINK|ALTALINK))(?: - |$)",
  },
  {
    manufacturer: "Xerox",
    when: "(?i:(?:^|- )(?:Xerox )?(?:Phaser|WorkCentre|VersaLink|AltaLink|ColorQube)) ?\\w*\\d",
    product: `(?i)((?:Phaser|WorkCentre|VersaLink|AltaLink|ColorQube) ?.*?\\S)${modelEnd}`,
  },
  { manufacturer: "Xerox", when: "CentreWare Internet Services" },
  { manufacturer: "Ricoh", when: "^(?i:Web Image Monitor)|- Web Image Monitor$" },
  { manufacturer: "Samsung", when: "SyncThru Web Service" },
  { manufacturer: "Kyocera", when: "^(?:Kyocera )?Command Center(?: RX)?$" },
  { manufacturer: "Konica Minolta", when: "PageScope (?:Web Connection|Light)" },
  { manufacturer: "Toshiba", when: "^(?i:TopAccess)(?:[: -]|$)" },
  { manufacturer: "Epson", when: "^(?:EpsonNet Config|Epson Web Config)" },
  {
    manufacturer: "Sharp",
    when: "^(?:Top Page|Machine Identification|System Information|Device Status) - (?:MX|AR|BP|DX|AL)-",
    product: " - (\\S+)",
  },
  { manufacturer: "SATO", when: "^SATO Printer Setup" },
  { manufacturer: "EFI", when: "^(?:WebTools|Fiery WebTools|Command WorkStation)(?: |$)" },
  { manufacturer: "Evolis", when: "^Evolis Printer" },
  { manufacturer: "Datalogic Mobile", when: "^Datalogic Mobile" },
  { manufacturer: "Weidmüller", when: "^Printer Administration$" },
  {
    manufacturer: "Dell",
    when: "^Dell .*\\d{3}",
    product: "Dell .*?(\\S*\\d{3,}\\S*)",
  },
  ...makerRules,
];

/** Values of the header `Server`. Servers that many makers build in (RomPager, Virata, GoAhead) tell nothing. */
export const serverRules: readonly BannerRule[] = [
  {
    manufacturer: "HP",
    when: "^HP HTTP Server; ",
    // The family and its number; a series, a width and the product number follow.
    product:
      "^HP HTTP Server; (?:Hewlett-Packard )?(?:HP )*(.*?\\S)(?: (?i:series)\\b| \\d+ ?in\\b| - |;)",
    serialNumber: "Serial Number: ?([^; ]+)",
  },
  { manufacturer: "HP", when: "^HP-Chai(?:SOE|Server)/", version: "/(\\S+)" },
  { manufacturer: "HP", when: "^(?:HP[-_ ]|Hewlett-Packard)", version: "/v?(\\d\\S*)" },
  { manufacturer: "Xerox", when: "^EWS-NIC\\d*/", version: "/(\\S+)" },
  {
    manufacturer: "Xerox",
    when: "^(?:Xerox_MicroServer|Spyglass_MicroServer)(?:/|$)",
    version: "/(\\d\\S*)",
  },
  { manufacturer: "Kyocera", when: "^KM-MFP-http", version: "/[Vv]?(\\d\\S*)" },
  { manufacturer: "Brother", when: "^debut/", version: "^debut/(\\S+)" },
  { manufacturer: "Microplex", when: "^Microplex emHTTPD", version: "/(\\S+)" },
  { manufacturer: "Epson", when: "(?i)^EPSON", version: ["SDK/(\\d\\S*)", "^EPSON-HTTP/(\\S+)"] },
  { manufacturer: "Canon", when: "^CANON HTTP Server", version: "Ver ?(\\d\\S*)" },
  { manufacturer: "Canon", when: "^KS_HTTP/", version: "/(\\S+)" },
  { manufacturer: "Canon", when: "^Catwalk(?:/|$)", version: "/(\\S+)" },
  // These versions of servers others build in as well were seen on printers of one maker only.
  { manufacturer: "HP", when: "^Virata-EmWeb/R6_2_1$", version: "/R?(\\S+)" },
  { manufacturer: "Ricoh", when: "^Web-Server/3\\.0$", version: "/(\\S+)" },
  { manufacturer: "Lexmark", when: "^Lexmark", version: "/(\\d\\S*)" },
  { manufacturer: "Okidata", when: "(?i)^OKI ?DATA", version: "/(\\d\\S*)" },
  { manufacturer: "Axis", when: "^AXIS .*[Pp]rint", version: "/(\\d\\S*)" },
  ...makerRules.map((rule) => ({ ...rule, version: ["/[Vv]?(\\d[^ ;]*)"] })),
];
