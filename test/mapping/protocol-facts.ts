import type { CaptureEvaluation } from "../../src/mapping/capture-evaluation.ts";
import { serviceObject } from "../../src/model/definition.ts";

/** Where the model has a fact: the values found there, beside those the fact says in the model's spelling. */
export type FactHome = (
  value: unknown,
  model: ModelValues,
) => { readonly wanted: readonly string[]; readonly found: readonly string[] };

/** Values of an evaluation by short path. */
export class ModelValues {
  readonly #parameters: CaptureEvaluation["parameters"];

  constructor({ parameters }: CaptureEvaluation) {
    this.#parameters = parameters;
  }

  /** The value at a path below the service object, or an absolute one; no value: empty list. */
  at(path: string): readonly string[] {
    const absolute = path.startsWith("Device.") ? path : `${serviceObject}1.${path}`;
    const value = this.#parameters[absolute]?.value;
    return value === undefined ? [] : [String(value)];
  }

  /** One parameter of all rows, in their order. */
  column(table: string, short: string): readonly string[] {
    const rows: string[] = [];
    for (let n = 1; ; n++) {
      const isRow = Object.keys(this.#parameters).some((path) =>
        path.startsWith(`${serviceObject}1.${table}.${n}.`),
      );
      if (!isRow) return rows;
      rows.push(this.at(`${table}.${n}.${short}`)[0] ?? "");
    }
  }
}

/** How a fact's spelling becomes the model's; as it is by default. */
type Spelling = (text: string) => string;

const listOf = (value: unknown, spell: Spelling): readonly string[] =>
  (Array.isArray(value) ? value : [value]).map((each) => spell(String(each)));

const same: Spelling = (text) => text;
const words =
  (map: Readonly<Record<string, string>>): Spelling =>
  (text) =>
    map[text] ?? text;

function at(path: string, spell: Spelling = same): FactHome {
  return (value, model) => ({ wanted: [listOf(value, spell).join(",")], found: model.at(path) });
}

function column(table: string, short: string, spell: Spelling = same): FactHome {
  return (value, model) => ({ wanted: listOf(value, spell), found: model.column(table, short) });
}

/** A fact that is true or `T` says that there is a row, false and `F` that there is none. */
function hasRow(table: string, short: string, row: string): FactHome {
  return (value, model) => {
    const isTrue = value === true || value === "T";
    const rows = model.column(table, short).filter((each) => each === row);
    return { wanted: isTrue ? [row] : [], found: rows };
  };
}

const uuid: Spelling = (text) => text.replace(/^urn:uuid:/, "");
const trim: Spelling = (text) => text.trim();
const field =
  (name: string): Spelling =>
  (text) =>
    new RegExp(`(?:^|;)${name}=([^;]*)`).exec(text)?.[1] ?? "";

/** By the name `expected.json` gives a fact, over all protocols. */
export const factHomes: Readonly<Record<string, readonly FactHome[]>> = {
  "printer-name": [at("General.PrinterName")],
  "printer-info": [at("General.SystemInfo")],
  "printer-make-and-model": [at("General.MakeAndModel")],
  "printer-location": [at("General.SystemLocation")],
  "printer-device-id": [at("General.DeviceId")],
  "printer-uuid": [at("General.SystemUuid", uuid)],
  "printer-firmware-string-version": [at("Device.DeviceInfo.SoftwareVersion")],
  "printer-state": [at("General.State", words({ 3: "Idle", 4: "Processing", 5: "Stopped" }))],
  "printer-state-reasons": [
    at("General.StateReasons", words({ "marker-supply-low-warning": "MarkerSupplyLow" })),
  ],
  "printer-state-message": [at("General.StateMessage", trim)],
  "printer-is-accepting-jobs": [at("InputChannel.1.IsAcceptingJobs")],
  "printer-alert-description": [column("Alert", "Description")],
  "ipp-versions-supported": [at("InputChannel.1.ProtocolVersion")],
  "marker-names": [column("Supply", "Description")],
  "marker-colors": [
    column(
      "Supply",
      "ColorantName",
      words({ "#FF00FF": "Magenta", "#00FFFF": "Cyan", "#FFFF00": "Yellow", "#000000": "Black" }),
    ),
  ],
  "marker-types": [
    column(
      "Supply",
      "Type",
      words({ "ink-cartridge": "InkCartridge", inkCartridge: "InkCartridge" }),
    ),
  ],
  "marker-levels": [column("Supply", "CurrentLevel"), column("Supply", "RemainingPercent")],
  "marker-high-levels": [column("Supply", "MaxCapacity")],
  "media-default": [at("Settings.Print.MediaSizeName")],
  "printer-input-tray": [
    column("InputTray", "Name", field("name")),
    column("InputTray", "CurrentLevel", field("level")),
    column("InputTray", "MaxCapacity", field("maxcapacity")),
    column("InputTray", "MediaDimFeedDir", field("mediafeed")),
  ],
  "printer-output-tray": [
    column("OutputTray", "Name", field("name")),
    column("OutputTray", "RemainingCapacity", field("remaining")),
    column("OutputTray", "MaxCapacity", field("maxcapacity")),
  ],
  "sides-supported": [column("MediaPath", "Description")],
  "color-supported": [at("General.ColorSupported")],
  "pages-per-minute": [at("General.PagesPerMinute")],
  "pages-per-minute-color": [at("General.PagesPerMinuteColor")],
  "document-format-supported": [column("Interpreter", "Description")],

  vendor: [at("General.Manufacturer", words({ "Hewlett-Packard": "HP" }))],
  manufacturer: [at("General.Manufacturer")],
  model: [at("General.MakeAndModel")],
  uuid: [at("General.SystemUuid")],
  UUID: [at("General.SystemUuid")],
  colour: [at("General.ColorSupported", words({ T: "true", F: "false" }))],
  duplex: [hasRow("MediaPath", "Description", "Duplex")],
  "duplex installed": [hasRow("MediaPath", "Description", "Duplex")],
  scan: [hasRow("Scanner", "Description", "Scanner")],
  fax: [hasRow("FaxModem", "Name", "Fax")],
  "mdns: document formats": [column("Interpreter", "Description")],

  "friendly name": [at("General.PrinterName")],
  firmware: [at("Device.DeviceInfo.SoftwareVersion")],
  "serial number": [at("General.SerialNumber"), at("Device.DeviceInfo.SerialNumber")],

  MakeAndModel: [at("General.MakeAndModel")],
  SerialNumber: [at("General.SerialNumber"), at("Device.DeviceInfo.SerialNumber")],
  "has platen": [hasRow("Scanner", "Description", "Platen")],
  "has ADF": [hasRow("Scanner", "Description", "ADF")],
  State: [
    at("Scanner.1.Status", words({ Idle: "AvailableAndIdle", Processing: "AvailableAndActive" })),
  ],
  AdfState: [
    at(
      "Scanner.2.Status",
      words({
        ScannerAdfEmpty: "AvailableAndIdle",
        ScannerAdfProcessing: "AvailableAndActive",
      }),
    ),
  ],

  "input trays": [column("InputTray", "Name")],
  "tray 2 installed": [hasRow("InputTray", "Name", "INTRAY2")],
  "tray 3 installed": [hasRow("InputTray", "Name", "INTRAY3")],
  "toner state": [at("Supply.1.Status", words({ TONEROK: "OK" }))],
  "printing unit state": [at("Supply.2.Status", words({ PRINTINGUNITOK: "OK" }))],
  memory: [at("General.MemorySize", (octets) => String(Number(octets) / 1024))],
  languages: [column("Interpreter", "Description")],
};

const addresses =
  "an address for people or for jobs; the model has those of the printer's own network";
const supported = "what could be set is no value of the model; what is set is";

/** Facts the model has no place for, and why. */
export const homelessFacts: Readonly<Record<string, string>> = {
  "printer-dns-sd-name": "the name of an announcement; printer-name is the printer's",
  "queued-job-count": "jobs are told one by one, not counted",
  "printer-uri-supported": addresses,
  "printer-more-info": addresses,
  "printer-supply-info-uri": addresses,
  "uri-security-supported": supported,
  "uri-authentication-supported": supported,
  "marker-low-levels": "decides Supply.Status",
  "printer-supply-description": "empty texts in the capture; marker-names go in their place",
  "media-ready": "not told by tray",
  "finishings-supported": supported,
  "admin URL": addresses,
  "resource path": addresses,
  AdminURI: addresses,
  "presentation URL": addresses,
  "device category": "what kind of device it is, told by its services",
  "hosted service types": "services for programs, which mfpgate does not use",
  "hosted IPv4 addresses": addresses,
  "eSCL version": "the version of the question, no property of the scanner",
  "colour modes": supported,
  "escl: document formats": supported,
};
