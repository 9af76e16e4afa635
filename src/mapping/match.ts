import { Missing } from "./evaluate/datum.ts";
import type { Run } from "./evaluate/run.ts";
import { type Glob, compileGlob, compileOidGlob } from "./glob.ts";
import {
  type DocumentNeed,
  documentOf,
  needExtraction,
  selectorKey,
  selectorOf,
} from "./compile/documents.ts";
import type { MatchEntry } from "./schema.ts";
import { ieee1284 } from "./transforms/text.ts";

const sysDescr = "1.3.6.1.2.1.1.1.0";
const sysObjectId = "1.3.6.1.2.1.1.2.0";
/** hrDeviceDescr and prtGeneralPrinterName, columns by hrDeviceIndex. */
const deviceDescr = "1.3.6.1.2.1.25.3.2.1.3";
const printerName = "1.3.6.1.2.1.43.5.1.1.16";

/** Instances and columns every choice of a mapping looks at; what single files ask for comes on top. */
export const matchProbe = {
  scalars: [sysDescr, sysObjectId],
  columns: [deviceDescr, printerName],
} as const;

/** What is known of a printer when a mapping is chosen. */
export interface Appearance {
  readonly sysDescr: string;
  readonly sysObjectID: string;
  readonly hrDeviceDescr: readonly string[];
  readonly printerName: readonly string[];
  readonly deviceId: string;
  readonly run: Run;
}

/** Reads the appearance; what the printer does not tell is the empty text. */
export function appearanceOf(run: Run, deviceId: string): Appearance {
  return {
    sysDescr: scalarText(run, sysDescr),
    sysObjectID: scalarText(run, sysObjectId).replace(/^\./, ""),
    hrDeviceDescr: columnTexts(run, deviceDescr),
    printerName: columnTexts(run, printerName),
    deviceId,
    run,
  };
}

function scalarText(run: Run, oid: string): string {
  const value = run.scalar(oid);
  return value instanceof Missing ? "" : run.text(value);
}

function columnTexts(run: Run, oid: string): readonly string[] {
  const cells = run.answers.snmpColumn(oid);
  if (typeof cells === "string") return [];
  return [...cells.values()].map(({ value }) => run.text(value));
}

/** One alternative of a file's match, compiled. */
export interface Matcher {
  /** How much the patterns say: their characters that are not wild. The file with the highest matching score wins. */
  readonly score: number;
  test(appearance: Appearance): boolean;
}

/** Compiles one alternative; all its conditions must fit. */
export function compileMatch(entry: MatchEntry): Matcher {
  const tests: { glob: Glob; test: (appearance: Appearance, glob: Glob) => boolean }[] = [];
  const add = (glob: Glob, test: (appearance: Appearance, glob: Glob) => boolean): void => {
    tests.push({ glob, test });
  };
  if (entry.sysObjectID !== undefined)
    add(compileOidGlob(entry.sysObjectID), (of, glob) => glob.test(of.sysObjectID));
  if (entry.sysDescr !== undefined)
    add(compileGlob(entry.sysDescr), (of, glob) => glob.test(of.sysDescr));
  if (entry.hrDeviceDescr !== undefined)
    add(compileGlob(entry.hrDeviceDescr), (of, glob) => of.hrDeviceDescr.some(glob.test));
  if (entry.printerName !== undefined)
    add(compileGlob(entry.printerName), (of, glob) => of.printerName.some(glob.test));
  if (entry.model !== undefined)
    add(compileGlob(entry.model), (of, glob) => modelsOf(of).some(glob.test));
  for (const [key, pattern] of Object.entries(entry.ieee1284 ?? {}))
    add(compileGlob(pattern), (of, glob) => glob.test(deviceIdField(of, key) ?? ""));
  for (const { oid, pattern } of entry.snmp ?? [])
    add(compileGlob(pattern), (of, glob) => {
      const value = of.run.scalar(oid);
      return !(value instanceof Missing) && glob.test(of.run.text(value));
    });
  for (const asked of entry.documents ?? []) {
    const document = documentOf(asked);
    const key = selectorKey(selectorOf(asked));
    add(compileGlob(asked.pattern), (of, glob) => {
      const texts = of.run.documentValues(document?.name ?? "", key);
      return !(texts instanceof Missing) && texts.some(glob.test);
    });
  }
  return {
    score: tests.reduce((sum, { glob }) => sum + glob.literalCharacters, 0),
    test: (appearance) => tests.every(({ glob, test }) => test(appearance, glob)),
  };
}

/** Adds the documents an alternative looks at to what is read before a mapping is chosen. */
export function needMatchDocuments(
  documents: Map<string, DocumentNeed>,
  { documents: asked = [] }: MatchEntry,
): void {
  for (const one of asked) {
    const document = documentOf(one);
    const selector = selectorOf(one);
    const extraction = { kind: "values", key: selectorKey(selector), selector } as const;
    if (document !== undefined) needExtraction(documents, document, extraction);
  }
}

function modelsOf(appearance: Appearance): readonly string[] {
  const model = deviceIdField(appearance, "MDL");
  return [
    ...appearance.hrDeviceDescr,
    ...appearance.printerName,
    ...(model === undefined ? [] : [model]),
  ];
}

function deviceIdField({ deviceId, run }: Appearance, key: string): string | undefined {
  const value = deviceId === "" ? undefined : ieee1284(key)(deviceId, run);
  return typeof value === "string" ? value : undefined;
}
