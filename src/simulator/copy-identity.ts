import { snmpSyntax } from "../southbound/driver.ts";
import type { MibView } from "./mib-view.ts";
import type { Recording } from "./recording.ts";

const ifPhysAddress = "1.3.6.1.2.1.2.2.1.6";

/** Where serial numbers stand (RFC 3805 prtGeneralSerialNumber, then the makers' trees); columns or instances. */
const serialNumberOids = [
  "1.3.6.1.2.1.43.5.1.1.17",
  "1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.3", // HP
  "1.3.6.1.4.1.253.8.53.3.2.1.3", // Xerox
  "1.3.6.1.4.1.367.3.2.1.2.1.4", // Ricoh
  "1.3.6.1.4.1.683.1.5", // ZebraNet card
  "1.3.6.1.4.1.1248.1.2.2.1.1.1.5", // Epson
  "1.3.6.1.4.1.1347.43.5.1.1.28", // Kyocera
  "1.3.6.1.4.1.1602.1.2.1.8.1.3.1", // Canon
  "1.3.6.1.4.1.2001.1.1.1.1.11.1.10.45", // OKI
  "1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.1", // Brother
  "1.3.6.1.4.1.10642.1.9", // Zebra
  "1.3.6.1.4.1.10642.200.19.5",
];

/** HP and Brother put these two octets before PML strings. */
const pmlPrefix = Buffer.from("0115", "hex");
const shortestSerial = 5;
const suffixLength = 4;
/** The first copy digit that recorded serials hardly end in; then three digits in base 36. */
const copyMark = "Z";
/** Room for the interfaces of one printer, whose addresses are usually consecutive. */
const macsPerCopy = 16;

/** One octet sequence of the recorded printer and what a copy has in its place. */
interface Replacement {
  readonly from: Buffer;
  readonly to: Buffer;
}

/**
 * Makes `mib` another printer of the same model: serial numbers and MAC addresses are exchanged wherever they occur,
 * also inside other strings (host names, sysDescr, device ids). Copy 0 is the recorded printer itself.
 *
 * @param copy below 36^3
 */
export function giveCopyIdentity(mib: MibView, copy: number): void {
  if (copy === 0) return;
  const replacements = replacementsFor(mib.recording, copy);
  for (const { oid, value } of mib.recording.varbinds) {
    if (value.syntax !== snmpSyntax.octetString || !(value.value instanceof Uint8Array)) continue;
    const recorded = Buffer.from(value.value);
    const changed = replacements.reduce(replaceAll, recorded);
    if (!changed.equals(recorded))
      mib.set(oid, { syntax: value.syntax, value: Uint8Array.from(changed) });
  }
}

function replacementsFor(recording: Recording, copy: number): Replacement[] {
  const serials = octetsBelow(recording, serialNumberOids).map(withoutPmlPrefix);
  const macs = octetsBelow(recording, [ifPhysAddress]).filter(isMac);
  return [
    ...serials
      .filter(({ length }) => length >= shortestSerial)
      .map((serial) => ({
        from: serial,
        to: Buffer.concat([serial.subarray(0, -suffixLength), copySuffix(copy)]),
      })),
    ...macs.flatMap((mac) => macReplacements(mac, copyOfMac(mac, copy))),
  ];
}

function octetsBelow(recording: Recording, columns: readonly string[]): Buffer[] {
  const found = new Map<string, Buffer>();
  for (const { oid, value } of recording.varbinds) {
    if (!(value.value instanceof Uint8Array)) continue;
    if (!columns.some((column) => oid.startsWith(`${column}.`))) continue;
    const octets = Buffer.from(value.value);
    found.set(octets.toString("hex"), octets);
  }
  return [...found.values()];
}

function withoutPmlPrefix(octets: Buffer): Buffer {
  return octets.indexOf(pmlPrefix) === 0 ? octets.subarray(pmlPrefix.length) : octets;
}

function isMac(octets: Buffer): boolean {
  return octets.length === 6 && octets.some((octet) => octet !== 0);
}

function copySuffix(copy: number): Buffer {
  const digits = copy
    .toString(36)
    .toUpperCase()
    .padStart(suffixLength - 1, "0");
  return Buffer.from(copyMark + digits.slice(1 - suffixLength), "latin1");
}

function copyOfMac(mac: Buffer, copy: number): Buffer {
  const next = Buffer.from(mac);
  next.writeUIntBE((mac.readUIntBE(3, 3) + copy * macsPerCopy) % 0x100_0000, 3, 3);
  return next;
}

/** As octets, and as the hexadecimal text host names are made of: whole, or the last six digits (HP's NPI names). */
function macReplacements(from: Buffer, to: Buffer): Replacement[] {
  const texts = [0, 6].flatMap((start) =>
    (["toUpperCase", "toLowerCase"] as const).map((letterCase) => ({
      from: Buffer.from(from.toString("hex").slice(start)[letterCase]()),
      to: Buffer.from(to.toString("hex").slice(start)[letterCase]()),
    })),
  );
  return [{ from, to }, ...texts];
}

function replaceAll(octets: Buffer, { from, to }: Replacement): Buffer {
  const parts: Buffer[] = [];
  let start = 0;
  for (let at = octets.indexOf(from); at >= 0; at = octets.indexOf(from, start)) {
    parts.push(octets.subarray(start, at), to);
    start = at + from.length;
  }
  return parts.length === 0 ? octets : Buffer.concat([...parts, octets.subarray(start)]);
}
