/** Deployment units: TR-069a6 A.4.1.10, A.4.2.4, A.4.2.5. Operations and results are repeated elements, no SOAP arrays. */
import {
  ArgumentError,
  child,
  childrenOf,
  flagOf,
  numberOf,
  requiredChild,
  textOf,
} from "./arguments.ts";
import type { DuOperation, DuResult } from "./message.ts";
import { type MessageCodecs, nothing } from "./message-codec.ts";
import { flag, number, optionalText, text } from "./xml-content.ts";
import type { XmlElement } from "./xml-reader.ts";

type SoftwareMethod =
  `${"ChangeDUState" | "DUStateChangeComplete" | "AutonomousDUStateChangeComplete"}${"" | "Response"}`;

const operationNames = ["Install", "Update", "Uninstall"] as const;

/** Codecs of everything about deployment units. */
export const softwareCodecs: MessageCodecs<SoftwareMethod> = {
  ChangeDUState: {
    encode: ({ operations, commandKey }) =>
      operations.map(encodeOperation).join("") + text("CommandKey", commandKey),
    decode: (element) => ({
      method: "ChangeDUState",
      operations: atLeastOne(element, "Operations").map(decodeOperation),
      commandKey: textOf(element, "CommandKey", 32),
    }),
  },
  ChangeDUStateResponse: { encode: nothing, decode: () => ({ method: "ChangeDUStateResponse" }) },
  DUStateChangeComplete: {
    encode: ({ results, commandKey }) =>
      results.map((result) => `<Results>${encodeResult(result)}</Results>`).join("") +
      text("CommandKey", commandKey),
    decode: (element) => ({
      method: "DUStateChangeComplete",
      results: atLeastOne(element, "Results").map(decodeResult),
      commandKey: textOf(element, "CommandKey", 32),
    }),
  },
  DUStateChangeCompleteResponse: {
    encode: nothing,
    decode: () => ({ method: "DUStateChangeCompleteResponse" }),
  },
  AutonomousDUStateChangeComplete: {
    encode: ({ results }) =>
      results
        .map((result) => {
          const performed = text("OperationPerformed", result.operation);
          return `<Results>${encodeResult(result)}${performed}</Results>`;
        })
        .join(""),
    decode: (element) => ({
      method: "AutonomousDUStateChangeComplete",
      results: atLeastOne(element, "Results").map((item) => ({
        ...decodeResult(item),
        operation: oneOf(operationNames, textOf(item, "OperationPerformed").trim()),
      })),
    }),
  },
  AutonomousDUStateChangeCompleteResponse: {
    encode: nothing,
    decode: () => ({ method: "AutonomousDUStateChangeCompleteResponse" }),
  },
};

function atLeastOne(element: XmlElement, name: string): readonly XmlElement[] {
  const items = childrenOf(element, name);
  if (items.length === 0) throw new ArgumentError(`${name} is missing`);
  return items;
}

function oneOf<Name extends string>(names: readonly Name[], found: string): Name {
  const name = names.find((known) => known === found);
  if (name === undefined) throw new ArgumentError(`"${found}" is none of ${names.join(", ")}`);
  return name;
}

function encodeOperation(operation: DuOperation): string {
  const type = `cwmp:${operation.operation}OpStruct`;
  return `<Operations xsi:type="${type}">${operationContent(operation)}</Operations>`;
}

// The order differs from struct to struct in the schema.
function operationContent(operation: DuOperation): string {
  const uuid = optionalText("UUID", operation.uuid);
  const version = optionalText("Version", operation.version);
  const credentials =
    optionalText("Username", operation.username) + optionalText("Password", operation.password);
  const executionEnv = optionalText("ExecutionEnvRef", operation.executionEnvRef);
  switch (operation.operation) {
    case "Install":
      return text("URL", operation.url) + uuid + credentials + executionEnv;
    case "Update":
      return uuid + version + optionalText("URL", operation.url) + credentials;
    case "Uninstall":
      return text("UUID", operation.uuid) + version + executionEnv;
  }
}

/** A UUID of the wrong form is no error of the message: it fails that operation only, with fault 9022. */
function decodeOperation(item: XmlElement): DuOperation {
  const type = item.attributes.get("type") ?? "";
  const name = /^(?:[^:]*:)?(\w+)OpStruct$/.exec(type.trim())?.[1] ?? type;
  return {
    operation: oneOf(operationNames, name),
    url: textOf(item, "URL", 1024).trim(),
    uuid: textOf(item, "UUID", 64).trim(),
    version: textOf(item, "Version", 32),
    username: textOf(item, "Username", 256),
    password: textOf(item, "Password", 256),
    executionEnvRef: textOf(item, "ExecutionEnvRef", 256).trim(),
  };
}

function encodeResult(result: DuResult): string {
  return (
    text("UUID", result.uuid) +
    text("DeploymentUnitRef", result.deploymentUnitRef) +
    text("Version", result.version) +
    text("CurrentState", result.currentState) +
    flag("Resolved", result.resolved) +
    text("ExecutionUnitRefList", result.executionUnitRefList) +
    text("StartTime", result.startTime) +
    text("CompleteTime", result.completeTime) +
    `<Fault>${number("FaultCode", result.faultCode)}${text("FaultString", result.faultString)}</Fault>`
  );
}

function decodeResult(item: XmlElement): DuResult {
  const fault = requiredChild(item, "Fault");
  return {
    uuid: textOf(item, "UUID").trim(),
    deploymentUnitRef: textOf(item, "DeploymentUnitRef"),
    version: textOf(item, "Version", 32),
    currentState: oneOf(
      ["Installed", "Uninstalled", "Failed"],
      textOf(item, "CurrentState").trim(),
    ),
    resolved: flagOf(item, "Resolved"),
    executionUnitRefList: textOf(item, "ExecutionUnitRefList"),
    startTime: textOf(item, "StartTime").trim(),
    completeTime: textOf(item, "CompleteTime").trim(),
    faultCode: numberOf(fault, "FaultCode"),
    faultString: child(fault, "FaultString")?.text ?? "",
  };
}
