import { existsSync, readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { alertCodes } from "../../src/mapping/alert-words.ts";
import { evaluateAnswers } from "../../src/mapping/capture-evaluation.ts";
import type { MappingSet } from "../../src/mapping/evaluation.ts";
import { pollClasses } from "../../src/model/snapshot.ts";
import { RecordedAnswers } from "../../src/southbound/snmp/recorded-answers.ts";
import { parseSnmprec } from "../../src/southbound/snmp/snmprec.ts";

/** One fact of the oracle beside what the mapping made of the recording. */
export interface Fact {
  readonly name: string;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly isRight: boolean;
}

/** Folder of recordings shared between projects, beside this one; undefined when it is not there. */
export function sharedRecordings(): string | undefined {
  const folder = resolve(import.meta.dirname, "../../../shared/recordings");
  return existsSync(folder) ? folder : undefined;
}

/** Names of the recordings that have an oracle. */
export function recordingNames(folder: string): readonly string[] {
  return readdirSync(resolve(folder, "expected"))
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .sort();
}

type Row = Readonly<Record<string, unknown>>;

interface Oracle {
  readonly identity: {
    readonly vendor: string;
    readonly serial: string | null;
    readonly hrDeviceDescr: string | null;
    readonly vendorModel: string | null;
  };
  readonly standard: Readonly<Record<string, readonly Row[]>> & {
    readonly console: { readonly displayText: readonly { readonly text: string }[] };
    readonly hostResourcesPrinters: readonly Row[];
  };
}

/** Moment the recordings are evaluated at; any will do. */
const readAtMs = Date.UTC(2025, 0, 1);

/** Compares everything the oracle says of a recording with what `mfpgate evaluate` would print. */
export function factsOf(folder: string, name: string, mappings: MappingSet): readonly Fact[] {
  const oracle = JSON.parse(
    readFileSync(resolve(folder, "expected", `${name}.json`), "utf8"),
  ) as Oracle;
  const recording = parseSnmprec(readFileSync(resolve(folder, `${name}.snmprec`), "utf8"));
  return new Comparison(oracle, new RecordedAnswers(recording, readAtMs), mappings).facts();
}

class Comparison {
  readonly #oracle: Oracle;
  readonly #captured: ReturnType<typeof evaluateAnswers>;
  readonly #rowKeys: ReadonlyMap<string, readonly string[]>;
  readonly #facts: Fact[] = [];

  constructor(oracle: Oracle, answers: RecordedAnswers, mappings: MappingSet) {
    this.#oracle = oracle;
    this.#captured = evaluateAnswers(mappings, answers);
    const { tables } = mappings.select(answers).evaluate(answers, pollClasses);
    this.#rowKeys = new Map(tables.map(({ template, rowKeys }) => [template, rowKeys]));
  }

  facts(): readonly Fact[] {
    this.#identity();
    this.#state();
    this.#rows("markers", "Marker.{i}.", "prtMarker", [
      ["lifeCount", "LifeCount"],
      ["counterUnit", "CounterUnit"],
      ["technology", "Technology"],
    ]);
    this.#rows("supplies", "Supply.{i}.", "prtMarkerSupplies", [
      ["description", "Description"],
      ["class", "Class"],
      ["type", "Type"],
      ["unit", "CapacityUnit"],
      ["maxCapacity", "MaxCapacity"],
      ["level", "CurrentLevel"],
      ["percent", "RemainingPercent"],
      ["colorant", "ColorantName"],
    ]);
    this.#rows("inputs", "InputTray.{i}.", "prtInput", [
      ["name", "Name"],
      ["type", "Type"],
      ["capacityUnit", "CapacityUnit"],
      ["maxCapacity", "MaxCapacity"],
      ["currentLevel", "CurrentLevel"],
      ["mediaName", "MediaSizeName"],
      ["mediaType", "MediaType"],
      ["status", "Status"],
    ]);
    this.#rows("outputs", "OutputTray.{i}.", "prtOutput", [
      ["name", "Name"],
      ["type", "Type"],
      ["maxCapacity", "MaxCapacity"],
      ["remainingCapacity", "RemainingCapacity"],
      ["status", "Status"],
    ]);
    this.#rows("covers", "Cover.{i}.", "prtCover", [
      ["description", "Description"],
      ["status", "Status"],
    ]);
    this.#rows("alerts", "Alert.{i}.", "prtAlert", [
      ["severity", "Severity"],
      ["group", "Group"],
      ["groupIndex", "GroupIndex"],
      ["code", "Code"],
      ["description", "Description"],
    ]);
    this.#rows("interpreters", "Interpreter.{i}.", "prtInterpreter", [
      ["languageFamily", "LanguageFamily"],
      ["description", "Description"],
    ]);
    this.#rows("interfaces", "Network.Interface.{i}.", "ifTable", [
      ["descr", "Name"],
      ["mac", "PhysicalAddress"],
    ]);
    this.#console();
    return this.#facts;
  }

  #identity(): void {
    const { vendor, serial, hrDeviceDescr, vendorModel } = this.#oracle.identity;
    const { manufacturer, productClass } = this.#captured.identity;
    this.#add("vendor", vendor, manufacturer, sameText(vendor, manufacturer));
    if (serial !== null) {
      const actual = this.#value("General.SerialNumber");
      this.#add("serial", serial, actual, actual === serial);
    }
    const models = [hrDeviceDescr, vendorModel].filter((model) => model !== null);
    if (models.length === 0) return;
    const isRight = models.some((model) => contains(model, productClass));
    this.#add("model", models.join(" | "), productClass, isRight);
  }

  #state(): void {
    const [printer] = this.#oracle.standard.hostResourcesPrinters;
    if (printer === undefined) return;
    const errors = printer["hrPrinterDetectedErrorState"] as { conditions: string[] } | undefined;
    if (errors === undefined) return;
    const reasons = this.#value("General.StateReasons");
    const wanted = errors.conditions.map((condition) => reasonWords[condition] ?? condition);
    const isRight = wanted.every((reason) => String(reasons).split(",").includes(reason));
    this.#add("stateReasons", wanted.join(), reasons, isRight && reasons !== undefined);
  }

  #rows(
    section: string,
    table: string,
    rowSet: string,
    columns: readonly (readonly [string, string])[],
  ): void {
    for (const row of this.#oracle.standard[section] ?? []) {
      const number =
        (this.#rowKeys.get(table) ?? []).indexOf(`${rowSet}:${String(row["index"])}`) + 1;
      for (const [key, parameter] of columns) {
        const expected = expectedOf(section, key, row);
        if (expected === undefined) continue;
        const path = table.replace("{i}", number.toString()) + parameter;
        const actual = this.#value(path);
        const isRight =
          key === "percent" ? isSamePercent(expected, actual) : isSame(expected, actual);
        this.#add(path, expected, actual, isRight);
      }
    }
  }

  #console(): void {
    const lines = this.#oracle.standard.console.displayText.map(({ text }) => text);
    const value = this.#value("General.ConsoleText");
    const text = typeof value === "string" ? value : "";
    for (const line of lines.filter((content) => content !== ""))
      this.#add("console", line, text, text.includes(line));
  }

  #value(path: string): unknown {
    return this.#captured.parameters[`Device.Services.X_MFPGATE-ORG_MFP.1.${path}`]?.value;
  }

  #add(name: string, expected: unknown, actual: unknown, isRight: boolean): void {
    this.#facts.push({ name, expected, actual, isRight });
  }
}

const reasonWords: Readonly<Record<string, string>> = {
  lowPaper: "MediaLow",
  noPaper: "MediaEmpty",
  lowToner: "MarkerSupplyLow",
  noToner: "MarkerSupplyEmpty",
  doorOpen: "DoorOpen",
  jammed: "MediaJam",
  offline: "Offline",
  serviceRequested: "ServiceRequested",
  inputTrayMissing: "InputTrayMissing",
  outputTrayMissing: "OutputTrayMissing",
  markerSupplyMissing: "MarkerSupplyMissing",
  outputNearFull: "OutputAreaAlmostFull",
  outputFull: "OutputAreaFull",
  inputTrayEmpty: "MediaEmpty",
};

/** The oracle's value in the model's words; undefined where the oracle has none to compare. */
function expectedOf(section: string, key: string, row: Row): unknown {
  const value = row[key];
  // No percentage where level or capacity are not measured: that is a fact too.
  if (key === "percent") return value === null ? null : Number(value);
  if (value === null || value === undefined) return undefined;
  if (key === "name" && value === "") return row["description"] ?? value;
  if (key === "status" && typeof value === "object") return statusWords(value as Row);
  if (section === "covers" && key === "status" && value === "0") return "Unknown";
  if (section === "alerts") return alertFact(key, value);
  return value;
}

/** The oracle leaves codes that RFC 3805 does not name as numbers; IANA-PRINTER-MIB names more. */
function alertFact(key: string, value: unknown): unknown {
  if (key === "severity" && value === "0") return "Other";
  return key === "code" && typeof value === "string" ? (alertCodes[value] ?? value) : value;
}

function statusWords(status: Row): string {
  const availability = String(status["availability"]).replace(
    "unavailableBecauseBroken",
    "UnavailableAndBroken",
  );
  const words = [
    ["nonCriticalAlert", "WarningAlerts"],
    ["criticalAlert", "CriticalAlerts"],
    ["offline", "Offline"],
    ["transitioning", "Transitioning"],
  ].filter(([key = ""]) => status[key] === true);
  return [availability, ...words.map(([, word]) => word)].join(",");
}

/** The oracle gives one decimal, the model whole percents. */
function isSamePercent(expected: unknown, actual: unknown): boolean {
  if (expected === null) return actual === undefined;
  return typeof actual === "number" && Math.abs(actual - Number(expected)) < 0.6;
}

function isSame(expected: unknown, actual: unknown): boolean {
  if (expected === null) return actual === undefined;
  return typeof expected === "string" ? sameText(expected, actual) : expected === actual;
}

function sameText(a: string, b: unknown): boolean {
  return typeof b === "string" && a.toLowerCase() === b.toLowerCase();
}

function contains(whole: string, part: string): boolean {
  return whole.toLowerCase().includes(part.toLowerCase());
}
