import type { PrinterIdentity } from "../mapping/evaluation.ts";

/** Identity frozen at adoption; never changes afterwards. */
export interface FrozenIdentity {
  readonly manufacturer: string;
  readonly oui: string;
  readonly productClass: string;
  readonly serialNumber: string;
}

/** An identity with the address of the printer's network card, which tells printers of one serial apart. */
export interface AdoptedIdentity extends FrozenIdentity {
  /** `aa:bb:cc:dd:ee:ff`, lower case. */
  readonly macAddress: string | undefined;
}

/** An identity for ever, or why there can be none yet. */
export type FreezeResult =
  | { readonly outcome: "frozen"; readonly identity: AdoptedIdentity }
  | { readonly outcome: "refused"; readonly reason: string };

/** DeviceInfo.ProductClass and SerialNumber are strings of at most 64 characters (TR-069a6 A.3.3.1 DeviceIdStruct). */
const longestIdentifier = 64;

/**
 * Freezes what the mapping reads into an identity, or says what is missing for one.
 *
 * @param namedPlace where the operator says this printer is; stands in for a serial number when it tells neither one nor
 * a MAC address. Absent for printers that were found: their address may be another one's tomorrow
 */
export function freezeIdentity(read: PrinterIdentity, namedPlace?: string): FreezeResult {
  const macAddress = usableMac(read.macAddress);
  const oui = read.oui?.toUpperCase() ?? ouiOf(macAddress);
  const serialNumber = clean(read.serialNumber) ?? serialOf(macAddress) ?? clean(namedPlace);
  if (oui === undefined || !/^[0-9A-F]{6}$/.test(oui))
    return {
      outcome: "refused",
      reason: "it tells no MAC address and its mapping has no OUI for its maker",
    };
  if (serialNumber === undefined)
    return {
      outcome: "refused",
      reason: "it tells neither a serial number nor a MAC address; name it in discovery.static",
    };
  const productClass = clean(read.productClass) ?? "Printer";
  const manufacturer = clean(read.manufacturer) ?? "Unknown";
  return {
    outcome: "frozen",
    identity: { manufacturer, oui, productClass, serialNumber, macAddress },
  };
}

/** The same printer, told by its network card instead of a serial number that another printer has too. */
export function identifyByMac(identity: AdoptedIdentity): AdoptedIdentity | undefined {
  const serialNumber = serialOf(identity.macAddress);
  return serialNumber === undefined ? undefined : { ...identity, serialNumber };
}

/** What is compared when a printer is found again. */
export interface KnownIdentity {
  readonly oui: string;
  readonly productClass: string;
  readonly serialNumber: string;
  readonly macAddress: string | undefined;
}

/**
 * How a printer found now relates to a known one. `sharedSerial`: same serial number but another network card, so
 * either a changed card or two printers that were given the same serial; whether the known one still answers decides.
 */
export type Relation = "same" | "sharedSerial" | "different";

/** Compares a known printer with one just read. A MAC decides wherever both have one. */
export function relate(known: KnownIdentity, found: KnownIdentity): Relation {
  const bothMacs = known.macAddress !== undefined && found.macAddress !== undefined;
  if (bothMacs && known.macAddress === found.macAddress) return "same";
  if (known.serialNumber !== found.serialNumber || known.productClass !== found.productClass)
    return "different";
  if (bothMacs) return "sharedSerial";
  return known.oui === found.oui ? "same" : "different";
}

/**
 * Whether the answers of an address contradict the printer that is supposed to be there. Fields that were not read
 * contradict nothing, so a half-answered poll never throws a printer out.
 */
export function contradicts(known: KnownIdentity, read: PrinterIdentity): boolean {
  const macAddress = usableMac(read.macAddress);
  if (macAddress !== undefined && known.macAddress !== undefined)
    return macAddress !== known.macAddress && !sameSerial(known, read);
  const serialNumber = clean(read.serialNumber);
  if (serialNumber === undefined || isMacSerial(known)) return false;
  return serialNumber !== known.serialNumber;
}

/** A short id usable on the command line: `0017c8-vd21457943`, with a number behind it when `isTaken`. */
export function printerId(identity: FrozenIdentity, isTaken: (id: string) => boolean): string {
  const base = `${identity.oui}-${identity.serialNumber}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 40);
  let id = base;
  for (let number = 2; isTaken(id); number++) id = `${base}-${number}`;
  return id;
}

/** A globally administered unicast MAC in lower case; anonymised, virtual and zero addresses identify nothing. */
function usableMac(text: string | undefined): string | undefined {
  const hex = text?.toLowerCase().replace(/[^0-9a-f]/g, "") ?? "";
  if (hex.length !== 12 || /^(.)\1+$/.test(hex)) return undefined;
  const firstOctet = Number.parseInt(hex.slice(0, 2), 16);
  if ((firstOctet & 0x03) !== 0 || hex.startsWith("000000")) return undefined;
  return hex.match(/../g)?.join(":");
}

function ouiOf(mac: string | undefined): string | undefined {
  return mac?.replaceAll(":", "").slice(0, 6).toUpperCase();
}

function serialOf(mac: string | undefined): string | undefined {
  return mac?.replaceAll(":", "").toUpperCase();
}

function isMacSerial(known: KnownIdentity): boolean {
  return known.serialNumber === serialOf(known.macAddress);
}

function sameSerial(known: KnownIdentity, read: PrinterIdentity): boolean {
  return clean(read.serialNumber) === known.serialNumber;
}

function clean(text: string | undefined): string | undefined {
  const trimmed = text?.trim().slice(0, longestIdentifier).trimEnd() ?? "";
  return trimmed === "" ? undefined : trimmed;
}
