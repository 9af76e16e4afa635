import { CwmpFault } from "../faults.ts";
import { factoryResetAsked, runFactoryReset } from "../events/factory-reset.ts";
import type { RpcHandler } from "./context.ts";

/** FactoryReset (TR-069a6 A.4.1.4): noted on disk, answered, carried out after the session. */
export const factoryReset: RpcHandler<"FactoryReset"> = async (_request, context) => {
  const { state, actions } = context;
  if (actions.factoryReset === undefined) throw new CwmpFault(9000, "FactoryReset");
  await state.commit(factoryResetAsked);
  context.afterSession(async () => {
    if (await runFactoryReset(context)) context.settingsChanged();
  });
  return { method: "FactoryResetResponse" };
};
