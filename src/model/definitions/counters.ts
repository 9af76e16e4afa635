import type { ObjectDefinition, ParameterDefinition } from "../definition.ts";
import { counter, largeCounter, text } from "./builders.ts";

const impressions = "impressions";
const sheets = "sheets";
const images = "images";

/** Printed sides by colour, PWG 5106.1 WorkTotals; `TwoSided` counts those on sheets printed on both sides. */
function impressionCounters(of: string): readonly ParameterDefinition[] {
  const kinds = [
    ["Impressions", "Sides printed"],
    ["MonochromeImpressions", "Sides printed in black only"],
    ["FullColorImpressions", "Sides printed in full colour"],
    ["HighlightColorImpressions", "Sides printed in one or two colours"],
    ["BlankImpressions", "Sides fed without marking"],
  ] as const;
  return kinds.flatMap(([name, what]) => [
    counter(name, `${what}, ${of}.`, impressions),
    counter(`${name}TwoSided`, `${what} on two-sided sheets, ${of}.`, impressions),
  ]);
}

/** Sheets through the machine. */
function sheetCounters(of: string): readonly ParameterDefinition[] {
  return [
    counter("TotalSheets", `Sheets fed, ${of}.`, sheets),
    counter("OneSidedSheets", `Sheets printed on one side, ${of}.`, sheets),
    counter("TwoSidedSheets", `Sheets printed on both sides, ${of}.`, sheets),
  ];
}

/** Scanned or faxed sides by colour. */
function imageCounters(of: string): readonly ParameterDefinition[] {
  return [
    counter("Images", `Sides scanned or received, ${of}.`, images),
    counter("MonochromeImages", `Sides in black and white, ${of}.`, images),
    counter("FullColorImages", `Sides in colour, ${of}.`, images),
  ];
}

/** What became of jobs. */
function jobCounters(of: string): readonly ParameterDefinition[] {
  return [
    counter("CompletedJobs", `Jobs completed, ${of}.`, "jobs"),
    counter("CanceledJobs", `Jobs cancelled, ${of}.`, "jobs"),
    counter("AbortedJobs", `Jobs given up by the printer, ${of}.`, "jobs"),
  ];
}

/** Paper metering (PWG 5106.1, 5106.3). All counters are since manufacture and never run backwards. */
export const counterObjects: readonly ObjectDefinition[] = [
  {
    path: "Counters.",
    description: "Totals of the printer over all functions (PWG SystemTotals).",
    parameters: [
      ...impressionCounters("all functions"),
      ...sheetCounters("all functions"),
      ...imageCounters("all functions"),
      counter("LargeImpressions", "Sides printed on large media (A3, ledger).", impressions),
      counter("SmallImpressions", "Sides printed on other media.", impressions),
      counter("AdfImages", "Sides taken in by the document feeder.", images),
      counter("FlatbedImages", "Sides taken in from the glass.", images),
      counter("JamCount", "Paper jams."),
      ...jobCounters("all functions"),
      counter("TotalAlerts", "Alerts raised."),
      counter("PowerOnHours", "Hours switched on.", "hours"),
      counter("Length", "Length of media printed by a roll or label printer.", "millimetres"),
      largeCounter("InputKOctets", "Data received.", "kibibytes"),
      largeCounter("OutputKOctets", "Data sent.", "kibibytes"),
    ],
  },
  ...(
    [
      ["Print", "printing"],
      ["Copy", "copying"],
    ] as const
  ).map(([name, of]) => ({
    path: `Counters.${name}.`,
    description: `Counters of ${of}.`,
    parameters: [
      ...impressionCounters(of),
      ...sheetCounters(of),
      counter("Images", `Sides taken in, ${of}.`, images),
      ...jobCounters(of),
    ],
  })),
  {
    path: "Counters.Scan.",
    description: "Counters of scanning.",
    parameters: [
      ...imageCounters("scanning"),
      counter("EmailImages", "Sides scanned to e-mail.", images),
      counter("FolderImages", "Sides scanned to folders and servers.", images),
      ...jobCounters("scanning"),
    ],
  },
  ...(
    [
      ["FaxIn", "receiving faxes"],
      ["FaxOut", "sending faxes"],
    ] as const
  ).map(([name, of]) => ({
    path: `Counters.${name}.`,
    description: `Counters of ${of}.`,
    parameters: [...impressionCounters(of), ...imageCounters(of), ...jobCounters(of)],
  })),
  {
    path: "Counters.MediaUsed.{i}.",
    description: "Sheets by media size (PWG MediasUsed).",
    countedBy: "MediaUsedNumberOfEntries",
    parameters: [
      text("MediaSizeName", "PWG 5101.1 size name when certain, else the printer's own."),
      text("MediaInfo", "More about the media."),
      counter("TotalSheets", "Sheets of this size.", sheets),
      counter("MonochromeSheets", "Sheets printed in black only.", sheets),
      counter("FullColorSheets", "Sheets printed in colour.", sheets),
      counter(
        "TotalImpressions",
        "Sides of this size, where the printer counts sides.",
        impressions,
      ),
    ],
  },
];
