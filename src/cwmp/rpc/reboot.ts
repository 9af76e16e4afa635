import { CwmpFault } from "../faults.ts";
import { rebootAsked, runReboots } from "../events/reboots.ts";
import type { RpcHandler } from "./context.ts";

/**
 * Reboot (TR-069a6 A.3.2.8): noted on disk, answered, carried out after the session. `M Reboot` follows once the device
 * has restarted, be it after a restart of this process.
 */
export const reboot: RpcHandler<"Reboot"> = async ({ commandKey }, context) => {
  const { state, actions } = context;
  if (actions.reboot === undefined) throw new CwmpFault(9000, "Reboot");
  await state.commit(rebootAsked(state, commandKey));
  context.afterSession(() => runReboots(state, actions));
  return { method: "RebootResponse" };
};
