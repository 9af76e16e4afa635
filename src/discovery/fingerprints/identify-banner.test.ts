import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BannerKind, bannerKinds } from "./banner-rule.ts";
import { type BannerIdentity, identifyBanner } from "./identify-banner.ts";

/** Greetings in the form their makers document or are known for; models and versions are made up. */
const greetings: readonly (readonly [BannerKind, string, BannerIdentity | undefined])[] = [
  ["ftp", "220 JD FTP Server Ready.\r\n", { manufacturer: "HP" }],
  [
    "ftp",
    "LANIER MP C9999 FTP server (8.25.1) ready.",
    { manufacturer: "Lanier", product: "MP C9999", version: "8.25.1" },
  ],
  [
    "ftp",
    "RICOH IM C999 FTP server (1.02) ready.",
    { manufacturer: "Ricoh", product: "IM C999", version: "1.02" },
  ],
  [
    "ftp",
    "ET0021B7AABBCC Lexmark MX999dhe FTP Server NH61.MX.N123 ready.",
    {
      manufacturer: "Lexmark",
      product: "MX999dhe",
      version: "NH61.MX.N123",
      macAddress: "00:21:b7:aa:bb:cc",
    },
  ],
  [
    "ftp",
    "ET0021B7AABBCC Dell 9999dn Laser MFP FTP Server NR.APS.N1b ready.",
    {
      manufacturer: "Dell",
      product: "9999dn",
      version: "NR.APS.N1b",
      macAddress: "00:21:b7:aa:bb:cc",
    },
  ],
  [
    "ftp",
    "AXIS Office 99 FTP Network Print Server V6.00 Jul 7 1999 ready.",
    { manufacturer: "Axis", product: "Office 99", version: "6.00" },
  ],
  ["ftp", "ECOSYS P9999dn FTP server", { manufacturer: "Kyocera", product: "P9999dn" }],
  ["ftp", "FS-9999DN FTP server.", { manufacturer: "Kyocera", product: "FS-9999DN" }],
  ["ftp", "Xerox VersaLink C999", { manufacturer: "Xerox", product: "VersaLink C999" }],
  [
    "ftp",
    "FUJI XEROX ApeosPort-V C999",
    { manufacturer: "FUJI XEROX", product: "ApeosPort-V C999" },
  ],
  [
    "ftp",
    "FTP print service:V-3.16/Use the network password for the ID if updating.",
    { manufacturer: "Brother", version: "3.16" },
  ],
  ["ftp", "HP GGW server (version 2.0) ready", { manufacturer: "HP", version: "2.0" }],
  ["ftp", "HP FTP Print Server Version 9.01", { manufacturer: "HP", version: "9.01" }],
  [
    "ftp",
    "TOSHIBA e-STUDIO999C FTP server (Version 1.0) ready.",
    { manufacturer: "Toshiba", product: "e-STUDIO999C", version: "1.0" },
  ],
  ["ftp", "ProFTPD 1.3.5 Server (Debian) ready.", undefined],
  ["ftp", "FTP server ready.", undefined],
  [
    "telnet",
    "OKI C9999 Ver 01.02 TELNET server.\r\nCopyright (c) 2003 Oki Data\r\nlogin: ",
    { manufacturer: "Okidata", product: "C9999", version: "01.02" },
  ],
  ["telnet", "Welcome. Type return, enter password at # prompt", { manufacturer: "Brother" }],
  ["telnet", "Debian GNU/Linux 12\r\nlogin:", undefined],
  [
    "http-title",
    "HP Color LaserJet MFP M999dw&nbsp;&nbsp;&nbsp;192.0.2.7",
    { manufacturer: "HP", product: "MFP M999dw" },
  ],
  ["http-title", "Home - Phaser 9999DT", { manufacturer: "Xerox", product: "Phaser 9999DT" }],
  ["http-title", "XEROX WORKCENTRE - Status", { manufacturer: "Xerox" }],
  ["http-title", "Top Page - MX-9999N", { manufacturer: "Sharp", product: "MX-9999N" }],
  ["http-title", "Web Image Monitor", { manufacturer: "Ricoh" }],
  ["http-title", "Brother HL-L9999DW series", { manufacturer: "Brother", product: "HL-L9999DW" }],
  [
    "http-title",
    "Remote UI: Portal: LBP999C: LBP999C",
    { manufacturer: "Canon", product: "LBP999C" },
  ],
  ["http-title", "Login", undefined],
  [
    "http-server",
    "HP HTTP Server; HP Officejet Pro 9999 - CM999A; Serial Number: CN0000; Built:Wed",
    { manufacturer: "HP", product: "Officejet Pro 9999", serialNumber: "CN0000" },
  ],
  ["http-server", "debut/1.30", { manufacturer: "Brother", version: "1.30" }],
  ["http-server", "CANON HTTP Server Ver2.30", { manufacturer: "Canon", version: "2.30" }],
  [
    "http-server",
    "EPSON_Linux UPnP/1.0 Epson UPnP SDK/1.0",
    { manufacturer: "Epson", version: "1.0" },
  ],
  ["http-server", "Web-Server/3.0", { manufacturer: "Ricoh", version: "3.0" }],
  ["http-server", "Virata-EmWeb/R6_2_1", { manufacturer: "HP", version: "6_2_1" }],
  ["http-server", "Virata-EmWeb/R6_0_1", undefined],
  ["http-server", "Allegro-Software-RomPager/4.34", undefined],
  ["http-server", "Apache/2.4.57 (Debian)", undefined],
  ["pjl-id", '"hp color LaserJet 9999"\r\n', { manufacturer: "HP", product: "9999" }],
  ["pjl-id", "Brother MFC-9999N:8C5-B01:Ver.C", { manufacturer: "Brother", product: "MFC-9999N" }],
  [
    "pjl-id",
    "KONICA MINOLTA bizhub C999",
    { manufacturer: "Konica Minolta", product: "bizhub C999" },
  ],
  ["pjl-id", "ML-9999 Series", { manufacturer: "Samsung", product: "ML-9999" }],
  ["pjl-id", "KM-9999", { manufacturer: "Kyocera Mita", product: "KM-9999" }],
  ["pjl-id", "TOSHIBA e-STUDIO 999c", { manufacturer: "Toshiba", product: "e-STUDIO 999c" }],
  ["pjl-id", "hp business inkjet 9999", { manufacturer: "HP", product: "business inkjet 9999" }],
  ["pjl-id", "Model 9", undefined],
];

describe("identifyBanner", () => {
  it.each(greetings)("%s: %s", (kind, text, expected) => {
    expect(identifyBanner(kind, text)).toEqual(expected);
  });

  it("says nothing about an empty text, and never throws", () => {
    const kind = fc.constantFrom(...bannerKinds);
    const word = fc.constantFrom(
      "HP",
      "FTP",
      "server",
      "Ver",
      "(",
      "ready",
      "ET0021B7AABBCC",
      "\n",
    );
    fc.assert(
      fc.property(kind, fc.array(fc.oneof(word, fc.string()), { maxLength: 6 }), (where, words) => {
        identifyBanner(where, words.join(" "));
      }),
      { numRuns: 200 },
    );
    for (const where of bannerKinds) expect(identifyBanner(where, " ")).toBe(undefined);
  });
});
