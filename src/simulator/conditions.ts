import { snmpSyntax } from "../southbound/driver.ts";
import type { MibView } from "./mib-view.ts";
import { addToCounter, mibObject, readNumber, writeNumber, writeText } from "./printer-mib.ts";

/** Something wrong with a printer, in the terms of RFC 2790 hrPrinterDetectedErrorState and RFC 3805 prtAlertTable. */
export interface Condition {
  /** Bit of hrPrinterDetectedErrorState; 0 is the most significant of the first octet. */
  readonly errorBit: number;
  /** prtAlertSeverityLevel: 3 critical, 4 warning. */
  readonly severity: 3 | 4;
  /** prtAlertGroup (PrtAlertGroupTC) and the row it is about. */
  readonly group: number;
  readonly groupIndex: number;
  /** prtAlertCode (PrtAlertCodeTC). */
  readonly code: number;
  readonly text: string;
}

/** Conditions that need no row to speak of. */
export const usualConditions = {
  jam: { errorBit: 5, severity: 3, group: 13, groupIndex: 1, code: 8, text: "Paper jam" },
  coverOpen: { errorBit: 4, severity: 3, group: 6, groupIndex: 1, code: 3, text: "Cover open" },
  noPaper: { errorBit: 1, severity: 3, group: 8, groupIndex: 1, code: 808, text: "Load paper" },
} as const satisfies Record<string, Condition>;

/** hrDeviceStatus and hrPrinterStatus (RFC 2790 §4: a stopped printer is down and `other`, a warned one `warning`). */
const status = { warning: 3, down: 5, printerOther: 1 } as const;
const untrained = 3;
const unknownLocation = -2;
const columns = {
  severity: 2,
  training: 3,
  group: 4,
  groupIndex: 5,
  location: 6,
  code: 7,
  text: 8,
  time: 9,
} as const;

/**
 * What is wrong with one simulated printer, mirrored into error bits, statuses, alert rows and the console. Bits,
 * alerts and statuses of the recording come back when the last condition is cleared.
 */
export class PrinterConditions {
  readonly #mib: MibView;
  /** hrDeviceIndex; nearly always 1, but not assumed. */
  readonly #device: string;
  readonly #active = new Map<string, { readonly condition: Condition; readonly row: string }>();
  #lastAlertIndex: number;

  constructor(mib: MibView) {
    this.#mib = mib;
    this.#device = [...mib.column(mibObject.hrPrinterStatus).keys()][0] ?? "1";
    const used = [...mib.column(`${mibObject.prtAlertEntry}.${columns.severity}`).keys()];
    const allEvents = readNumber(mib, `${mibObject.prtAlertAllEvents}.${this.#device}`) ?? 0;
    this.#lastAlertIndex = Math.max(
      allEvents,
      ...used.map((index) => Number(index.split(".").at(-1))),
    );
  }

  has(name: string): boolean {
    return this.#active.has(name);
  }

  /** Whether a critical condition of ours is active. */
  get isStopped(): boolean {
    return [...this.#active.values()].some(({ condition }) => condition.severity === 3);
  }

  /** Makes a condition appear under a name; nothing when one of that name is active. */
  raise(name: string, condition: Condition): void {
    if (this.has(name)) return;
    const row = `${this.#device}.${++this.#lastAlertIndex}`;
    this.#active.set(name, { condition, row });
    this.#writeAlert(row, condition);
    addToCounter(this.#mib, `${mibObject.prtAlertAllEvents}.${this.#device}`, 1);
    if (condition.severity === 3)
      addToCounter(this.#mib, `${mibObject.prtAlertCriticalEvents}.${this.#device}`, 1);
    this.#show();
  }

  /** Makes it disappear; its alert row vanishes and its index is not used again (RFC 3805 prtAlertIndex). */
  clear(name: string): void {
    const active = this.#active.get(name);
    if (active === undefined) return;
    this.#active.delete(name);
    for (const column of Object.values(columns))
      this.#mib.remove(`${mibObject.prtAlertEntry}.${column}.${active.row}`);
    this.#show();
  }

  #writeAlert(row: string, condition: Condition): void {
    const cell = (column: number): string => `${mibObject.prtAlertEntry}.${column}.${row}`;
    const { severity, group, groupIndex, code, text } = condition;
    const numbers = [
      [columns.severity, severity],
      [columns.training, untrained],
      [columns.group, group],
      [columns.groupIndex, groupIndex],
      [columns.location, unknownLocation],
      [columns.code, code],
    ] as const;
    for (const [column, value] of numbers)
      this.#mib.set(cell(column), { syntax: snmpSyntax.integer, value });
    writeText(this.#mib, cell(columns.text), text);
    const time = readNumber(this.#mib, mibObject.sysUpTime) ?? 0;
    this.#mib.set(cell(columns.time), { syntax: snmpSyntax.timeTicks, value: time });
  }

  #show(): void {
    const conditions = [...this.#active.values()].map(({ condition }) => condition);
    this.#showErrorBits(conditions);
    this.#showStatus(conditions);
    this.#showConsole(conditions);
  }

  #showErrorBits(conditions: readonly Condition[]): void {
    const oid = `${mibObject.hrPrinterDetectedErrorState}.${this.#device}`;
    const recorded = this.#mib.recording.get(oid)?.value;
    if (!(recorded instanceof Uint8Array)) return;
    const octets = Math.max(1, recorded.length, ...conditions.map((c) => (c.errorBit >> 3) + 1));
    const bits = new Uint8Array(conditions.length === 0 ? recorded.length : octets);
    bits.set(recorded);
    for (const { errorBit } of conditions)
      bits[errorBit >> 3] = (bits[errorBit >> 3] ?? 0) | (0x80 >> (errorBit & 7));
    this.#mib.set(oid, { syntax: snmpSyntax.octetString, value: bits });
  }

  #showStatus(conditions: readonly Condition[]): void {
    const device = `${mibObject.hrDeviceStatus}.${this.#device}`;
    const printer = `${mibObject.hrPrinterStatus}.${this.#device}`;
    const recordedDevice = Number(this.#mib.recording.get(device)?.value);
    const recordedPrinter = Number(this.#mib.recording.get(printer)?.value);
    const warned = Math.max(recordedDevice, conditions.length > 0 ? status.warning : 0);
    writeNumber(this.#mib, device, this.isStopped ? status.down : warned);
    writeNumber(this.#mib, printer, this.isStopped ? status.printerOther : recordedPrinter);
  }

  #showConsole(conditions: readonly Condition[]): void {
    const [line] = this.#mib.column(mibObject.prtConsoleDisplayBufferText).keys();
    if (line === undefined) return;
    const oid = `${mibObject.prtConsoleDisplayBufferText}.${line}`;
    const stopping = conditions.find(({ severity }) => severity === 3);
    const recorded = this.#mib.recording.get(oid);
    if (stopping !== undefined) writeText(this.#mib, oid, stopping.text);
    else if (recorded !== undefined) this.#mib.set(oid, recorded);
  }
}
