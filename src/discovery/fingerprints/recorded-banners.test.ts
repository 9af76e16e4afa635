import { describe, expect, it } from "vitest";
import { bannerKindsOf, evaluateBanners } from "./recorded-banners.ts";

describe("bannerKindsOf", () => {
  it("reads from the manifest where greetings were heard", () => {
    expect(bannerKindsOf("FTP greeting")).toEqual(["ftp"]);
    expect(bannerKindsOf("Telnet banner")).toEqual(["telnet"]);
    expect(bannerKindsOf("PJL INFO ID")).toEqual(["pjl-id"]);
    expect(bannerKindsOf("HTTP page title or Server header")).toEqual([
      "http-title",
      "http-server",
    ]);
    expect(bannerKindsOf("port 9999")).toHaveLength(5);
  });
});

describe("evaluateBanners", () => {
  it("identifies each greeting, and the collection by the first", () => {
    const { identity, examples } = evaluateBanners(
      ["ET0021B7AABBCC Lexmark MX999 FTP Server NH61.1 ready.", "nobody knows"],
      "FTP greeting",
    );
    expect(identity).toEqual({
      manufacturer: "Lexmark",
      oui: "0021B7",
      productClass: "MX999",
      softwareVersion: "NH61.1",
      serialNumber: "",
    });
    expect(examples[0]?.identity).toEqual(identity);
    expect(examples[1]?.identity.manufacturer).toBe("");
  });

  it("tells a Server header from the title of a page", () => {
    const texts = [
      "HP HTTP Server; HP Photosmart X999 series - CC000A; Serial Number: abc; Built",
      "HP LaserJet M999dnf MFP&nbsp;&nbsp;&nbsp;192.0.2.1",
    ];
    const { examples } = evaluateBanners(texts, "HTTP page title or Server header");
    expect(examples.map(({ identity }) => identity.productClass)).toEqual([
      "Photosmart X999",
      "M999dnf MFP",
    ]);
  });

  it("has nobody to name in an empty collection", () => {
    expect(evaluateBanners([], "FTP greeting")).toMatchObject({
      mapping: "banners",
      identity: { manufacturer: "", serialNumber: "" },
      examples: [],
    });
  });
});
