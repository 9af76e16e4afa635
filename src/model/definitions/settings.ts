import type { ObjectDefinition } from "../definition.ts";
import { choice, enable, flag, list, signed, text, whole } from "./builders.ts";
import { colorModes, orientations, sides } from "./enumerations.ts";

const writable = { writable: true } as const;
const seconds = { writable: true, units: "seconds" } as const;
const minutes = { writable: true, units: "minutes" } as const;

const alertEvents = [
  "SupplyLow",
  "SupplyEmpty",
  "PaperLow",
  "PaperEmpty",
  "PaperJam",
  "CoverOpen",
  "ServiceRequired",
  "Offline",
] as const;

/** Printing, scanning, faxing and language settings; almost all of them live behind the printer's web pages. */
export const settingsObjects: readonly ObjectDefinition[] = [
  { path: "Settings.", description: "Settings of the printer's functions.", parameters: [] },
  {
    path: "Settings.EmailAlert.",
    description: "Alerts the printer mails by itself.",
    parameters: [enable("Alerts are mailed.")],
  },
  {
    path: "Settings.EmailAlert.Recipient.{i}.",
    description: "Who gets which alerts.",
    countedBy: "RecipientNumberOfEntries",
    parameters: [
      text("Address", "Mail address.", writable),
      enable("This recipient gets mails."),
      list("Events", "Conditions mailed to this recipient.", { ...writable, words: alertEvents }),
    ],
  },
  {
    path: "Settings.Finishing.",
    description: "Finishing defaults.",
    parameters: [
      list("Finishings", "Default finishings (RFC 8011 finishings in Semantic Model spelling).", {
        ...writable,
        words: [
          "None",
          "Staple",
          "Punch",
          "Fold",
          "Cover",
          "Bind",
          "SaddleStitch",
          "EdgeStitch",
          "Trim",
          "Bale",
          "BookletMaker",
          "JogOffset",
        ],
      }),
      text("StaplePosition", "Where the staple goes.", writable),
      text("PunchPattern", "Holes to punch.", writable),
      text("OutputTray", "Default output tray.", writable),
      flag("Collate", "Copies are collated.", writable),
      flag(
        "BannerPage",
        "A banner page precedes each job (prtAuxiliarySheetBannerPage).",
        writable,
      ),
      flag("SeparatorSheet", "A separator sheet divides jobs.", writable),
      flag("ResourceSave", "Downloaded fonts and macros survive a change of language.", writable),
      flag("PrintBlankPages", "Pages without content are printed.", writable),
    ],
  },
  {
    path: "Settings.Print.",
    description: "Print defaults.",
    parameters: [
      whole("Copies", "Default number of copies.", { ...writable, minimum: 1 }),
      choice("Sides", sides, "Default sides.", writable),
      text("MediaSizeName", "Default size, PWG 5101.1 name when certain.", writable),
      text("MediaType", "Default kind of media.", writable),
      text("MediaSource", "Default tray.", writable),
      text("Resolution", "Default resolution (600dpi, 1200x600dpi).", writable),
      choice("Quality", ["Draft", "Normal", "High"], "Default quality.", writable),
      choice("ColorMode", colorModes, "Default colour handling.", writable),
      choice("OrientationRequested", orientations, "Default orientation.", writable),
      flag("TonerSave", "Toner is saved.", writable),
      signed("Darkness", "Print darkness on the printer's own scale, -2: not told.", writable),
      signed("Speed", "Print speed on the printer's own scale, -2: not told.", writable),
      choice(
        "ContentOptimize",
        ["Auto", "Graphics", "Photo", "Text", "TextAndGraphics"],
        "What prints are optimized for (PWG PrintContentOptimize).",
        writable,
      ),
      choice(
        "Scaling",
        ["Auto", "AutoFit", "Fill", "Fit", "None"],
        "How documents of another size are scaled (PWG PrintScaling).",
        writable,
      ),
      whole("JobTimeout", "Seconds until an incomplete job is given up.", seconds),
      whole("SleepDelay", "Minutes until the printer sleeps (PWG PowerTimeout).", minutes),
      flag("PanelLock", "The operator panel is locked (prtConsoleDisable).", writable),
      flag("StartupPage", "A page is printed at start (prtAuxiliarySheetStartupPage).", writable),
      text("DefaultInterpreter", "Language assumed when a job does not say.", writable),
      flag("AutoContinue", "The printer goes on by itself after recoverable errors.", writable),
      flag("TonerLowAlarm", "Low toner is announced on the panel.", writable),
      flag("ErrorAlarm", "Errors sound an alarm.", writable),
    ],
  },
  {
    path: "Settings.Scan.",
    description: "Scan defaults.",
    parameters: [
      text("Resolution", "Default resolution.", writable),
      choice(
        "ColorEntry",
        ["Auto", "BiLevel", "Grayscale", "Color"],
        "Default colour handling.",
        writable,
      ),
      choice("InputSource", ["Platen", "ADF", "ADFDuplex"], "Default source.", writable),
      text("DocumentFormat", "Default file format, MIME type.", writable),
      signed("CompressionQualityFactor", "Default compression quality, 0 to 100.", {
        ...writable,
        minimum: 0,
        maximum: 100,
      }),
      signed("Darkness", "Scan darkness on the printer's own scale.", writable),
    ],
  },
  {
    path: "Settings.Scan.Destination.{i}.",
    description: "Scan targets.",
    countedBy: "DestinationNumberOfEntries",
    parameters: [
      text("Name", "Name shown on the panel."),
      text("Uri", "Where the scan goes.", { ...writable, maxLength: 1024 }),
    ],
  },
  {
    path: "Settings.Fax.",
    description: "Fax settings.",
    parameters: [
      text("StationID", "Name sent to the other side.", writable),
      text("PhoneNumber", "Number of this fax.", writable),
      flag("HeaderPrint", "A header line is printed.", writable),
      whole("NumberOfRetries", "Attempts after a failed call.", writable),
      whole("RetryInterval", "Minutes between attempts.", minutes),
      whole("RingsBeforeAnswer", "Rings before a call is taken.", writable),
      choice(
        "ReceiveMode",
        ["Auto", "Manual", "TelFax", "AnsweringMachine"],
        "How calls are taken.",
        writable,
      ),
      whole("AudioVolume", "Loudness of the line monitor.", writable),
      choice("DialingMethod", ["Tone", "Pulse"], "Way of dialling.", writable),
      signed("Darkness", "Darkness of sent faxes on the printer's own scale.", writable),
      text("Resolution", "Default resolution.", writable),
    ],
  },
  {
    path: "Settings.PCL.",
    description: "PCL defaults (PJL LPARM:PCL).",
    parameters: [
      text("FontSource", "FONTSOURCE.", writable),
      whole("FontNumber", "FONTNUMBER.", writable),
      text("Pitch", "PITCH, characters per inch with two decimals.", writable),
      text("PointSize", "PTSIZE, points with two decimals.", writable),
      text("SymbolSet", "SYMSET.", writable),
      choice("Orientation", orientations, "Orientation.", writable),
      whole("FormLines", "FORMLINES, lines per page.", { ...writable, minimum: 5, maximum: 128 }),
      text("LineTermination", "How line ends are treated.", writable),
      flag("AppendCRtoLF", "A carriage return is added to each line feed.", writable),
      flag("A4Wide", "A4 takes 80 columns at 10 pitch.", writable),
      text("MediaSizeName", "Default size.", writable),
      choice("Sides", sides, "Default sides.", writable),
      flag("DraftMode", "Draft mode.", writable),
      choice("ColorMode", colorModes, "Colour handling.", writable),
    ],
  },
  {
    path: "Settings.PS.",
    description: "PostScript defaults (PJL LPARM:POSTSCRIPT).",
    parameters: [
      flag("PrintErrorPage", "A page is printed on PostScript errors (PRTPSERRS).", writable),
      whole("JobTimeout", "Seconds a job may take, 0 without limit (JOBTIMEOUT).", seconds),
      whole("WaitTimeout", "Seconds without data, 0 without limit (WAITTIMEOUT).", seconds),
      flag("BinaryProtocol", "Binary data is accepted.", writable),
      flag("DeferMedia", "The tray is chosen without asking.", writable),
      text("MediaSource", "Tray used by PostScript jobs.", writable),
    ],
  },
];
