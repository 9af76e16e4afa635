import { logger } from "../../shared/log.ts";
import { withinDeadline } from "../deadline.ts";
import { CwmpFault, assignmentsRefused, faultFromCode } from "../faults.ts";
import {
  isHiddenSetting,
  isManagementServerScalar,
  managementServerPath,
} from "../management-server/management-server.ts";
import type { AssignmentFault, ParameterAssignment, WriteResult } from "../parameter-tree.ts";
import { storeSettings } from "../bootstrap.ts";
import type { RpcContext, RpcHandler } from "./context.ts";

const log = logger("cwmp.rpc.set-parameter-values");

/** No RPC is answered later than 25 s; a write that takes longer is answered "committed" and goes on. */
const writeMs = 22_000;

/**
 * SetParameterValues (TR-069a6 A.3.2.1): everything is checked, then the device is written, then the endpoint's own
 * settings and the ParameterKey go to disk in one commit. The ParameterKey changes with success only.
 */
export const setParameterValues: RpcHandler<"SetParameterValues"> = async (
  { parameters, parameterKey },
  context,
) => {
  refuseDuplicates(parameters);
  const faults = assignmentFaults(parameters, context);
  if (faults.length > 0) throw assignmentsRefused(faults);
  const own = parameters.filter(({ path }) => isManagementServerScalar(path));
  const foreign = parameters.filter(({ path }) => !isManagementServerScalar(path));
  const outcome = foreign.length === 0 ? "applied" : await writeDevice(foreign, context);
  await store(own, foreign, parameterKey, context);
  return { method: "SetParameterValuesResponse", status: outcome === "applied" ? 0 : 1 };
};

function refuseDuplicates(parameters: readonly ParameterAssignment[]): void {
  const seen = new Set<string>();
  for (const { path } of parameters) {
    if (seen.has(path)) throw new CwmpFault(9003, `${path} is set twice`);
    seen.add(path);
  }
}

/** Everything that is wrong with assignments, before anything is written; for whoever sets parameters. */
export function assignmentFaults(
  assignments: readonly ParameterAssignment[],
  context: Pick<RpcContext, "tree" | "management" | "device">,
): readonly AssignmentFault[] {
  return assignments.flatMap((assignment) => check(assignment, context) ?? []);
}

function check(
  assignment: ParameterAssignment,
  context: Pick<RpcContext, "tree" | "management" | "device">,
): AssignmentFault | undefined {
  const { path, type } = assignment;
  const node = context.tree.node(path);
  if (node?.type === undefined) return { path, code: 9005, text: "is no parameter" };
  if (!node.writable) return { path, code: 9008, text: "is read-only" };
  // A missing type is common in the field and harmless: the parameter knows its own.
  if (type !== undefined && type !== node.type) {
    return { path, code: 9006, text: `is ${node.type}, not ${type}` };
  }
  const owner = isManagementServerScalar(path) ? context.management : context.device;
  return owner.validate(assignment);
}

async function writeDevice(
  assignments: readonly ParameterAssignment[],
  context: RpcContext,
): Promise<"applied" | "committed"> {
  const work = context.device.write(assignments);
  const settled = await withinDeadline(context.clock, context.clock.nowMs() + writeMs, work);
  if (settled.late) {
    followUp(
      work,
      assignments.map(({ path }) => path),
      context,
    );
    return "committed";
  }
  if (settled.result.outcome !== "refused") return settled.result.outcome;
  const { code, text, faults } = settled.result;
  throw faults.length > 0 ? assignmentsRefused(faults) : faultFromCode(code, text);
}

/** The ACS was told "committed": whatever comes of it now can only be seen in the values and here. */
function followUp(
  work: Promise<WriteResult>,
  paths: readonly string[],
  { state, notifications }: RpcContext,
): void {
  const device = state.endpointId;
  work
    .then(async ({ outcome }) => {
      if (outcome === "refused") log.error("slow write refused after its answer", { device });
      else await state.commit({ setReported: notifications.toReport(paths) });
    })
    .catch((error: unknown) => {
      log.error("slow write failed after its answer", { device, error });
    });
}

async function store(
  own: readonly ParameterAssignment[],
  foreign: readonly ParameterAssignment[],
  parameterKey: string,
  context: RpcContext,
): Promise<void> {
  const { state, management } = context;
  const settings = new Map([...management.settingsFor(own), ["ParameterKey", parameterKey]]);
  await storeSettings(settings, knownToAcs(settings, foreign, context), context);
  if (own.length === 0) return;
  log.info("settings changed by the ACS", {
    device: state.endpointId,
    paths: own.map(({ path }) => path),
  });
  context.settingsChanged();
}

/** What the ACS wrote itself is known to it and no change to be reported. */
function knownToAcs(
  settings: ReadonlyMap<string, string>,
  foreign: readonly ParameterAssignment[],
  { notifications }: RpcContext,
): ReadonlyMap<string, string> {
  const reported = notifications.toReport(foreign.map(({ path }) => path));
  for (const [name, value] of settings) {
    const path = managementServerPath + name;
    if (notifications.isWatched(path)) reported.set(path, isHiddenSetting(name) ? "" : value);
  }
  return reported;
}
