import type { ObjectDefinition, ParameterDefinition } from "./definition.ts";

function answered(protocol: string, words: readonly string[], notes: string): ParameterDefinition {
  return {
    name: `${protocol}Status`,
    type: "string",
    access: "readOnly",
    description: `Whether the printer answered: ${notes}; None before the first test.`,
    enumeration: ["None", "Success", "Timeout", ...words],
  };
}

function responseTime(protocol: string): ParameterDefinition {
  return {
    name: `${protocol}ResponseTime`,
    type: "unsignedInt",
    access: "readOnly",
    description: "Time until the answer, rounded up; 0 without an answer.",
    units: "milliseconds",
    activeNotify: "canDeny",
  };
}

/** `Device.X_MFPGATE-ORG_PrinterTest.`: a test of TR-106's kind (DiagnosticsState) that looks for one printer. */
export const printerTest: ObjectDefinition = {
  path: "Device.X_MFPGATE-ORG_PrinterTest.",
  description:
    "Diagnostic test that looks from the proxier whether one printer answers to ping, SNMP and HTTP, one after the other.",
  parameters: [
    {
      name: "DiagnosticsState",
      type: "string",
      access: "readWrite",
      description: "As in TR-181; Complete also when the printer did not answer.",
      enumeration: ["None", "Requested", "Canceled", "Complete", "Error_Internal", "Error_Other"],
    },
    {
      name: "Reference",
      type: "string",
      access: "readWrite",
      description:
        "The printer: its ProxiedDeviceID, or the path of its row in X_MFPGATE-ORG_ProxiedDevice, in VirtualDevice or EmbeddedDevice where the root model has them, or of its own object in Device.Services.",
      maxLength: 256,
    },
    {
      name: "Timeout",
      type: "unsignedInt",
      access: "readWrite",
      description: "How long each answer is waited for.",
      minimum: 100,
      maximum: 60_000,
      units: "milliseconds",
    },
    {
      name: "Host",
      type: "string",
      access: "readOnly",
      description: "Where the printer was looked for.",
      maxLength: 256,
    },
    answered("Ping", ["Unreachable", "Error"], "Error when the box cannot ping"),
    responseTime("Ping"),
    answered(
      "SNMP",
      ["Refused", "NotConfigured", "Error"],
      "Refused for a wrong SNMPv3 user or key, NotConfigured without a credential",
    ),
    responseTime("SNMP"),
    answered("EWS", ["Refused", "Unreachable", "Error"], "Success is any HTTP answer"),
    responseTime("EWS"),
    {
      name: "EWSURL",
      type: "string",
      access: "readOnly",
      description: "Where the web server was asked last.",
      maxLength: 2048,
    },
    {
      name: "EWSHTTPStatus",
      type: "unsignedInt",
      access: "readOnly",
      description: "HTTP status of the answer; 0 without one.",
    },
  ],
};
