import { snmpSyntax } from "../southbound/driver.ts";
import type { MibView } from "./mib-view.ts";

const printer = "1.3.6.1.2.1.43";

/** Objects of RFC 2790 and RFC 3805 (columns) and RFC 3418 (instances) that ageing touches. */
export const mibObject = {
  sysUpTime: "1.3.6.1.2.1.1.3.0",
  sysLocation: "1.3.6.1.2.1.1.6.0",
  hrDeviceStatus: "1.3.6.1.2.1.25.3.2.1.5",
  hrPrinterStatus: "1.3.6.1.2.1.25.3.5.1.1",
  hrPrinterDetectedErrorState: "1.3.6.1.2.1.25.3.5.1.2",
  prtAlertCriticalEvents: `${printer}.5.1.1.18`,
  prtAlertAllEvents: `${printer}.5.1.1.19`,
  prtCoverStatus: `${printer}.6.1.1.3`,
  prtMarkerCounterUnit: `${printer}.10.2.1.3`,
  prtMarkerLifeCount: `${printer}.10.2.1.4`,
  prtMarkerPowerOnCount: `${printer}.10.2.1.5`,
  prtMarkerProcessColorants: `${printer}.10.2.1.6`,
  prtMarkerSuppliesColorantIndex: `${printer}.11.1.1.3`,
  prtMarkerSuppliesClass: `${printer}.11.1.1.4`,
  prtMarkerSuppliesType: `${printer}.11.1.1.5`,
  prtMarkerSuppliesDescription: `${printer}.11.1.1.6`,
  prtMarkerSuppliesSupplyUnit: `${printer}.11.1.1.7`,
  prtMarkerSuppliesMaxCapacity: `${printer}.11.1.1.8`,
  prtMarkerSuppliesLevel: `${printer}.11.1.1.9`,
  prtMarkerColorantValue: `${printer}.12.1.1.4`,
  prtConsoleDisplayBufferText: `${printer}.16.5.1.2`,
  prtAlertEntry: `${printer}.18.1.1`,
} as const;

/** A number of the MIB, or undefined when the instance is absent or no number. */
export function readNumber(mib: MibView, oid: string): number | undefined {
  const value = mib.get(oid)?.value;
  return typeof value === "number" ? value : undefined;
}

/** Octets of the MIB, or undefined when the instance is absent or no string. */
export function readOctets(mib: MibView, oid: string): Uint8Array | undefined {
  const value = mib.get(oid)?.value;
  return value instanceof Uint8Array ? value : undefined;
}

/** Writes a number with the syntax the instance has; nothing when the printer lacks the instance. */
export function writeNumber(mib: MibView, oid: string, value: number): void {
  const current = mib.get(oid);
  if (current !== undefined) mib.set(oid, { syntax: current.syntax, value });
}

/** Adds to a counter the printer has; Counter32 wraps (RFC 2578 §7.1.6). */
export function addToCounter(mib: MibView, oid: string, increment: number): void {
  const current = readNumber(mib, oid);
  if (current !== undefined) writeNumber(mib, oid, (current + increment) % 0x1_0000_0000);
}

/** Writes a string as UTF-8. */
export function writeText(mib: MibView, oid: string, text: string): void {
  mib.set(oid, { syntax: snmpSyntax.octetString, value: new TextEncoder().encode(text) });
}
