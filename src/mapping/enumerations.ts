import {
  capacityUnits,
  colorants,
  coverStatuses,
  inputTrayTypes,
  markerTechnologies,
  outputTrayTypes,
  supplyTypes,
} from "../model/definitions/enumerations.ts";
import { charsetNames } from "./charset.ts";
import { alertCodes, alertGroups } from "./alert-words.ts";
import { channelTypes, enterpriseMakers, languageFamilies } from "./printer-words.ts";

/** A named table from the number (or text) a MIB uses to the word of the model. */
export interface Enumeration {
  readonly description: string;
  readonly words: Readonly<Record<string, string>>;
  /** Word for everything else; undefined: the value stays as it is, as text. */
  readonly otherwise?: string;
}

/** Words for consecutive numbers from 1; the empty text leaves a number out. */
function counted(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.flatMap((word, n) => (word === "" ? [] : [[(n + 1).toString(), word]])),
  );
}

/** The same words by their own lower-case names, as `type=inkCartridge` of PWG 5100.9 has them; hyphens are to be removed. */
function named(
  words: readonly string[],
  others: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return { ...Object.fromEntries(words.map((word) => [word.toLowerCase(), word])), ...others };
}

function charsetWords(): Record<string, string> {
  const names = Object.entries(charsetNames).map(([number, name]) => [number, name.toUpperCase()]);
  return { 3: "US-ASCII", ...(Object.fromEntries(names) as Record<string, string>) };
}

/** HP ENVY 6000 says `black ink cartridge` where RFC 3805 asks for `black`. */
function colorantWords(): Record<string, string> {
  const endings = ["", " ink", " toner", " cartridge", " ink cartridge", " toner cartridge"];
  return Object.fromEntries(
    colorants.flatMap((word) => endings.map((ending) => [word.toLowerCase() + ending, word])),
  );
}

/** PrtCapacityUnitTC, PrtMarkerSuppliesSupplyUnitTC, PrtMarkerCounterUnitTC share their numbers. */
const unitNumbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19];

/** All enumerations a mapping may name in `values`; the standard ones of RFC 2790, 2863, 3805 and IANA-PRINTER-MIB. */
export const enumerations = {
  supplyType: {
    description: "prtMarkerSuppliesType",
    words: counted(supplyTypes),
    otherwise: "Other",
  },
  supplyClass: {
    description: "prtMarkerSuppliesClass",
    words: { 1: "Other", 3: "SupplyThatIsConsumed", 4: "ReceptacleThatIsFilled" },
    otherwise: "Other",
  },
  unit: {
    description: "units of supplies, trays and counters (PrtCapacityUnitTC and its relatives)",
    words: Object.fromEntries(
      unitNumbers.map((number, n) => [number.toString(), capacityUnits[n] ?? "Other"]),
    ),
    otherwise: "Other",
  },
  dimensionUnit: {
    description: "PrtMediaUnitTC",
    words: { 1: "Other", 2: "Unknown", 3: "TenThousandthsOfInches", 4: "Micrometers" },
    otherwise: "Other",
  },
  supplyTypeName: {
    description:
      "prtMarkerSuppliesType by name, without hyphens (IPP marker-types, printer-supply)",
    words: named(supplyTypes),
    otherwise: "Other",
  },
  supplyClassName: {
    description: "prtMarkerSuppliesClass by name (IPP printer-supply)",
    words: named(["Other", "Unknown", "SupplyThatIsConsumed", "ReceptacleThatIsFilled"]),
    otherwise: "Other",
  },
  unitName: {
    description: "units of supplies and trays by name (IPP printer-supply, printer-input-tray)",
    words: named(capacityUnits),
    otherwise: "Other",
  },
  dimensionUnitName: {
    description: "PrtMediaUnitTC by name (IPP printer-input-tray)",
    words: named(["Other", "Unknown", "TenThousandthsOfInches", "Micrometers"]),
    otherwise: "Other",
  },
  inputTrayTypeName: {
    description: "prtInputType by name (IPP printer-input-tray); HP leaves out the last word",
    words: named(inputTrayTypes, {
      sheetfeedautoremovable: "SheetFeedAutoRemovableTray",
      sheetfeedautononremovable: "SheetFeedAutoNonRemovableTray",
    }),
    otherwise: "Other",
  },
  outputTrayTypeName: {
    description: "prtOutputType by name (IPP printer-output-tray)",
    words: named(outputTrayTypes),
    otherwise: "Other",
  },
  documentFormat: {
    description:
      "page description language of a media type (IPP document-format-supported, TXT key pdl)",
    words: {
      "application/vnd.hp-pcl": "PCL",
      "application/x-pcl": "PCL",
      "application/pcl": "PCL",
      "application/vnd.hp-pclxl": "PCLXL",
      "application/postscript": "PS",
      "application/pdf": "PDF",
      "application/octet-stream": "Automatic",
      "image/jpeg": "JPEG",
      "image/tiff": "TIFF",
      "text/plain": "SimpleText",
    },
    otherwise: "Other",
  },
  speedUnit: {
    description: "PrtPrintUnitTC per hour (prtMediaPathMaxSpeedPrintUnit)",
    words: {
      3: "TenThousandthsOfInchesPerHour",
      4: "MicrometersPerHour",
      5: "CharactersPerHour",
      6: "LinesPerHour",
      7: "ImpressionsPerHour",
      8: "SheetsPerHour",
      9: "DotRowPerHour",
      16: "FeetPerHour",
      17: "MetersPerHour",
    },
  },
  markerTechnology: {
    description: "prtMarkerMarkTech",
    words: counted(markerTechnologies),
    otherwise: "Other",
  },
  inputTrayType: {
    description: "prtInputType",
    words: counted(inputTrayTypes),
    otherwise: "Other",
  },
  outputTrayType: {
    description: "prtOutputType",
    words: counted(outputTrayTypes),
    otherwise: "Other",
  },
  inputSecurity: {
    description: "prtInputSecurity (PresentOnOff)",
    words: { 1: "Other", 3: "On", 4: "Off", 5: "NotPresent" },
    otherwise: "Unknown",
  },
  stackingOrder: {
    description: "prtOutputStackingOrder",
    words: { 2: "Unknown", 3: "FirstToLast", 4: "LastToFirst" },
    otherwise: "Unknown",
  },
  deliveryOrientation: {
    description: "prtOutputPageDeliveryOrientation",
    words: { 3: "FaceUp", 4: "FaceDown" },
    otherwise: "Unknown",
  },
  coverStatus: {
    description: "prtCoverStatus; values the RFC does not have (0 of some HP) are Unknown",
    words: counted(coverStatuses),
    otherwise: "Unknown",
  },
  coverOpen: {
    description: "prtCoverStatus as true (open) or false (closed)",
    words: { 3: "true", 4: "false", 5: "true", 6: "false" },
  },
  alertSeverity: {
    description: "prtAlertSeverityLevel",
    words: { 1: "Other", 3: "Critical", 4: "Warning", 5: "WarningBinaryChangeEvent" },
    otherwise: "Other",
  },
  alertTraining: {
    description: "prtAlertTrainingLevel",
    words: counted([
      "Other",
      "Unknown",
      "Untrained",
      "Trained",
      "FieldService",
      "Management",
      "NoInterventionRequired",
    ]),
    otherwise: "Other",
  },
  alertGroup: { description: "prtAlertGroup", words: alertGroups },
  alertCode: { description: "prtAlertCode", words: alertCodes },
  channelType: { description: "prtChannelType", words: channelTypes },
  channelState: {
    description: "prtChannelState",
    words: { 1: "Other", 3: "PrintDataAccepted", 4: "NoDataAccepted" },
    otherwise: "Unknown",
  },
  channelAccepting: {
    description: "prtChannelState as true (print data accepted) or false",
    words: { 3: "true", 4: "false" },
  },
  languageFamily: { description: "prtInterpreterLangFamily", words: languageFamilies },
  mediaPathType: {
    description: "prtMediaPathType",
    words: counted([
      "Other",
      "Unknown",
      "LongEdgeBindingDuplex",
      "ShortEdgeBindingDuplex",
      "Simplex",
    ]),
  },
  lightColor: {
    description: "prtConsoleColor",
    words: counted([
      "Other",
      "Unknown",
      "White",
      "Red",
      "Green",
      "Blue",
      "Cyan",
      "Magenta",
      "Yellow",
      "Orange",
    ]),
  },
  interfaceType: {
    description: "ifType",
    words: {
      6: "Ethernet",
      7: "Ethernet",
      23: "PPP",
      24: "Loopback",
      62: "Ethernet",
      69: "Ethernet",
      71: "WiFi",
      117: "Ethernet",
      131: "Tunnel",
      160: "USB",
    },
    otherwise: "Other",
  },
  interfaceState: {
    description: "ifOperStatus",
    words: counted(["Up", "Down", "Testing", "Unknown", "Dormant", "NotPresent", "LowerLayerDown"]),
    otherwise: "Unknown",
  },
  storageType: {
    description: "hrStorageType",
    words: {
      "1.3.6.1.2.1.25.2.1.1": "Other",
      "1.3.6.1.2.1.25.2.1.2": "RAM",
      "1.3.6.1.2.1.25.2.1.3": "VirtualMemory",
      "1.3.6.1.2.1.25.2.1.4": "FixedDisk",
      "1.3.6.1.2.1.25.2.1.5": "RemovableDisk",
      "1.3.6.1.2.1.25.2.1.6": "FloppyDisk",
      "1.3.6.1.2.1.25.2.1.7": "CompactDisc",
      "1.3.6.1.2.1.25.2.1.8": "RAMDisk",
      "1.3.6.1.2.1.25.2.1.9": "FlashMemory",
      "1.3.6.1.2.1.25.2.1.10": "NetworkDisk",
    },
    otherwise: "Other",
  },
  colorant: {
    description:
      "prtMarkerColorantValue, an English word by RFC 3805, also in texts such as black ink cartridge; other texts (the panel's language, special inks) are Other",
    words: colorantWords(),
    otherwise: "Other",
  },
  characterSet: { description: "prtLocalizationCharacterSet", words: charsetWords() },
  maker: {
    description: "IANA enterprise number of a printer maker",
    words: enterpriseMakers,
  },
} as const satisfies Readonly<Record<string, Enumeration>>;

/** The enumeration of that name; undefined when there is none. */
export function enumerationNamed(name: string): Enumeration | undefined {
  const all: Readonly<Record<string, Enumeration>> = enumerations;
  return Object.hasOwn(all, name) ? all[name] : undefined;
}
