import type { ObjectDefinition } from "../definition.ts";
import { choice, counter, flag, list, moment, text, whole } from "./builders.ts";
import { subunitStates } from "./enumerations.ts";

/** Interpreters, channels, scanners, jobs, and actions. */
export const subunitObjects: readonly ObjectDefinition[] = [
  {
    path: "Interpreter.{i}.",
    description: "Page description languages (prtInterpreterTable).",
    countedBy: "InterpreterNumberOfEntries",
    parameters: [
      text("LanguageFamily", "Name of prtInterpreterLangFamily (PCL, PS, PDF)."),
      text("Level", "Level of the language (prtInterpreterLangLevel)."),
      text("LanguageVersion", "Version of the language (prtInterpreterLangVersion)."),
      text("Version", "Version of the interpreter (prtInterpreterVersion)."),
      text("Description", "Description (prtInterpreterDescription)."),
    ],
  },
  {
    path: "InputChannel.{i}.",
    description: "Ways jobs come in (prtChannelTable).",
    countedBy: "InputChannelNumberOfEntries",
    parameters: [
      text("Type", "Name of prtChannelType (LPDServer, Port9100, IPP, USB, Fax)."),
      choice(
        "State",
        ["Other", "PrintDataAccepted", "NoDataAccepted", "Unknown"],
        "Whether data is taken (prtChannelState).",
      ),
      flag("IsAcceptingJobs", "Whether jobs are taken."),
      list("Status", "State of the subunit (prtChannelStatus).", { words: subunitStates }),
      text("ProtocolVersion", "Version of the protocol (prtChannelProtocolVersion)."),
      text("Information", "Lines key=value of RFC 3805 (prtChannelInformation).", {
        maxLength: 1024,
      }),
    ],
  },
  {
    path: "Scanner.{i}.",
    description: "Scan engines (PWG Scanner).",
    countedBy: "ScannerNumberOfEntries",
    parameters: [
      text("Description", "Name of the scanner."),
      counter("LifeCount", "Sides scanned since manufacture.", "images"),
      counter("PowerOnCount", "Sides scanned since power-on.", "images"),
      list("Status", "State of the subunit.", { words: subunitStates }),
    ],
  },
  {
    path: "PrintJob.{i}.",
    description: "Jobs the printer knows (RFC 2707, RFC 8011).",
    countedBy: "PrintJobNumberOfEntries",
    parameters: [
      text("JobId", "Number or name the printer gives the job."),
      text("Name", "Name of the job."),
      text("OwnerName", "Who sent it."),
      choice(
        "State",
        [
          "Pending",
          "PendingHeld",
          "Processing",
          "ProcessingStopped",
          "Canceled",
          "Aborted",
          "Completed",
        ],
        "State of the job.",
      ),
      whole("ImpressionsCompleted", "Sides printed so far.", { units: "impressions" }),
      whole("MediaSheetsCompleted", "Sheets printed so far.", { units: "sheets" }),
      moment("CreateTime", "When it arrived."),
      moment("CompleteTime", "When it ended."),
    ],
  },
  {
    path: "Action.",
    description: "One-shot actions; writing true starts them, they read false.",
    parameters: [
      flag(
        "RestartRequested",
        "Restarts the printer; on a virtual device the Reboot RPC is preferred.",
        { writable: true },
      ),
      flag("TestPageRequested", "Prints a test page.", { writable: true }),
      flag("FactoryResetRequested", "Resets the printer to factory settings.", { writable: true }),
    ],
  },
];
