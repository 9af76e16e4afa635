import { files } from "./files.ts";
import { type Rule, by, gap, rule } from "./rule.ts";

const clause = "§3.7.1.5";
const { events } = files;

/** Events, with what delivers and what keeps them (TR-069a6 §3.7.1.5). */
export const eventRules: readonly Rule[] = [
  rule(
    "0 BOOTSTRAP",
    "at first contact and for another ACS, until answered, over restarts",
    clause,
    by(
      events,
      "sends BOOTSTRAP and BOOT at first contact",
      "repeats BOOTSTRAP until it was answered",
      "moves to a new ACS after the session",
      "discards events that were still undelivered when the ACS changed",
    ),
  ),
  rule(
    "1 BOOT",
    "for a restart of the device, and of the process where that is the device",
    clause,
    by(events, "sends BOOT at each start of an endpoint that stands for the process"),
    by("src/fleet/restart-report.test.ts", "reporting a restart of the printer"),
  ),
  rule(
    "2 PERIODIC",
    "in phase; kept when not delivered",
    clause,
    by(
      events,
      "informs periodically in the phase",
      "does not retry CONNECTION REQUEST, but retries",
    ),
  ),
  rule(
    "3 SCHEDULED",
    "with M ScheduleInform, until answered",
    clause,
    by(files.scheduled, "ScheduleInform"),
  ),
  rule(
    "4 VALUE CHANGE",
    "with the present value of every changed parameter; changes survive restarts",
    clause,
    by(files.notifications, "notification"),
  ),
  rule(
    "5 KICKED",
    "followed by Kicked",
    clause,
    by(files.cpeRequests, "ask the ACS once what it takes"),
    by(files.soapValid, "breaks no rule the test ACS knows"),
  ),
  rule(
    "6 CONNECTION REQUEST",
    "never retried",
    clause,
    by(events, "does not retry CONNECTION REQUEST"),
  ),
  rule(
    "7 TRANSFER COMPLETE",
    "with an M event for each order, followed by TransferComplete for each",
    clause,
    by(files.lists, "brings one event and one report per request"),
    by("src/simulator/acs/rules-of-events.test.ts", "that TransferComplete follows"),
    by(files.soapValid, "breaks no rule the test ACS knows"),
  ),
  rule(
    "8 DIAGNOSTICS COMPLETE",
    "after a test the ACS asked for, until delivered",
    clause,
    by(files.diagnostics, "diagnostics over a real endpoint"),
  ),
  gap(
    "9 REQUEST DOWNLOAD",
    "followed by RequestDownload",
    clause,
    "Nothing on the box asks for a download yet.",
    by(files.cpeRequests, "requests of the CPE"),
  ),
  rule(
    "10 AUTONOMOUS TRANSFER COMPLETE",
    "followed by its request, kept until answered",
    clause,
    by(
      files.autonomous,
      "is told by AutonomousTransferComplete with event 10",
      "is told until answered",
    ),
  ),
  rule(
    "11 DU STATE CHANGE COMPLETE",
    "with M ChangeDUState, kept until answered",
    clause,
    by(files.cpeRequests, "ChangeDUState"),
  ),
  gap(
    "12 AUTONOMOUS DU STATE CHANGE COMPLETE",
    "never sent",
    clause,
    "No deployment unit changes by itself, as there are none.",
  ),
  rule(
    "13 WAKEUP",
    "opens a session; kept until the device restarts",
    clause,
    by(files.cpeRequests, "open a session each, also those that arise during one"),
  ),
  rule(
    "14 HEARTBEAT",
    "alone in its Inform, not retried, counts no retry",
    "Annex O",
    by(files.timed, "heartbeat"),
  ),
  rule(
    "M Reboot",
    "with 1 BOOT and its CommandKey, over restarts",
    clause,
    by(events, "reboots after the session and reports M Reboot", "reports M Reboot with BOOT"),
  ),
  rule("M ScheduleInform", "one for each call", clause, by(files.scheduled, "keeps several apart")),
  rule(
    "M Download, M Upload",
    "one for each order, until TransferComplete is answered",
    clause,
    by(files.lists, "brings one event and one report per request"),
  ),
  rule(
    "M ScheduleDownload",
    "after the window, with the outcome",
    clause,
    by(files.transferQueue, "begins in its window and reports by M ScheduleDownload"),
  ),
  rule(
    "M ChangeDUState",
    "with 11",
    clause,
    by(files.cpeRequests, "is answered, and each operation told failed"),
  ),
  rule(
    "array of events",
    "single ones once, M events by key, at most 64, CommandKey on M events only",
    "A.3.3.1",
    by(files.rules, "selectInformEvents"),
  ),
];
