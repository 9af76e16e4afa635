import { PrinterConditions, usualConditions } from "./conditions.ts";
import {
  type BrotherRecords,
  brotherCounters,
  codedCounterTables,
  counterInstances,
  zebraOdometers,
} from "./counter-rules.ts";
import type { MibView } from "./mib-view.ts";
import {
  addToCounter,
  mibObject,
  readNumber,
  readOctets,
  writeNumber,
  writeText,
} from "./printer-mib.ts";
import {
  type PrintedPages,
  type WearingLevel,
  findWearingLevels,
  refill,
  wear,
} from "./supply-wear.ts";

/** Of pages on a colour printer, this share is in colour unless said otherwise. */
const usualColourShare = 0.4;
const lowLevelPercent = 10;
/** hrPrinterDetectedErrorState bits, prtAlertGroup markerSupplies and the codes of PrtAlertCodeTC. */
const tonerLow = { errorBit: 2, severity: 4, group: 11, code: 1104 } as const;
const tonerEmpty = { errorBit: 3, severity: 3, group: 11, code: 1101 } as const;
/** PrtCoverStatusTC. */
const cover = { open: 3, closed: 4 } as const;
/** prtMarkerCounterUnit feet: label printers count lengths. */
const unitFeet = 16;
const inchesPerLabel = 6;
const brotherRecordLength = 7;

/** Lets a simulated printer work and age: all its counters, levels and conditions move together. */
export class PrinterAgeing {
  readonly #mib: MibView;
  readonly #conditions: PrinterConditions;
  readonly #levels: readonly WearingLevel[];

  constructor(mib: MibView) {
    this.#mib = mib;
    this.#conditions = new PrinterConditions(mib);
    this.#levels = findWearingLevels(mib);
  }

  /**
   * Prints one-sided A4 pages (labels on a label printer).
   *
   * @param colour how many of them in colour; on a monochrome printer none ever are
   */
  print(pages: number, colour = Math.floor(pages * usualColourShare)): void {
    const colourPages = this.#isColourPrinter() ? Math.min(pages, colour) : 0;
    const printed = { pages, colour: colourPages, mono: pages - colourPages };
    this.#countOnMarkers(pages);
    this.#countForMaker(printed);
    wear(this.#mib, this.#levels, printed);
    this.#warnOfLevels();
  }

  /** Whether something keeps it from printing. */
  get isStopped(): boolean {
    return this.#conditions.isStopped;
  }

  jam(): void {
    this.#conditions.raise("jam", usualConditions.jam);
  }

  clearJam(): void {
    this.#conditions.clear("jam");
  }

  runOutOfPaper(): void {
    this.#conditions.raise("noPaper", usualConditions.noPaper);
  }

  loadPaper(): void {
    this.#conditions.clear("noPaper");
  }

  openCover(): void {
    this.#setFirstCover(cover.open);
    this.#conditions.raise("coverOpen", usualConditions.coverOpen);
  }

  closeCover(): void {
    this.#setFirstCover(cover.closed);
    this.#conditions.clear("coverOpen");
  }

  /** New toner, ink or ribbon everywhere. */
  replaceSupplies(): void {
    refill(this.#mib, this.#levels);
    this.#warnOfLevels();
  }

  #isColourPrinter(): boolean {
    const colorants = [...this.#mib.column(mibObject.prtMarkerProcessColorants).values()];
    return colorants.some(({ value }) => Number(value) > 1);
  }

  #setFirstCover(value: number): void {
    const [first] = this.#mib.column(mibObject.prtCoverStatus).keys();
    if (first !== undefined) writeNumber(this.#mib, `${mibObject.prtCoverStatus}.${first}`, value);
  }

  #countOnMarkers(pages: number): void {
    for (const row of this.#mib.column(mibObject.prtMarkerLifeCount).keys()) {
      const unit = readNumber(this.#mib, `${mibObject.prtMarkerCounterUnit}.${row}`);
      const count = unit === unitFeet ? Math.round((pages * inchesPerLabel) / 12) : pages;
      addToCounter(this.#mib, `${mibObject.prtMarkerLifeCount}.${row}`, count);
      addToCounter(this.#mib, `${mibObject.prtMarkerPowerOnCount}.${row}`, count);
    }
  }

  #countForMaker(printed: PrintedPages): void {
    for (const [oid, share] of counterInstances) addToCounter(this.#mib, oid, printed[share]);
    for (const { codeColumn, valueColumn, shares } of codedCounterTables)
      for (const [row, code] of this.#mib.column(codeColumn)) {
        const share = shares[codeText(code.value)];
        if (share !== undefined) addToCounter(this.#mib, `${valueColumn}.${row}`, printed[share]);
      }
    for (const records of brotherCounters) this.#countInRecords(records, printed);
    for (const oid of zebraOdometers) this.#turnOdometer(oid, printed.pages);
  }

  #countInRecords({ oid, shares }: BrotherRecords, printed: PrintedPages): void {
    const recorded = readOctets(this.#mib, oid);
    if (recorded === undefined) return;
    const records = Buffer.from(recorded);
    for (let at = 0; at + brotherRecordLength <= records.length; at += brotherRecordLength) {
      const share = shares[records[at] ?? -1];
      if (share === undefined) continue;
      records.writeUInt32BE(
        (records.readUInt32BE(at + 3) + printed[share]) % 0x1_0000_0000,
        at + 3,
      );
    }
    const { syntax } = this.#mib.get(oid) ?? {};
    if (syntax !== undefined) this.#mib.set(oid, { syntax, value: Uint8Array.from(records) });
  }

  #turnOdometer(oid: string, labels: number): void {
    const recorded = readOctets(this.#mib, oid);
    const inches = /^(\d+) INCHES/.exec(Buffer.from(recorded ?? []).toString("latin1"))?.[1];
    if (inches === undefined) return;
    const total = Number(inches) + labels * inchesPerLabel;
    writeText(this.#mib, oid, `${total} INCHES, ${Math.round(total * 2.54)} CENTIMETERS`);
  }

  #warnOfLevels(): void {
    for (const { oid, supplyIndex, isColourant, exact, full } of this.#levels) {
      if (supplyIndex === undefined || !isColourant) continue;
      // What was low when it was recorded has its alert, or none by the printer's own decision.
      const recorded = Number(this.#mib.recording.get(oid)?.value);
      const isLow = isLowLevel(exact, full) && exact > 0 && !isLowLevel(recorded, full);
      const isEmpty = exact === 0 && recorded > 0;
      this.#warn(`low ${supplyIndex}`, isLow, { ...tonerLow, groupIndex: supplyIndex });
      this.#warn(`empty ${supplyIndex}`, isEmpty, { ...tonerEmpty, groupIndex: supplyIndex });
    }
  }

  #warn(
    name: string,
    isActive: boolean,
    condition: (typeof tonerLow | typeof tonerEmpty) & { readonly groupIndex: number },
  ): void {
    const text = condition.severity === 3 ? "Replace supply" : "Supply is low";
    if (isActive) this.#conditions.raise(name, { ...condition, text });
    else this.#conditions.clear(name);
  }
}

function isLowLevel(level: number, full: number): boolean {
  return (100 * level) / full <= lowLevelPercent;
}

function codeText(value: number | string | Uint8Array): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : String(value);
}
