import type { ObjectDefinition } from "../definition.ts";
import { choice, flag, level, list, moment, signed, text, whole } from "./builders.ts";
import { alertSeverities, coverStatuses, printerStates, subunitStates } from "./enumerations.ts";

const alertParameters = [
  choice("Severity", alertSeverities, "Severity of the condition (prtAlertSeverityLevel)."),
  choice(
    "TrainingLevel",
    [
      "Other",
      "Unknown",
      "Untrained",
      "Trained",
      "FieldService",
      "Management",
      "NoInterventionRequired",
    ],
    "Skill needed to clear the condition (prtAlertTrainingLevel).",
  ),
  text("Group", "Kind of subunit concerned, the name of prtAlertGroup (MarkerSupplies, Input)."),
  signed("GroupIndex", "Row of that subunit in its MIB table, -1 when none (prtAlertGroupIndex)."),
  text("Code", "Name of prtAlertCode (Jam, MarkerTonerEmpty); the number when it has no name."),
  text("Description", "Text of the printer, in its own language (prtAlertDescription).", {
    maxLength: 1024,
  }),
  signed("Location", "Vendor's own location code within the subunit (prtAlertLocation)."),
  moment("Time", "When the condition arose, from prtAlertTime against the printer's uptime."),
];

/** Identification, state, alerts, covers: what a service desk looks at first. */
export const generalObjects: readonly ObjectDefinition[] = [
  {
    path: "General.",
    description: "Identification, asset information and state of the printer (PWG System object).",
    parameters: [
      text("MakeAndModel", "Maker and model in one text (PWG MakeAndModel, hrDeviceDescr)."),
      text("Manufacturer", "Maker of the printer."),
      text("ModelName", "Model without the maker's name."),
      text("ProductNumber", "Maker's order or product number."),
      text("SerialNumber", "Serial number of the printer (prtGeneralSerialNumber)."),
      text("SystemUuid", "UUID of the printer as it tells it (PWG SystemUuid)."),
      text("DeviceId", "IEEE 1284 device id string.", { maxLength: 2048 }),
      text("PrinterName", "Name given to the printer on the printer (prtGeneralPrinterName)."),
      text("SystemName", "Administrative name (sysName).", { writable: true, maxLength: 255 }),
      text("SystemLocation", "Where the printer stands (sysLocation).", {
        writable: true,
        maxLength: 255,
      }),
      text("OwnerContact", "Whom to contact about the printer (sysContact).", {
        writable: true,
        maxLength: 255,
      }),
      text("OwnerContactEmail", "Mail address of that contact.", {
        writable: true,
        maxLength: 255,
      }),
      text("OwnerContactPhone", "Telephone number of that contact.", {
        writable: true,
        maxLength: 127,
      }),
      text("Organization", "Organization the printer belongs to (printer-organization).", {
        writable: true,
        maxLength: 255,
      }),
      text("OrganizationalUnit", "Part of the organization (printer-organizational-unit).", {
        writable: true,
        maxLength: 255,
      }),
      text("Latitude", "Degrees north with decimals (printer-geo-location).", { writable: true }),
      text("Longitude", "Degrees east with decimals (printer-geo-location).", { writable: true }),
      text("ServicePerson", "Whom to call for service (prtGeneralServicePerson).", {
        writable: true,
        maxLength: 127,
      }),
      text("AssetNumber", "The owner's asset number.", { writable: true }),
      text("SystemInfo", "Description the printer gives of itself (sysDescr).", {
        maxLength: 1024,
      }),
      choice(
        "State",
        printerStates,
        "State derived from hrDeviceStatus and hrPrinterStatus (RFC 2790).",
      ),
      list(
        "StateReasons",
        "Why the state is what it is, RFC 8011 keywords in Semantic Model spelling (MarkerSupplyLow, MediaEmpty, MediaJam); from hrPrinterDetectedErrorState.",
      ),
      text("StateMessage", "Text of the printer about its state.", { maxLength: 1024 }),
      whole("UpTime", "Seconds since the printer last started.", { units: "seconds" }),
      text("CurrentOperator", "Who operates the printer (prtGeneralCurrentOperator).", {
        writable: true,
        maxLength: 127,
      }),
      text("NaturalLanguage", "Language of the printer's texts, RFC 5646 tag.", {
        writable: true,
      }),
      moment("InstallDate", "When the printer was first installed."),
      whole("MemorySize", "Size of the main memory in kibibytes.", { units: "kibibytes" }),
      whole("PagesPerMinute", "Rated speed, monochrome, in pages per minute."),
      whole("PagesPerMinuteColor", "Rated speed, colour, in pages per minute."),
      flag("ColorSupported", "Whether the printer prints in colour."),
      text(
        "ConsoleText",
        "Lines of the operator panel joined by line feeds (prtConsoleDisplayBufferText).",
        {
          maxLength: 2048,
        },
      ),
      whole("ConfigChanges", "Count of configuration changes (prtGeneralConfigChanges)."),
      whole("CriticalAlerts", "Count of critical alerts since start (prtAlertCriticalEvents)."),
      whole("AllAlerts", "Count of all alerts since start (prtAlertAllEvents)."),
    ],
  },
  {
    path: "General.Firmware.{i}.",
    description: "One row per firmware component (PWG SystemHealth Firmware).",
    countedBy: "FirmwareNumberOfEntries",
    parameters: [
      text("Name", "Component (system, engine, network card)."),
      text("Version", "Version as the printer writes it."),
      moment("Date", "Date of this version."),
    ],
  },
  {
    path: "Alert.{i}.",
    description: "Conditions present now (prtAlertTable); rows come and go.",
    countedBy: "AlertNumberOfEntries",
    parameters: alertParameters,
  },
  {
    path: "AlertHistory.{i}.",
    description: "Conditions that were cleared.",
    countedBy: "AlertHistoryNumberOfEntries",
    parameters: [...alertParameters, moment("ClearTime", "When the condition was cleared.")],
  },
  {
    path: "Cover.{i}.",
    description: "Doors, covers and interlocks (prtCoverTable).",
    countedBy: "CoverNumberOfEntries",
    parameters: [
      text("Description", "Name of the cover (prtCoverDescription)."),
      flag("IsOpen", "Open; absent when the printer reports neither open nor closed."),
      choice("Status", coverStatuses, "Status with interlocks told apart (prtCoverStatus)."),
      text("SubunitType", "Kind of subunit behind the cover."),
    ],
  },
  {
    path: "ConsoleLight.{i}.",
    description: "Lights of the operator panel (prtConsoleLightTable).",
    countedBy: "ConsoleLightNumberOfEntries",
    parameters: [
      text("Description", "What the light stands for (prtConsoleDescription)."),
      text("Color", "Name of prtConsoleColor."),
      flag("IsLit", "On or blinking."),
      signed("OnTime", "Milliseconds on per blink cycle (prtConsoleOnTime).", {
        units: "milliseconds",
      }),
      signed("OffTime", "Milliseconds off per blink cycle (prtConsoleOffTime).", {
        units: "milliseconds",
      }),
    ],
  },
  {
    path: "Localization.{i}.",
    description: "Languages and character sets the printer can use (prtLocalizationTable).",
    countedBy: "LocalizationNumberOfEntries",
    parameters: [
      text("Language", "ISO 639 code (prtLocalizationLanguage)."),
      text("Country", "ISO 3166 code (prtLocalizationCountry)."),
      text(
        "CharacterSet",
        "IANA name, or its MIBenum, of the character set (prtLocalizationCharacterSet).",
      ),
    ],
  },
  {
    path: "Storage.{i}.",
    description: "Memories, disks and file systems (hrStorageTable, PWG Storage).",
    countedBy: "StorageNumberOfEntries",
    parameters: [
      text("Type", "Kind of storage (RAM, FlashMemory, FixedDisk)."),
      text("Description", "Name the printer gives it."),
      whole("Size", "Size in kibibytes.", { units: "kibibytes" }),
      whole("Free", "Free space in kibibytes.", { units: "kibibytes" }),
    ],
  },
  {
    path: "Processor.{i}.",
    description: "Processors (hrProcessorTable).",
    countedBy: "ProcessorNumberOfEntries",
    parameters: [
      text("Description", "Name the printer gives it."),
      whole("Load", "Average load of the last minute.", { units: "percent", maximum: 100 }),
    ],
  },
  {
    path: "FaxModem.{i}.",
    description: "Fax modems (PWG FaxModem).",
    countedBy: "FaxModemNumberOfEntries",
    parameters: [
      text("Name", "Name of the line."),
      text("Model", "Model of the modem."),
      list("Status", "State of the subunit.", { words: subunitStates }),
      whole("NumberOfRetries", "Attempts after a failed call."),
      whole("RingsBeforeAnswer", "Rings before an incoming call is taken."),
      level("AudioVolume", "Loudness of the line monitor."),
      choice("DialingMethod", ["Tone", "Pulse", "Unknown"], "Way of dialling."),
    ],
  },
];
