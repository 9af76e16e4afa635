import { describe, expect, it } from "vitest";
import { contradicts, freezeIdentity, identifyByMac, printerId, relate } from "./identity.ts";

const kyocera = {
  manufacturer: "Kyocera",
  productClass: "ECOSYS P2040dw",
  serialNumber: "VD21457943",
  macAddress: "00:17:C8:B9:02:DE",
};

function frozen(read: Parameters<typeof freezeIdentity>[0]) {
  const result = freezeIdentity(read);
  if (result.outcome === "refused") throw new Error(result.reason);
  return result.identity;
}

describe("freezing an identity", () => {
  it("takes OUI from the MAC and the serial from the printer", () => {
    expect(frozen(kyocera)).toEqual({
      manufacturer: "Kyocera",
      oui: "0017C8",
      productClass: "ECOSYS P2040dw",
      serialNumber: "VD21457943",
      macAddress: "00:17:c8:b9:02:de",
    });
  });

  it("uses the MAC as serial number when the printer tells none", () => {
    const { productClass, macAddress } = kyocera;
    expect(frozen({ productClass, macAddress }).serialNumber).toBe("0017C8B902DE");
  });

  it("falls back to the maker's OUI of the mapping", () => {
    expect(frozen({ oui: "00206b", serialNumber: "A1", productClass: "C250i" }).oui).toBe("00206B");
  });

  it("refuses a printer without any OUI, and one without serial and MAC", () => {
    expect(freezeIdentity({ serialNumber: "A1" }).outcome).toBe("refused");
    expect(freezeIdentity({ oui: "00206B" }).outcome).toBe("refused");
  });

  it("does not take a zero, multicast, repeated or locally administered MAC for an identity", () => {
    for (const macAddress of [
      "00:00:00:00:00:00",
      "ff:ff:ff:ff:ff:ff",
      "aa:bb:cc:dd:ee:ff",
      "01:00:5e:00:00:01",
    ])
      expect(freezeIdentity({ macAddress }).outcome).toBe("refused");
  });

  it("cuts product class and serial to what an ACS can take", () => {
    const identity = frozen({
      ...kyocera,
      productClass: "x".repeat(90),
      serialNumber: "y".repeat(90),
    });
    expect(identity.productClass).toHaveLength(64);
    expect(identity.serialNumber).toHaveLength(64);
  });
});

describe("finding a printer again", () => {
  const known = frozen(kyocera);

  it("is the same by MAC even after a firmware update changed its model name", () => {
    expect(relate(known, { ...known, productClass: "ECOSYS P2040dw+" })).toBe("same");
  });

  it("is the same by serial when one of the two readings had no MAC", () => {
    expect(relate(known, { ...known, macAddress: undefined })).toBe("same");
  });

  it("leaves open what two network cards with one serial are", () => {
    expect(relate(known, { ...known, macAddress: "00:17:c8:00:00:01" })).toBe("sharedSerial");
  });

  it("is another printer by another serial, even at the same address", () => {
    expect(relate({ ...known, macAddress: undefined }, { ...known, serialNumber: "X" })).toBe(
      "different",
    );
  });

  it("tells the second printer of a shared serial by its MAC", () => {
    expect(identifyByMac(known)?.serialNumber).toBe("0017C8B902DE");
    expect(identifyByMac({ ...known, macAddress: undefined })).toBeUndefined();
  });
});

describe("checking who answers at an address", () => {
  const known = frozen(kyocera);

  it("notices another machine, by MAC or by serial", () => {
    expect(contradicts(known, { macAddress: "00:26:73:00:00:01", serialNumber: "W1" })).toBe(true);
    expect(contradicts(known, { serialNumber: "W1" })).toBe(true);
  });

  it("accepts a new network card in the same printer", () => {
    const read = { macAddress: "00:17:c8:00:00:01", serialNumber: "VD21457943" };
    expect(contradicts(known, read)).toBe(false);
  });

  it("takes what was not read for no contradiction", () => {
    expect(contradicts(known, {})).toBe(false);
  });

  it("does not hold a serial that appears later against a printer known by its MAC", () => {
    const byMac = { ...known, serialNumber: "0017C8B902DE" };
    expect(contradicts(byMac, { serialNumber: "VD21457943" })).toBe(false);
  });
});

describe("printer ids", () => {
  it("are readable, safe on a command line and unique", () => {
    const identity = { ...frozen(kyocera), serialNumber: "X1/ 23_ä" };
    expect(printerId(identity, () => false)).toBe("0017c8-x1-23");
    expect(printerId(identity, (id) => id === "0017c8-x1-23")).toBe("0017c8-x1-23-2");
  });
});
