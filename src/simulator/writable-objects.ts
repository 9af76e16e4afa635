import { type SnmpValue, snmpSyntax } from "../southbound/driver.ts";
import type { ErrorStatusName } from "../southbound/snmp/message.ts";

/** An object an agent lets itself be SET. */
export interface WritableObject {
  /** The object without its instance; every existing instance below is writable. */
  readonly object: string;
  /** In octets, for strings. */
  readonly maxLength?: number;
  /** The only values taken, for INTEGERs. */
  readonly values?: readonly number[];
}

/** prtGeneralReset (RFC 3805 §5, PrtGeneralResetTC). */
export const prtGeneralReset = {
  object: "1.3.6.1.2.1.43.5.1.1.3",
  notResetting: 3,
  powerCycleReset: 4,
  resetToNVRAM: 5,
  resetToFactoryDefaults: 6,
} as const;

const displayString = 255;

/** What real printers usually let a manager write: RFC 3418 system group, RFC 3805 prtGeneral and tray settings. */
export const usualWritableObjects: readonly WritableObject[] = [
  { object: "1.3.6.1.2.1.1.4", maxLength: displayString }, // sysContact
  { object: "1.3.6.1.2.1.1.5", maxLength: displayString }, // sysName
  { object: "1.3.6.1.2.1.1.6", maxLength: displayString }, // sysLocation
  { object: prtGeneralReset.object, values: [3, 4, 5, 6] },
  { object: "1.3.6.1.2.1.43.5.1.1.4", maxLength: 127 }, // prtGeneralCurrentOperator
  { object: "1.3.6.1.2.1.43.5.1.1.5", maxLength: 127 }, // prtGeneralServicePerson
  { object: "1.3.6.1.2.1.43.5.1.1.16", maxLength: 127 }, // prtGeneralPrinterName
  { object: "1.3.6.1.2.1.43.8.2.1.12", maxLength: 63 }, // prtInputMediaName
];

/** Why `value` may not be written to `oid` (RFC 3416 §4.2.5, in its order), or undefined when it may. */
export function writeObjection(
  write: { readonly oid: string; readonly value: SnmpValue },
  current: SnmpValue | undefined,
  writable: readonly WritableObject[],
): ErrorStatusName | undefined {
  const { oid, value } = write;
  const rule = writable.find(({ object }) => oid.startsWith(`${object}.`));
  if (rule === undefined) return current === undefined ? "noCreation" : "notWritable";
  if (current === undefined) return "noCreation";
  if (value.syntax !== current.syntax) return "wrongType";
  if (isTooLong(value, rule)) return "wrongLength";
  if (value.syntax !== snmpSyntax.integer || rule.values === undefined) return undefined;
  return rule.values.includes(Number(value.value)) ? undefined : "wrongValue";
}

function isTooLong({ value }: SnmpValue, { maxLength }: WritableObject): boolean {
  return maxLength !== undefined && value instanceof Uint8Array && value.length > maxLength;
}
