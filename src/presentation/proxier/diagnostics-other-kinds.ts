import { printerTest } from "../../model/printer-test.ts";
import {
  type DiagnosticKind,
  type DiagnosticParameter,
  argument,
  errorState,
  interfaceReference,
  result,
} from "./diagnostics-definition.ts";
import { interfaceCheck } from "./diagnostics-ip-kinds.ts";
import type { DiagnosticRunners, DiagnosticSurroundings } from "./diagnostics-ports.ts";

/** Each repetition of a name lookup is a row of results. */
const mostLookups = 256;

/** `Device.DNS.Diagnostics.NSLookupDiagnostics.` (TR-181i2). */
export function nameLookupKind(
  runners: DiagnosticRunners,
  surroundings: DiagnosticSurroundings,
): DiagnosticKind {
  const { interfaceName } = surroundings;
  return {
    object: "Device.DNS.Diagnostics.NSLookupDiagnostics.",
    stateNotification: "canDeny",
    arguments: [
      interfaceReference,
      argument("HostName", "string", "", { maxLength: 256 }),
      argument("DNSServer", "string", "", { maxLength: 256 }),
      argument("Timeout", "unsignedInt", "5000"),
      argument("NumberOfRepetitions", "unsignedInt", "1", { maximum: mostLookups }),
    ],
    required: ["HostName"],
    results: [result("SuccessCount", "unsignedInt", "canDeny")],
    table: {
      name: "Result",
      count: result("ResultNumberOfEntries", "unsignedInt", "canDeny"),
      columns: [
        result("Status", "string", "canDeny"),
        result("AnswerType", "string", "canDeny"),
        result("HostNameReturned", "string"),
        result("IPAddresses", "string", "canDeny"),
        result("DNSServerIP", "string", "canDeny"),
        result("ResponseTime", "unsignedInt", "canDeny"),
      ],
    },
    check: interfaceCheck(surroundings),
    run: async (given, signal) => {
      const repetitions = given.whole("NumberOfRepetitions");
      const found = await runners.nameLookup(
        {
          hostName: given.text("HostName"),
          dnsServer: given.text("DNSServer"),
          timeoutMs: given.whole("Timeout"),
          repetitions,
          interfaceName: interfaceName(given.text("Interface")),
        },
        signal,
      );
      if (found.outcome === "failed") return { state: errorState(found.reason) };
      const succeeded = found.answers.filter(({ status }) => status === "Success").length;
      return {
        // TR-181i2 Result.{i}.Status: one failing attempt is no error, all of them are.
        state: succeeded === 0 && repetitions > 0 ? errorState("Other") : "Complete",
        results: { SuccessCount: succeeded.toString() },
        rows: found.answers.map((answer) => ({
          Status: answer.status,
          AnswerType: answer.answerType,
          HostNameReturned: answer.hostName.slice(0, 256),
          IPAddresses: answer.addresses.join(","),
          DNSServerIP: answer.serverAddress,
          ResponseTime: answer.responseMs.toString(),
        })),
      };
    },
  };
}

/** Values before the first test, where they are not empty and not 0. */
const printerTestInitials: Readonly<Record<string, string>> = {
  Timeout: "5000",
  PingStatus: "None",
  SNMPStatus: "None",
  EWSStatus: "None",
};

const printerTestParameters = printerTest.parameters
  .filter(({ name }) => name !== "DiagnosticsState")
  .map((definition) => ({
    definition,
    initial: printerTestInitials[definition.name] ?? (definition.type === "string" ? "" : "0"),
  }));

/** Looks from the box whether one printer answers to ping, SNMP and HTTP (`model/printer-test.ts`). */
export function printerTestKind(
  runners: DiagnosticRunners,
  { isPrinter }: DiagnosticSurroundings,
): DiagnosticKind {
  const isArgument = ({ definition }: DiagnosticParameter) => definition.access === "readWrite";
  return {
    object: printerTest.path,
    arguments: printerTestParameters.filter(isArgument),
    required: ["Reference"],
    results: printerTestParameters.filter((parameter) => !isArgument(parameter)),
    check: (name, value) =>
      name === "Reference" && value !== "" && !isPrinter(value)
        ? "is no printer of this box; give its id or the path of its row"
        : undefined,
    run: async (given, signal) => {
      const test = { reference: given.text("Reference"), timeoutMs: given.whole("Timeout") };
      const found = await runners.printer(test, signal);
      if (found === undefined) return { state: errorState("Other") };
      return {
        state: "Complete",
        results: {
          Host: found.host,
          PingStatus: found.pingStatus,
          PingResponseTime: found.pingMs.toString(),
          SNMPStatus: found.snmpStatus,
          SNMPResponseTime: found.snmpMs.toString(),
          EWSStatus: found.webStatus,
          EWSResponseTime: found.webMs.toString(),
          EWSURL: found.webUrl,
          EWSHTTPStatus: found.httpStatus.toString(),
        },
      };
    },
  };
}

/** `Device.SelfTestDiagnostics.` (TR-181i2). */
export function selfTestKind(runners: DiagnosticRunners): DiagnosticKind {
  return {
    object: "Device.SelfTestDiagnostics.",
    stateNotification: "canDeny",
    arguments: [],
    required: [],
    results: [result("Results", "string", "canDeny")],
    run: async (_given, signal) => {
      const lines = await runners.self(signal);
      return { state: "Complete", results: { Results: lines.join("\n").slice(0, 1024) } };
    },
  };
}
