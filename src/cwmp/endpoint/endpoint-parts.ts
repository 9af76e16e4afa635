import type { EndpointConfig, EndpointServices } from "./endpoint-config.ts";
import { EndpointRequests } from "../requests/endpoint-requests.ts";
import { EndpointSchedule } from "./endpoint-schedule.ts";
import { EndpointState } from "./endpoint-state.ts";
import { ManagementServer } from "../management-server/management-server.ts";
import { Notifications } from "../notifications/notifications.ts";
import { liveValuesOf } from "../events/timed-reboots.ts";
import type { TransferQueue } from "../transfers/transfer-queue.ts";
import type { Transfers } from "../transfers/transfers.ts";
import { MergedTree } from "../tree/merged-tree.ts";

/** What one endpoint consists of; made once, shared by those who act on it. */
export interface EndpointParts {
  readonly config: EndpointConfig;
  readonly services: EndpointServices;
  readonly state: EndpointState;
  readonly management: ManagementServer;
  readonly tree: MergedTree;
  readonly notifications: Notifications;
  readonly schedule: EndpointSchedule;
  readonly requests: EndpointRequests;
}

/** Loads the stored state and joins everything to it. */
export async function openParts(
  config: EndpointConfig,
  services: EndpointServices,
): Promise<EndpointParts> {
  const { endpointId } = config;
  const { clock, random } = services;
  const state = await EndpointState.load(services.store, endpointId);
  const live = liveValuesOf(config.live, config.actions.reboot !== undefined);
  const management = new ManagementServer({
    defaults: config.defaults,
    settings: state.settings,
    connectionRequestUrl: () => config.connectionRequestUrl(),
    ...(live === undefined ? {} : { live }),
  });
  const tree = new MergedTree(management, config.tree, config.rootModel);
  return {
    config,
    services,
    state,
    management,
    tree,
    notifications: new Notifications(tree, state),
    schedule: new EndpointSchedule({ endpointId, clock, random, management, state }),
    requests: new EndpointRequests(state),
  };
}

/** Whether sessions may be opened at all. */
export function maySend({ management }: Pick<EndpointParts, "management">): boolean {
  return management.flag("EnableCWMP") && management.text("URL") !== "";
}

/** Forgets everything the ACS would have been told of, transfers that were ordered among it. */
export async function forgetRequests({ config, services, requests }: EndpointParts): Promise<void> {
  await requests.clear();
  await services.transfers?.clear(config.endpointId);
}

/** The transfers of an endpoint, made at the first use: most never have one. */
export function transferQueueOf(
  { config, requests }: EndpointParts,
  transfers: Transfers,
  isIdle: () => boolean,
): TransferQueue {
  const { endpointId, actions } = config;
  const queue = transfers.queueOf({
    endpointId,
    isIdle,
    target: () => actions.transfers,
    restart: async () => {
      await actions.reboot?.("");
    },
  });
  requests.add(queue);
  return queue;
}
