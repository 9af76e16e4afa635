import { logger } from "../../shared/log.ts";
import { type CheckedAssignments, checkAssignments } from "./assignments.ts";
import { storeSettings } from "../events/bootstrap.ts";
import { withinDeadline } from "../deadline.ts";
import { CwmpFault, assignmentsRefused, faultFromCode } from "../faults.ts";
import { managementServerPath } from "../management-server/management-server.ts";
import type { ParameterAssignment, WriteResult } from "../parameter-tree.ts";
import { addMissingRows, takeBack } from "../tree/auto-create.ts";
import { ownSettings, ownTexts } from "../tree/own-values.ts";
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
  const isCreating =
    context.management.flag("AutoCreateInstances") && context.tree.shape().hasAliases;
  const paths = isCreating ? parameters.map(({ path }) => path) : [];
  const created = await addMissingRows(paths, context);
  try {
    const outcome = await setAll(parameters, parameterKey, context);
    return { method: "SetParameterValuesResponse", status: outcome === "applied" ? 0 : 1 };
  } catch (error) {
    await takeBack(created, context);
    throw error;
  }
};

async function setAll(
  parameters: readonly ParameterAssignment[],
  parameterKey: string,
  context: RpcContext,
): Promise<"applied" | "committed"> {
  const checked = checkAssignments(parameters, context);
  refuseDuplicates([...checked.own, ...checked.foreign]);
  if (checked.faults.length > 0) throw assignmentsRefused(checked.faults);
  const outcome = checked.foreign.length === 0 ? "applied" : await writeDevice(checked, context);
  await store(checked, parameterKey, context);
  return outcome;
}

/** Also the same parameter by number and by alias. */
function refuseDuplicates(parameters: readonly ParameterAssignment[]): void {
  const seen = new Set<string>();
  for (const { path } of parameters) {
    if (seen.has(path)) throw new CwmpFault(9003, `${path} is set twice`);
    seen.add(path);
  }
}

async function writeDevice(
  { foreign, asAsked }: CheckedAssignments,
  context: RpcContext,
): Promise<"applied" | "committed"> {
  const work = context.device.write(foreign);
  const settled = await withinDeadline(context.clock, context.clock.nowMs() + writeMs, work);
  if (settled.late) {
    followUp(
      work,
      foreign.map(({ path }) => path),
      context,
    );
    return "committed";
  }
  if (settled.result.outcome !== "refused") return settled.result.outcome;
  const { code, text, faults } = settled.result;
  throw faults.length > 0 ? assignmentsRefused(asAsked(faults)) : faultFromCode(code, text);
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
  { own, foreign }: CheckedAssignments,
  parameterKey: string,
  context: RpcContext,
): Promise<void> {
  const { state } = context;
  const settings = new Map([...ownSettings(own, context), ["ParameterKey", parameterKey] as const]);
  const known = knownToAcs(own, foreign, parameterKey, context);
  await storeSettings(settings, known, context);
  if (own.length === 0) return;
  log.info("settings changed by the ACS", {
    device: state.endpointId,
    paths: own.map(({ path }) => path),
  });
  context.settingsChanged();
}

/** What the ACS wrote itself is known to it and no change to be reported. */
function knownToAcs(
  own: readonly ParameterAssignment[],
  foreign: readonly ParameterAssignment[],
  parameterKey: string,
  context: RpcContext,
): ReadonlyMap<string, string> {
  const { notifications } = context;
  const reported = notifications.toReport(foreign.map(({ path }) => path));
  const texts = [
    ...ownTexts(own, context),
    [`${managementServerPath}ParameterKey`, parameterKey] as const,
  ];
  for (const [path, text] of texts) if (notifications.isWatched(path)) reported.set(path, text);
  return reported;
}
