import { walkFile } from "./check/walk.ts";
import { type DocumentName, documentOf } from "./compile/documents.ts";
import type { ParsedFile } from "./format/parse-file.ts";
import { type Located, resolveMapping } from "./format/resolve.ts";
import type { CompleteParameter, Source } from "./schema.ts";

/** A row of the table of what must be readable and writable (docs/coverage.md), by objects of the model. */
interface InformationRow {
  readonly information: string;
  readonly objects: readonly string[];
}

/** The mission's table, in its order. */
const informationRows: readonly InformationRow[] = [
  { information: "DNS and WINS", objects: ["Network.DNS.", "Network.WINS."] },
  { information: "SMTP", objects: ["Network.SMTP."] },
  { information: "FTP", objects: ["Network.FTP."] },
  { information: "HTTP", objects: ["Network.HTTP."] },
  { information: "LPD and Port 9100", objects: ["Network.LPD.", "Network.RawPort."] },
  { information: "SNMP", objects: ["Network.SNMP."] },
  { information: "Time", objects: ["Network.Time."] },
  { information: "TCP/IP", objects: ["Network.TCPIP.", "Network.Interface.{i}."] },
  { information: "Email alerts", objects: ["Settings.EmailAlert."] },
  { information: "Finishing", objects: ["Settings.Finishing."] },
  {
    information: "Scan, print, fax",
    objects: ["Settings.Scan.", "Settings.Print.", "Settings.Fax."],
  },
  { information: "PCL", objects: ["Settings.PCL."] },
  { information: "PS", objects: ["Settings.PS."] },
  {
    information: "General, asset",
    objects: ["General.", "Interpreter.{i}.", "Device.DeviceInfo."],
  },
  { information: "Consumables, service parts", objects: ["Supply.{i}.", "Marker.{i}."] },
  { information: "Paper metering", objects: ["Counters."] },
  { information: "Trays", objects: ["InputTray.{i}.", "OutputTray.{i}."] },
];

/** How many parameters of one row one maker's files reach, over one way. */
export interface CoverageCell {
  readonly read: number;
  readonly readUnverified: number;
  readonly written: number;
  readonly writtenUnverified: number;
}

/** Reading and writing over SNMP, web pages, and what only captures tell as yet (IPP, PJL, WSD, DNS-SD). */
export interface MakerCoverage {
  readonly snmp: CoverageCell;
  readonly web: CoverageCell;
  readonly other: CoverageCell;
}

/** What each maker's files reach of each row. */
export interface Coverage {
  readonly makers: readonly string[];
  readonly rows: readonly {
    readonly information: string;
    /** By maker, in their order. */
    readonly cells: readonly MakerCoverage[];
  }[];
}

const baseMaker = "any printer";

/** Counts, over all files of a maker together, the parameters that are read and written. */
export function coverageOf(files: ReadonlyMap<string, ParsedFile>): Coverage {
  const byMaker = new Map<string, Reach>();
  const evidence = seenSources(files);
  for (const file of files.values()) {
    const maker = makerOf(file);
    if (maker === undefined) continue;
    let reach = byMaker.get(maker);
    if (reach === undefined) byMaker.set(maker, (reach = new Reach(evidence)));
    const { parameters, tables } = resolveMapping(file, files);
    for (const [template, located] of parameters) reach.add(template, located, undefined);
    for (const { table, rows, parameters: ofRow } of tables) {
      const rowsWay = wayOf(documentOf(rows.entry));
      for (const [short, located] of ofRow) reach.add(table + short, located, rowsWay);
    }
  }
  const makers = [...byMaker].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    makers: makers.map(([maker]) => maker),
    rows: informationRows.map(({ information, objects }) => ({
      information,
      cells: makers.map(([, reach]) => reach.within(objects)),
    })),
  };
}

function makerOf({ name }: ParsedFile): string | undefined {
  if (name === "base/printer") return baseMaker;
  return /^vendor\/([^/]+)\//.exec(name)?.[1];
}

type Way = keyof MakerCoverage;
type Kind = keyof CoverageCell;
const ways = ["snmp", "web", "other"] as const satisfies readonly Way[];

function wayOf(document: DocumentName | undefined): Way | undefined {
  if (document === undefined) return undefined;
  return document.channel === "ews" ? "web" : "other";
}

/** Templates by way and kind. */
class Reach {
  readonly #found = new Map<`${Way} ${Kind}`, Set<string>>();
  readonly #seen: ReadonlySet<Source>;

  /** @param seen sources that stand in a file with evidence */
  constructor(seen: ReadonlySet<Source>) {
    this.#seen = seen;
  }

  /** @param rowsWay how the rows the parameter stands in are read, where they come from a document */
  add(template: string, { entry }: Located<CompleteParameter>, rowsWay: Way | undefined): void {
    for (const way of ways) {
      const sources = entry.from.filter((source) => waysOf(source, rowsWay).has(way));
      if (sources.length === 0) continue;
      const isSeen = sources.some((one) => one.unverified !== true && this.#seen.has(one));
      this.#note(way, isSeen ? "read" : "readUnverified", template);
    }
    const { write } = entry;
    if (write === undefined) return;
    const way = write.snmp === undefined && write.column === undefined ? "web" : "snmp";
    this.#note(way, write.unverified === true ? "writtenUnverified" : "written", template);
  }

  within(objects: readonly string[]): MakerCoverage {
    const count = (way: Way, kind: Kind): number =>
      [...(this.#found.get(`${way} ${kind}`) ?? [])].filter((template) =>
        objects.some((object) => template.startsWith(object)),
      ).length;
    const cell = (way: Way): CoverageCell => ({
      read: count(way, "read"),
      readUnverified: count(way, "readUnverified"),
      written: count(way, "written"),
      writtenUnverified: count(way, "writtenUnverified"),
    });
    return { snmp: cell("snmp"), web: cell("web"), other: cell("other") };
  }

  #note(way: Way, kind: Kind, template: string): void {
    const key = `${way} ${kind}` as const;
    this.#found.set(key, (this.#found.get(key) ?? new Set()).add(template));
  }
}

/** Sources of files with evidence; inheritance keeps the objects, so that their file is known by identity. */
function seenSources(files: ReadonlyMap<string, ParsedFile>): ReadonlySet<Source> {
  const seen = new Set<Source>();
  for (const file of files.values())
    if (hasEvidence(file) || file.name.startsWith("base/"))
      walkFile(file.file, ({ source }) => seen.add(source));
  return seen;
}

/** A recording, a capture or a running server shows it; what only documents say is not seen. */
function hasEvidence({ file: { verified } }: ParsedFile): boolean {
  return (verified ?? []).some(
    ({ recording, capture, server }) => (recording ?? capture ?? server) !== undefined,
  );
}

/** Ways a source goes, its inner sources included. */
function waysOf(source: Source, rowsWay: Way | undefined): ReadonlySet<Way> {
  const inner = [
    ...(source.sum ?? []),
    ...(source.difference ?? []),
    ...(source.firstOf ?? []),
    ...Object.values(source.inputs ?? {}),
  ];
  const found = new Set<Way>(inner.flatMap((one) => [...waysOf(one, rowsWay)]));
  if ((source.snmp ?? source.column ?? source.lookup) !== undefined) found.add("snmp");
  const way = source.cell === undefined ? wayOf(documentOf(source)) : rowsWay;
  if (way !== undefined) found.add(way);
  return found;
}

/** `docs/coverage.md`. Generated; never edited by hand. */
export function coveragePage(coverage: Coverage): string {
  return [
    "# Coverage",
    "",
    "Generated from the mapping files by `npm run generate`. Each cell counts parameters of the model: `r` read, `w` written;",
    "in brackets what no recording, capture or running server has shown yet (documented, or played by the simulator only).",
    "Unverified writes are off unless `writes.allowUnverified` is set. What each file rests on stands in its `verified`, `caveats`",
    "and `omitted`. Connection settings are mfpgate's own (`Interaction.`), read and written for every printer without a mapping.",
    "",
    "## Web pages",
    "",
    ...table(coverage, "web", coverage.makers),
    "",
    "## SNMP",
    "",
    ...table(coverage, "snmp", coverage.makers),
    "",
    "## IPP, PJL, WSD and DNS-SD",
    "",
    "Of every printer, and from captures only: nothing asks printers over these protocols yet.",
    "",
    ...table(coverage, "other", [baseMaker]),
    "",
  ].join("\n");
}

function table({ makers, rows }: Coverage, way: Way, shown: readonly string[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(["", ...shown]),
    line(["", ...shown].map(() => "---")),
    ...rows.map(({ information, cells }) =>
      line([
        information,
        ...cells.flatMap((cell, n) =>
          shown.includes(makers[n] ?? "") ? [cellText(cell[way])] : [],
        ),
      ]),
    ),
  ];
}

function cellText({ read, readUnverified, written, writtenUnverified }: CoverageCell): string {
  const seen = [counted(read, "r"), counted(written, "w")].filter((text) => text !== "");
  const unseen = [counted(readUnverified, "r"), counted(writtenUnverified, "w")].filter(
    (text) => text !== "",
  );
  return [...seen, ...(unseen.length === 0 ? [] : [`(${unseen.join(" ")})`])].join(" ");
}

function counted(number: number, letter: string): string {
  return number === 0 ? "" : `${number} ${letter}`;
}
