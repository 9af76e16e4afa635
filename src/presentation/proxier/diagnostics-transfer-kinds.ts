import { formatMicroTime } from "../../model/values.ts";
import {
  type DiagnosticArguments,
  type DiagnosticKind,
  type DiagnosticOutcome,
  argument,
  dscp,
  errorState,
  interfaceReference,
  protocolVersion,
  result,
} from "./diagnostics-definition.ts";
import { interfaceCheck, versionOf } from "./diagnostics-ip-kinds.ts";
import type {
  DiagnosticRunners,
  DiagnosticSurroundings,
  TransferTest,
  TransferTestResult,
} from "./diagnostics-ports.ts";

/** TR-181i2 StatsCounter64: no data available. */
const noData = "18446744073709551615";

const instants = ["ROMTime", "BOMTime", "EOMTime", "TCPOpenRequestTime", "TCPOpenResponseTime"];

/** `Device.IP.Diagnostics.DownloadDiagnostics.` (TR-181i2, TR-143): one connection, by file size. */
export function downloadKind(
  runners: DiagnosticRunners,
  surroundings: DiagnosticSurroundings,
): DiagnosticKind {
  return {
    object: "Device.IP.Diagnostics.DownloadDiagnostics.",
    arguments: [...transferArguments, argument("DownloadURL", "string", "", { maxLength: 2048 })],
    required: ["DownloadURL"],
    results: [
      result("DownloadTransports", "string", "normal", "HTTP"),
      result("IPAddressUsed", "string", "canDeny"),
      ...instants.map((name) => result(name, "dateTime", "canDeny")),
      result("TestBytesReceived", "unsignedLong"),
      result("TotalBytesReceived", "unsignedLong"),
      result("TotalBytesSent", "unsignedLong"),
    ],
    check: transferCheck(surroundings),
    run: async (given, signal) => {
      const test = transferTest(given, "DownloadURL", surroundings);
      return measured("TestBytesReceived", await runners.download(test, signal));
    },
  };
}

/** `Device.IP.Diagnostics.UploadDiagnostics.` (TR-181i2, TR-143): one connection, by file size. */
export function uploadKind(
  runners: DiagnosticRunners,
  surroundings: DiagnosticSurroundings,
): DiagnosticKind {
  return {
    object: "Device.IP.Diagnostics.UploadDiagnostics.",
    arguments: [
      ...transferArguments,
      argument("UploadURL", "string", "", { maxLength: 2048 }),
      argument("TestFileLength", "unsignedLong", "0", { maximum: surroundings.mostTransferBytes }),
    ],
    required: ["UploadURL"],
    results: [
      result("UploadTransports", "string", "normal", "HTTP"),
      result("IPAddressUsed", "string"),
      ...instants.map((name) => result(name, "dateTime", "canDeny")),
      result("TestBytesSent", "unsignedLong"),
      result("TotalBytesReceived", "unsignedLong"),
      result("TotalBytesSent", "unsignedLong"),
    ],
    check: transferCheck(surroundings),
    run: async (given, signal) => {
      const fileLength = given.whole("TestFileLength");
      const test = { ...transferTest(given, "UploadURL", surroundings), fileLength };
      return measured("TestBytesSent", await runners.upload(test, signal));
    },
  };
}

const transferArguments = [
  interfaceReference,
  dscp,
  argument("EthernetPriority", "unsignedInt", "0", { minimum: 0, maximum: 7 }),
  protocolVersion,
];

function transferTest(
  given: DiagnosticArguments,
  url: "DownloadURL" | "UploadURL",
  { interfaceName }: DiagnosticSurroundings,
): TransferTest {
  return {
    url: given.text(url),
    version: versionOf(given),
    interfaceName: interfaceName(given.text("Interface")),
  };
}

function transferCheck(surroundings: DiagnosticSurroundings): NonNullable<DiagnosticKind["check"]> {
  const checkInterface = interfaceCheck(surroundings);
  return (name, value) => {
    if (name.endsWith("URL")) return value === "" ? undefined : urlProblem(value);
    if ((name === "DSCP" || name === "EthernetPriority") && Number(value) !== 0)
      return "this box cannot mark the packets of a transfer; only 0 is possible";
    return checkInterface(name, value);
  };
}

/** TR-181i2: HTTP without authentication. */
function urlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return "is no URL";
  const { protocol, username, password } = new URL(text);
  if (protocol !== "http:" && protocol !== "https:") return "is not http or https";
  return username + password === "" ? undefined : "holds a user name or password";
}

function measured(bytes: string, found: TransferTestResult): DiagnosticOutcome {
  if (found.outcome === "failed") return { state: errorState(found.reason) };
  const total = (octets: bigint | "unknown"): string =>
    octets === "unknown" ? noData : octets.toString();
  return {
    state: "Complete",
    results: {
      IPAddressUsed: found.sourceAddress,
      ROMTime: formatMicroTime(found.requestUs),
      BOMTime: formatMicroTime(found.beginUs),
      EOMTime: formatMicroTime(found.endUs),
      TCPOpenRequestTime: formatMicroTime(found.tcpOpenRequestUs),
      TCPOpenResponseTime: formatMicroTime(found.tcpOpenResponseUs),
      [bytes]: found.testBytes.toString(),
      TotalBytesReceived: total(found.totalReceived),
      TotalBytesSent: total(found.totalSent),
    },
  };
}
