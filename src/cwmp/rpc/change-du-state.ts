import { CwmpFault } from "../faults.ts";
import type { DuOperation, DuResult } from "../soap/message.ts";
import type { RpcContext, RpcHandler } from "./context.ts";

/** More operations in one request are refused. */
const mostOperations = 16;

/** Why an operation fails (TR-069a6 A.5.1; CWMP XSD DeploymentUnitCPEFaultCodeType). */
const duFaults = {
  9001: "Request denied",
  9003: "Invalid arguments",
  9013: "Unsupported protocol for file transfer",
  9022: "Invalid UUID format",
  9023: "Unknown execution environment",
  9028: "Unknown deployment unit",
} as const;
type DuFaultCode = keyof typeof duFaults;

const uuidPattern = /^[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$/;

/** What the schema wants where there is no UUID to be told (RFC 4122 §4.1.7). */
const nilUuid = "00000000-0000-0000-0000-000000000000";

/**
 * ChangeDUState (TR-069a6 A.4.1.10). There is no execution environment yet, so that every operation fails with the fault
 * that says why; the results are on disk before the request is answered, and are told in a session of their own.
 */
export const changeDuState: RpcHandler<"ChangeDUState"> = async (
  { operations, commandKey },
  context,
) => {
  if (operations.length > mostOperations) {
    throw new CwmpFault(9004, `${operations.length} operations, at most ${mostOperations}`);
  }
  const time = timeText(context);
  const results = operations.map((operation) => failed(operation, refusalOf(operation), time));
  await context.results.hold(commandKey, results);
  context.afterSession(() => {
    context.results.release();
    context.settingsChanged();
    return Promise.resolve();
  });
  return { method: "ChangeDUStateResponse" };
};

/** Each operation is judged by itself (TR-069a6 A.4.1.10). */
function refusalOf({ operation, uuid, url, executionEnvRef }: DuOperation): DuFaultCode {
  if (uuid !== "" && !uuidPattern.test(uuid)) return 9022;
  if (operation === "Install") return refusalOfInstall(url, executionEnvRef);
  if (operation === "Uninstall" && uuid === "") return 9022;
  return executionEnvRef === "" ? 9028 : 9023;
}

function refusalOfInstall(url: string, executionEnvRef: string): DuFaultCode {
  if (!URL.canParse(url)) return 9003;
  if (!["http:", "https:"].includes(new URL(url).protocol)) return 9013;
  return executionEnvRef === "" ? 9001 : 9023;
}

function failed({ uuid, version }: DuOperation, fault: DuFaultCode, time: string): DuResult {
  return {
    uuid: uuidPattern.test(uuid) ? uuid : nilUuid,
    deploymentUnitRef: "",
    version,
    currentState: "Failed",
    resolved: false,
    executionUnitRefList: "",
    startTime: time,
    completeTime: time,
    faultCode: fault,
    faultString: duFaults[fault],
  };
}

function timeText({ clock }: RpcContext): string {
  return `${new Date(clock.nowMs()).toISOString().slice(0, 19)}Z`;
}
