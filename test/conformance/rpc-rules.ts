import { files } from "./files.ts";
import { type Rule, by, gap, rule } from "./rule.ts";

const { rpc, objectRpcs, objects, lists, transferQueue, cpeRequests } = files;

/** What an ACS may call (TR-069a6 A.3.1, A.3.2, A.4.1). */
export const acsRpcs: readonly Rule[] = [
  rule(
    "GetRPCMethods",
    "lists exactly what this endpoint answers",
    "A.3.1.1",
    by(rpc, "lists exactly what is answered"),
    by(lists, "is listed and answered only where the device takes files"),
    by(files.virtual, "have an ACS, credentials and methods of their own"),
  ),
  rule(
    "SetParameterValues",
    "all or nothing; each fault listed; ParameterKey with success only; Status 0 after read-back, 1 when committed",
    "A.3.2.1",
    by(rpc, "SetParameterValues"),
    by(files.virtualTree, "a write to a virtual device"),
    by(files.hostileCuts, "a connection cut at any point of a session leaves nothing half-written"),
  ),
  rule(
    "GetParameterValues",
    "full and partial paths; any unknown name fails the whole",
    "A.3.2.2",
    by(rpc, "GetParameterValues"),
  ),
  rule("GetParameterNames", "all four quadrants", "A.3.2.3", by(rpc, "GetParameterNames")),
  rule(
    "SetParameterAttributes",
    "partial paths, all or nothing, kept over a restart",
    "A.3.2.4",
    by(rpc, "parameter attributes"),
  ),
  rule(
    "GetParameterAttributes",
    "what is in force, defaults of the model included",
    "A.3.2.5",
    by(rpc, "parameter attributes"),
  ),
  rule(
    "AddObject",
    "a row with the model's defaults under a number never used before",
    "A.3.2.6",
    by(objectRpcs, "AddObject"),
    by(objects, "AddObject and DeleteObject"),
  ),
  rule(
    "DeleteObject",
    "the row and all below it, with attributes and pending changes",
    "A.3.2.7",
    by(objectRpcs, "DeleteObject"),
    by(objects, "forget attributes, aliases and pending changes"),
  ),
  rule(
    "Reboot",
    "answered, carried out after the session, told by 1 BOOT and M Reboot, over a restart of the process",
    "A.3.2.9",
    by(files.events, "reboots after the session", "orders a promised reboot again"),
  ),
  rule(
    "Download",
    "Status 1, applied, told by TransferComplete until answered, over restarts",
    "A.3.2.8",
    by(files.httpDownload, "Download by HTTP"),
    by(lists, "a Download within sessions"),
    by(files.transfersE2e, "Download of the configuration of the proxier"),
  ),
  rule(
    "Upload",
    "HTTP PUT of a snapshot of the file, told by TransferComplete",
    "A.4.1.5",
    by(files.httpUpload, "Upload by HTTP"),
    by(files.transfersE2e, "Upload from the proxier"),
  ),
  rule(
    "FactoryReset",
    "answered first, then BOOTSTRAP and BOOT as a new device",
    "A.4.1.6",
    by(files.factoryReset, "FactoryReset"),
  ),
  rule(
    "ScheduleInform",
    "3 SCHEDULED and M ScheduleInform after the delay since the call, several at a time, over restarts",
    "A.4.1.2",
    by(files.scheduled, "ScheduleInform"),
  ),
  rule(
    "ScheduleDownload",
    "inside its windows, by mode and number of retries, 9020 after the last",
    "A.4.1.8",
    by(transferQueue, "ScheduleDownload"),
    by(files.transferMachine, "windows"),
  ),
  rule(
    "CancelTransfer",
    "every waiting transfer of the key, without a report; 9021 once the file is applied",
    "A.4.1.9",
    by(transferQueue, "CancelTransfer"),
  ),
  rule(
    "GetQueuedTransfers",
    "key and state of each",
    "A.4.1.1",
    by(transferQueue, "lists transfers with what they are"),
    by(files.soapValid, "is valid SOAP and CWMP, one of each kind of message"),
  ),
  rule(
    "GetAllQueuedTransfers",
    "kind, file type, size and target too",
    "A.4.1.7",
    by(transferQueue, "lists transfers with what they are"),
    by(files.soapValid, "is valid SOAP and CWMP, one of each kind of message"),
  ),
  gap(
    "ChangeDUState",
    "answered; every operation told failed with its own fault",
    "A.4.1.10",
    "No deployment unit can be installed yet, so no operation succeeds.",
    by(cpeRequests, "ChangeDUState"),
  ),
  rule(
    "GetOptions, SetVouchers",
    "deprecated: fault 9000",
    "A.4.1.3, A.4.1.4",
    by(files.soapValid, "is valid SOAP and CWMP, one of each kind of message"),
  ),
  rule(
    "a method that does not exist",
    "fault 9000 under its ID, and the session goes on",
    "A.5.1",
    by(files.session, "answers unknown methods 9000"),
  ),
];

/** What a CPE calls (TR-069a6 A.3.3, A.4.2). */
export const cpeRpcs: readonly Rule[] = [
  rule(
    "Inform",
    "first in every session, one in each, valid by the schema",
    "A.3.3.1",
    by(files.events, "events of an endpoint"),
    by(files.hostileSessions, "never sends a second Inform in a session"),
    by(files.soapValid, "is valid SOAP and CWMP, one of each kind of message"),
  ),
  rule(
    "TransferComplete",
    "one for each Download and Upload, repeated until answered without fault",
    "A.3.3.2",
    by(lists, "is told in every session until the ACS answers", "brings one event and one report"),
  ),
  rule(
    "AutonomousTransferComplete",
    "for files that came or went without the ACS, by its policy",
    "A.3.3.3",
    by(files.autonomous, "a transfer nobody ordered", "AutonomousTransferCompletePolicy"),
  ),
  rule(
    "GetRPCMethods",
    "asked before the first optional request, once per ACS",
    "A.3.1.1",
    by(cpeRequests, "ask the ACS once what it takes", "are asked again of an ACS at another URL"),
  ),
  gap(
    "RequestDownload",
    "sent with 9 REQUEST DOWNLOAD to an ACS that lists it",
    "A.4.2.2",
    "The engine sends it; nothing on the box asks for it yet.",
    by(cpeRequests, "requests of the CPE"),
  ),
  rule(
    "Kicked",
    "sent with 5 KICKED; the user goes where the ACS says",
    "A.4.2.1",
    by(cpeRequests, "ask the ACS once what it takes"),
    by("src/api/server.test.ts", "sends a browser that kicks"),
    by(files.soapValid, "is valid SOAP and CWMP, one of each kind of message"),
  ),
  rule(
    "DUStateChangeComplete",
    "the result of every operation, until answered, over restarts",
    "A.4.2.3",
    by(cpeRequests, "tells the results until they are answered"),
  ),
  gap(
    "AutonomousDUStateChangeComplete",
    "never sent",
    "A.4.2.4",
    "No deployment unit changes by itself, as there are none.",
    by(files.codec, "carries "),
  ),
  rule(
    "every message, both directions",
    "keeps its content through encoder and decoder, and is valid by the CWMP schemas",
    "cwmp-1-0.xsd to cwmp-1-4.xsd",
    by(files.codec, "carries ", "makes envelopes valid by the XSDs"),
    by(files.soapValid, "is valid SOAP and CWMP, one of each kind of message"),
  ),
];
