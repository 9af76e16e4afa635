import { CwmpFault } from "../faults.ts";
import { informScheduled } from "../events/scheduled-informs.ts";
import type { RpcHandler } from "./context.ts";

/** ScheduleInform (TR-069a6 A.4.1.6): on disk before it is answered; the delay counts from the call. */
export const scheduleInform: RpcHandler<"ScheduleInform"> = async (
  { delaySeconds, commandKey },
  context,
) => {
  const { state, clock } = context;
  if (delaySeconds === 0) throw new CwmpFault(9003, "DelaySeconds is 0");
  const dueAtMs = clock.nowMs() + delaySeconds * 1_000;
  await state.commit(informScheduled(state, { dueAtMs, commandKey }));
  context.settingsChanged();
  return { method: "ScheduleInformResponse" };
};
