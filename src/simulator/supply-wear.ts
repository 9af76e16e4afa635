import { makerLevelTables, type CounterShare } from "./counter-rules.ts";
import type { MibView } from "./mib-view.ts";
import { mibObject, readNumber, writeNumber } from "./printer-mib.ts";

/** Pages of one print run. */
export type PrintedPages = Readonly<Record<CounterShare, number>>;

/** RFC 3805 PrtMarkerSuppliesSupplyUnitTC impressions and PrtMarkerSuppliesClassTC receptacleThatIsFilled. */
const unitImpressions = 7;
const classReceptacle = 4;
/** toner, ink, inkCartridge, inkRibbon, tonerCartridge, matteToner, matteInk (PrtMarkerSuppliesTypeTC). */
const colourantTypes: ReadonlySet<number> = new Set([3, 5, 6, 7, 21, 35, 36]);
const pagesPerCartridge = 5_000;
const pagesPerOtherSupply = 100_000;

/** One level that falls while pages are printed. */
export interface WearingLevel {
  readonly oid: string;
  /** prtMarkerSuppliesIndex, or undefined for a maker's own table. */
  readonly supplyIndex: number | undefined;
  /** Whether what falls is toner, ink or ribbon. */
  readonly isColourant: boolean;
  readonly full: number;
  readonly step: number;
  readonly share: CounterShare;
  readonly pagesPerFull: number;
  /** Level without rounding. */
  exact: number;
}

/** Finds the levels of a printer that can fall: measured ones only, since -1, -2 and -3 (RFC 3805) say no figure. */
export function findWearingLevels(mib: MibView): WearingLevel[] {
  const standard = [...mib.column(mibObject.prtMarkerSuppliesLevel).keys()].map((row) =>
    readSupply(mib, row),
  );
  const byName = new Map(standard.map((supply) => [supply.name, supply]));
  const makers = makerLevelTables.flatMap(({ nameColumn, levelColumn, step }) =>
    [...mib.column(nameColumn)].map(([row, name]) => {
      const model = byName.get(textOf(name.value));
      const share = model?.share ?? "pages";
      const pagesPerFull = model === undefined ? pagesPerOtherSupply : pagesPerCartridge;
      const oid = `${levelColumn}.${row}`;
      const exact = readNumber(mib, oid) ?? -1;
      const isColourant = model !== undefined;
      return {
        oid,
        supplyIndex: undefined,
        isColourant,
        full: 100,
        step,
        share,
        pagesPerFull,
        exact,
      };
    }),
  );
  return [...standard, ...makers].filter(({ full, exact }) => full > 0 && exact >= 0);
}

/** Lowers the levels by what a print run uses and writes them. */
export function wear(mib: MibView, levels: readonly WearingLevel[], pages: PrintedPages): void {
  for (const level of levels) {
    level.exact = Math.max(0, level.exact - (pages[level.share] / level.pagesPerFull) * level.full);
    writeLevel(mib, level);
  }
}

/** New cartridges everywhere. */
export function refill(mib: MibView, levels: readonly WearingLevel[]): void {
  for (const level of levels.filter(({ isColourant }) => isColourant)) {
    level.exact = level.full;
    writeLevel(mib, level);
  }
}

function writeLevel(mib: MibView, { oid, exact, step }: WearingLevel): void {
  writeNumber(mib, oid, Math.ceil(exact / step) * step);
}

function readSupply(mib: MibView, row: string): WearingLevel & { readonly name: string } {
  const cell = (column: string): number => readNumber(mib, `${column}.${row}`) ?? 0;
  const full = cell(mibObject.prtMarkerSuppliesMaxCapacity);
  const oid = `${mibObject.prtMarkerSuppliesLevel}.${row}`;
  const isColourant = colourantTypes.has(cell(mibObject.prtMarkerSuppliesType));
  const isCounted = cell(mibObject.prtMarkerSuppliesSupplyUnit) === unitImpressions;
  const isReceptacle = cell(mibObject.prtMarkerSuppliesClass) === classReceptacle;
  const yieldPages = isColourant && !isReceptacle ? pagesPerCartridge : pagesPerOtherSupply;
  return {
    name: textOf(mib.get(`${mibObject.prtMarkerSuppliesDescription}.${row}`)?.value),
    oid,
    supplyIndex: Number(row.split(".").at(-1)),
    isColourant,
    full,
    step: 1,
    share: isOfOneColour(mib, row) ? "colour" : "pages",
    pagesPerFull: isCounted ? full : yieldPages,
    exact: readNumber(mib, oid) ?? -1,
  };
}

/** Whether a supply serves coloured pages only: it has a colorant and that is not black. */
function isOfOneColour(mib: MibView, row: string): boolean {
  const colorant = readNumber(mib, `${mibObject.prtMarkerSuppliesColorantIndex}.${row}`) ?? 0;
  if (colorant === 0) return false;
  const device = row.split(".")[0] ?? "1";
  const name = mib.get(`${mibObject.prtMarkerColorantValue}.${device}.${colorant}`)?.value;
  return name !== undefined && textOf(name).toLowerCase() !== "black";
}

function textOf(value: number | string | Uint8Array | undefined): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : String(value ?? "");
}
