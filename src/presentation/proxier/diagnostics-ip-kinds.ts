import {
  type DiagnosticArguments,
  type DiagnosticKind,
  argument,
  dscp,
  errorState,
  interfaceReference,
  protocolVersion,
  result,
} from "./diagnostics-definition.ts";
import type {
  DiagnosticRunners,
  DiagnosticSurroundings,
  TestIpVersion,
  TestedHop,
} from "./diagnostics-ports.ts";

/** `Device.IP.Diagnostics.IPPing.` (TR-181i2). */
export function pingKind(
  runners: DiagnosticRunners,
  surroundings: DiagnosticSurroundings,
): DiagnosticKind {
  return {
    object: "Device.IP.Diagnostics.IPPing.",
    arguments: [
      interfaceReference,
      protocolVersion,
      argument("Host", "string", "", { maxLength: 256 }),
      argument("NumberOfRepetitions", "unsignedInt", "3", { minimum: 1 }),
      argument("Timeout", "unsignedInt", "1000", { minimum: 1 }),
      argument("DataBlockSize", "unsignedInt", "56", { minimum: 1, maximum: 65_535 }),
      dscp,
    ],
    required: ["Host"],
    results: [
      result("IPAddressUsed", "string"),
      result("SuccessCount", "unsignedInt", "canDeny"),
      result("FailureCount", "unsignedInt", "canDeny"),
      result("AverageResponseTime", "unsignedInt", "canDeny"),
      result("MinimumResponseTime", "unsignedInt", "canDeny"),
      result("MaximumResponseTime", "unsignedInt"),
      result("AverageResponseTimeDetailed", "unsignedInt", "canDeny"),
      result("MinimumResponseTimeDetailed", "unsignedInt", "canDeny"),
      result("MaximumResponseTimeDetailed", "unsignedInt"),
    ],
    check: interfaceCheck(surroundings),
    run: async (given, signal) => {
      const repetitions = given.whole("NumberOfRepetitions");
      const test = { ...ipTest(given, surroundings), repetitions };
      const found = await runners.ping(test, signal);
      if (found.outcome === "failed") return { state: errorState(found.reason) };
      const ms = (timeUs: number): string => Math.round(timeUs / 1000).toString();
      return {
        state: "Complete",
        results: {
          IPAddressUsed: found.sourceAddress,
          SuccessCount: found.succeeded.toString(),
          FailureCount: found.failed.toString(),
          AverageResponseTime: ms(found.averageUs),
          MinimumResponseTime: ms(found.minimumUs),
          MaximumResponseTime: ms(found.maximumUs),
          AverageResponseTimeDetailed: found.averageUs.toString(),
          MinimumResponseTimeDetailed: found.minimumUs.toString(),
          MaximumResponseTimeDetailed: found.maximumUs.toString(),
        },
      };
    },
  };
}

/** `Device.IP.Diagnostics.TraceRoute.` (TR-181i2). */
export function traceRouteKind(
  runners: DiagnosticRunners,
  surroundings: DiagnosticSurroundings,
): DiagnosticKind {
  return {
    object: "Device.IP.Diagnostics.TraceRoute.",
    arguments: [
      interfaceReference,
      protocolVersion,
      argument("Host", "string", "", { maxLength: 256 }),
      argument("NumberOfTries", "unsignedInt", "3", { minimum: 1, maximum: 3 }),
      argument("Timeout", "unsignedInt", "5000", { minimum: 1 }),
      argument("DataBlockSize", "unsignedInt", "38", { minimum: 1, maximum: 65_535 }),
      dscp,
      argument("MaxHopCount", "unsignedInt", "30", { minimum: 1, maximum: 64 }),
    ],
    required: ["Host"],
    results: [result("IPAddressUsed", "string"), result("ResponseTime", "unsignedInt", "canDeny")],
    table: {
      name: "RouteHops",
      count: result("RouteHopsNumberOfEntries", "unsignedInt", "canDeny"),
      columns: [
        result("Host", "string", "canDeny"),
        result("HostAddress", "string", "canDeny"),
        result("ErrorCode", "unsignedInt", "canDeny"),
        result("RTTimes", "string"),
      ],
    },
    check: interfaceCheck(surroundings),
    run: async (given, signal) => {
      const tries = given.whole("NumberOfTries");
      const maxHops = given.whole("MaxHopCount");
      const test = { ...ipTest(given, surroundings), tries, maxHops };
      const found = await runners.traceRoute(test, signal);
      const rows = (found.hops ?? []).map(hopRow);
      if (found.outcome === "failed") return { state: errorState(found.reason), rows };
      const { sourceAddress, responseMs } = found;
      const results = { IPAddressUsed: sourceAddress, ResponseTime: responseMs.toString() };
      return { state: "Complete", results, rows };
    },
  };
}

function hopRow({ host, hostAddress, errorCode, timesMs }: TestedHop) {
  return {
    Host: host,
    HostAddress: hostAddress,
    ErrorCode: errorCode.toString(),
    RTTimes: timesMs.join(","),
  };
}

function ipTest(given: DiagnosticArguments, { interfaceName }: DiagnosticSurroundings) {
  return {
    host: given.text("Host"),
    version: versionOf(given),
    timeoutMs: given.whole("Timeout"),
    blockSize: given.whole("DataBlockSize"),
    dscp: given.whole("DSCP"),
    interfaceName: interfaceName(given.text("Interface")),
  };
}

/** The `ProtocolVersion` argument. */
export function versionOf(given: DiagnosticArguments): TestIpVersion {
  const text = given.text("ProtocolVersion");
  return text === "IPv4" || text === "IPv6" ? text : "Any";
}

/** Refuses an `Interface` the box has not. */
export function interfaceCheck({
  interfaceName,
}: DiagnosticSurroundings): NonNullable<DiagnosticKind["check"]> {
  return (name, value) =>
    name === "Interface" && value !== "" && interfaceName(value) === undefined
      ? "is no interface of this box"
      : undefined;
}
