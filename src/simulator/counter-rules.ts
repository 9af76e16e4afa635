/** Which pages a counter counts: every printed page, or only those of one kind. */
export type CounterShare = "pages" | "mono" | "colour";

const e = "1.3.6.1.4.1";

/**
 * Counter instances that rise when a page is printed one-sided on A4. Sources: the makers' public MIBs and the facts
 * each recording's totals confirm; instances a recording lacks are left out.
 */
export const counterInstances: readonly (readonly [oid: string, share: CounterShare])[] = [
  // HP
  [`${e}.11.2.3.9.4.2.1.4.1.2.5.0`, "pages"],
  [`${e}.11.2.3.9.4.2.1.4.1.2.6.0`, "mono"],
  [`${e}.11.2.3.9.4.2.1.4.1.2.7.0`, "colour"],
  // Xerox: total, colour, black, black printed, colour printed
  [`${e}.253.8.53.13.2.1.6.1.20.1`, "pages"],
  [`${e}.253.8.53.13.2.1.6.1.20.33`, "colour"],
  [`${e}.253.8.53.13.2.1.6.1.20.34`, "mono"],
  [`${e}.253.8.53.13.2.1.6.1.20.7`, "mono"],
  [`${e}.253.8.53.13.2.1.6.1.20.29`, "colour"],
  // Ricoh: total, printer
  [`${e}.367.3.2.1.2.19.1.0`, "pages"],
  [`${e}.367.3.2.1.2.19.2.0`, "pages"],
  // Epson: mono, colour, total
  [`${e}.1248.1.2.2.27.1.1.3.1.1`, "mono"],
  [`${e}.1248.1.2.2.27.1.1.4.1.1`, "colour"],
  [`${e}.1248.1.2.2.27.1.1.30.1.1`, "pages"],
  // Kyocera: total, print, print mono, print full colour, simplex
  [`${e}.1347.43.10.1.1.12.1.1`, "pages"],
  [`${e}.1347.42.3.1.1.1.1.1`, "pages"],
  [`${e}.1347.42.3.1.2.1.1.1.1`, "mono"],
  [`${e}.1347.42.3.1.2.1.1.1.3`, "colour"],
  [`${e}.1347.42.2.5.1.1.1.1`, "pages"],
  // Canon: total, mono small, colour small, print
  [`${e}.1602.1.11.1.3.1.4.101`, "pages"],
  [`${e}.1602.1.11.1.3.1.4.113`, "mono"],
  [`${e}.1602.1.11.1.3.1.4.123`, "colour"],
  [`${e}.1602.1.11.1.3.1.4.301`, "pages"],
  // Konica Minolta: total, print mono, print colour
  [`${e}.18334.1.1.1.5.7.2.1.1.0`, "pages"],
  [`${e}.18334.1.1.1.5.7.2.2.1.5.1.2`, "mono"],
  [`${e}.18334.1.1.1.5.7.2.2.1.5.2.2`, "colour"],
];

/** A table whose rows say by a code what they count. */
export interface CodedCounterTable {
  readonly codeColumn: string;
  readonly valueColumn: string;
  /** Code as text → what the row counts; other rows stand still. */
  readonly shares: Readonly<Record<string, CounterShare>>;
}

/** Makers' tables whose rows say by a code what they count. */
export const codedCounterTables: readonly CodedCounterTable[] = [
  {
    // Ricoh type codes: 10 total, 400 print total, 401 print mono, 403 print full colour
    codeColumn: `${e}.367.3.2.1.2.19.5.1.2`,
    valueColumn: `${e}.367.3.2.1.2.19.5.1.9`,
    shares: { 10: "pages", 400: "pages", 401: "mono", 403: "colour" },
  },
  {
    // Epson functions: 1 print; total and colour column
    codeColumn: `${e}.1248.1.2.2.27.6.1.2`,
    valueColumn: `${e}.1248.1.2.2.27.6.1.4`,
    shares: { 1: "pages" },
  },
  {
    codeColumn: `${e}.1248.1.2.2.27.6.1.2`,
    valueColumn: `${e}.1248.1.2.2.27.6.1.5`,
    shares: { 1: "colour" },
  },
  {
    // Kyocera: pages per paper size
    codeColumn: `${e}.1347.42.2.1.1.1.2`,
    valueColumn: `${e}.1347.42.2.1.1.1.6`,
    shares: { A4: "pages" },
  },
];

/** A string of Brother's records: id, 01, 04, 32-bit value each, ended by FF. */
export interface BrotherRecords {
  readonly oid: string;
  readonly shares: Readonly<Record<number, CounterShare>>;
}

/** brInfoCounter: 00 total, 01 mono, 02 colour, 12..15 images K/C/M/Y, 16 images; maintenance: 11 drum count. */
export const brotherCounters: readonly BrotherRecords[] = [
  {
    oid: `${e}.2435.2.3.9.4.2.1.5.5.10.0`,
    shares: {
      0x00: "pages",
      0x01: "mono",
      0x02: "colour",
      0x12: "pages",
      0x13: "colour",
      0x14: "colour",
      0x15: "colour",
      0x16: "pages",
    },
  },
  { oid: `${e}.2435.2.3.9.4.2.1.5.5.8.0`, shares: { 0x11: "pages" } },
];

/** Makers' own supply tables, for printers whose Printer-MIB levels say little: level by name, in steps of `step`. */
export const makerLevelTables = [
  // Epson, maintenance box included
  { nameColumn: `${e}.1248.1.2.2.28.1.1.5`, levelColumn: `${e}.1248.1.2.2.28.1.1.2`, step: 1 },
  // Ricoh
  { nameColumn: `${e}.367.3.2.1.2.24.1.1.3`, levelColumn: `${e}.367.3.2.1.2.24.1.1.5`, step: 10 },
] as const;

/** Zebra's odometer: text such as `1920 INCHES, 4876 CENTIMETERS`. */
export const zebraOdometers = [`${e}.10642.200.17.2.0`, `${e}.10642.200.17.3.0`] as const;
