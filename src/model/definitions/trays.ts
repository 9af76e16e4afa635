import type { ObjectDefinition } from "../definition.ts";
import { choice, level, list, signed, text } from "./builders.ts";
import {
  capacityUnits,
  inputTrayTypes,
  outputTrayTypes,
  subunitStates,
  trayLevelStatuses,
} from "./enumerations.ts";

const vendorParameters = [
  text("VendorName", "Maker of the tray."),
  text("Model", "Model of the tray."),
  text("Version", "Version of the tray."),
  text("SerialNumber", "Serial number of the tray."),
];

/** Paper in, paper out, and the ways between. */
export const trayObjects: readonly ObjectDefinition[] = [
  {
    path: "InputTray.{i}.",
    description: "Trays, feeders and rolls (prtInputTable).",
    countedBy: "InputTrayNumberOfEntries",
    parameters: [
      text("Name", "Name of the tray (prtInputName)."),
      text("Description", "Description of the tray (prtInputDescription)."),
      choice("Type", inputTrayTypes, "Kind of tray (prtInputType)."),
      list("Status", "State of the subunit (prtInputStatus).", { words: subunitStates }),
      text(
        "MediaSizeName",
        "PWG 5101.1 size name (iso_a4_210x297mm) when certain, else the printer's own (prtInputMediaName).",
        { writable: true },
      ),
      text("MediaType", "Kind of media (prtInputMediaType).", { writable: true }),
      choice(
        "MediaTracking",
        ["Continuous", "Gap", "Mark", "Web"],
        "What the printer finds the edge of a label by (PWG MediaTracking).",
        { writable: true },
      ),
      text("MediaColor", "Colour of the media (prtInputMediaColor)."),
      signed(
        "MediaWeight",
        "Grams per square metre; negative specials as RFC 3805 (prtInputMediaWeight).",
        { minimum: -3 },
      ),
      text("MediaInfo", "More about the media."),
      choice(
        "DimensionUnit",
        ["TenThousandthsOfInches", "Micrometers", "Other", "Unknown"],
        "Unit of the dimensions (prtInputDimUnit).",
      ),
      signed(
        "MediaDimFeedDir",
        "Chosen size in feed direction; negative specials as RFC 3805 (prtInputMediaDimFeedDirChosen).",
        { minimum: -3 },
      ),
      signed(
        "MediaDimXFeedDir",
        "Chosen size across the feed direction (prtInputMediaDimXFeedDirChosen).",
        { minimum: -3 },
      ),
      level("MaxCapacity", "Capacity (prtInputMaxCapacity)."),
      level("CurrentLevel", "What is in the tray (prtInputCurrentLevel)."),
      choice("CapacityUnit", capacityUnits, "Unit of capacity and level (prtInputCapacityUnit)."),
      choice("LevelStatus", trayLevelStatuses, "Condition derived from level and status."),
      choice(
        "Security",
        ["Other", "Unknown", "On", "Off", "NotPresent"],
        "Locked tray (prtInputSecurity).",
      ),
      ...vendorParameters,
    ],
  },
  {
    path: "OutputTray.{i}.",
    description: "Bins, stackers and mailboxes (prtOutputTable).",
    countedBy: "OutputTrayNumberOfEntries",
    parameters: [
      text("Name", "Name of the bin (prtOutputName)."),
      text("Description", "Description of the bin (prtOutputDescription)."),
      choice("Type", outputTrayTypes, "Kind of bin (prtOutputType)."),
      list("Status", "State of the subunit (prtOutputStatus).", { words: subunitStates }),
      level("MaxCapacity", "Capacity (prtOutputMaxCapacity)."),
      level("RemainingCapacity", "Space that remains (prtOutputRemainingCapacity)."),
      choice("CapacityUnit", capacityUnits, "Unit of capacity (prtOutputCapacityUnit)."),
      choice(
        "LevelStatus",
        ["OK", "AlmostFull", "Full", "Missing", "Unknown"],
        "Condition derived from capacity and status.",
      ),
      choice(
        "StackingOrder",
        ["Unknown", "FirstToLast", "LastToFirst"],
        "Order of the stack (prtOutputStackingOrder).",
      ),
      choice(
        "PageDeliveryOrientation",
        ["Unknown", "FaceUp", "FaceDown"],
        "Side that lies up (prtOutputPageDeliveryOrientation).",
      ),
      ...vendorParameters,
    ],
  },
  {
    path: "MediaPath.{i}.",
    description: "Ways of the paper through the printer (prtMediaPathTable).",
    countedBy: "MediaPathNumberOfEntries",
    parameters: [
      text("Type", "Name of prtMediaPathType (Simplex, LongEdgeBindingDuplex)."),
      text("Description", "Description of the path (prtMediaPathDescription)."),
      signed("MaxSpeed", "Speed in MaxSpeedUnit (prtMediaPathMaxSpeed).", { minimum: -3 }),
      text("MaxSpeedUnit", "Name of prtMediaPathMaxSpeedPrintUnit (SheetsPerHour)."),
      list("Status", "State of the subunit (prtMediaPathStatus).", { words: subunitStates }),
    ],
  },
  {
    path: "Finisher.{i}.",
    description: "Staplers, punches, folders (finDeviceTable, RFC 3806).",
    countedBy: "FinisherNumberOfEntries",
    parameters: [
      text("Type", "Kind of finisher (finDeviceType)."),
      text("Description", "Description of the finisher."),
      choice(
        "PresentOnOff",
        ["Other", "On", "Off", "NotPresent"],
        "Present and switched on (finDevicePresentOnOff).",
      ),
      choice("CapacityUnit", capacityUnits, "Unit of the capacities."),
      level("MaxCapacity", "Capacity (finDeviceCapacityMax)."),
      level("CurrentCapacity", "What remains (finDeviceCapacityCurrent)."),
      list("Status", "State of the subunit.", { words: subunitStates }),
    ],
  },
];
