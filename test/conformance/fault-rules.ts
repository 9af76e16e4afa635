import { files } from "./files.ts";
import { type Rule, by, gap, rule } from "./rule.ts";

const cpe = "A.5.1";
const acs = "A.5.2";
const { rpc, httpDownload, transferQueue, cpeRequests, session } = files;
const units = "No deployment unit can be installed yet.";

/** Fault codes of the CPE (TR-069a6 A.5.1) and of the ACS (A.5.2). */
export const faultRules: readonly Rule[] = [
  rule("9000", "method not supported", cpe, by(session, "answers unknown methods 9000")),
  rule(
    "9001",
    "request denied",
    cpe,
    by(transferQueue, "hosts that transfers.allowHosts does not have"),
  ),
  rule(
    "9002",
    "internal error, with an id that the log knows",
    cpe,
    by(rpc, "answers 9002 with an error id"),
    by(files.virtualTree, "to a silent printer is refused with 9002"),
  ),
  rule(
    "9003",
    "invalid arguments",
    cpe,
    by(rpc, "lists every fault in one 9003", "refuses a parameter named twice"),
    by(session, "answers unknown methods 9000 and unusable arguments 9003"),
  ),
  rule(
    "9004",
    "resources exceeded",
    cpe,
    by(rpc, "refuses endless lists with 9004"),
    by(files.objects, "answer 9004 when the table is full"),
    by(transferQueue, "the seventeenth transfer"),
    by(files.scheduled, "refuses a delay of 0 with 9003 and the 33rd with 9004"),
  ),
  rule(
    "9005",
    "invalid parameter name",
    cpe,
    by(rpc, "refuses unknown paths, objects without their dot", "fails as a whole when one name"),
  ),
  rule("9006", "invalid parameter type", cpe, by(rpc, "lists every fault in one 9003")),
  rule("9007", "invalid parameter value", cpe, by(rpc, "lists every fault in one 9003")),
  rule(
    "9008",
    "attempt to set a non-writable parameter",
    cpe,
    by(rpc, "lists every fault in one 9003"),
  ),
  rule("9009", "notification request rejected", cpe, by(rpc, "are refused as a whole: 9009")),
  rule(
    "9010",
    "file transfer failure",
    cpe,
    by(files.transferMachine, "reports a Download and an Upload that could not begin"),
    by(transferQueue, "Upload of a file the device does not give, and every Download"),
  ),
  rule(
    "9011",
    "upload failure",
    cpe,
    by(files.fileServers, "tells an upload to where nothing can be written as 9011"),
  ),
  rule(
    "9012",
    "file transfer server authentication failure",
    cpe,
    by(httpDownload, "authentication of a Download"),
    by(files.fileServers, "tells the password "),
  ),
  rule("9013", "unsupported protocol", cpe, by(transferQueue, "orders that are refused at once")),
  gap("9014", "unable to join multicast group", cpe, "No multicast transfers."),
  rule(
    "9015",
    "unable to contact file server",
    cpe,
    by(httpDownload, "tells a server that is not there as 9015"),
  ),
  rule(
    "9016",
    "unable to access file",
    cpe,
    by(files.fileServers, "tells a file that is not there as 9016"),
  ),
  rule(
    "9017",
    "unable to complete download",
    cpe,
    by(httpDownload, "tells a transfer broken off as 9017"),
  ),
  rule(
    "9018",
    "file corrupted",
    cpe,
    by(httpDownload, "compares the file with Content-MD5", "refuses a file of another size"),
    by(files.transfersE2e, "takes one back that does not come up"),
  ),
  gap("9019", "file authentication failure", cpe, "No signed packages yet."),
  rule(
    "9020",
    "not within the time windows",
    cpe,
    by(transferQueue, "tries MaxRetries times in each window, then reports 9020"),
  ),
  rule(
    "9021",
    "cancelation not permitted",
    cpe,
    by(transferQueue, "is refused while the file is applied"),
  ),
  rule(
    "9013, 9022, 9023, 9028",
    "of a deployment unit that cannot be",
    cpe,
    by(cpeRequests, "is answered, and each operation told failed with its own fault"),
  ),
  gap("9024 to 9027, 9029 to 9032", "of a deployment unit that is there", cpe, units),
  rule(
    "8000",
    "to a request of the CPE: not made again to that ACS",
    acs,
    by(cpeRequests, "are not made to an ACS that does not list them"),
  ),
  rule(
    "8001 to 8004",
    "to the Inform: the session failed; to a request: sent again in another session",
    acs,
    by(session, "fails on any other fault to the Inform, but not on one to a later request"),
    by(cpeRequests, "keep their event after another fault"),
  ),
  rule(
    "8005",
    "the same message again, a few times",
    acs,
    by(session, "repeats the same message after fault 8005"),
    by(cpeRequests, "are repeated in the same session after fault 8005"),
  ),
  rule(
    "8006",
    "the next attempt in an older version",
    acs,
    by(files.dialect, "go back one namespace per attempt"),
  ),
];
