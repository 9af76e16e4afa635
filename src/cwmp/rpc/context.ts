import type { Clock } from "../../shared/clock.ts";
import type { DuResults } from "../requests/du-results.ts";
import type { EndpointState } from "../endpoint/endpoint-state.ts";
import type { ManagementServer } from "../management-server/management-server.ts";
import type { Notifications } from "../notifications/notifications.ts";
import type { DeviceActions, ParameterTree } from "../parameter-tree.ts";
import type { CwmpVersion } from "../session/dialect.ts";
import type { CwmpMessage, MessageOf } from "../soap/message.ts";
import type { TransferMethod, TransferRpcContext } from "../transfers/transfer-rpcs.ts";
import type { MergedTree } from "../tree/merged-tree.ts";

/** Policies of an endpoint towards its ACS. */
export interface RpcPolicy {
  /** Answers 9009 to active notification on fast-moving parameters (TR-106a15 `canDeny`). */
  readonly denyActiveNotification: boolean;
}

/** What the handlers of one endpoint work on. */
export interface RpcContext extends TransferRpcContext {
  readonly tree: MergedTree;
  readonly management: ManagementServer;
  readonly notifications: Notifications;
  readonly state: EndpointState;
  readonly device: ParameterTree;
  readonly actions: DeviceActions;
  readonly policy: RpcPolicy;
  readonly clock: Clock;
  /** Where results of deployment unit operations wait for the ACS. */
  readonly results: DuResults;
  /** Forgets what is to be told to the ACS, transfers that were ordered among it: the device is reset. */
  forgetRequests(): Promise<void>;
  /** Tells the endpoint that what decides about its next session changed (settings, schedules), after it is on disk. */
  settingsChanged(): void;
  /** The version of CWMP this session is held in. */
  version(): CwmpVersion;
  /** Runs once this session is over, however it ends (TR-069a6 A.3.2.8: the restart comes after the session). */
  afterSession(run: () => Promise<void>): void;
}

/** Methods an ACS may call here. */
export type AcsMethod =
  | "GetRPCMethods"
  | "GetParameterNames"
  | "GetParameterValues"
  | "SetParameterValues"
  | "GetParameterAttributes"
  | "SetParameterAttributes"
  | "AddObject"
  | "DeleteObject"
  | "Reboot"
  | "FactoryReset"
  | "ScheduleInform"
  | TransferMethod
  | "ChangeDUState";

/** Answers one request. @throws {CwmpFault} for what the ACS is to learn; anything else becomes 9002 */
export type RpcHandler<Method extends AcsMethod> = (
  request: MessageOf<Method>,
  context: RpcContext,
) => CwmpMessage | Promise<CwmpMessage>;
